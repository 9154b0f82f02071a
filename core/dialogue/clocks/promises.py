"""The clocks: her word starts one, our answer stops it, her next word starts it again.

A run is a row of instants; whether it runs, was kept or was missed is read from them (`standing`). What happens while
it runs (warning, ladder, miss) is `ladder`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select

from core.dialogue.clocks.tables import CalendarDayRow, PromiseRunRow
from core.dialogue.clocks.working_time import LONGEST_LOOK, due_at, opens_next, warned_at
from core.dialogue.course import Course
from core.dialogue.signs import promised
from core.dialogue.tables import CaseRow
from core.foundation.doors import Look, Stamp
from core.foundation.language import N_
from core.packages.promises import Promise

Standing = Literal["runs", "met", "missed", "answered_late", "ended"]
STANDING_NAMES: dict[str, str] = {
    "runs": N_("Running"),
    "met": N_("Kept"),
    "missed": N_("Missed"),
    "answered_late": N_("Missed, answered later"),
    "ended": N_("Ended without an answer"),
}


def promise_of(course: Course, kind: str, level: str) -> Promise | None:
    """The promise under which a case of this kind and level stands; None where nothing was promised."""
    if kind in ("question", "film"):
        return promised(course.terms, kind)
    if level in ("red", "orange"):
        return promised(course.terms, "orange")
    return promised(course.terms, "yellow") if level == "yellow" else None


def start(stamp: Stamp, case: CaseRow, course: Course) -> None:
    """Her word starts the clock, unless it runs already or nothing was promised. What she is told stands: days entered
    into the calendar later count for the clocks that start then."""
    promise = promise_of(course, case.kind, case.level)
    if promise is None or running(stamp, case.id) is not None:
        return
    when = (promise.spans, stamp.zone, calendar_of(stamp))
    stamp.session.add(
        PromiseRunRow(
            case_id=case.id, kind=promise.kind, role=promise.by, minutes=promise.minutes, day=stamp.today,
            started_at=stamp.now,
            begins_at=opens_next(stamp.now, *when) or stamp.now,
            warn_at=warned_at(stamp.now, promise.minutes, promise.warn, *when) if promise.warn else None,
            due_at=due_at(stamp.now, promise.minutes, *when),
        )
    )  # fmt: skip
    stamp.session.flush()
    stamp.touch(stamp.today)


def stop(stamp: Stamp, case_id: int) -> None:
    """Our first answer stops the clock, in time or late."""
    run = running(stamp, case_id)
    if run is not None:
        run.met_at, run.met_by = stamp.now, stamp.staff_id
        _turned(stamp, run)


def resume(stamp: Stamp, case_id: int, at: datetime) -> None:
    """What was stopped or ended at exactly this instant was a mistake: the clock runs on to its first hour."""
    run = stamp.session.scalar(
        select(PromiseRunRow)
        .where(
            PromiseRunRow.case_id == case_id, (PromiseRunRow.met_at == at) | (PromiseRunRow.ended_at == at)
        )
        .order_by(PromiseRunRow.id.desc())
        .limit(1)
    )
    if run is not None:
        run.met_at, run.met_by, run.ended_at = None, None, None
        _turned(stamp, run)


def end(stamp: Stamp, case_id: int) -> None:
    """The case left the queue without an answer of ours (withdrawn, stopped): the clock ends and counts as nothing."""
    run = running(stamp, case_id)
    if run is not None:
        run.ended_at = stamp.now
        _turned(stamp, run)


def running(look: Look, case_id: int) -> PromiseRunRow | None:
    """The run of a case whose clock is going."""
    return look.session.scalar(
        select(PromiseRunRow).where(
            PromiseRunRow.case_id == case_id, PromiseRunRow.met_at.is_(None), PromiseRunRow.ended_at.is_(None)
        )
    )


def standing(due: datetime, met: datetime | None, ended: datetime | None, now: datetime) -> Standing:
    """What became of a promise. Answered in its last instant is in time; a case that left the queue after the end was
    missed all the same."""
    if met is not None:
        return "met" if met <= due else "answered_late"
    if ended is not None:
        return "ended" if ended <= due else "missed"
    return "runs" if now <= due else "missed"


def calendar_of(look: Look) -> dict[date, str]:
    """The holidays and make-up workdays around now: day → "holiday" or "workday"."""
    rows = look.session.execute(
        select(CalendarDayRow.day, CalendarDayRow.kind).where(
            CalendarDayRow.day.between(look.today - timedelta(days=2), look.today + LONGEST_LOOK)
        )
    )
    return {row.day: row.kind for row in rows}


def _turned(stamp: Stamp, run: PromiseRunRow) -> None:
    """What became of a promise counts on the day of her word."""
    if run.day is not None:
        stamp.touch(run.day)
