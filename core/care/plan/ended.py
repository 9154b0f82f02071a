"""What care tells the rooms to its right when a course ends or is paid back, and when everything falls silent for a
patient or may be heard again.

The conversation and the bank register their handlers here when they are imported; care knows nothing of them. Handlers run inside the
deed's own transaction, with the patient held.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from core.foundation.doors import Stamp

# The enrolment's number and its last state: completed, run_out, stopped or cancelled.
CourseHandler = Callable[[Stamp, int, str], None]
QuietHandler = Callable[[Stamp, int], None]
# The patient's number and the instant at which the silence had begun that is taken back as a mistake.
LiftedHandler = Callable[[Stamp, int, datetime], None]

# The enrolment's number and the instant at which it had ended by mistake.
ReopenedHandler = Callable[[Stamp, int, datetime], None]

# The enrolment's number, and whether everything that was paid for it is paid back now.
RefundHandler = Callable[[Stamp, int, bool], None]
# The enrolment's number: what was paid back for it was taken back.
UnrefundedHandler = Callable[[Stamp, int], None]
# The patient's number and the day on which the quiet care began that is over now.
SpokenHandler = Callable[[Stamp, int, date], None]

COURSE_ENDED: list[CourseHandler] = []
COURSE_REOPENED: list[ReopenedHandler] = []
QUIET_BEGUN: list[QuietHandler] = []
QUIET_LIFTED: list[LiftedHandler] = []
QUIET_OVER: list[SpokenHandler] = []
REFUNDED: list[RefundHandler] = []
UNREFUNDED: list[UnrefundedHandler] = []


def on_course_ended(handler: CourseHandler) -> CourseHandler:
    """Register a handler for courses that end, whatever the reason. Registering twice is once."""
    if handler not in COURSE_ENDED:
        COURSE_ENDED.append(handler)
    return handler


def on_course_reopened(handler: ReopenedHandler) -> ReopenedHandler:
    """Register a handler for courses that go on after they had ended by mistake."""
    if handler not in COURSE_REOPENED:
        COURSE_REOPENED.append(handler)
    return handler


def on_quiet_begun(handler: QuietHandler) -> QuietHandler:
    """Register a handler for quiet care: nothing may speak to this patient any more."""
    if handler not in QUIET_BEGUN:
        QUIET_BEGUN.append(handler)
    return handler


def on_quiet_lifted(handler: LiftedHandler) -> LiftedHandler:
    """Register a handler for quiet care that was begun by mistake: what it took is given back."""
    if handler not in QUIET_LIFTED:
        QUIET_LIFTED.append(handler)
    return handler


def on_quiet_over(handler: SpokenHandler) -> SpokenHandler:
    """Register a handler for quiet care that is over, by mistake begun or at her own wish: she may be spoken to again."""
    if handler not in QUIET_OVER:
        QUIET_OVER.append(handler)
    return handler


def on_refunded(handler: RefundHandler) -> RefundHandler:
    """Register a handler for money that is paid back for an enrolment, in part or in full."""
    if handler not in REFUNDED:
        REFUNDED.append(handler)
    return handler


def on_unrefunded(handler: UnrefundedHandler) -> UnrefundedHandler:
    """Register a handler for refunds that are taken back as a mistake."""
    if handler not in UNREFUNDED:
        UNREFUNDED.append(handler)
    return handler


def announce_ended(stamp: Stamp, enrolment_id: int, status: str) -> None:
    for handler in COURSE_ENDED:
        handler(stamp, enrolment_id, status)


def announce_reopened(stamp: Stamp, enrolment_id: int, ended_at: datetime) -> None:
    for handler in COURSE_REOPENED:
        handler(stamp, enrolment_id, ended_at)


def announce_quiet(stamp: Stamp, patient_id: int) -> None:
    for handler in QUIET_BEGUN:
        handler(stamp, patient_id)


def announce_lifted(stamp: Stamp, patient_id: int, begun_at: datetime) -> None:
    for handler in QUIET_LIFTED:
        handler(stamp, patient_id, begun_at)


def announce_quiet_over(stamp: Stamp, patient_id: int, begun_on: date) -> None:
    for handler in QUIET_OVER:
        handler(stamp, patient_id, begun_on)


def announce_refunded(stamp: Stamp, enrolment_id: int, full: bool) -> None:
    for handler in REFUNDED:
        handler(stamp, enrolment_id, full)


def announce_unrefunded(stamp: Stamp, enrolment_id: int) -> None:
    for handler in UNREFUNDED:
        handler(stamp, enrolment_id)
