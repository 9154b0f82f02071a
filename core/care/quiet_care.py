"""The gentle stop: after a loss, a death, a transfer or a complaint one act silences everything at once.

No game, badge, curve, poster, tip or reminder reaches the patient any more; what was planned is called off;
a refund is proposed; and a named person will call. A stop made by mistake is lifted on the same day and
gives everything back; later the silence ends only at the patient's own wish, and what was stopped stays stopped.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.care.plan.ended import announce_lifted, announce_quiet, announce_quiet_over
from core.care.plan.ending import Taken, call_off_visits, end, give_back
from core.care.plan.pregnancy import OVER
from core.care.sale.refund_rows import refunded
from core.care.tables import AppointmentRow, EnrolmentRow, GentleStopRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.people.masking import masked_phone
from core.people.patient_dates import dating_anchor
from core.people.patients import get_patient
from core.people.tables import PatientRow, StaffRow

STOPPED = declare("stop.made", N_("Quiet care begun"), ("note", "kind"))
CALLED = declare("stop.called", N_("Call in quiet care made"), ("note",))
ENDED = declare(
    "stop.ended", N_("Quiet care ended at the patient's wish"), ("reason", "last_period", "due_date")
)
LIFTED = declare("stop.lifted", N_("Quiet care lifted"), ("reason",))

KINDS: dict[str, str] = {
    "loss": N_("Loss of the pregnancy"),
    "death": N_("Death"),
    "transfer": N_("Transfer to another hospital"),
    "complaint": N_("Complaint"),
    "other": N_("Another serious reason"),
}
# What the patient's own page and the enrolment say: never the reason itself.
QUIET_REASON = "gentle stop"  # as it is stored with what was called off


@dataclass(eq=False)
class UnknownStopKind(Refusal):
    message = N_("Please choose why everything shall be quiet.")
    field = "kind"


@dataclass(eq=False)
class CallerUnknown(Refusal):
    message = N_("Please choose who will call; it must be somebody who is still with us.")
    field = "caller_id"


@dataclass(eq=False)
class AlreadyQuiet(Refusal):
    message = N_("Everything is quiet for this patient already.")


@dataclass(eq=False)
class UnknownStop(Refusal):
    message = N_("This patient is not in quiet care. Please reload the page.")


@dataclass(eq=False)
class AlreadyCalled(Refusal):
    message = N_("This call has been made already.")


@dataclass(eq=False)
class TooLateToLift(Refusal):
    message = N_(
        "Everything can be given back on the same day only, and before a refund. If the patient wishes to hear from "
        "us again, end the silence; what was stopped stays stopped."
    )


@dataclass(frozen=True)
class CallToMake:
    """A patient somebody of the house has promised to call. What is paid back then: `core.settlement`."""

    stop_id: int
    patient_id: int
    patient_name: str
    phone: str
    kind: str
    note: str
    day: date
    caller_id: int
    caller_name: str
    refund_proposed: bool

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)


@dataclass(frozen=True)
class StopState:
    """The gentle stop in force for a patient."""

    stop_id: int
    kind: str
    note: str
    day: date
    caller_name: str
    called_at: datetime | None
    may_be_lifted: bool
    refund_proposed: bool


# --- deeds ----------------------------------------------------------------------------------------


@deed("enrolment.stop")
def gentle_stop(
    stamp: Stamp, *, patient_id: int, kind: str, caller_id: int, note: str = "", refund: bool = True
) -> int:
    """Silence everything for a patient in one act; returns the stop's id.

    All active enrolments end as "stopped", their open tasks and every booked visit are called off, with
    `refund` the refund is proposed (money moves only by the cashier's deeds), and `caller_id` is asked
    to call. Refuses an unknown kind, a caller who is not active, and a patient for whom everything is quiet
    already.
    """
    if kind not in KINDS:
        raise UnknownStopKind
    caller = stamp.session.get(StaffRow, caller_id)
    if caller is None or not caller.active:
        raise CallerUnknown
    patient = get_patient(stamp, patient_id)
    if patient.silenced_at is not None:
        raise AlreadyQuiet
    took = _stop_everything(stamp, patient_id)
    patient.silenced_at = stamp.now
    announce_quiet(stamp, patient_id)
    row = GentleStopRow(
        patient_id=patient_id, kind=kind, note=reasons.remark(note, most=reasons.LONGEST_NOTE, field="note"), caller_id=caller_id, refund_proposed=refund,
        took=asdict(took), day=stamp.today, at=stamp.now, stopped_by=stamp.staff_id,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    stamp.touch(stamp.today)
    after = {"stop": row.id, "kind": kind, "note": row.note, "caller": caller.name, "refund_proposed": refund}
    stamp.audit(STOPPED, ("patient", patient_id), {"silenced": False}, {**after, **asdict(took)})
    return row.id


@deed("enrolment.stop")
def mark_called(stamp: Stamp, *, stop_id: int, note: str = "") -> None:
    """The promised call was made. Refuses a call made already and a stop that was lifted."""
    row = _in_force(stamp, stop_id)
    if row.called_at is not None:
        raise AlreadyCalled
    row.called_at, row.called_by, row.call_note = (
        stamp.now,
        stamp.staff_id,
        reasons.remark(note, most=reasons.LONGEST_NOTE, field="note"),
    )
    stamp.audit(CALLED, ("patient", row.patient_id), after={"stop": stop_id, "note": row.call_note})


@deed("enrolment.stop")
def lift_silence(stamp: Stamp, *, stop_id: int, reason: str) -> None:
    """Take a mistaken stop back on the same day; tasks, visits and enrolments are as they were.

    Refuses no reason, another day, and a stop after which a refund was paid.
    """
    reason = reasons.given(reason)
    row = _in_force(stamp, stop_id)
    patient = get_patient(stamp, row.patient_id)
    if row.day != stamp.today or refunded(stamp, row.took["enrolments"], row.at):
        raise TooLateToLift
    give_back(stamp, row.took)
    announce_lifted(stamp, row.patient_id, row.at)
    _lift(stamp, row, patient, reason, LIFTED)


@deed("enrolment.stop")
def end_silence(stamp: Stamp, *, stop_id: int, reason: str) -> None:
    """The patient wishes to hear from us again, for example in a new pregnancy; a new enrolment is then possible.

    Nothing is given back, and nothing of before is shown to her again; after a loss the days of that pregnancy leave her
    file, whether a course counted them or not, because nobody is to meet its due date again. For a mistake of the same day
    there is `lift_silence`. Refuses no reason.
    """
    reason = reasons.given(reason)
    row = _in_force(stamp, stop_id)
    patient = get_patient(stamp, row.patient_id)
    patient.heard_since = stamp.now
    own = dating_anchor(patient.last_period, patient.due_date)
    gone = {}
    if row.kind in OVER and own is not None and own <= row.day:
        gone = {"last_period": patient.last_period, "due_date": patient.due_date}
        patient.last_period = patient.due_date = None
    _lift(stamp, row, patient, reason, ENDED, gone)


def _lift(
    stamp: Stamp, row: GentleStopRow, patient: PatientRow, reason: str, kind: str, gone: Raw | None = None
) -> None:
    patient.silenced_at = None
    row.lifted_at, row.lift_reason = stamp.now, reason
    stamp.session.flush()
    announce_quiet_over(stamp, row.patient_id, row.day)
    stamp.audit(
        kind,
        ("patient", row.patient_id),
        {"silenced": True, **(gone or {})},
        {"stop": row.id, "reason": reason},
    )


# --- questions ------------------------------------------------------------------------------------


@question("enrolment.stop")
def calls_to_make(look: Look, *, caller_id: int | None = None) -> list[CallToMake]:
    """The promised calls that nobody has made yet, the oldest first; with `caller_id` one's own and those of
    colleagues who have left since: a promise outlives whoever gave it."""
    query = (
        select(GentleStopRow, PatientRow.name, PatientRow.phone, StaffRow.name)
        .join(PatientRow, PatientRow.id == GentleStopRow.patient_id)
        .join(StaffRow, StaffRow.id == GentleStopRow.caller_id)
        .where(
            GentleStopRow.called_at.is_(None),
            GentleStopRow.lifted_at.is_(None),
            PatientRow.erased_at.is_(None),
        )
        .order_by(GentleStopRow.at, GentleStopRow.id)
    )
    if caller_id is not None:
        query = query.where((GentleStopRow.caller_id == caller_id) | StaffRow.active.is_(False))
    return [
        CallToMake(
            row.id, row.patient_id, name, phone, row.kind, row.note, row.day, row.caller_id, caller,
            row.refund_proposed,
        )
        for row, name, phone, caller in look.session.execute(query).all()
    ]  # fmt: skip


@question("patient.read")
def stop_of(look: Look, *, patient_id: int) -> StopState | None:
    """The gentle stop in force for a patient, or None."""
    found = look.session.execute(
        select(GentleStopRow, StaffRow.name)
        .join(StaffRow, StaffRow.id == GentleStopRow.caller_id)
        .where(GentleStopRow.patient_id == patient_id, GentleStopRow.lifted_at.is_(None))
        .order_by(GentleStopRow.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    row, caller = found
    liftable = row.day == look.today and not refunded(look, row.took["enrolments"], row.at)
    return StopState(
        row.id, row.kind, row.note, row.day, caller, row.called_at, liftable, row.refund_proposed
    )


# --- inner ----------------------------------------------------------------------------------------


def _stop_everything(stamp: Stamp, patient_id: int) -> Taken:
    took = Taken()
    active = select(EnrolmentRow).where(
        EnrolmentRow.patient_id == patient_id, EnrolmentRow.status == "active"
    )
    for enrolment in stamp.session.scalars(active).all():
        ended = end(stamp, enrolment, "stopped", QUIET_REASON, missed_too=True)
        took.enrolments.extend(ended.enrolments)
        took.tasks.extend(ended.tasks)
        took.appointments.extend(ended.appointments)
    # Visits that belong to no task ring a reminder too.
    others = call_off_visits(stamp, AppointmentRow.patient_id == patient_id, QUIET_REASON)
    took.appointments.extend(others)
    stamp.touch(*others.values())
    return took


def _in_force(stamp: Stamp, stop_id: int) -> GentleStopRow:
    row = stamp.session.get(GentleStopRow, stop_id)
    if row is None or row.lifted_at is not None:
        raise UnknownStop
    return row
