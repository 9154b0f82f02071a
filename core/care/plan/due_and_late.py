"""From which day a task is open, due, overdue, and over: the band it is in on a day. Pure.

Nobody is punished for dates: an overdue task is done like any other, and patients are never shown "overdue".
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from core.foundation.language import N_

State = Literal["planned", "not_applicable", "done", "excused", "cancelled"]
Band = Literal[
    "upcoming", "open", "due", "overdue", "expired", "done", "excused", "cancelled", "not_applicable"
]

DUE_DAYS = 7
GRACE_DAYS = 14
# What is done daily is done again tomorrow: yesterday's can still be noted, an older one is over.
DAILY_GRACE_DAYS = 1

BAND_NAMES: dict[str, str] = {
    "upcoming": N_("Upcoming"),
    "open": N_("Open"),
    "due": N_("Due"),
    "overdue": N_("Overdue"),
    "expired": N_("Expired"),
    "done": N_("Done"),
    "excused": N_("Waived"),
    "cancelled": N_("Cancelled"),
    "not_applicable": N_("Not applicable"),
}


def due_days(opens_on: date, closes_on: date) -> int:
    """How many days at the end of a window are called "due": 7, or the last third of a window shorter than
    three weeks (rounded up), so that a one-week window is not due on its first day."""
    length = (closes_on - opens_on).days + 1
    return min(DUE_DAYS, -(-length // 3))


def grace_of(code: str) -> int:
    """How many days after its window a task may still be done: 14, or 1 for one day of a daily task, whose
    code is "<task>.<day>"."""
    return DAILY_GRACE_DAYS if "." in code else GRACE_DAYS


def band(
    task_state: State, opens_on: date, closes_on: date, today: date, grace_days: int = GRACE_DAYS
) -> Band:
    """Where a task stands on `today`, the department's day.

    Upcoming before its window, open in it, due in its last days (`due_days`), overdue for `grace_days` after
    it, then expired. Any state but "planned" is its own band. Patients are never shown "overdue".
    """
    if task_state != "planned":
        return task_state
    if today < opens_on:
        return "upcoming"
    if today > closes_on + timedelta(days=grace_days):
        return "expired"
    if today > closes_on:
        return "overdue"
    return "due" if (closes_on - today).days < due_days(opens_on, closes_on) else "open"
