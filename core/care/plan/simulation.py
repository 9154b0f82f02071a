"""A virtual patient goes through a package: which tasks apply, what is pushed when, whether the badges suffice.

Pure. The virtual patient does every task on the first day she can, which is the most anybody can reach; a real
one reaches less. What ends a journey early (a birth before term, twins) and bed rest are the examples on which
the adapted target is shown. Twins are reckoned until 37+0 weeks, when twins without complications are usually
delivered (NICE guideline NG137: planned birth from 37 weeks for twins with two placentas); the week can be changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.care.plan.badge_target import adapted_target
from core.care.plan.planning import PlannedTask, plan
from core.packages.document import PackageDocument
from core.packages.parts import Task

TWINS_END = 37 * 7
# "Typically late": after the first visits of a pregnancy, or half-way through a shorter package.
TYPICAL_LATE = 28 * 7

Fate = Literal["done", "excused", "not_applicable", "not_needed"]


@dataclass(frozen=True)
class Virtual:
    """Whom to enrol: `enrolled_day` after the anchor date; journey over on `ends_day` (None: she stays to the
    end); rest ordered from `rest_from` to `rest_until` (days after the anchor, both inside)."""

    enrolled_day: int
    ends_day: int | None = None
    rest_from: int | None = None
    rest_until: int | None = None

    def rests(self, first: int, last: int) -> bool:
        """Whether the whole of a window lies in the rest."""
        if self.rest_from is None or self.rest_until is None:
            return False
        return self.rest_from <= first and last <= self.rest_until


@dataclass(frozen=True)
class Step:
    """One task of the virtual patient. `opens_day` and `closes_day` count from the anchor date; `on_day` is the
    day on which it is done, None where it is not. `points` are those she earns for it."""

    code: str
    title: str
    opens_day: int
    closes_day: int
    fate: Fate
    on_day: int | None
    badge: str
    counts: bool
    points: int


@dataclass(frozen=True)
class Push:
    """What reaches her on one day, counted from the anchor date: a task that opens, or a message."""

    day: int
    at: str
    kind: Literal["task", "message"]
    code: str
    channel: str
    text: str


@dataclass(frozen=True)
class Simulated:
    """The journey. `asked` is the target of the package, `promised` the one she is given at enrolment,
    `reachable` how many badges she can earn, `adapted` the target that fits what remains of her journey."""

    steps: tuple[Step, ...]
    pushes: tuple[Push, ...]
    asked: int | None
    promised: int | None
    adapted: int | None
    reachable: int
    full: int
    points: int

    @property
    def reaches_asked(self) -> bool:
        return self.asked is None or self.reachable >= self.asked

    @property
    def reaches_promised(self) -> bool:
        return self.promised is None or self.reachable >= self.promised


def simulate(document: PackageDocument, virtual: Virtual) -> Simulated:
    """The journey of one virtual patient through `document`."""
    anchor = date(2026, 1, 1)
    enrolled = anchor + timedelta(days=virtual.enrolled_day)
    made = plan(document, anchor, enrolled)
    steps = tuple(
        _step(document.task(planned.code), planned, (planned.opens_on - anchor).days, virtual)
        for planned in made.tasks
    )
    reachable = sum(step.counts and step.fate in ("done", "excused") for step in steps)
    goal = document.badge_target
    return Simulated(
        steps=steps,
        pushes=_pushes(document, steps, virtual),
        asked=goal.count if goal else None,
        promised=made.badge_target,
        adapted=adapted_target(goal.count, reachable, made.full) if goal else None,
        reachable=reachable,
        full=made.full,
        points=sum(step.points for step in steps),
    )


def late_enrolment(document: PackageDocument) -> Virtual:
    """The typical late patient: at 28+0 weeks, or half-way through the days of any other package."""
    if document.anchor == "last_period":
        return Virtual(TYPICAL_LATE)
    days = [day for task in document.tasks if task.on for day in (task.opens_day, task.closes_day)]
    first, last = (min(days), max(days)) if days else (0, 0)
    return Virtual(first + (last - first + 1) // 2)


# --- inner ----------------------------------------------------------------------------------------


def _step(task: Task, planned: PlannedTask, opens: int, virtual: Virtual) -> Step:
    closes = opens + (planned.closes_on - planned.opens_on).days
    on_day = max(opens, virtual.enrolled_day)
    fate: Fate = "done"
    if planned.state == "not_applicable":
        fate = "not_applicable"
    elif virtual.ends_day is not None and on_day >= virtual.ends_day:
        fate = "not_needed"
    elif virtual.rests(opens, closes):
        fate = "excused"
    happens = fate in ("done", "excused")
    return Step(
        code=planned.code,
        title=task.title,
        opens_day=opens,
        closes_day=closes,
        fate=fate,
        on_day=on_day if happens else None,
        badge=task.badge or "",
        counts=task.counts_for_badge,
        points=task.points if happens else 0,
    )


def _pushes(document: PackageDocument, steps: tuple[Step, ...], virtual: Virtual) -> tuple[Push, ...]:
    found = [
        Push(step.on_day, "", "task", step.code, "page", step.title)
        for step in steps
        if step.on_day is not None
    ]
    last = virtual.enrolled_day + document.valid_days
    for message in document.messages:
        if not message.on:
            continue
        for day in _moments(message.trigger, message.task, document, steps, virtual):
            due = day + message.offset_days
            over = virtual.ends_day is not None and due >= virtual.ends_day
            if virtual.enrolled_day <= due <= last and not over:
                found.append(Push(due, message.at, "message", message.code, message.channel, message.text))
    return tuple(sorted(found, key=lambda push: (push.day, push.at, push.code)))


def _moments(
    trigger: str, code: str | None, document: PackageDocument, steps: tuple[Step, ...], virtual: Virtual
) -> list[int]:
    """The days of a moment, counted from the anchor date. A visit is reckoned as booked for the first day."""
    lived = [s for s in steps if s.on_day is not None and code in (None, document.task(s.code).code)]
    match trigger:
        case "enrolment":
            return [virtual.enrolled_day]
        case "anchor":
            return [0]
        case "end":
            return [virtual.enrolled_day + document.valid_days]
        case "task_closes":
            return [step.closes_day for step in lived]
        case "target_reached":
            return _reached(document, steps, virtual)
        case "appointment":
            return [s.on_day for s in lived if s.on_day is not None and document.task(s.code).kind == "visit"]
        case _:
            return [step.on_day for step in lived if step.on_day is not None]


def _reached(document: PackageDocument, steps: tuple[Step, ...], virtual: Virtual) -> list[int]:
    anchor = date(2026, 1, 1)
    target = plan(document, anchor, anchor + timedelta(days=virtual.enrolled_day)).badge_target
    days = sorted(step.on_day for step in steps if step.counts and step.on_day is not None)
    return [days[target - 1]] if target and len(days) >= target else []
