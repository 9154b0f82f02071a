"""A form that lay open brings nothing back: one rule for every form that edits what is on file."""

from __future__ import annotations

import ast
import inspect
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.bank.terms import choose_terms, terms
from core.department.places import add_location, change_location, locations
from core.department.profile import change_facts
from core.foundation.doors import DEEDS
from core.foundation.meanwhile import ChangedMeanwhile, merged, refuse_changed
from core.operations import wiring  # noqa: F401  (every deed is imported)
from core.people.escalation_roster import duty_roster, fill
from core.people.staff import change_staff, roster
from tests.conftest import World

PAGES = Path(__file__).resolve().parents[2] / "pages"

# Deeds behind forms that edit what is on file. What edits drafts has its own rule (`pages.manager.drafting`).
GUARDED = {
    "people.patients.edit_patient", "people.consents.record_consents", "people.staff.change_staff",
    "people.escalation_roster.fill", "people.escalation_roster.clear", "department.profile.change_facts",
    "department.places.change_location", "department.switches.sign_off", "dialogue.films.keeping.set_kept_days",
    "dialogue.telling.channels.change_channel", "dialogue.cases.text_modules.change", "dialogue.answers.doses.set_dose",
    "dialogue.duty.shift_plan.plan", "dialogue.duty.shift_plan.clear", "dialogue.clocks.holidays.set_days",
    "dialogue.clocks.holidays.remove_days", "bank.terms.choose_terms", "bank.rewards.restock",
    "keepsakes.albums.write_album", "keepsakes.albums.caption_photos", "care.sale.courses.change_anchor",
    "care.sale.enrolments.enrol", "choice.candidates.change_candidate", "choice.candidates.check_knockout",
    "recognition.stories.approve", "care.work.appointments.reschedule",
}  # fmt: skip


def test_what_was_left_alone_stays_as_a_colleague_stored_it() -> None:
    read = {"phone": "1", "address": "A"}
    typed, stored = {"phone": "1", "address": "B"}, {"phone": "2", "address": "A"}
    assert merged(typed, stored, read) == {"phone": "2", "address": "B"}


def test_the_same_field_changed_by_two_is_asked_about_and_by_both_alike_is_not() -> None:
    with pytest.raises(ChangedMeanwhile) as asked:
        merged({"phone": "3"}, {"phone": "2"}, {"phone": "1"})
    assert (asked.value.field, asked.value.now) == ("phone", "2")
    assert merged({"phone": "2"}, {"phone": "2"}, {"phone": "1"}) == {"phone": "2"}


def test_spaces_at_the_ends_are_nothing_that_was_changed() -> None:
    assert merged({"name": "A "}, {"name": "B"}, {"name": "A"}) == {"name": "B"}


def test_without_a_form_everything_given_is_written() -> None:
    assert merged({"phone": "3"}, {"phone": "2"}, None) == {"phone": "3"}


def test_facts_that_count_only_together_are_asked_about_when_one_of_them_changed() -> None:
    with pytest.raises(ChangedMeanwhile):
        refuse_changed({"sets": 2, "reps": 10}, {"sets": 3, "reps": 10})
    refuse_changed({"sets": 3, "reps": 10}, {"sets": 3, "reps": 10})


def test_every_deed_behind_an_edit_form_hears_what_the_form_showed() -> None:
    assert {name for name, made in DEEDS.items() if "read" in inspect.signature(made).parameters} == GUARDED


CHOICES = ("selectbox", "radio", "pills", "multiselect", "segmented_control")
# Fields that begin with a fact and may: what they are sent with adds something new and writes none of it back.
ONLY_BEGIN = {
    "manager/roster/planning.py": "the telephone of whoever is chosen, for days that are filled anew",
    "manager/roster/run_of_days.py": "the telephone of whoever is chosen, for days that are filled anew",
    "staff/enrol/selling.py": "a sale counts from the days of her file and writes none of them",
}


def test_no_form_of_the_staff_begins_with_what_is_on_file_and_does_not_tell_it() -> None:
    """`form.field(…, thing.fact)` would write old facts back, and so would `thing.fact.date() if thing else None` or
    `max(thing.fact, today)`: what is on file is drawn by `form.kept`."""
    found = {
        f"{path.relative_to(PAGES)}:{node.lineno}"
        for path in sorted(PAGES.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "field"
        if any(_is_on_file(begin) for begin in _beginnings(node))
    }
    assert {place.partition(":")[0] for place in found} == set(ONLY_BEGIN), sorted(found)


@pytest.mark.parametrize(
    ("begin", "on_file"),
    [
        ("one.name", True), ("booked.time() if booked else None", True), ("max(first.day, now)", True),
        ("None", False), ("today()", False), ("names.index(me) if me in names else None", False),
    ],
)  # fmt: skip
def test_a_beginning_is_a_fact_on_file_in_a_call_and_in_a_choice_too(begin: str, on_file: bool) -> None:
    assert _is_on_file(ast.parse(begin, mode="eval").body) is on_file


def _beginnings(call: ast.Call) -> list[Any]:
    """What a field begins with, by its place or its name; the options of a choice, which stand in that place, are none."""
    draws = call.args[1] if len(call.args) > 1 else None
    chosen = isinstance(draws, ast.Attribute) and draws.attr in CHOICES
    return [
        *([] if chosen else call.args[3:4]),
        *(one.value for one in call.keywords if one.arg in ("value", "default", "index")),
    ]


def _is_on_file(begin: ast.AST) -> bool:
    """Whether a fact of something is read in it; the place of an option among the options is none."""
    return any(isinstance(one, ast.Attribute) and one.attr != "index" for one in ast.walk(begin))


# --- the same on the database ---------------------------------------------------------------------------------------

PLACE = {"name": "护士站", "floor": "2楼", "route": "", "wait_minutes": None, "active": True}
HOUSE = {
    "hospital": "测试医院", "department": "产科", "time_zone": "Asia/Shanghai", "print_language": "zh",
    "phone": "", "address": "", "pilot_start": None,
}  # fmt: skip


def test_two_who_change_different_facts_of_a_place_both_keep_theirs(world: World) -> None:
    number = world.do("manager", add_location, name="护士站", floor="2楼")
    world.do("manager", change_location, location_id=number, **{**PLACE, "wait_minutes": 20}, read=PLACE)
    world.do("administrator", change_location, location_id=number, **{**PLACE, "route": "B梯"}, read=PLACE)
    [place] = world.ask("manager", locations)
    assert (place.wait_minutes, place.route) == (20, "B梯")


def test_a_stale_settings_form_brings_no_old_telephone_back(world: World) -> None:
    house = world.ask("manager", lambda look: look.house)
    read = {name: getattr(house, name) for name in HOUSE}
    world.do("administrator", change_facts, **{**read, "phone": "010-5555 0100"}, read=read)
    world.do("manager", change_facts, **{**read, "address": "东门"}, read=read)
    house = world.ask("manager", lambda look: look.house)
    assert (house.phone, house.address) == ("010-5555 0100", "东门")
    with pytest.raises(ChangedMeanwhile) as asked:
        world.do("manager", change_facts, **{**read, "phone": "010-5555 0199"}, read=read)
    assert asked.value.field == "phone" and "010-5555 0100" in asked.value.text("zh")


def test_a_role_given_meanwhile_is_not_taken_back_by_correcting_a_title(world: World) -> None:
    nurse = next(one for one in world.ask("administrator", roster) if one.role == "nurse")
    read = {"name": nurse.name, "role": "nurse", "title": nurse.title}
    world.do("administrator", change_staff, staff_id=nurse.id, **{**read, "role": "manager"}, read=read)
    world.do("administrator", change_staff, staff_id=nurse.id, **{**read, "title": "护士长"}, read=read)
    now = next(one for one in world.ask("administrator", roster) if one.id == nurse.id)
    assert (now.role, now.title) == ("manager", "护士长")


def test_terms_decided_meanwhile_are_named_with_what_they_are_now(world: World) -> None:
    now = world.ask("manager", terms)
    read = {
        "threshold": now.interest.threshold, "strict": now.interest.strict, "base": now.interest.base,
        "compounding": now.interest.compounding, "rate": str(now.interest.rate.normalize()),
        "cap": now.interest.cap, "lot_months": now.lot_months,
    }  # fmt: skip
    world.do("administrator", choose_terms, **{**read, "cap": 300}, read=read)
    with pytest.raises(ChangedMeanwhile) as asked:
        world.do("manager", choose_terms, **{**read, "cap": 900}, read=read)
    assert (asked.value.field, asked.value.now) == ("cap", 300)
    world.do("manager", choose_terms, **{**read, "threshold": 2000}, read=read)
    assert (world.ask("manager", terms).interest.cap, world.ask("manager", terms).interest.threshold) == (
        300,
        2000,
    )


def test_days_a_colleague_has_filled_since_the_page_was_read_are_asked_about(world: World) -> None:
    people = {one.role: one for one in world.ask("administrator", roster)}
    read = {"as_of": world.clock.now()}
    days = {"first": world.today, "last": world.today + timedelta(days=2)}
    world.clock.advance(timedelta(minutes=1))
    world.do("administrator", fill, **days, staff_id=people["doctor"].id, phone="13800000001")
    mine = {**days, "staff_id": people["nurse"].id, "phone": "13800000002"}
    with pytest.raises(ChangedMeanwhile) as asked:
        world.do("manager", fill, **mine, read=read)
    assert asked.value.now == people["doctor"].name
    world.do("manager", fill, **mine, read={"as_of": world.clock.now()})
    assert world.ask("manager", duty_roster, days=1)[0].name == people["nurse"].name
