"""My shift: taken with one click, handed over with a note, confirmed by whoever takes over."""

from __future__ import annotations

import pytest

from core.dialogue.duty.shift_list import coming
from core.people.escalation_roster import fill
from tests.dialogue.promised_ward import PromisedWard, promised_ward
from tests.pages.conftest import Served, press, shown

SHIFT = "staff/shift/page.py"


@pytest.fixture
def ward(served: Served) -> PromisedWard:
    found = promised_ward(served.world)
    found.plans("nurse", "nurse", "08:00", "20:00", last=served.world.today)
    return found


def test_the_nurse_takes_her_shift(served: Served, ward: PromisedWard) -> None:
    app = served.open(SHIFT, role="nurse", language="en")
    assert "nobody has taken it yet" in shown(app)
    press(app, "I take the shift")
    assert "The shift is yours." in shown(app)
    assert served.world.ask("nurse", coming)[0].taken_at == ward.world.clock.now()


def test_she_hands_it_over_and_the_doctor_confirms(served: Served, ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    app = served.open(
        SHIFT,
        role="nurse",
        language="en",
        **{f"hand_fold_{ward.world.ask('nurse', coming)[0].span_id}": True},
    )
    who = next(one for one in app.main.selectbox if one.label == "Who takes over")
    who.set_value(served.world.actors["doctor"].id)
    next(one for one in app.main.text_area if one.label == "What the next one must know").set_value("等回电")
    press(app, "Hand over")
    assert "It stays yours until doctor测试 confirms." in shown(app)

    other = served.open(SHIFT, role="doctor", language="en")
    assert "nurse测试 hands over to you" in shown(other)
    assert "等回电" in shown(other) and ward.case(case_id).code in shown(other)
    next(one for one in other.main.text_input if one.label.startswith("My telephone")).set_value("8104")
    press(other, "I take over")
    given, rest = served.world.ask("nurse", coming)
    assert given.received_at is not None and (rest.name, rest.phone) == ("doctor测试", "8104")


def test_the_doctor_of_the_roster_takes_the_day_as_a_shift(served: Served) -> None:
    world = served.world
    world.do(
        "manager", fill, first=world.today, last=world.today, staff_id=world.actors["doctor"].id, phone="8104"
    )
    app = served.open(SHIFT, role="doctor", language="en")
    assert "By the roster you answer as the doctor today." in shown(app)
    press(app, "I take the shift")
    assert [one.role for one in world.ask("doctor", coming)] == ["doctor"]
