"""A course that was ended by mistake goes on: reopened with a reason within thirty days, its refund reversed.

What the ending called off comes back as far as it still lies ahead: a task whose window passed meanwhile, or a visit of
yesterday, stays called off, so that nobody is counted as having missed what had been cancelled for her.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.care.plan.ended import announce_reopened
from core.care.plan.ending import give_back
from core.care.sale.courses import UnknownEnrolment, get_enrolment
from core.care.sale.enrolments import BOUGHT, PurchaseLimitReached, ServiceConsentNeeded
from core.care.sale.offers import AlreadyHolds
from core.care.sale.refund_rows import reverse_since, standing_since
from core.care.tables import AppointmentRow, CourseEndingRow, EnrolmentRow, TaskRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import day_bounds
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.versions import pinned
from core.people.consents import has_consent
from core.people.patients import get_patient

REOPENED = declare("enrolment.reopened", N_("Package reopened"), ("reason",))
DAYS = 30  # from the day it ended
# A stop is lifted in quiet care instead, on its own day.
REOPENABLE = ("completed", "cancelled")


@dataclass(eq=False)
class NotReopenable(Refusal):
    message = N_("Only a package that was completed or cancelled can be reopened.")


@dataclass(eq=False)
class TooLateToReopen(Refusal):
    days: int = DAYS
    message = N_("A package is reopened within {days} days. Please enrol her anew.")


@dataclass(eq=False)
class RunOut(Refusal):
    day: date
    message = N_("This package was valid until {day}. Please enrol her anew.")


@dataclass(frozen=True)
class Reopening:
    """What reopening would bring back: so many tasks and visits, and the refund that is reversed (fen); possible up to
    and including `until`."""

    until: date
    tasks: int
    visits: int
    refund_fen: int


@question("enrolment.write")
def reopening(look: Look, *, enrolment_id: int) -> Reopening | None:
    """What reopening this course would bring back, or None where it cannot be reopened any more. Whether she holds the
    same package again is asked by the deed."""
    row = look.session.get(EnrolmentRow, enrolment_id)
    if row is None:
        raise UnknownEnrolment
    if row.ended_on is None or _refusal(look, row) is not None:
        return None
    took = _took(look, row)
    return Reopening(
        reopenable_until(row, row.ended_on),
        len(took["tasks"]),
        len(took["appointments"]),
        sum(one.amount_fen for one in standing_since(look, row.id, _since(look, row))),
    )


@deed("enrolment.write")
def reopen(stamp: Stamp, *, enrolment_id: int, reason: str) -> None:
    """Let an ended course go on; every refund of it is reversed.

    Refuses no reason; a course that runs or was stopped; later than 30 days or after its validity; a patient in quiet
    care or erased; without her consent to the service; and where she holds the same package again or has had it as often as it may be bought.
    """
    reason = reasons.given(reason)
    patient_id = stamp.session.scalar(select(EnrolmentRow.patient_id).where(EnrolmentRow.id == enrolment_id))
    if patient_id is None:
        raise UnknownEnrolment
    get_patient(stamp, patient_id, speaking=True)
    if not has_consent(stamp.session, patient_id, "service"):
        raise ServiceConsentNeeded
    row = get_enrolment(stamp, enrolment_id)
    problem = _refusal(stamp, row)
    if problem is not None:
        raise problem
    _refuse_another(stamp, row)
    before = {"status": row.status, "refund_fen": row.refund_fen}
    took, ending, since = _took(stamp, row), _ending(stamp, row), _since(stamp, row)
    stamp.touch(stamp.today, row.enrolled_on)
    reverse_since(stamp, row, since, reason)
    give_back(stamp, {"enrolments": [enrolment_id], **took})
    if ending is not None:
        ending.reopened_at, ending.reopened_by, ending.reopen_reason = stamp.now, stamp.staff_id, reason
    announce_reopened(stamp, enrolment_id, since)
    after = {"patient_id": patient_id, "status": "active", "refund_fen": row.refund_fen, "reason": reason}
    stamp.audit(REOPENED, ("enrolment", enrolment_id), before, after)


def reopenable_until(row: EnrolmentRow, ended_on: date) -> date:
    """The last day on which a course that ends on `ended_on` can be reopened: thirty days later, and while it is valid."""
    return min(ended_on + timedelta(days=DAYS), row.expires_on)


# --- inner ----------------------------------------------------------------------------------------


def _refusal(look: Look, row: EnrolmentRow) -> Refusal | None:
    if row.status == "run_out":
        return RunOut(row.expires_on)
    if row.status not in REOPENABLE or row.ended_on is None:
        return NotReopenable()
    if look.today > row.ended_on + timedelta(days=DAYS):
        return TooLateToReopen()
    if look.today > row.expires_on:
        return RunOut(row.expires_on)
    return None


def _refuse_another(stamp: Stamp, row: EnrolmentRow) -> None:
    """The patient is held, so no sale comes between. A cancelled purchase counted for nothing until now."""
    document = pinned(stamp.session, row.version_id)
    others = stamp.session.execute(
        select(EnrolmentRow.status, func.count())
        .where(
            EnrolmentRow.patient_id == row.patient_id,
            EnrolmentRow.package_id == row.package_id,
            EnrolmentRow.id != row.id,
            EnrolmentRow.status.in_(BOUGHT),
        )
        .group_by(EnrolmentRow.status)
    ).all()
    counts = {status: n for status, n in others}  # noqa: C416
    if counts.get("active"):
        raise AlreadyHolds(document.name)
    if document.purchase_limit is not None and sum(counts.values()) >= document.purchase_limit:
        raise PurchaseLimitReached(document.name, document.purchase_limit)


def _ending(look: Look, row: EnrolmentRow) -> CourseEndingRow | None:
    """The record of the ending that stands; None for one from before endings were recorded."""
    return look.session.scalar(
        select(CourseEndingRow)
        .where(CourseEndingRow.enrolment_id == row.id, CourseEndingRow.reopened_at.is_(None))
        .order_by(CourseEndingRow.id.desc())
        .limit(1)
    )


def _since(look: Look, row: EnrolmentRow) -> datetime:
    """The instant of the ending; of one that was not recorded, the beginning of its day."""
    ending = _ending(look, row)
    return ending.at if ending else day_bounds(row.ended_on or look.today, look.zone)[0]


def _took(look: Look, row: EnrolmentRow) -> dict[str, list[int]]:
    """The tasks and visits the ending called off and that still lie ahead. Without a record of it they are those that
    were called off on its day, for its reason."""
    ending = _ending(look, row)
    hers = TaskRow.enrolment_id == row.id
    of_hers = AppointmentRow.task_id.in_(select(TaskRow.id).where(hers))
    if ending is not None:
        tasks: ColumnElement[bool] = TaskRow.id.in_(ending.took["tasks"])
        visits: ColumnElement[bool] = AppointmentRow.id.in_(ending.took["appointments"])
    else:
        first, end = day_bounds(row.ended_on or look.today, look.zone)
        tasks = (TaskRow.reason == row.end_reason) & _within(TaskRow.changed_at, first, end)
        visits = (AppointmentRow.reason == row.end_reason) & _within(AppointmentRow.changed_at, first, end)
    return {
        "tasks": list(
            look.session.scalars(
                select(TaskRow.id)
                .where(hers, tasks, TaskRow.state == "cancelled", TaskRow.closes_on >= look.today)
                .order_by(TaskRow.id)
            )
        ),
        "appointments": list(
            look.session.scalars(
                select(AppointmentRow.id)
                .where(of_hers, visits, AppointmentRow.state == "cancelled", AppointmentRow.at >= look.now)
                .order_by(AppointmentRow.id)
            )
        ),
    }


def _within(
    column: InstrumentedAttribute[datetime | None], first: datetime, end: datetime
) -> ColumnElement[bool]:
    return (column >= first) & (column < end)
