"""The course of an enrolment after the sale: a corrected date, completion. What is paid back: `core.care.sale.refund_rows`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from core.care.plan.ending import end
from core.care.plan.planning import Plan, PlannedTask, Replan, replan
from core.care.plan.pregnancy import DATED, same_pregnancy
from core.care.sale.enrolments import AnchorMissing, check_anchor
from core.care.tables import EnrolmentRow, TaskRow
from core.clinical.dating import due_date as due_date_of
from core.clinical.dating import last_period_from_due_date
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.meanwhile import refuse_changed
from core.foundation.open_types import Raw
from core.packages.versions import pinned
from core.people.patients import get_patient

ANCHOR = declare("enrolment.anchor", N_("Anchor date corrected"), ("anchor_date", "reason", "plan"))
COMPLETED = declare("enrolment.completed", N_("Package completed"))


@dataclass(eq=False)
class UnknownEnrolment(Refusal):
    message = N_("This enrolment does not exist. Please reload the page.")


@dataclass(eq=False)
class EnrolmentEnded(Refusal):
    message = N_("This package has ended for the patient. Nothing was changed.")


@dataclass(eq=False)
class OtherCourseRefuses(Refusal):
    """Another running course of the same pregnancy cannot be counted from the corrected date; `reason` is its refusal."""

    package: str
    reason: Refusal
    message = N_(
        "“{package}” counts the same pregnancy and moves with this date, which it cannot: {reason} Nothing was changed."
    )
    field = "anchor_date"

    def text(self, language: str) -> str:
        reason = self.reason.text(language)
        return translator(language)(self.message, package=self.package, reason=reason)


@deed("enrolment.write")
def change_anchor(
    stamp: Stamp,
    *,
    enrolment_id: int,
    reason: str,
    last_period: date | None = None,
    due_date: date | None = None,
    anchor_date: date | None = None,
    read: Raw | None = None,
) -> Raw:
    """Correct the anchor date and plan anew; returns {"badge_target", "changes"} for telling the patient, and in "others"
    how many courses beside it.

    A pregnancy has one date: her other running courses that count the weeks of the same one are planned anew with it,
    each with its own audit entry. A corrected `due_date` counts back 280 days. Done and excused tasks keep their days, the others move;
    the badge target may fall, never rise. The old plan stays in the audit entry. Refuses an ended
    enrolment, no reason, a date with which no pregnancy was under way at enrolment (`OtherCourseRefuses` where it is one of
    the courses beside it that stands in the way), and `ChangedMeanwhile` where the form showed another date (`read`, the due date where one is corrected).
    """
    reason = reasons.given(reason)
    row = active(stamp, enrolment_id)
    refuse_changed({"anchor_date": due_date_of(row.anchor_date) if due_date else row.anchor_date}, read)
    anchor = last_period_from_due_date(due_date) if due_date else (last_period or anchor_date)
    if anchor is None:
        raise AnchorMissing
    beside = _same_pregnancy(stamp, row)
    new = _count_from(stamp, row, anchor, by_due_date=due_date is not None, reason=reason)
    for other in beside:
        try:
            _count_from(stamp, other, anchor, by_due_date=due_date is not None, reason=reason)
        except Refusal as refusal:
            raise OtherCourseRefuses(pinned(stamp.session, other.version_id).name, refusal) from None
    changes = [asdict(change) for change in new.changes]
    return {"badge_target": row.badge_target, "changes": changes, "others": len(beside)}


@deed("enrolment.write")
def complete(stamp: Stamp, *, enrolment_id: int) -> None:
    """The journey has come to its good end; what is still planned is called off. Refuses an ended
    enrolment."""
    row = active(stamp, enrolment_id)
    end(stamp, row, "completed", "")
    stamp.audit(COMPLETED, ("enrolment", enrolment_id), {"status": "active"}, {"status": "completed"})


def active(stamp: Stamp, enrolment_id: int) -> EnrolmentRow:
    """The row of an enrolment that goes on; refuses an unknown one and one that has ended."""
    row = of_patient(stamp, enrolment_id)
    if row.status != "active":
        raise EnrolmentEnded
    return row


def of_patient(stamp: Stamp, enrolment_id: int) -> EnrolmentRow:
    """The row of an enrolment whose patient is still on file; refuses an unknown one, and an erased patient."""
    patient_id = stamp.session.scalar(select(EnrolmentRow.patient_id).where(EnrolmentRow.id == enrolment_id))
    if patient_id is not None:
        get_patient(stamp, patient_id)
    return get_enrolment(stamp, enrolment_id)


def get_enrolment(stamp: Stamp, enrolment_id: int) -> EnrolmentRow:
    """The row of an enrolment; refuses an unknown one."""
    row = stamp.session.get(EnrolmentRow, enrolment_id)
    if row is None:
        raise UnknownEnrolment
    return row


def _same_pregnancy(stamp: Stamp, row: EnrolmentRow) -> list[EnrolmentRow]:
    """Her other running courses that count the weeks of the pregnancy this one counts; she is held already."""
    others = stamp.session.scalars(
        select(EnrolmentRow)
        .where(
            EnrolmentRow.patient_id == row.patient_id,
            EnrolmentRow.id != row.id,
            EnrolmentRow.status == "active",
        )
        .order_by(EnrolmentRow.id)
    )
    return [one for one in others if same_pregnancy(one, row)]


def _count_from(stamp: Stamp, row: EnrolmentRow, anchor: date, *, by_due_date: bool, reason: str) -> Replan:
    """Plan one course anew from `anchor`, with its audit entry."""
    document = pinned(stamp.session, row.version_id)
    check_anchor(document, anchor, row.enrolled_on)
    tasks = list(stamp.session.scalars(select(TaskRow).where(TaskRow.enrolment_id == row.id)))
    current = _plan_of(row, tasks)
    new = replan(document, current, anchor, stamp.today)
    _apply(stamp, tasks, new)
    before = {"anchor_date": row.anchor_date, "badge_target": row.badge_target, "plan": _windows(current)}
    row.anchor_date, row.badge_target = anchor, new.plan.badge_target
    row.badge_promised = new.plan.promised
    if row.anchor_kind in DATED:
        row.anchor_kind = "due_date" if by_due_date else "last_period"
    after = {"anchor_date": anchor, "badge_target": row.badge_target, "reason": reason}
    stamp.audit(ANCHOR, ("enrolment", row.id), before, {"patient_id": row.patient_id, **after})
    return new


def _plan_of(row: EnrolmentRow, tasks: list[TaskRow]) -> Plan:
    planned = tuple(
        PlannedTask(task.code, task.opens_on, task.closes_on, task.state, task.counts_for_badge)  # type: ignore[arg-type]
        for task in tasks
    )
    badges = sum(task.counts_for_badge for task in tasks)
    return Plan(
        row.anchor_date, row.enrolled_on, planned, badges, badges, row.badge_target, row.badge_promised
    )


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
