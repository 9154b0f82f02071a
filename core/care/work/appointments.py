"""Booked visits: attended, missed, or cancelled in time; and the visits of the time before the pilot.

A missed visit is a number for the department, never a mark on the patient: her task stays open, and she is
offered another day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from core.care.baseline import baseline_end
from core.care.sale.courses import EnrolmentEnded
from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.care.work.tasks import UnknownTask, VisitNotYet
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import at, day_of, same_hour
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import refuse_changed
from core.foundation.open_types import Raw
from core.people.intake import refuse_known_file, remember_file
from core.people.known_patients import ids_by_record_number
from core.people.patient_rules import record_key
from core.people.patients import get_patient

BOOKED = declare("appointment.booked", N_("Visit booked"))
MOVED = declare("appointment.moved", N_("Visit moved"))
CHANGED = declare("appointment.changed", N_("Visit marked"), ("reason",))
IMPORTED = declare("appointment.imported", N_("Visits before the pilot imported"))

# A mark made by mistake is set right by making the other one.
MOVES: dict[str, tuple[str, ...]] = {
    "booked": ("attended", "no_show", "cancelled"),
    "attended": ("no_show",),
    "no_show": ("attended",),
    "cancelled": (),
}
STATE_NAMES: dict[str, str] = {
    "booked": N_("Booked"),
    "attended": N_("Attended"),
    "no_show": N_("Missed"),
    "cancelled": N_("Cancelled in time"),
}
PAST_STATES = ("attended", "no_show", "cancelled")
FURTHEST = timedelta(days=400)
# The hours on the wall between which somebody may be asked to come.
FIRST_HOUR, LAST_HOUR = 5, 23


@dataclass(eq=False)
class UnknownAppointment(Refusal):
    message = N_("This visit does not exist. Please reload the list.")


@dataclass(eq=False)
class VisitInPast(Refusal):
    message = N_("A visit is booked for a time to come. Please check day and hour.")
    field = "at"


@dataclass(eq=False)
class VisitTooFar(Refusal):
    message = N_("This visit lies more than 13 months ahead. Please check the year.")
    field = "at"


@dataclass(eq=False)
class BookedAlready(Refusal):
    day: date
    message = N_("A visit for this task is already booked on {day}. Move that one instead.")
    field = "at"


@dataclass(eq=False)
class VisitMoveNotPossible(Refusal):
    state: str
    message = N_("This visit is already marked: {state}. Please reload the list.")


@dataclass(eq=False)
class PastVisitRefused(Refusal):
    row_number: int
    message = N_(
        "Row {row_number}: a past visit needs a day before the pilot's first day and before today, and whether it "
        "was attended, missed or cancelled."
    )


@deed("task.write")
def book(stamp: Stamp, *, patient_id: int, at: datetime, task_id: int | None = None) -> int:
    """Book a visit for an instant to come, for one of her tasks or for none; returns its id.

    Refuses the past, more than 13 months ahead, a second booking for one task, a task of somebody else or
    of an ended enrolment, a silenced patient.
    """
    get_patient(stamp, patient_id, speaking=True)
    day = _checked_time(stamp, at)
    package_id = _package_of_task(stamp, patient_id, task_id) if task_id is not None else None
    row = AppointmentRow(
        patient_id=patient_id, task_id=task_id, package_id=package_id,
        day=day, at=at, state="booked", changed_at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    stamp.touch(day)
    stamp.audit(
        BOOKED, ("appointment", row.id), after={"patient_id": patient_id, "task_id": task_id, "at": at}
    )
    return row.id


@deed("task.write")
def reschedule(stamp: Stamp, *, appointment_id: int, at: datetime, read: Raw | None = None) -> None:
    """Move a booked visit to another time. Refuses one that is no longer booked, the past, a silenced patient, and
    `ChangedMeanwhile` where the form showed it at another time (`read`)."""
    patient_id = stamp.session.scalar(
        select(AppointmentRow.patient_id).where(AppointmentRow.id == appointment_id)
    )
    if patient_id is not None:
        get_patient(stamp, patient_id, speaking=True)
    row = _get(stamp, appointment_id)
    if row.state != "booked":
        raise VisitMoveNotPossible(STATE_NAMES[row.state])
    if row.at == at:
        return
    refuse_changed({"at": row.at}, read)
    day = _checked_time(stamp, at)
    before = {"at": row.at}
    stamp.touch(row.day, day)
    row.day, row.at, row.changed_at = day, at, stamp.now
    stamp.audit(MOVED, ("appointment", row.id), before, {"at": at})


@deed("task.write")
def cancel(stamp: Stamp, *, appointment_id: int, reason: str = "") -> None:
    """The visit was called off in time, by either side; it counts neither as attended nor as missed."""
    _mark(stamp, appointment_id, "cancelled", reason)


@deed("task.write")
def attended(stamp: Stamp, *, appointment_id: int) -> None:
    """The patient came. Refuses a visit that is still to come on another day, and one cancelled."""
    _mark(stamp, appointment_id, "attended", "")


@deed("task.write")
def no_show(stamp: Stamp, *, appointment_id: int, reason: str = "") -> None:
    """The patient did not come and had not called it off. Refuses a visit whose time has not come."""
    _mark(stamp, appointment_id, "no_show", reason)


@deed("patient.import")
def import_past(stamp: Stamp, *, rows: list[Raw], file_digest: str, package_id: int | None = None) -> int:
    """Take over visits of the time before the pilot, all or nothing, for the baseline; returns how many.

    Rows: {"day": date, "state": "attended" | "no_show" | "cancelled", "record_number": str or ""}. A visit
    whose record number is not on file counts without a person. Refuses a row that cannot be right and a
    file taken before.
    """
    refuse_known_file(stamp, "appointments", file_digest)
    end = baseline_end(stamp)
    for number, row in enumerate(rows, start=1):
        if row.get("state") not in PAST_STATES or not isinstance(row.get("day"), date) or row["day"] >= end:
            raise PastVisitRefused(row.get("row_number") or number)
    people = ids_by_record_number(stamp, (str(row.get("record_number") or "") for row in rows))
    values = [
        {
            "patient_id": people.get(record_key(str(row.get("record_number") or ""))),
            "package_id": package_id,
            "day": row["day"],
            "at": at(row["day"], time(12), stamp.zone),
            "state": row["state"],
        }
        for row in rows
    ]
    if values:
        stamp.session.execute(insert(AppointmentRow), values)
    remember_file(stamp, "appointments", file_digest, len(values))
    stamp.touch(*(row["day"] for row in rows))
    stamp.audit(IMPORTED, ("appointments", None), after={"added": len(values), "file": file_digest[:64]})
    return len(values)


def move_to_zone(stamp: Stamp, before: ZoneInfo, after: ZoneInfo) -> None:
    """The department's time zone was set right: visits of today and to come keep their hour on the wall, because that is
    what was said to her. Nobody is booked for the night: such an hour is a right instant that the wrong zone showed
    wrongly, so it stays, and only its day is read anew."""
    rows = stamp.session.scalars(
        select(AppointmentRow)
        .where(AppointmentRow.day >= min(day_of(stamp.now, before), day_of(stamp.now, after)))
        .order_by(AppointmentRow.id)
    ).all()
    for row in rows:
        if FIRST_HOUR <= row.at.astimezone(before).hour < LAST_HOUR:
            row.at = same_hour(row.at, before, after)
        day = day_of(row.at, after)
        stamp.touch(row.day, day)
        row.day = day
    stamp.session.flush()


# --- inner ----------------------------------------------------------------------------------------


def _get(stamp: Stamp, appointment_id: int) -> AppointmentRow:
    row = stamp.session.get(AppointmentRow, appointment_id)
    if row is None:
        raise UnknownAppointment
    return row


def _checked_time(stamp: Stamp, moment: datetime) -> date:
    if moment <= stamp.now:
        raise VisitInPast
    if moment > stamp.now + FURTHEST:
        raise VisitTooFar
    return day_of(moment, stamp.zone)


def _package_of_task(stamp: Stamp, patient_id: int, task_id: int) -> int:
    task = stamp.session.get(TaskRow, task_id)
    enrolment = stamp.session.get(EnrolmentRow, task.enrolment_id) if task else None
    if enrolment is None or enrolment.patient_id != patient_id:
        raise UnknownTask
    if enrolment.status != "active":
        raise EnrolmentEnded
    day = stamp.session.scalar(
        select(AppointmentRow.day).where(AppointmentRow.task_id == task_id, AppointmentRow.state == "booked")
    )
    if day is not None:
        raise BookedAlready(day)
    return enrolment.package_id


def _mark(stamp: Stamp, appointment_id: int, state: str, reason: str) -> None:
    reason = reasons.remark(reason)
    row = _get(stamp, appointment_id)
    if state not in MOVES[row.state]:
        raise VisitMoveNotPossible(STATE_NAMES[row.state])
    too_early = row.at > stamp.now if state == "no_show" else row.day > stamp.today
    if state != "cancelled" and too_early:
        raise VisitNotYet
    before = {"state": row.state}
    row.state, row.reason, row.changed_at = state, reason, stamp.now
    stamp.touch(row.day)
    after = {"patient_id": row.patient_id, "state": state, "reason": row.reason}
    stamp.audit(CHANGED, ("appointment", row.id), before, after)
