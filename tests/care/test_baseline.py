"""The weeks before the pilot: counted back from its first day, by visits of which it is known who came."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.care.baseline import NEEDED_WEEKS, WEEKS, baseline, baseline_weeks
from core.care.work.appointments import PastVisitRefused, import_past
from core.department.profile import change_facts
from core.foundation.house import HouseRow
from core.insight.board import BASELINE
from tests.conftest import World

PILOT = date(2026, 1, 1)


def take(world: World, *days: date, state: str = "attended") -> None:
    rows: list[dict[str, Any]] = [{"day": day, "state": state, "record_number": ""} for day in days]
    world.do("manager", import_past, rows=rows, file_digest=f"{days}{state}")


def test_the_dashboard_compares_with_the_same_weeks() -> None:
    assert timedelta(weeks=WEEKS) == BASELINE


def test_an_empty_department_has_no_week_and_misses_twelve(world: World) -> None:
    found = world.ask("manager", baseline)
    assert (found.found, found.missing, len(found.weeks)) == (0, NEEDED_WEEKS, WEEKS)
    assert (found.end, found.weeks[-1].last) == (PILOT, PILOT - timedelta(days=1))


def test_a_week_counts_when_somebody_came_or_was_missed(world: World) -> None:
    last, first = PILOT - timedelta(days=1), PILOT - timedelta(weeks=WEEKS)
    take(world, last, last - timedelta(days=6), first)
    take(world, last - timedelta(days=7), state="no_show")
    take(world, last - timedelta(days=14), state="cancelled")
    take(world, first - timedelta(days=1))
    found = world.ask("manager", baseline)
    assert (found.found, found.counted, found.missed, found.cancelled, found.earlier) == (3, 4, 1, 1, 1)
    assert world.ask("executive", baseline_weeks) == 3 == NEEDED_WEEKS - found.missing


def test_before_the_pilot_everything_up_to_yesterday_counts(world: World) -> None:
    with world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).pilot_start = None
    yesterday = world.today - timedelta(days=1)
    take(world, yesterday)
    found = world.ask("manager", baseline)
    assert (found.pilot, found.end, found.found) == (None, world.today, 1)
    set_pilot(world, world.today + timedelta(days=30))
    assert world.ask("manager", baseline_weeks) == 1


def set_pilot(world: World, day: date) -> None:
    world.do(
        "manager", change_facts, hospital="安和", department="产科", time_zone="Asia/Shanghai",
        print_language="zh", phone="", address="", pilot_start=day,
    )  # fmt: skip


def test_a_visit_of_the_pilot_is_no_visit_of_the_time_before(world: World) -> None:
    with pytest.raises(PastVisitRefused):
        take(world, PILOT)
    set_pilot(world, PILOT + timedelta(days=7))
    take(world, PILOT)
    assert world.ask("manager", baseline_weeks) == 1


def test_what_lies_before_the_weeks_is_counted_up_to_a_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_pilot(world, PILOT)
    long_ago = PILOT - WEEKS * timedelta(weeks=1)
    take(world, *(long_ago - timedelta(days=n) for n in range(1, 4)))
    assert world.ask("manager", baseline).earlier == 3
    monkeypatch.setattr("core.care.baseline.MOST_EARLIER", 2)
    assert world.ask("manager", baseline).earlier == 2
