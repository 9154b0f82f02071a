"""Who did not come and is to be called back, what came of the calls, and a mark made by mistake taken back.

A missed visit is never a mark against her: it is a task of ours, to find her a new day. It waits until she has one, was
reached, or would rather not come; the trail keeps every try.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from core.care.sale.courses import EnrolmentEnded
from core.care.tables import IS_STILL_PLANNED, AppointmentRow, EnrolmentRow, TaskRow
from core.care.work.appointments import (
    CHANGED,
    STATE_NAMES,
    BookedAlready,
    UnknownAppointment,
    VisitMoveNotPossible,
)
from core.care.work.sheets import Sheets
from core.care.work.tasks import STATE_NAMES as TASK_STATE_NAMES
from core.care.work.tasks import MoveNotPossible, TooLateToUndo
from core.foundation import reasons
from core.foundation.audit import AuditDetailRow, AuditEntryRow, declare
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.tables import PackageVersionRow
from core.people.patients import get_patient
from core.people.tables import PatientRow

CALLED_BACK = declare("appointment.called_back", N_("Called after a missed visit"), ("note",))

# A new day is no outcome of its own: the visit that was booked says it.
OUTCOMES: dict[str, str] = {
    "reached": N_("Reached, no new day yet"),
    "not_reached": N_("Not reached"),
    "declined": N_("Would rather not come"),
}
SETTLED = ("reached", "declined")
# A mark taken back ends the calls before it.
_TOLD_OF_CALLS = (CALLED_BACK, CHANGED)
LOOKING_BACK = timedelta(days=60)
MOST = 100


@dataclass(eq=False)
class CallOutcomeMissing(Refusal):
    message = N_("Please choose what came of the call.")
    field = "outcome"


@dataclass(frozen=True)
class MissedVisit:
    """A visit she did not come to, of a task that is still to do. `outcome` is the newest call's (a key of `OUTCOMES`, "" for
    none yet), `tries` how often she was called, `last_try` when."""

    appointment_id: int
    patient_id: int
    patient_name: str
    phone: str
    task_id: int
    title: str
    at: datetime
    marked_at: datetime
    tries: int
    outcome: str
    last_try: datetime | None

    @property
    def waits(self) -> bool:
        """Whether somebody is still to call her."""
        return self.outcome not in SETTLED


# --- deeds ------------------------------------------------------------------------------------------


@deed("task.write")
def note_call_back(stamp: Stamp, *, appointment_id: int, outcome: str, note: str = "") -> None:
    """Note what came of a call after a missed visit. Refuses an unknown outcome, a long note, a visit that is not missed
    (any more), a silenced patient."""
    if outcome not in OUTCOMES:
        raise CallOutcomeMissing
    note = reasons.remark(note, field="note")
    row = _missed(stamp, appointment_id)
    after = {"patient_id": row.patient_id, "outcome": outcome, "note": note}
    stamp.audit(CALLED_BACK, ("appointment", row.id), after=after)


@deed("task.write")
def take_back_no_show(stamp: Stamp, *, appointment_id: int, reason: str) -> None:
    """She did come, or was marked by mistake: the visit is booked again as it was.

    On the day of the mark whoever may mark; later those with "task.correct", or refused (`TooLateToUndo`). Refuses a visit
    that is not missed, one whose task has another visit by now (`BookedAlready`) or is marked (`MoveNotPossible`), and one
    of a package that has ended (`EnrolmentEnded`)."""
    reason = reasons.given(reason)
    row = _missed(stamp, appointment_id)
    late = row.changed_at is None or day_of(row.changed_at, stamp.zone) != stamp.today
    if late and not stamp.actor.may("task.correct"):
        raise TooLateToUndo
    if row.task_id is not None:
        task = stamp.session.get_one(TaskRow, row.task_id)
        if stamp.session.get_one(EnrolmentRow, task.enrolment_id).status != "active":
            raise EnrolmentEnded
        if task.state != "planned":
            raise MoveNotPossible(TASK_STATE_NAMES[task.state])
        other = select(AppointmentRow.day).where(
            AppointmentRow.task_id == row.task_id, AppointmentRow.state == "booked"
        )
        day = stamp.session.scalar(other)
        if day is not None:
            raise BookedAlready(day)
    before = {"state": row.state, "reason": row.reason}
    row.state, row.reason, row.changed_at = "booked", "", stamp.now
    stamp.touch(row.day)
    after = {"patient_id": row.patient_id, "state": "booked", "reason": reason}
    stamp.audit(CHANGED, ("appointment", row.id), before, after)


# --- questions --------------------------------------------------------------------------------------


@question("task.read")
def missed_visits(look: Look) -> list[MissedVisit]:
    """Who is still to be called back, the longest waiting first, at most `MOST`: missed in the last 60 days, the task
    still to do, no new day found."""
    return _found(look, AppointmentRow.day >= look.today - LOOKING_BACK, ~_settled())


@question("task.read")
def missed_by(look: Look, *, patient_id: int) -> list[MissedVisit]:
    """The missed visits of one patient whose tasks are still to do, with what came of the calls."""
    return _found(look, AppointmentRow.patient_id == patient_id)


# --- inner ------------------------------------------------------------------------------------------


def _missed(stamp: Stamp, appointment_id: int) -> AppointmentRow:
    """The visit, the patient held before it as every deed of hers does."""
    patient_id = stamp.session.scalar(
        select(AppointmentRow.patient_id).where(AppointmentRow.id == appointment_id)
    )
    if patient_id is None:
        raise UnknownAppointment
    get_patient(stamp, patient_id, speaking=True)
    row = stamp.session.get_one(AppointmentRow, appointment_id)
    if row.state != "no_show":
        raise VisitMoveNotPossible(STATE_NAMES[row.state])
    return row


def _settled() -> ColumnElement[bool]:
    """Whether the newest call settled it, asked of the database: those that are settled take nobody's place in the list."""
    newest = (
        select(func.max(AuditEntryRow.id))
        .where(
            AuditEntryRow.subject_kind == "appointment",
            AuditEntryRow.subject_id == AppointmentRow.id,
            AuditEntryRow.kind.in_(_TOLD_OF_CALLS),
        )
        .correlate(AppointmentRow)
        .scalar_subquery()
    )
    return exists().where(
        AuditDetailRow.entry_id == newest,
        AuditDetailRow.after["outcome"].as_string().in_(SETTLED),
        # Said once more, so that it is asked only of visits whose task is still to do.
        TaskRow.id == AppointmentRow.task_id,
    )


def _found(look: Look, *where: ColumnElement[bool]) -> list[MissedVisit]:
    later = aliased(AppointmentRow)
    new_day = exists().where(
        later.task_id == TaskRow.id,
        later.id != AppointmentRow.id,
        (later.state == "booked")
        | and_(later.state.in_(("attended", "no_show")), later.at > AppointmentRow.at),
    )
    query = (
        select(
            AppointmentRow.id, AppointmentRow.at, AppointmentRow.changed_at, TaskRow.id.label("task_id"), TaskRow.code,
            EnrolmentRow.version_id, PackageVersionRow.published_at, PatientRow.id.label("patient_id"),
            PatientRow.name, PatientRow.phone,
        )
        .join(TaskRow, TaskRow.id == AppointmentRow.task_id)
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .where(
            AppointmentRow.state == "no_show",
            *where,
            IS_STILL_PLANNED,
            # Hidden from its index, or SQLite begins with every course that runs (97,500 patients: 22 ms instead of 4).
            func.coalesce(EnrolmentRow.status, "") == "active",
            PatientRow.silenced_at.is_(None),
            ~new_day,
        )
        .order_by(AppointmentRow.at, AppointmentRow.id)
        .limit(MOST)
    )  # fmt: skip
    rows = look.session.execute(query).all()
    if not rows:
        return []
    tries = _tries(look, [row.id for row in rows])
    sheets = Sheets(look)
    return [
        MissedVisit(
            row.id, row.patient_id, row.name, row.phone, row.task_id,
            sheets.task(row.version_id, row.published_at, row.code).title, row.at, row.changed_at or row.at,
            len(tries.get(row.id, [])), *(tries[row.id][-1] if row.id in tries else ("", None)),
        )
        for row in rows
    ]  # fmt: skip


def _tries(look: Look, visits: Sequence[int]) -> dict[int, list[tuple[str, datetime]]]:
    """The calls about these visits by the visit, the oldest first; what lies before a mark that was taken back is none
    of the present one."""
    query = (
        select(AuditEntryRow.subject_id, AuditEntryRow.at, AuditEntryRow.kind, AuditDetailRow.after)
        .join(AuditDetailRow, AuditDetailRow.entry_id == AuditEntryRow.id)
        .where(
            AuditEntryRow.subject_kind == "appointment",
            AuditEntryRow.subject_id.in_(visits),
            AuditEntryRow.kind.in_(_TOLD_OF_CALLS),
        )
        .order_by(AuditEntryRow.id)
    )
    found: dict[int, list[tuple[str, datetime]]] = {}
    for visit, at, kind, after in look.session.execute(query):
        if kind == CALLED_BACK:
            found.setdefault(visit, []).append((after["outcome"], at))
        else:
            found.pop(visit, None)
    return found
