"""Deeds of the bank and the register of tips have a place where a manager would look for them."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from core.bank.account import account_of
from core.bank.rewards import rewards
from core.department.switches import sign_off
from core.foundation.access import PUBLIC
from core.people.patients import add_patient
from core.people.tables import StaffRow
from core.recognition.praise import give_praise
from pages.manager.stories import tip_register
from pages.ui.browser import Browser, kept
from tests.pages.conftest import Served, pick, press, shown, unfold
from tests.pages.test_every_page import WORDS, fill


@pytest.fixture
def filled(served: Served) -> Served:
    fill(served.world)
    return served


def points(served: Served, patient: int) -> int:
    return int(served.world.ask("manager", account_of, patient_id=patient).balance)


def points_drawer(served: Served, role: str) -> AppTest:
    """Where points are given in a patient's file: by the package, folded."""
    app = served.open("staff/patient/page.py", role=role, language="en", query={"id": "1"})
    return unfold(pick(app, "view_", "packages"), "more_points_1")


def test_a_class_that_is_no_task_is_rewarded_once(filled: Served) -> None:
    before = points(filled, 1)
    app = press(points_drawer(filled, "nurse"), "Give the points")
    assert "Please choose what the points are for." in shown(app)
    next(each for each in app.main.selectbox if each.label == "What for").select_index(0)
    app = press(app, "Give the points")
    assert "points are on her account." in shown(app)
    assert points(filled, 1) == before + 50
    assert "were already given" in shown(press(app, "Give the points"))
    assert points(filled, 1) == before + 50


def test_whoever_brought_her_is_thanked_only_after_the_sign_off(filled: Served) -> None:
    world = filled.world
    friend = world.do("nurse", add_patient, name="赵引荐", record_number="R900", phone="13800009900")
    sign(filled, "referral_points", on=False)
    app = points_drawer(filled, "front_desk")
    assert "wait for their sign-off in Settings" in shown(app)
    sign(filled, "referral_points")
    app.run()
    next(field for field in app.main.text_input if str(field.key).startswith("referrer_")).set_value(
        "R900"
    ).run()
    assert not [each for each in app.main.button if each.label == "Thank with points"], "nobody chose her yet"
    next(each for each in app.main.radio if str(each.key).startswith("referrer_")).set_value(friend).run()
    app = press(app, "Thank with points")
    assert "Thanked with 200 points." in shown(app)
    assert points(filled, friend) == 200


def sign(served: Served, code: str, on: bool = True) -> None:
    today = served.world.today
    served.world.do(
        "manager", sign_off, code=code, on=on, signed_by="王主任", document_number="18",
        review_on=today.replace(year=today.year + 1),
    )  # fmt: skip


def test_a_delivery_is_entered_in_settings_with_a_reason(filled: Served) -> None:
    first = next(line for line in filled.world.ask("manager", rewards) if line.active)
    app = filled.open("manager/settings/page.py", language="en")
    app.number_input(key=f"stock_{first.reward_id}_{first.stock}").set_value(7)
    assert "Please give the reason in a few words" in shown(press(app, "Set the stock"))
    assert stock_of(filled, first.reward_id) == first.stock
    app.text_input(key=f"stock_reason_{first.reward_id}_{first.stock}").set_value("到货")
    assert f"The stock of “{first.name}” is set." in shown(press(app, "Set the stock"))
    assert stock_of(filled, first.reward_id) == 7


def stock_of(served: Served, reward: int) -> int | None:
    return {line.reward_id: line.stock for line in served.world.ask("manager", rewards)}[reward]


def test_the_register_of_tips_shows_and_exports_a_month_without_sums(filled: Served) -> None:
    nurse = filled.world.actors["nurse"]
    with filled.world.desk.database.writing() as session:
        session.get_one(StaffRow, nurse.id).payment_code_key = "ab/" + "ab" + "0" * 62 + ".png"
    filled.world.desk.do(PUBLIC, give_praise, "", code=f"S{nurse.id:05d}", text=WORDS, tip_fen=1880)
    app = filled.open("manager/stories/page.py", language="en")
    app.main.get("button_group")[0].set_value("Tips").run()
    assert not app.exception
    [line] = app.dataframe[0].value.to_dict("records")
    assert (line["Receiver"], line["Amount"], line["State"]) == (
        nurse.name,
        "¥18.80",
        "Declared by the writer",
    )
    month = filled.world.today.replace(day=1)
    with kept(Browser(app.session_state["signed_in"], "en", "")):
        book = load_workbook(BytesIO(tip_register.register_file(month, filled.world.today)))
    rows = list(book.worksheets[0].values)
    assert len(rows) == 2 and rows[1][3] == 18.8
