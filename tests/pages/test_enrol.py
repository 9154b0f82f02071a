"""One minute from the search to the receipt: nothing is chosen beforehand, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.care.quiet_care import gentle_stop
from core.care.sale.enrolled import held_by
from core.care.sale.enrolments import enrol
from core.care.tables import OfferRow
from core.exchange.on_file import days_sold
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.intake import PatientLine, import_patients
from core.people.patients import add_patient, card, edit_patient
from pages.ui.browser import Browser, kept
from tests.pages.conftest import Served, press, shown, unfold
from tests.pages.test_every_page import fill
from tests.selling import open_sales

PRENATAL, KNEE = 1, 2


@pytest.fixture
def house(served: Served) -> Iterator[Served]:
    """Two packages on sale, patients 4 (pregnant) and 5 (no dates) without any."""
    world = served.world
    fill(world)
    package = world.do("manager", take_template, document=load("knee_7days", "zh").model_dump(mode="json"))
    world.do("manager", publish, package_id=package)
    open_sales(world, package)
    period = world.today - timedelta(weeks=12)
    world.do("nurse", add_patient, name="赵思琪", record_number="A0004", last_period=period)
    world.do("nurse", add_patient, name="王建国", record_number="A0005")
    with kept(Browser(None, "en", "")):
        yield served


def offered_to(served: Served, patient: int) -> AppTest:
    return served.open("staff/enrol/page.py", role="front_desk", language="en", query={"id": str(patient)})


def choose(app: AppTest, package: int) -> AppTest:
    next(each for each in app.main.radio if each.label == "Package").set_value(package).run()
    assert not app.exception
    return app


def names(app: AppTest) -> list[str]:
    """The packages that are proposed."""
    return [option for each in app.main.radio if each.label == "Package" for option in each.options]


def test_the_search_preselects_nobody_and_the_choice_stays_in_the_address(house: Served) -> None:
    app = house.open("staff/enrol/page.py", role="front_desk", language="en")
    app.main.text_input[0].set_value("A0004").run()
    assert app.main.radio[0].value is None and "Read aloud" not in shown(app)
    app.main.radio[0].set_value(4).run()
    assert app.query_params["id"] in ("4", ["4"]) and "赵思琪" in shown(app)
    press(app, "Another patient")
    assert "id" not in app.query_params and "赵思琪" not in shown(app)


def test_only_what_fits_is_proposed_and_nothing_is_chosen(house: Served) -> None:
    app = offered_to(house, 4)
    assert [name.split(" · ")[-1] for name in names(app)] == ["¥199.00"]
    assert app.main.radio[0].value is None and "Read aloud" not in shown(app)
    assert "week 12+0 of a pregnancy" in shown(unfold(app, "not_proposed_4"))
    app = offered_to(house, 5)
    assert "膝" in names(app)[0] and len(names(app)) == 1
    unfold(app, "not_proposed_5")
    assert "names neither a last period nor a due date" in shown(app)


def test_what_the_file_does_not_speak_for_is_offered_when_somebody_knows_better(house: Served) -> None:
    app = unfold(offered_to(house, 5), "not_proposed_5")
    press(app, "Offer all the same")
    assert len(names(app)) == 2
    assert "Read aloud" in shown(choose(app, PRENATAL))


def test_what_she_holds_is_not_proposed(house: Served) -> None:
    app = offered_to(house, 1)
    assert "Nothing on sale fits what the file says." in shown(app) and not names(app)
    assert "There is nothing to offer." in shown(app), "the reasons are open where nothing fits"


def test_a_sale_is_refused_field_by_field_and_keeps_everything_typed(house: Served) -> None:
    app = choose(offered_to(house, 4), PRENATAL)
    key = f"enrol_4_{PRENATAL}"
    assert app.main.get("button_group")[0].value in (None, [])
    assert not any(box.value for box in app.main.checkbox)
    app.text_input(key=f"{key}_receipt").set_value("R-17")
    app.number_input(key=f"{key}_amount").set_value(188.0)
    app.text_input(key=f"{key}_price_reason").set_value("opening week")
    app.date_input(key=f"{key}_due").set_value(house.world.today + timedelta(days=190))
    press(app, "Enrol and take payment")
    assert "Without consent to use the data" in app.main.error[0].value
    next(box for box in app.main.checkbox if "_service_" in str(box.key)).check()
    press(app, "Enrol and take payment")
    assert [each.value for each in app.main.error] == ["Payment: Please choose how it was paid."]
    app.main.get("button_group")[0].set_value("wechat")
    press(app, "Enrol and take payment")
    assert [each.value for each in app.main.error] == [
        "How consent was given: Please choose how the consent was given."
    ]
    assert house.world.ask("nurse", held_by, patient_id=4) == []
    assert app.text_input(key=f"{key}_receipt").value == "R-17"
    assert app.number_input(key=f"{key}_amount").value == 188.0
    next(each for each in app.main.radio if "_channel_" in str(each.key)).set_value("paper")
    press(app, "Enrol and take payment")
    [held] = house.world.ask("nurse", held_by, patient_id=4)
    assert (held.receipt_number, held.amount_fen, held.payment_method) == ("R-17", 18_800, "wechat")
    assert held.anchor_kind == "due_date"


def test_whom_a_package_may_exclude_is_asked_about_once_before_the_sale(house: Served) -> None:
    known = house.world.ask("nurse", card, patient_id=4)
    facts = {
        name: getattr(known, name) for name in ("name", "record_number", "phone", "last_period", "due_date")
    }
    house.world.do("nurse", edit_patient, patient_id=4, **facts, note="双胎")
    app = choose(offered_to(house, 4), PRENATAL)
    assert "does not apply to: twins or more" in "".join(str(each.value) for each in app.main.warning)
    assert "Enrol and take payment" not in {each.label for each in app.main.button}
    press(app, "Offer all the same")
    assert "Please give the reason" in app.main.error[0].value
    app.text_input(key=f"excluded_4_{PRENATAL}_reason").set_value("the doctor agrees")
    press(app, "Offer all the same")
    assert not app.main.warning and "Enrol and take payment" in {each.label for each in app.main.button}


def test_an_imported_discharge_stands_in_the_sale_until_a_package_is_counted_from_it(house: Served) -> None:
    day = house.world.today - timedelta(days=1)
    line = PatientLine("王建国", "A0005", row_number=2, discharge_date=day)
    house.world.do("front_desk", import_patients, rows=[line], file_digest="d")
    app = choose(offered_to(house, 5), KNEE)
    key = f"enrol_5_{KNEE}"
    assert app.date_input(key=f"{key}_anchor").value == day
    assert any("From the hospital's table" in each.value for each in app.main.caption)
    consents = {"service": True, "messages": True}
    house.world.do(
        "front_desk", enrol, patient_id=5, package_id=KNEE, payment_method="cash", consents=consents, anchor_date=day,
    )  # fmt: skip
    assert house.world.ask("nurse", card, patient_id=5).discharge_date is None
    [held] = house.world.ask("nurse", held_by, patient_id=5)
    assert held.anchor_date == day
    assert house.world.ask("front_desk", days_sold) == {(5, "discharge_date"): day}


def test_receipt_and_card_are_right_there_and_leave_with_the_next_patient(house: Served) -> None:
    app = choose(offered_to(house, 5), KNEE)
    next(each for each in app.main.date_input).set_value(house.world.today)
    app.main.get("button_group")[0].set_value("cash")
    next(box for box in app.main.checkbox if "_service_" in str(box.key)).check()
    next(each for each in app.main.radio if "_channel_" in str(each.key)).set_value("screen")
    press(app, "Enrol and take payment")
    assert "王建国 is enrolled." in shown(app)
    assert "Print the receipt (PDF)" in {each.proto.label for each in app.main.get("download_button")}
    assert "Make a card" in {each.label for each in app.main.button}
    # Somebody else's file leads here: the papers of the one before are not shown to her.
    app.query_params["id"] = "4"
    app.run()
    assert "赵思琪" in shown(app) and "王建国" not in shown(app)


def test_an_offer_without_an_answer_is_not_recorded(house: Served) -> None:
    app = choose(offered_to(house, 4), PRENATAL)
    app.text_input(key=f"offer_4_{PRENATAL}_reason").set_value("asks her husband")
    press(app, "Record the offer")
    assert "Please choose what the patient answered." in shown(app)
    assert app.text_input(key=f"offer_4_{PRENATAL}_reason").value == "asks her husband"
    with house.world.desk.database.reading() as session:
        assert not session.scalars(select(OfferRow).where(OfferRow.patient_id == 4)).all()


def test_nothing_is_offered_in_quiet_care(house: Served) -> None:
    nurse = house.world.actors["nurse"].id
    house.world.do("nurse", gentle_stop, patient_id=4, kind="other", caller_id=nurse)
    app = offered_to(house, 4)
    assert "nothing is offered or sold" in shown(app) and not app.main.radio


def test_a_foreign_number_in_the_address_is_said_kindly(house: Served) -> None:
    app = offered_to(house, 999)
    assert "This patient is not on file." in shown(app)
    assert "Patients" in [link.proto.label for link in app.main.get("page_link")]
