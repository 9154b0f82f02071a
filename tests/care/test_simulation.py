"""A virtual patient: what applies, what is pushed, whether the badges suffice; equal to the plan of a real one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.care.plan.badge_target import adapted_target
from core.care.plan.planning import plan
from core.care.plan.simulation import Virtual, late_enrolment, simulate
from core.packages.document import PackageDocument
from core.packages.templates import load
from tests.packages.test_parts import exercise, week

QUEST = load("prenatal_quest", "zh")
RAW = QUEST.model_dump(mode="json")
FIRST = date(2026, 1, 1)


def test_an_early_enrolment_can_earn_all_badges() -> None:
    lived = simulate(QUEST, Virtual(56))
    assert (lived.asked, lived.promised, lived.reachable, lived.full) == (10, 10, 16, 16)
    assert lived.reaches_asked and lived.points == 14 * 100 + 2 * 50


@given(st.integers(0, 290))
def test_the_promise_is_the_plan_of_a_real_patient(day: int) -> None:
    lived = simulate(QUEST, Virtual(day))
    made = plan(QUEST, FIRST, FIRST + timedelta(days=day))
    assert (lived.promised, lived.reachable) == (made.badge_target, made.available)
    assert lived.reaches_promised
    assert lived.adapted == adapted_target(10, made.available, 16)


def test_what_was_over_before_she_came_is_not_pushed() -> None:
    lived = simulate(QUEST, Virtual(196))
    assert {step.code for step in lived.steps if step.fate == "not_applicable"} == {
        "P01",
        "P02",
        "P03",
        "P04",
        "P05",
    }
    assert all(push.day >= 196 for push in lived.pushes)
    assert (lived.promised, lived.reachable) == (7, 11)


@pytest.mark.parametrize(("ends", "reachable"), [(259, 12), (238, 10), (170, 6)])
def test_a_birth_before_term_ends_the_journey(ends: int, reachable: int) -> None:
    lived = simulate(QUEST, Virtual(84, ends))
    assert lived.reachable == reachable
    assert all(step.on_day is None or step.on_day < ends for step in lived.steps)
    assert all(push.day < ends for push in lived.pushes)
    assert lived.reaches_promised == (reachable >= 10)


def test_bed_rest_counts_as_done() -> None:
    rest = simulate(QUEST, Virtual(84, rest_from=160, rest_until=240))
    assert {step.code for step in rest.steps if step.fate == "excused"} == {"P06", "P07", "P08", "P09"}
    assert rest.reachable == simulate(QUEST, Virtual(84)).reachable


def discharge(**changes: Any) -> PackageDocument:
    return PackageDocument.model_validate(week(exercise(), **changes))


def test_a_daily_task_is_pushed_day_by_day() -> None:
    lived = simulate(discharge(), Virtual(0))
    assert [(push.day, push.code) for push in lived.pushes] == [(n, f"PUMP.{n}") for n in range(1, 8)]


def test_messages_are_pushed_on_their_days() -> None:
    def message(code: str, trigger: str, **more: Any) -> dict[str, Any]:
        return {"code": code, "trigger": trigger, "channel": "page", "text": "x", **more}

    document = discharge(
        valid_days=30,
        messages=[
            message("HELLO", "enrolment", at="18:00"),
            message("D3", "anchor", offset_days=3),
            message("BEFORE", "anchor", offset_days=-2),
            message("EACH", "task_opens", task="PUMP", at="08:00"),
            message("TARGET", "target_reached"),
            message("BYE", "end", offset_days=-1),
            message("OFF", "enrolment", on=False),
        ],
    )
    found = [
        (push.day, push.code) for push in simulate(document, Virtual(0)).pushes if push.kind == "message"
    ]
    assert [day for day, _code in found] == sorted(day for day, _code in found)
    assert set(found) == {
        (0, "HELLO"),
        (3, "D3"),
        (3, "TARGET"),
        (29, "BYE"),
        *((n, "EACH") for n in range(1, 8)),
    }


def test_a_typical_late_patient_is_reckoned_by_weeks_or_half_the_days() -> None:
    assert late_enrolment(QUEST).enrolled_day == 196
    assert late_enrolment(discharge()).enrolled_day == 4
    asked = discharge(badge_target={**RAW["badge_target"], "count": 7})
    late = simulate(asked, late_enrolment(asked))
    assert not late.reaches_asked and (late.reachable, late.promised) == (4, 4)
