"""What is owed for a missed promise: on Replies, Today and in her file, sent, set aside and paid back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.care.quiet_care import gentle_stop
from core.care.tables import RefundRow
from core.dialogue.cases.cases import reply
from core.dialogue.tables import PostRow
from core.operations.looking import look_around
from core.settlement.amends import drafts, send
from core.settlement.tables import AmendsRow
from pages.ui.browser import Browser, kept
from tests.dialogue.promised_ward import PromisedWard, promised_ward
from tests.pages.conftest import Served, press, shown, unfold

REPLIES, TODAY, FILE = "staff/replies/page.py", "staff/today/page.py", "staff/patient/page.py"
AMENDS: list[dict[str, Any]] = [
    {"kind": "question", "apology": "{name}您好，对不起。", "offer": "entitlement", "entitlement": "EVENING"},
    {"kind": "orange", "apology": "{name}，医生晚了，对不起。", "offer": "refund", "refund_fen": 4300},
]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """AppTest reads the labels of choices outside the page's own run."""
    with kept(Browser(None, "en", "")):
        yield


@pytest.fixture
def ward(served: Served) -> PromisedWard:
    return promised_ward(served.world, amends=AMENDS)


def missed(ward: PromisedWard, kind: str = "question", level: str = "") -> int:
    """A case that nobody answered in time, found by the house's look; the number of what is owed."""
    ward.at("2026-03-05 20:05")
    ward.opens(kind, level)
    ward.at("2026-03-05 21:30")
    look_around(ward.world.desk)
    [one] = ward.world.ask("nurse", drafts)
    return int(one.amends_id)


def promised_money(ward: PromisedWard) -> int:
    number = missed(ward, "alert", "orange")
    ward.world.do("doctor", send, amends_id=number, words="对不起。")
    return number


def opened(served: Served, number: int, role: str = "nurse") -> AppTest:
    return served.open(REPLIES, role=role, language="en", query={"owed": str(number)})


def rows(ward: PromisedWard, table: Any) -> list[Any]:
    with ward.world.desk.database.reading() as session:
        return list(session.query(table).order_by(table.id))


def click(app: AppTest, key: str) -> AppTest:
    app.main.button(key=key).click().run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def test_replies_says_what_is_to_be_made_good(served: Served, ward: PromisedWard) -> None:
    assert "To make good" not in shown(served.open(REPLIES, role="nurse", language="en"))
    missed(ward)
    assert "To make good (1)" in shown(served.open(REPLIES, role="nurse", language="en"))


def test_the_apology_is_sent_in_the_words_as_they_were_changed(served: Served, ward: PromisedWard) -> None:
    number = missed(ward)
    app = opened(served, number)
    assert "not answered yet" in shown(app) and "我们再送您一次：20:00–22:00护士答疑（每晚）。" in shown(app)
    [words] = [each for each in app.main.text_area if each.label == "Apology to her"]
    assert words.value == "何桂兰您好，对不起。"
    words.set_value("何阿姨，昨晚我们晚了。").run()
    click(app, f"send_owed_{number}")
    assert [row.words for row in rows(ward, PostRow)] == [
        "何阿姨，昨晚我们晚了。\n我们再送您一次：20:00–22:00护士答疑（每晚）。"
    ]
    assert "Sent: it stands in the thread on the phone of 何桂兰." in shown(app)
    assert "To make good" not in shown(app)


def test_what_was_typed_is_there_after_a_look_elsewhere(served: Served, ward: PromisedWard) -> None:
    number = missed(ward)
    app = opened(served, number)
    app.main.text_area[0].set_value("半句话").run()
    app.switch_page(TODAY).run()
    app.switch_page(REPLIES)
    app.query_params["owed"] = str(number)
    app.run()
    assert app.main.text_area[0].value == "半句话"


def test_set_aside_needs_a_reason(served: Served, ward: PromisedWard) -> None:
    number = missed(ward)
    app = unfold(opened(served, number), f"owed_drop_{number}")
    click(app, f"go_owed_drop_{number}")
    assert rows(ward, AmendsRow)[0].state == "drafted" and app.main.error
    app.main.text_input(key=f"reason_owed_drop_{number}").set_value("电话里道过歉了").run()
    click(app, f"go_owed_drop_{number}")
    assert (rows(ward, AmendsRow)[0].state, rows(ward, PostRow)) == ("dropped", [])


def test_an_apology_that_a_colleague_has_sent_says_so(served: Served, ward: PromisedWard) -> None:
    number = missed(ward)
    ward.world.do("doctor", send, amends_id=number, words="对不起。")
    assert "has been sent or set aside already" in shown(opened(served, number))


def test_an_answer_that_came_late_says_how_late(served: Served, ward: PromisedWard) -> None:
    number = missed(ward)
    ward.world.do("nurse", reply, case_id=1, words="在的")
    assert "25 minutes late" in shown(opened(served, number))


def test_in_quiet_care_no_apology_waits(served: Served, ward: PromisedWard) -> None:
    missed(ward)
    ward.world.do("doctor", gentle_stop, patient_id=ward.patient_id, kind="loss", caller_id=4)
    assert "To make good" not in shown(served.open(REPLIES, role="nurse", language="en"))


def test_the_front_desk_pays_back_from_today(served: Served, ward: PromisedWard) -> None:
    number = promised_money(ward)
    app = unfold(served.open(TODAY, role="front_desk", language="en"), "to_pay")
    press(app, "Paid back: ¥43.00")
    assert "Noted: ¥43.00 paid back to 何桂兰." in shown(app)
    [refund] = rows(ward, RefundRow)
    assert (refund.amount_fen, refund.cause) == (4300, "missed_promise")
    [slip] = [each for each in app.main.get("download_button") if each.key == "to_pay_slip_pdf"]
    assert slip.label == "Print the slip for 何桂兰 (PDF)"
    assert f"to_pay_{number}" not in [each.key for each in app.main.button]


def test_who_does_not_pay_sees_no_refunds_on_today(served: Served, ward: PromisedWard) -> None:
    promised_money(ward)
    for role, sees in (("doctor", False), ("nurse", False), ("manager", True)):
        app = served.open(TODAY, role=role, language="en")
        found = any("To pay back for missed promises (1)" in each.label for each in app.main.expander)
        assert found == sees, role


def test_her_file_says_what_became_of_a_missed_promise(served: Served, ward: PromisedWard) -> None:
    promised_money(ward)
    file = {"query": {"id": str(ward.patient_id)}, "language": "en"}
    view = f"view_{ward.patient_id}_False"
    talk = {view: "talk", f"talk_{ward.patient_id}_kept": True}

    def made_good() -> list[str]:
        app = served.open(FILE, role="nurse", **file, **talk)
        return [cell for table in app.main.dataframe for cell in table.value.get("Made good", [])]

    assert made_good() == ["Apology sent · ¥43.00 still to pay"]
    app = served.open(FILE, role="front_desk", **file, **{view: "packages"})
    press(app, "Paid back: ¥43.00")
    assert len(rows(ward, RefundRow)) == 1
    assert made_good() == ["Apology sent · ¥43.00 paid back"]
