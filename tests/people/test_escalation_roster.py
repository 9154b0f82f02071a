"""The escalation roster: a run of days at once, gaps said, days that are over left as they were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.people.escalation_roster import (
    BackupIsTheSame,
    DutyPhoneMissing,
    NobodyOnDuty,
    NoDayInRun,
    RunImpossible,
    clear,
    duty_roster,
    fill,
    on_duty,
)
from core.people.staff import deactivate
from tests.conftest import World

TODAY = date(2026, 3, 5)  # a Thursday
PHONE = "010-5550 0104"


def named(world: World, **changes: Any) -> int:
    known: dict[str, Any] = {"first": TODAY, "last": TODAY + timedelta(days=13), "phone": PHONE}
    return world.do("manager", fill, **{**known, "staff_id": world.actors["doctor"].id, **changes})


def test_a_run_of_days_is_filled_at_once_and_the_newest_entry_counts(world: World) -> None:
    assert named(world) == 14
    nurse = world.actors["nurse"].id
    assert named(world, staff_id=nurse, phone="8104", weekdays=[5, 6]) == 4
    days = world.ask("front_desk", duty_roster)
    assert [each.name for each in days[:4]] == ["doctor测试", "doctor测试", "nurse测试", "nurse测试"]
    assert not any(each.gap for each in days)
    assert world.ask("nurse", on_duty).phone == PHONE


def test_a_backup_has_a_telephone_of_its_own(world: World) -> None:
    nurse = world.actors["nurse"].id
    with pytest.raises(DutyPhoneMissing) as refused:
        named(world, backup_id=nurse)
    assert (refused.value.name, refused.value.field) == ("nurse测试", "backup_phone")
    named(world, backup_id=nurse, backup_phone="13800001234")
    assert (world.ask("nurse", on_duty).backup, world.ask("nurse", on_duty).backup_phone) == (
        "nurse测试", "13800001234",
    )  # fmt: skip


def test_a_day_without_anybody_and_a_person_who_has_left_are_gaps(world: World) -> None:
    named(world, last=TODAY + timedelta(days=12))
    assert [each.day for each in world.ask("nurse", duty_roster) if each.gap] == [TODAY + timedelta(days=13)]
    world.do("administrator", deactivate, staff_id=world.actors["doctor"].id)
    assert {each.gap for each in world.ask("nurse", duty_roster)} == {"left", "empty"}


def test_a_cleared_day_is_empty_again_and_the_past_stays(world: World) -> None:
    named(world)
    world.clock.advance(timedelta(days=2))
    with pytest.raises(RunImpossible):
        world.do("manager", clear, first=TODAY, last=TODAY + timedelta(days=3))
    world.do("manager", clear, first=TODAY + timedelta(days=2), last=TODAY + timedelta(days=3))
    days = world.ask("nurse", duty_roster, first=TODAY, days=5)
    assert [each.gap for each in days] == ["", "", "empty", "empty", ""]


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (RunImpossible, {"first": TODAY - timedelta(days=1)}),
        (RunImpossible, {"last": TODAY - timedelta(days=1)}),
        (RunImpossible, {"last": TODAY + timedelta(days=367)}),
        (NoDayInRun, {"last": TODAY, "weekdays": [0]}),
        (NobodyOnDuty, {"staff_id": 4711}),
        (DutyPhoneMissing, {"phone": "call me"}),
        (BackupIsTheSame, {"backup_id": 4, "backup_phone": PHONE}),
    ],
)
def test_what_cannot_be_is_refused(world: World, refusal: type[Exception], changes: dict[str, Any]) -> None:
    assert world.actors["doctor"].id == 4
    with pytest.raises(refusal):
        named(world, **changes)
    assert all(each.gap for each in world.ask("nurse", duty_roster))
