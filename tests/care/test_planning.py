"""Dates, bands and targets of a plan; what a corrected due date does; and that nobody is punished by it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.care.plan.badge_target import adapted_target
from core.care.plan.due_and_late import State, band, due_days
from core.care.plan.planning import LastPeriodAfterEnrolment, Plan, plan, replan
from core.packages.document import PackageDocument
from core.packages.templates import load

DATA = Path(__file__).resolve().parents[1] / "data"
QUEST = load("prenatal_quest", "zh")
RAW = QUEST.model_dump(mode="json")
LMP = date(2025, 9, 1)


def day(offset: int, start: date = LMP) -> date:
    return start + timedelta(days=offset)


def operation_pack(opens: int, closes: int) -> PackageDocument:
    """The pack counted from an operation, with one window of its own."""
    first = {**RAW["tasks"][0], "opens_day": opens, "closes_day": closes}
    return PackageDocument.model_validate({**RAW, "anchor": "operation", "tasks": [first, *RAW["tasks"][1:]]})


def with_states(current: Plan, states: Mapping[str, State]) -> Plan:
    """The plan as it stands once the department has recorded these states."""
    tasks = tuple(replace(task, state=states.get(task.code, task.state)) for task in current.tasks)
    return replace(current, tasks=tasks)


# Dates


def test_windows_fall_on_the_published_days() -> None:
    vectors = json.loads((DATA / "clinical" / "dating_vectors.json").read_text(encoding="utf-8"))[
        "edd_vectors"
    ]
    assert len(vectors) == 4
    for vector in vectors:
        lmp = date.fromisoformat(vector["lmp"])
        made = plan(QUEST, lmp, lmp)
        assert made.task("P02").opens_on.isoformat() == vector["nt_from"]
        assert made.task("P02").closes_on.isoformat() == vector["nt_to"]
        assert made.task("P05").opens_on.isoformat() == vector["anomaly_from"]
        assert made.task("P06").opens_on.isoformat() == vector["ogtt_from"]
        assert made.task("P11").opens_on.isoformat() == vector["gbs_from"]


def test_a_leap_day_is_a_day_like_any_other() -> None:
    made = plan(QUEST, date(2024, 2, 29), date(2024, 4, 20))
    assert made.task("P16").opens_on == date(2024, 12, 5)  # 40+0, published vector


def test_single_tests_end_on_day_zero_and_visits_on_day_six() -> None:
    with (DATA / "prenatal_windows.csv").open(encoding="utf-8") as handle:
        ends = {row["code"]: int(row["closes_day"]) % 7 for row in csv.DictReader(handle)}
    made = plan(QUEST, LMP, day(42))
    for task in made.tasks:
        assert (task.closes_on - LMP).days % 7 == ends[task.code]
    assert {code for code, rest in ends.items() if rest == 0} == {"P05", "P06", "P08", "P11"}


def test_a_task_switched_off_is_not_planned() -> None:
    tasks = [{**task, "on": task["code"] != "P11"} for task in RAW["tasks"]]
    made = plan(PackageDocument.model_validate({**RAW, "tasks": tasks}), LMP, day(42))
    assert "P11" not in {task.code for task in made.tasks}
    assert made.full == 15


def test_a_last_period_after_enrolment_is_refused() -> None:
    with pytest.raises(LastPeriodAfterEnrolment) as refusal:
        plan(QUEST, day(1), LMP)
    assert refusal.value.field == "anchor_date"


def test_an_operation_still_to_come_is_no_mistake() -> None:
    made = plan(operation_pack(-7, -1), date(2026, 3, 8), date(2026, 2, 20))
    assert (made.task("P01").opens_on, made.task("P01").closes_on) == (date(2026, 3, 1), date(2026, 3, 7))


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.integers(-400, 400),
    st.integers(0, 200),
    st.integers(-300, 300),
)
def test_a_window_keeps_its_length_over_leap_days_and_before_the_anchor(
    anchor: date, opens: int, length: int, enrolled: int
) -> None:
    task = plan(operation_pack(opens, opens + length), anchor, day(enrolled, anchor)).task("P01")
    assert (task.opens_on - anchor).days == opens
    assert (task.closes_on - task.opens_on).days == length
    assert (task.state == "not_applicable") == (opens + length < enrolled)


# Late enrolment


def test_a_window_that_closes_on_the_day_of_enrolment_still_counts() -> None:
    assert plan(QUEST, LMP, day(97)).task("P02").state == "planned"
    assert plan(QUEST, LMP, day(98)).task("P02").state == "not_applicable"


@pytest.mark.parametrize(
    ("enrolled_day", "available", "target"),
    [(42, 16, 10), (98, 14, 9), (169, 11, 7), (259, 6, 4), (280, 1, 1), (287, 0, None)],
)
def test_the_target_shrinks_with_late_enrolment(
    enrolled_day: int, available: int, target: int | None
) -> None:
    made = plan(QUEST, LMP, day(enrolled_day))
    assert (made.available, made.full, made.badge_target) == (available, 16, target)


def test_a_package_without_badges_has_no_target() -> None:
    rewards = [reward for reward in RAW["rewards"] if reward["kind"] == "points"]
    document = PackageDocument.model_validate({**RAW, "badge_target": None, "rewards": rewards})
    assert plan(document, LMP, day(42)).badge_target is None


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_target_can_always_be_reached_and_never_grows(target: int, available: int, full: int) -> None:
    adapted = adapted_target(target, available, full)
    if not available or not full:
        assert adapted is None
    else:
        assert adapted is not None and 1 <= adapted <= min(target, available)
        assert adapted * full >= min(target * available, available * full, target * full)


# Bands


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (-1, "upcoming"),
        (0, "open"),
        (13, "open"),
        (14, "due"),
        (20, "due"),
        (21, "overdue"),
        (34, "overdue"),
        (35, "expired"),
    ],
)
def test_the_bands_of_a_three_week_window(today: int, expected: str) -> None:
    assert band("planned", day(0), day(20), day(today)) == expected


@pytest.mark.parametrize(("length", "expected"), [(1, 1), (3, 1), (7, 3), (15, 5), (20, 7), (21, 7), (56, 7)])
def test_a_short_window_is_due_in_its_last_third(length: int, expected: int) -> None:
    assert due_days(day(0), day(length - 1)) == expected


@pytest.mark.parametrize("state", ["done", "excused", "cancelled", "not_applicable"])
def test_what_is_settled_is_never_late(state: State) -> None:
    assert band(state, day(0), day(6), day(400)) == state


def test_a_package_may_give_less_grace() -> None:
    assert band("planned", day(0), day(0), day(2), grace_days=1) == "expired"


@given(st.integers(0, 120), st.integers(-200, 300))
def test_bands_only_ever_move_forward(length: int, today: int) -> None:
    order = ["upcoming", "open", "due", "overdue", "expired"]
    now, then = (band("planned", day(0), day(length), day(t)) for t in (today, today + 1))
    assert order.index(now) <= order.index(then)
    assert (now in ("open", "due")) == (0 <= today <= length)


# A corrected due date


def test_done_tasks_stay_and_the_others_move() -> None:
    current = with_states(plan(QUEST, LMP, day(50)), {"P01": "done", "P02": "excused"})
    renewed = replan(QUEST, current, day(8), day(100))
    assert renewed.plan.task("P01") == current.task("P01")
    assert renewed.plan.task("P02") == current.task("P02")
    assert renewed.plan.task("P05").opens_on == day(148)
    moved = {change.code: change for change in renewed.changes}
    assert set(moved) == {f"P{n:02}" for n in range(3, 18)}
    assert (moved["P05"].opened_on, moved["P05"].opens_on, moved["P05"].kind) == (day(140), day(148), "moved")


def test_a_window_closed_by_the_correction_is_reported_and_not_held_against_her() -> None:
    current = plan(QUEST, LMP, day(50))
    renewed = replan(QUEST, current, day(-14), day(95))  # 13+4 by the old dates, 15+4 by the new
    assert {change.code for change in renewed.changes if change.kind == "closed"} == {"P01", "P02"}
    assert renewed.plan.task("P02").state == "not_applicable"
    assert renewed.plan.badge_target == 9


def test_a_task_missed_before_the_correction_stays_on_the_list() -> None:
    current = plan(QUEST, LMP, day(50))
    renewed = replan(QUEST, current, day(-7), day(110))
    assert renewed.plan.task("P02").state == "planned"


def test_a_later_date_opens_windows_that_were_thought_past() -> None:
    current = plan(QUEST, LMP, day(100))
    assert current.task("P02").state == "not_applicable"
    renewed = replan(QUEST, current, day(14), day(101))
    assert [change.code for change in renewed.changes if change.kind == "reopened"] == ["P01", "P02"]
    assert (renewed.plan.available, renewed.plan.badge_target) == (16, current.badge_target)


def test_the_same_date_again_changes_nothing() -> None:
    current = with_states(plan(QUEST, LMP, day(50)), {"P01": "done"})
    renewed = replan(QUEST, current, LMP, day(120))
    assert renewed.changes == ()
    assert renewed.plan == current


def test_a_cancelled_task_is_not_brought_back() -> None:
    current = with_states(plan(QUEST, LMP, day(50)), {"P11": "cancelled"})
    renewed = replan(QUEST, current, day(5), day(60)).plan
    assert renewed.task("P11") == current.task("P11") and renewed.available == 15


def test_a_corrected_date_after_enrolment_is_refused() -> None:
    with pytest.raises(LastPeriodAfterEnrolment):
        replan(QUEST, plan(QUEST, LMP, day(50)), day(51), day(60))


STATES = st.dictionaries(
    st.sampled_from([task.code for task in QUEST.tasks]), st.sampled_from(["done", "excused", "cancelled"])
)


@given(st.integers(0, 300), st.integers(-40, 40), st.integers(0, 120), STATES)
def test_a_correction_never_raises_the_target_or_makes_a_task_late(
    enrolled: int, shift: int, later: int, states: dict[str, State]
) -> None:
    shift = min(shift, enrolled)
    today = day(enrolled + later)
    current = with_states(plan(QUEST, LMP, day(enrolled)), states)
    renewed = replan(QUEST, current, day(shift), today).plan
    assert [task.code for task in renewed.tasks] == [task.code for task in current.tasks]
    for old, new in zip(current.tasks, renewed.tasks, strict=True):
        if old.state in ("done", "excused", "cancelled"):
            assert new == old
        elif band(new.state, new.opens_on, new.closes_on, today) in ("overdue", "expired"):
            assert band(old.state, old.opens_on, old.closes_on, today) in ("overdue", "expired")
    if current.badge_target is not None and renewed.badge_target is not None:
        assert renewed.badge_target <= current.badge_target
    assert (renewed.badge_target is None) == (renewed.available == 0)
    assert renewed.badge_target is None or renewed.badge_target <= renewed.available


@given(st.integers(42, 250), st.integers(-14, 14), STATES)
def test_correcting_twice_ends_where_the_last_date_leads(
    enrolled: int, shift: int, states: dict[str, State]
) -> None:
    current = with_states(plan(QUEST, LMP, day(enrolled)), states)
    today = day(enrolled)
    there = replan(QUEST, current, day(shift), today).plan
    back = replan(QUEST, there, LMP, today).plan
    assert back.tasks == current.tasks


def test_a_target_that_fell_does_not_rise_by_way_of_dates_with_nothing_to_aim_at() -> None:
    current = plan(QUEST, LMP, day(100))
    fallen = replan(QUEST, current, day(-140), day(110)).plan
    nothing = replan(QUEST, fallen, day(-250), day(111)).plan
    again = replan(QUEST, nothing, LMP, day(112)).plan
    assert current.badge_target and fallen.badge_target and nothing.badge_target is None
    assert fallen.badge_target < current.badge_target and again.badge_target == fallen.badge_target
