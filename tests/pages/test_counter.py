"""The points counter: vouchers in every state they can be in, on the department's own days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.bank.adjustments import approve_adjustment, propose_adjustment
from core.bank.tables import RewardRow, VoucherRow
from core.people.patients import add_patient
from core.people.tables import PatientRow
from pages.ui import calls
from tests.pages.conftest import Served, on_file, press, shown

CODE = "34679ACD"


def voucher(served: Served, **facts: Any) -> int:
    """A patient who holds one voucher; returns the patient's id."""
    world = served.world
    patient: int = world.do("nurse", add_patient, name="陈晓雨", record_number="A0001", phone="13800005678")
    with world.desk.database.writing() as session:
        reward = RewardRow(code="PARKING", name="停车券", kind="points", cost_points=100)
        session.add(reward)
        session.flush()
        known: dict[str, Any] = {
            "code": CODE, "patient_id": patient, "reward_id": reward.id, "name": "停车券", "state": "issued",
            "issued_at": world.clock.now(), "valid_until": date(2026, 6, 1), "cost_points": 100,
        }  # fmt: skip
        session.add(VoucherRow(**{**known, **facts}))
    return patient


def test_a_voucher_past_its_last_day_is_shown_and_a_manager_may_cancel_it(served: Served) -> None:
    patient = voucher(served, valid_until=date(2026, 3, 4))
    app = served.open("staff/counter/page.py", language="en", query={"id": str(patient)})
    app.main.get("button_group")[0].set_value("A patient's account").run()
    assert not app.exception
    assert "No longer valid" in shown(app)
    assert any(button.label.startswith("Cancel “停车券”") for button in app.main.button)


def test_the_day_of_use_is_the_departments_day(served: Served) -> None:
    late = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)  # already 4 March, 02:00, in Shanghai
    voucher(served, state="redeemed", redeemed_at=late)
    app = served.open("staff/counter/page.py", role="front_desk", language="en", voucher_code=CODE)
    assert "This voucher was used on 4 Mar." in shown(app)


def test_a_voucher_of_a_patient_in_quiet_care_is_handed_over_quietly(served: Served) -> None:
    patient = voucher(served)
    with served.world.desk.database.writing() as session:
        session.get_one(PatientRow, patient).silenced_at = served.world.clock.now()
    app = served.open("staff/counter/page.py", role="front_desk", language="en", voucher_code=CODE)
    assert "without a word of badges" in shown(app)


def test_the_next_adjustment_has_a_reason_of_its_own(served: Served) -> None:
    patient = served.world.do("nurse", add_patient, name="陈晓雨", record_number="A1", phone="13800005678")
    app = served.open("staff/counter/page.py", language="en", query={"id": str(patient)})
    app.main.get("button_group")[0].set_value("Adjustments").run()
    on_file(app, "number_input", f"adjust_{patient}_points").set_value(50)
    on_file(app, "text_input", f"adjust_{patient}_reason").set_value("a class was not counted")
    assert "Proposed. Another manager decides." in shown(press(app, "Propose"))
    assert on_file(app, "number_input", f"adjust_{patient}_points").value == 0
    assert on_file(app, "text_input", f"adjust_{patient}_reason").value == ""


def test_the_second_click_of_a_double_click_meets_no_form_without_its_reason(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fields are empty by then: it would say that the reason is missing, in the place of what was done."""
    monkeypatch.setattr(calls, "DOUBLE_CLICK", 60.0)
    patient = served.world.do("nurse", add_patient, name="陈晓雨", record_number="A1", phone="13800005678")
    app = served.open("staff/counter/page.py", language="en", query={"id": str(patient)})
    app.main.get("button_group")[0].set_value("Adjustments").run()
    on_file(app, "number_input", f"adjust_{patient}_points").set_value(50)
    on_file(app, "text_input", f"adjust_{patient}_reason").set_value("a class was not counted")
    [first] = [each for each in app.main.button if each.label == "Propose"]
    first.click().run()
    [again] = [each for each in app.main.button if each.label == "Propose"]
    assert "Proposed. Another manager decides." in shown(app) and again.proto.id != first.proto.id


def test_a_reason_written_about_one_patient_does_not_wait_at_the_next(served: Served) -> None:
    first, second = (with_an_entry(served, f"A{number}") for number in (1, 2))
    app = served.open("staff/counter/page.py", language="en", query={"id": str(first)})
    app.main.get("button_group")[0].set_value("A patient's account").run()
    app.main.text_input[-1].set_value("counted twice").run()
    assert app.main.text_input[-1].value == "counted twice"
    app.query_params["id"] = str(second)
    app.run()
    assert app.main.text_input[-1].value == ""


def with_an_entry(served: Served, record_number: str) -> int:
    """A patient with points that may be taken back."""
    world = served.world
    patient: int = world.do(
        "nurse", add_patient, name="陈晓雨", record_number=record_number, phone="13800005678"
    )
    asked = world.do("manager", propose_adjustment, patient_id=patient, points=20, reason="补记")
    world.do("administrator", approve_adjustment, adjustment_id=asked)
    return patient
