"""From a package and an anchor date to dated tasks. In which band one stands on a day: `due_and_late`. Pure.

A window is `anchor + opens_day` to `anchor + closes_day`, both days inside. How a printed "a~b weeks"
becomes days is decided once, in the template (`core.packages.document.window_of_weeks`): a single test ends on
b+0, a visit on b+6, and each task may be set otherwise.

Nobody is punished for dates: a window that closed before enrolment is not applicable and lowers the badge
target in proportion; a corrected due date never raises a target that was promised and never makes a
task late.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from core.care.plan.badge_target import adapted_target
from core.care.plan.due_and_late import State
from core.clinical.dating import week_text
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.parts import Task

# "The doctor said rest" counts as done, so an excused task is kept and counted like a done one.
_KEPT: tuple[State, ...] = ("done", "excused", "cancelled")
_ATTAINABLE: tuple[State, ...] = ("planned", "done", "excused")


@dataclass(eq=False)
class LastPeriodAfterEnrolment(Refusal):
    """A pregnancy cannot have begun after the day it was enrolled."""

    anchor_date: date
    enrolled_on: date
    message = N_("The last period ({anchor_date}) is after enrolment ({enrolled_on}). Please check.")
    field = "anchor_date"


@dataclass(frozen=True)
class PlannedTask:
    """One dated task; both days belong to the window."""

    code: str
    opens_on: date
    closes_on: date
    state: State
    counts_for_badge: bool


@dataclass(frozen=True)
class Plan:
    """The dated tasks of one enrolment. `available` badges of `full` can be earned; `badge_target` is the
    number promised, None where there is nothing to aim at."""

    anchor_date: date
    enrolled_on: date
    tasks: tuple[PlannedTask, ...]
    available: int
    full: int
    badge_target: int | None
    # The lowest number that was ever promised; it stays where there is nothing to aim at for a while.
    promised: int | None = None

    def task(self, code: str) -> PlannedTask:
        """The task with `code`; KeyError where the package has none."""
        return {task.code: task for task in self.tasks}[code]


@dataclass(frozen=True)
class Change:
    """What a new anchor date does to one task. `kind`: "moved" to other days, "reopened" because its window
    now lies within the enrolment, "closed" because its window is over with the corrected dates (a clinician
    should look: the task was not missed)."""

    code: str
    kind: Literal["moved", "reopened", "closed"]
    opened_on: date
    closed_on: date
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Replan:
    """The new plan and every task it changed, in the order of the package."""

    plan: Plan
    changes: tuple[Change, ...]


def plan(document: PackageDocument, anchor_date: date, enrolled_on: date) -> Plan:
    """The dated tasks of `document` for one patient; tasks switched off are left out.

    A task that repeats becomes one task a day, each with its own code. A window that closed before
    `enrolled_on` is "not_applicable". Refuses a last period after enrolment.
    """
    _check_anchor(document, anchor_date, enrolled_on)
    tasks = _dated(document, anchor_date, enrolled_on)
    return _plan(document, anchor_date, enrolled_on, tasks)


def replan(document: PackageDocument, current: Plan, anchor_date: date, today: date) -> Replan:
    """The plan after the anchor date was corrected on `today`.

    Done, excused and cancelled tasks keep their days. The others move; one whose corrected window was over
    before `today`, though the patient could still have come, becomes "not_applicable" and is reported.
    The target may fall, never rise, also not by way of dates with nothing to aim at. `document` is the version the patient was sold.
    """
    _check_anchor(document, anchor_date, current.enrolled_on)
    before = {task.code: task for task in current.tasks}
    tasks: list[PlannedTask] = []
    changes: list[Change] = []
    for fresh in _dated(document, anchor_date, current.enrolled_on):
        old = before.get(fresh.code, fresh)
        new = old if old.state in _KEPT else _corrected(old, fresh, today)
        tasks.append(new)
        changes += _change(old, new)
    renewed = _plan(document, anchor_date, current.enrolled_on, tuple(tasks))
    known = [n for n in (current.promised, current.badge_target) if n is not None]
    if renewed.badge_target is not None:
        known = [min((*known, renewed.badge_target))]
        renewed = replace(renewed, badge_target=known[0])
    return Replan(replace(renewed, promised=min(known, default=None)), tuple(changes))


def week_of(anchor_kind: str, anchor_date: date, day: date) -> str:
    """The gestational age on a day ("12+3"), "" where the anchor is no pregnancy; see
    `core.clinical.dating.week_text`."""
    return week_text(anchor_date, day) if anchor_kind in ("last_period", "due_date") else ""


def _check_anchor(document: PackageDocument, anchor_date: date, enrolled_on: date) -> None:
    if document.anchor == "last_period" and anchor_date > enrolled_on:
        raise LastPeriodAfterEnrolment(anchor_date, enrolled_on)


def _dated(document: PackageDocument, anchor_date: date, enrolled_on: date) -> tuple[PlannedTask, ...]:
    return tuple(
        dated
        for task in document.tasks
        if task.on
        for dated in _instances(task, enrolled_on if task.anchor == "enrolment" else anchor_date, enrolled_on)
    )


def _instances(task: Task, base: date, enrolled_on: date) -> Iterator[PlannedTask]:
    """The task once over its whole window, or each of its days for itself."""
    for number, code in enumerate(task.instance_codes):
        closes_day = task.closes_day if task.repeat_days == 1 else task.opens_day + number
        closes_on = base + timedelta(days=closes_day)
        yield PlannedTask(
            code=code,
            opens_on=base + timedelta(days=task.opens_day + number),
            closes_on=closes_on,
            state="not_applicable" if closes_on < enrolled_on else "planned",
            counts_for_badge=task.counts_for_badge,
        )


def _attainable(tasks: tuple[PlannedTask, ...]) -> int:
    return sum(task.counts_for_badge and task.state in _ATTAINABLE for task in tasks)


def _plan(
    document: PackageDocument, anchor_date: date, enrolled_on: date, tasks: tuple[PlannedTask, ...]
) -> Plan:
    available, full = _attainable(tasks), document.badge_count
    goal = document.badge_target
    target = adapted_target(goal.count, available, full) if goal else None
    return Plan(anchor_date, enrolled_on, tasks, available, full, target, target)


def _corrected(old: PlannedTask, fresh: PlannedTask, today: date) -> PlannedTask:
    over = fresh.closes_on < today
    missed_before = old.state == "planned" and old.closes_on < today
    if fresh.state == "planned" and over and not missed_before:
        return replace(fresh, state="not_applicable")
    return fresh


def _change(old: PlannedTask, new: PlannedTask) -> list[Change]:
    if new.state == old.state and (new.opens_on, new.closes_on) == (old.opens_on, old.closes_on):
        return []
    if old.state == "planned" and new.state == "not_applicable":
        kind: Literal["moved", "reopened", "closed"] = "closed"
    elif old.state == "not_applicable" and new.state == "planned":
        kind = "reopened"
    else:
        kind = "moved"
    return [Change(new.code, kind, old.opens_on, old.closes_on, new.opens_on, new.closes_on)]
