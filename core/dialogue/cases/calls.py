"""Calls: who was telephoned, what came of it, and when to try again.

Each outcome plans the next try in another part of the day, never at night; only for an urgent sign it is tried again at
once, because she asked for help herself. "Lost" is the end of a ladder, never the outcome of one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.dialogue.authors import author_of
from core.dialogue.cases.cases import UNSETTLED, DecisionMissing, answered, held, note
from core.dialogue.cases.thread import post
from core.dialogue.clocks import promises
from core.dialogue.course import course_of, latest_course
from core.dialogue.tables import CallRow, CaseRow
from core.foundation import reasons
from core.foundation.audit import AuditDetailRow, AuditEntryRow, declare
from core.foundation.clock import at, day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.quiet_hours import CALLING
from core.people.patients import CHANGED, UnknownPatient, get_patient
from core.people.tables import PatientRow, StaffRow

CALLED = declare("call.recorded", N_("Call noted"), ("note",))

# As hospitals' follow-up desks in China note them.
OUTCOME_NAMES: dict[str, str] = {
    "reached": N_("Reached"),
    "family_answered": N_("Family answered"),
    "no_answer": N_("No answer"),
    "busy": N_("Line busy"),
    "refused": N_("Call declined"),
    "switched_off": N_("Switched off"),
    "wrong_number": N_("Wrong number"),
    "other": N_("Other outcome"),
    "lost": N_("Lost after all tries"),
}
# Somebody spoke with us: whoever was looked for is not lost.
SPOKEN = ("reached", "family_answered")
# The hour of a try in each part of the day, and where the part ends; calls are made between the first and the last.
SLOTS = (time(9, 30), time(14, 30), time(18, 30))
APART, SOON, AT_ONCE = timedelta(hours=2), timedelta(minutes=20), timedelta(minutes=10)
LADDER = 3  # tries, each in another part of the day
LADDER_DAYS = 2


@dataclass(eq=False)
class UnknownOutcome(Refusal):
    message = N_("Please choose what came of the call.")
    field = "outcome"


@dataclass(eq=False)
class NotLostYet(Refusal):
    tries: int
    least: int = LADDER
    days: int = LADDER_DAYS
    message = N_(
        "Nobody is lost before {least} tries in the morning, afternoon and evening of at least {days} days;"
        " so far {tries}. Please try again at the planned hour."
    )
    field = "outcome"


@dataclass(frozen=True)
class Call:
    """One try. `outcome` is a key of `OUTCOME_NAMES`, `by` the name of who called."""

    call_id: int
    at: datetime
    by: str
    outcome: str
    note: str
    next_try_at: datetime | None


def next_try(
    outcome: str, now: datetime, zone: ZoneInfo, before: Sequence[datetime] = (), *, urgent: bool = False
) -> datetime | None:
    """When to call again after a call at `now` with this outcome, `before` being the earlier tries; None where there is
    nothing to repeat (reached, lost) or no number to call (wrong number).

    At least two hours later, in a part of the day (morning, afternoon, evening) that was not tried yet, else in another
    one than now; who declined is left alone until tomorrow; a busy line is tried again after 20 minutes. Never before
    8:00 or after 20:30. An `urgent` sign is tried again after 10 minutes, at any hour.
    """
    if outcome in ("reached", "wrong_number", "lost"):
        return None
    if urgent:
        return now + AT_ONCE
    if outcome == "busy" and part_of_day(now + SOON, zone) is not None:
        return now + SOON
    today = day_of(now, zone)
    first = 1 if outcome == "refused" else 0
    slots = [
        (place, slot)
        for ahead in range(first, 3)
        for place, clock in enumerate(SLOTS)
        if (slot := at(today + timedelta(days=ahead), clock, zone)) >= now + APART
    ]
    tried = {part_of_day(one, zone) for one in (*before, now)}
    fresh = [slot for place, slot in slots if place not in tried]
    another = [slot for place, slot in slots if place != part_of_day(now, zone)]
    return (fresh or another)[0]


def part_of_day(moment: datetime, zone: ZoneInfo) -> int | None:
    """0 in the morning, 1 in the afternoon, 2 in the evening; None at night, when nobody is called."""
    clock = moment.astimezone(zone).time()
    return next((place for place, (opens, ends) in enumerate(CALLING) if opens <= clock < ends), None)


def all_tried(tries: Sequence[datetime], zone: ZoneInfo) -> bool:
    """Whether the whole ladder was climbed: so many tries, in every part of the day, on different days."""
    parts = {part_of_day(one, zone) for one in tries} - {None}
    days = {day_of(one, zone) for one in tries}
    return len(tries) >= LADDER and len(parts) == len(CALLING) and len(days) >= LADDER_DAYS


@deed("reply.write")
def record(
    stamp: Stamp, *, outcome: str, note: str = "", case_id: int | None = None, patient_id: int | None = None
) -> dict[str, int | str | None]:
    """Note a call to a patient, about a case or without one; returns its id and when to try again (ISO, None: not).

    "Reached" answers the case, stops its clock and ends the course's silence; "lost" takes a case out of the queue and
    is refused (`NotLostYet`) before the whole ladder of tries, and of an urgent sign without a decision. The other
    outcomes leave the clock running. Refuses an unknown outcome, a settled case, an unknown patient.
    """
    if outcome not in OUTCOME_NAMES:
        raise UnknownOutcome
    said = reasons.remark(note, most=reasons.LONGEST_NOTE, field="note")
    case = held(stamp, case_id) if case_id is not None else None
    whose = case.patient_id if case is not None else patient_id
    if whose is None:
        raise UnknownPatient
    patient = get_patient(stamp, whose)
    course = course_of(stamp, case.enrolment_id) if case is not None else latest_course(stamp, whose)
    tries = _tries(stamp, whose, case_id)
    urgent = case is not None and case.level in ("red", "orange")
    if outcome == "lost":
        if urgent and case is not None and not case.decision:
            raise DecisionMissing
        if not all_tried(tries, stamp.zone):
            raise NotLostYet(len(tries))
    again = next_try(outcome, stamp.now, stamp.zone, tries, urgent=urgent)
    row = CallRow(
        patient_id=whose, enrolment_id=course.enrolment_id if course else None, case_id=case_id, at=stamp.now,
        staff_id=stamp.staff_id, outcome=outcome, note=said, next_try_at=again,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    if case is not None:
        _heard_in(stamp, case, outcome)
        if outcome == "reached" and course is not None:
            _ = translator(patient.language)
            post(stamp, course, author_of(stamp), _("We spoke by telephone."), case.id)
    if outcome == "reached" and course is not None:
        _end_silence(stamp, course.enrolment_id)
    after = {
        "outcome": outcome, "note": said, "next_try_at": again, "code": case.code if case else "",
    }  # fmt: skip
    stamp.audit(CALLED, ("patient", whose), after=after)
    return {"id": row.id, "next_try_at": again.isoformat() if again else None}


@question("reply.read")
def calls_of(look: Look, *, patient_id: int, case_id: int | None = None, limit: int = 20) -> list[Call]:
    """The calls to a patient (about one case, or all), the newest first."""
    query = (
        select(CallRow, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == CallRow.staff_id)
        .where(CallRow.patient_id == patient_id, *([CallRow.case_id == case_id] if case_id else []))
        .order_by(CallRow.id.desc())
        .limit(limit)
    )
    return [
        Call(row.id, row.at, name or "", row.outcome, row.note, row.next_try_at)
        for row, name in look.session.execute(query)
    ]


@question("reply.read")
def number_to_correct(look: Look, *, patient_id: int) -> str:
    """The number on file where the last call found it wrong and nobody has changed it since; "" otherwise."""
    last = look.session.execute(
        select(CallRow.outcome, CallRow.at)
        .where(CallRow.patient_id == patient_id)
        .order_by(CallRow.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.outcome != "wrong_number":
        return ""
    since = (
        select(AuditDetailRow.after)
        .join(AuditEntryRow, AuditEntryRow.id == AuditDetailRow.entry_id)
        .where(
            AuditEntryRow.subject_kind == "patient",
            AuditEntryRow.subject_id == patient_id,
            AuditEntryRow.kind == CHANGED,
            AuditEntryRow.at >= last.at,
        )
    )
    if any("phone" in (after or {}) for after in look.session.scalars(since)):
        return ""
    return look.session.scalar(select(PatientRow.phone).where(PatientRow.id == patient_id)) or ""


# --- inner ----------------------------------------------------------------------------------------


def _tries(look: Look, patient_id: int, case_id: int | None) -> list[datetime]:
    """The tries in vain since somebody last spoke with us, the oldest first: of a case, or of the patient."""
    query = (
        select(CallRow.at, CallRow.outcome)
        .where(CallRow.patient_id == patient_id, *([CallRow.case_id == case_id] if case_id else []))
        .order_by(CallRow.id)
    )
    tries: list[datetime] = []
    for moment, outcome in look.session.execute(query):
        if outcome in SPOKEN:
            tries = []
        elif outcome not in ("wrong_number", "lost"):
            tries.append(moment)
    return tries


def _heard_in(stamp: Stamp, case: CaseRow, outcome: str) -> None:
    note(stamp, case.id, "called", outcome)
    if outcome == "reached":
        answered(stamp, case, "call")
    elif outcome == "lost":
        case.state, case.closed_at, case.closed_by = "closed", stamp.now, stamp.staff_id
        promises.end(stamp, case.id)
        note(stamp, case.id, "closed", "lost")


def _end_silence(stamp: Stamp, enrolment_id: int) -> None:
    """She was reached: nobody is silent any more."""
    query = (
        select(CaseRow)
        .where(CaseRow.enrolment_id == enrolment_id, CaseRow.kind == "silence", CaseRow.state.in_(UNSETTLED))
        .order_by(CaseRow.id)
    )
    for row in stamp.session.scalars(query):
        promises.stop(stamp, row.id)
        row.state, row.answered_at = "closed", row.answered_at or stamp.now
        row.closed_at, row.closed_by = stamp.now, stamp.staff_id
        note(stamp, row.id, "closed", "reached")
