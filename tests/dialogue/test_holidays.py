"""The calendar: taken from the published list, changed day by day, a year without entries said."""

from __future__ import annotations

from datetime import date

import pytest

from core.dialogue.clocks.holidays import (
    DaysImpossible,
    UnknownDayKind,
    YearNotKnown,
    days_of_year,
    listed_years,
    missing_years,
    remove_days,
    set_days,
    take_year,
)
from core.foundation.access import NotAllowed
from tests.conftest import World
from tests.dialogue.promised_ward import local


def test_the_published_days_of_2026_are_taken_with_one_act(world: World) -> None:
    assert world.do("manager", take_year, year=2026) == 39
    days = {one.day: one for one in world.ask("nurse", days_of_year, year=2026)}
    # Notice of the State Council on the holidays of 2026.
    spring = [day for day, one in days.items() if one.kind == "holiday" and day.month == 2]
    assert (min(spring), max(spring)) == (date(2026, 2, 15), date(2026, 2, 23))
    assert {day for day, one in days.items() if one.kind == "workday"} == {
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    }  # fmt: skip
    assert days[date(2026, 10, 1)].name == "国庆节"


def test_taking_a_year_twice_changes_nothing_and_own_days_stay(world: World) -> None:
    world.do("manager", set_days, first=date(2026, 6, 1), last=date(2026, 6, 1), kind="holiday", name="院庆")
    world.do("manager", take_year, year=2026)
    world.do("manager", take_year, year=2026)
    days = world.ask("nurse", days_of_year, year=2026)
    assert len(days) == 40 and date(2026, 6, 1) in {one.day for one in days}


def test_a_day_is_changed_and_removed(world: World) -> None:
    first, last = date(2027, 2, 6), date(2027, 2, 12)
    assert world.do("manager", set_days, first=first, last=last, kind="holiday", name="春节") == 7
    world.do("manager", set_days, first=first, last=first, kind="workday")
    world.do("manager", remove_days, first=last, last=last)
    days = world.ask("nurse", days_of_year, year=2027)
    assert (days[0].kind, days[0].name, days[-1].day) == ("workday", "", date(2027, 2, 11))


def test_a_year_without_any_day_is_said_two_months_before_it_begins(world: World) -> None:
    assert world.ask("nurse", missing_years) == [2026]
    world.do("manager", take_year, year=2026)
    assert world.ask("nurse", missing_years) == []
    world.clock.moment = local("2026-11-02 08:00")
    assert world.ask("nurse", missing_years) == [2027]


def test_what_cannot_be_is_refused(world: World) -> None:
    day = date(2026, 6, 1)
    with pytest.raises(YearNotKnown):
        world.do("manager", take_year, year=max(listed_years()) + 1)
    with pytest.raises(UnknownDayKind):
        world.do("manager", set_days, first=day, last=day, kind="party")
    with pytest.raises(DaysImpossible):
        world.do("manager", set_days, first=day, last=date(2026, 5, 31), kind="holiday")
    with pytest.raises(DaysImpossible):
        world.do("manager", remove_days, first=day, last=date(2026, 7, 2))
    with pytest.raises(NotAllowed):
        world.do("nurse", take_year, year=2026)
