"""The course of an enrolment after the sale: a corrected date, completion, cancellation, refund."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from core.care.plan.ending import end
from core.care.plan.planning import Plan, PlannedTask, Replan, replan
from core.care.sale.enrolments import AnchorMissing, check_anchor
from core.care.tables import EnrolmentRow, TaskRow
from core.clinical.dating import last_period_from_due_date
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.packages.versions import pinned
from core.people.patients import get_patient

ANCHOR = declare("enrolment.anchor", N_("Anchor date corrected"), ("anchor_date", "reason", "plan"))
COMPLETED = declare("enrolment.completed", N_("Package completed"))
CANCELLED = declare("enrolment.cancelled", N_("Package cancelled"), ("reason",))
REFUNDED = declare("enrolment.refunded", N_("Refund paid"), ("reason",))


@dataclass(eq=False)
class UnknownEnrolment(Refusal):
    message = N_("This enrolment does not exist. Please reload the page.")


@dataclass(eq=False)
class EnrolmentEnded(Refusal):
    message = N_("This package has ended for the patient. Nothing was changed.")


@dataclass(eq=False)
class RefundImpossible(Refusal):
    paid_fen: int
    message = N_("The refund must lie between 0 and what was paid.")
    field = "refund_fen"


@dataclass(eq=False)
class AlreadyRefunded(Refusal):
    day: date
    message = N_("A refund was recorded on {day}. Money is never recorded twice.")


@dataclass(eq=False)
class NothingToRefund(Refusal):
    message = N_("A package that goes on is refunded by cancelling it.")


@deed("enrolment.write")
def change_anchor(
    stamp: Stamp,
    *,
    enrolment_id: int,
    reason: str,
    last_period: date | None = None,
    due_date: date | None = None,
    anchor_date: date | None = None,
) -> Raw:
    """Correct the anchor date and plan anew; returns {"badge_target", "changes"} for telling the patient.

    A corrected `due_date` counts back 280 days. Done and excused tasks keep their days, the others move;
    the badge target may fall, never rise. The old plan stays in the audit entry. Refuses an ended
    enrolment, no reason, and a date with which no pregnancy was under way at enrolment.
    """
    reason = reasons.given(reason)
    row = active(stamp, enrolment_id)
    anchor = last_period_from_due_date(due_date) if due_date else (last_period or anchor_date)
    if anchor is None:
        raise AnchorMissing
    document = pinned(stamp.session, row.version_id)
    check_anchor(document, anchor, row.enrolled_on)
    tasks = list(stamp.session.scalars(select(TaskRow).where(TaskRow.enrolment_id == enrolment_id)))
    current = _plan_of(row, tasks)
    new = replan(document, current, anchor, stamp.today)
    _apply(stamp, tasks, new)
    before = {"anchor_date": row.anchor_date, "badge_target": row.badge_target, "plan": _windows(current)}
    row.anchor_date, row.badge_target = anchor, new.plan.badge_target
    if row.anchor_kind in ("last_period", "due_date"):
        row.anchor_kind = "due_date" if due_date else "last_period"
    after = {"anchor_date": anchor, "badge_target": row.badge_target, "reason": reason}
    stamp.audit(ANCHOR, ("enrolment", enrolment_id), before, {"patient_id": row.patient_id, **after})
    return {"badge_target": row.badge_target, "changes": [asdict(change) for change in new.changes]}


@deed("enrolment.write")
def complete(stamp: Stamp, *, enrolment_id: int) -> None:
    """The journey has come to its good end; what is still planned is called off. Refuses an ended
    enrolment."""
    row = active(stamp, enrolment_id)
    end(stamp, row, "completed", "")
    stamp.audit(COMPLETED, ("enrolment", enrolment_id), {"status": "active"}, {"status": "completed"})


@deed("enrolment.write")
def cancel_and_refund(stamp: Stamp, *, enrolment_id: int, reason: str, refund_fen: int) -> None:
    """End a package at the patient's wish and record what is paid back (fen, 0 to what was paid).

    Refuses no reason, an impossible amount, an ended enrolment.
    """
    reason = reasons.given(reason)
    row = active(stamp, enrolment_id)
    _refund(stamp, row, refund_fen)
    end(stamp, row, "cancelled", reason)
    after = {"status": "cancelled", "reason": reason, "refund_fen": refund_fen}
    stamp.audit(CANCELLED, ("enrolment", enrolment_id), {"status": "active"}, after)


@deed("enrolment.write")
def record_refund(stamp: Stamp, *, enrolment_id: int, refund_fen: int, reason: str) -> None:
    """Record the refund of a package that has ended already, such as one proposed by a gentle stop; once
    only."""
    reason = reasons.given(reason)
    row = _get(stamp, enrolment_id)
    if row.status == "active":
        raise NothingToRefund
    _refund(stamp, row, refund_fen)
    stamp.touch(row.enrolled_on)
    after = {"refund_fen": refund_fen, "reason": reason}
    stamp.audit(REFUNDED, ("enrolment", enrolment_id), {"refund_fen": 0}, after)


def active(stamp: Stamp, enrolment_id: int) -> EnrolmentRow:
    """The row of an enrolment that goes on; refuses an unknown one and one that has ended."""
    patient_id = stamp.session.scalar(select(EnrolmentRow.patient_id).where(EnrolmentRow.id == enrolment_id))
    if patient_id is not None:
        get_patient(stamp, patient_id, held=True)
    row = _get(stamp, enrolment_id)
    if row.status != "active":
        raise EnrolmentEnded
    return row


def _get(stamp: Stamp, enrolment_id: int) -> EnrolmentRow:
    row = stamp.session.get(EnrolmentRow, enrolment_id, with_for_update=True)
    if row is None:
        raise UnknownEnrolment
    return row


def _refund(stamp: Stamp, row: EnrolmentRow, refund_fen: int) -> None:
    if row.refunded_on is not None:
        raise AlreadyRefunded(row.refunded_on)
    if not 0 <= refund_fen <= row.amount_fen:
        raise RefundImpossible(row.amount_fen)
    row.refund_fen, row.refunded_on = refund_fen, stamp.today
    stamp.touch(stamp.today)


def _plan_of(row: EnrolmentRow, tasks: list[TaskRow]) -> Plan:
    planned = tuple(
        PlannedTask(task.code, task.opens_on, task.closes_on, task.state, task.counts_for_badge)  # type: ignore[arg-type]
        for task in tasks
    )
    badges = sum(task.counts_for_badge for task in tasks)
    return Plan(row.anchor_date, row.enrolled_on, planned, badges, badges, row.badge_target)


def _windows(plan: Plan) -> dict[str, list[str]]:
    return {task.code: [str(task.opens_on), str(task.closes_on), task.state] for task in plan.tasks}


def _apply(stamp: Stamp, tasks: list[TaskRow], new: Replan) -> None:
    renewed = {task.code: task for task in new.plan.tasks}
    for row in tasks:
        fresh = renewed.get(row.code)
        if fresh is None or row.state not in ("planned", "not_applicable"):
            continue
        stamp.touch(row.closes_on, fresh.closes_on)
        row.opens_on, row.closes_on, row.state = fresh.opens_on, fresh.closes_on, fresh.state
    stamp.session.flush()
