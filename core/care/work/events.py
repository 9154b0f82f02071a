"""What care tells the rooms to its right: a task was done, or that was taken back.

The health bank and the keepsakes register a handler here when they are imported; care knows neither of them.
Handlers run inside the deed's own transaction: if one refuses, nothing happens at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.foundation.doors import Stamp


@dataclass(frozen=True)
class TaskFact:
    """One task that was done, excused or taken back.

    `on_time`: done no later than the last day of its window. `points` is what the pinned document promises
    for it under its earning rule `rule` (a code, "" for none), and `event` is that rule's event
    ("task_on_time", "class_attended", "" for none). `excused`: somebody of the house said rest; it counts
    as done.
    """

    enrolment_id: int
    patient_id: int
    package_id: int
    version_id: int
    task_id: int
    task_code: str
    rule: str
    event: str
    points: int
    on_time: bool
    done_on: date
    counts_for_badge: bool
    excused: bool = False


Handler = Callable[[Stamp, TaskFact], None]

DONE: list[Handler] = []
UNDONE: list[Handler] = []


def on_task_done(handler: Handler) -> Handler:
    """Register a handler for tasks that are done or excused; also usable as a decorator. Registering twice
    is once."""
    if handler not in DONE:
        DONE.append(handler)
    return handler


def on_task_undone(handler: Handler) -> Handler:
    """Register a handler for a task that was marked by mistake and is open again."""
    if handler not in UNDONE:
        UNDONE.append(handler)
    return handler


def announce_done(stamp: Stamp, fact: TaskFact) -> None:
    for handler in DONE:
        handler(stamp, fact)


def announce_undone(stamp: Stamp, fact: TaskFact) -> None:
    for handler in UNDONE:
        handler(stamp, fact)
