"""Points for a class and thanks for a referral, where a nurse looks for them: in the patient's file."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.bank.account import account_of
from core.department.switches import sign_off
from core.people.patients import add_patient
from tests.pages.conftest import Served, pick, press, shown, unfold
from tests.pages.test_every_page import fill


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
    [what] = [each for each in app.main.selectbox if each.label == "What for"]
    assert what.value is None, "the next event is chosen anew"
    what.select_index(0)
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
