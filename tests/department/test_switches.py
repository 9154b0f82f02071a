"""Sensitive features are off until somebody signs, and off again when the review is overdue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.department import switches
from core.department.places import LocationCodeTaken, LocationNameMissing, add_location
from core.department.profile import AlreadySetUp, change_facts, set_up
from core.foundation.access import PUBLIC
from core.foundation.house import HouseRow
from core.foundation.writing.telephones import NoTelephone


def on(world, code):
    return world.desk.ask(PUBLIC, lambda look: switches.is_on(look, code))


def sign(world, **values):
    facts = {
        "on": True,
        "signed_by": "院长",
        "document_number": "A-1",
        "review_on": date(2026, 9, 1),
    } | values
    world.do("manager", switches.sign_off, code="money_tips", **facts)


def test_everything_is_off_at_first(world):
    assert not any(s.works for s in world.desk.ask(PUBLIC, switches.switches))


def test_a_signature_turns_it_on_until_its_review_date(world):
    sign(world)
    assert on(world, "money_tips")
    world.clock.advance(timedelta(days=181))
    assert not on(world, "money_tips")


@pytest.mark.parametrize("missing", ["signed_by", "document_number"])
def test_half_a_signature_is_refused(world, missing):
    with pytest.raises(switches.SignatureIncomplete):
        sign(world, **{missing: " "})


@pytest.mark.parametrize("review", [date(2026, 3, 5), date(2027, 3, 20)])
def test_the_review_lies_ahead_within_a_year(world, review):
    with pytest.raises(switches.ReviewDateInvalid):
        sign(world, review_on=review)


def test_a_department_is_founded_once(world):
    with pytest.raises(AlreadySetUp):
        world.do("manager", set_up, hospital="B", department="C")


def test_facts_change_and_stay_what_was_not_touched(world):
    world.do(
        "manager", change_facts, hospital="新院", department="产科", time_zone="Asia/Urumqi",
        print_language="en", phone="1", address="2", pilot_start=date(2026, 2, 1),
    )  # fmt: skip
    house = world.ask("manager", lambda look: look.house)
    assert (house.hospital, house.time_zone, house.pilot_start) == ("新院", "Asia/Urumqi", date(2026, 2, 1))


def test_an_old_telephone_stays_while_other_facts_change_and_a_new_one_must_be_one(world):
    with world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).phone = "87654321/87654322"
    facts = {
        "hospital": "新院", "department": "产科", "time_zone": "Asia/Shanghai", "print_language": "zh",
        "phone": "87654321/87654322", "address": "2", "pilot_start": None,
    }  # fmt: skip
    world.do("manager", change_facts, **facts)
    house = world.ask("manager", lambda look: look.house)
    assert (house.hospital, house.phone) == ("新院", "87654321/87654322")
    with pytest.raises(NoTelephone):
        world.do("manager", change_facts, **facts | {"phone": "87654321/87654323"})


def test_locations_have_unique_codes_and_readable_poster_codes(world):
    world.do("manager", add_location, name="护士站", code="ward")
    with pytest.raises(LocationCodeTaken):
        world.do("manager", add_location, name="x", code="ward")
    with pytest.raises(LocationNameMissing):
        world.do("manager", add_location, name=" ")
    from core.department.places import locations

    (place,) = world.ask("nurse", locations)
    assert not set(place.praise_code[1:]) & set("01OIL")
