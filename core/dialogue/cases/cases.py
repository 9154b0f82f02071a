"""Cases: what waits for us, from her word to the close. Alerts, questions, films, yellow signs, silent patients.

    open ⇄ answered → closed        open, answered → withdrawn (a stop is different: open alerts stay with the team)
    closed → open or answered, on the day of the close, where it was a mistake

Her next word opens it again and starts the clock anew; a mere thanks after the close is put into the thread and opens
nothing. Locking order everywhere: the patient, then the case.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.department.places import ALPHABET
from core.dialogue.authors import author_of
from core.dialogue.cases.thread import post
from core.dialogue.clocks import promises
from core.dialogue.course import Course, course_of
from core.dialogue.recordings.recordings import keep_voice
from core.dialogue.recordings.voices import Voice
from core.dialogue.tables import CaseEventRow, CaseRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.patients import get_patient
from core.people.tables import StaffRow

TAKEN = declare("case.taken", N_("Case taken"))
RELEASED = declare("case.released", N_("Case given back"))
REPLIED = declare("case.replied", N_("Answered"), ("words",))
CLOSED = declare("case.closed", N_("Case closed"), ("advice",))
REOPENED = declare("case.reopened", N_("Case opened again"))
DECIDED = declare("case.decided", N_("Decision on an alert"), ("advice",))

KIND_NAMES: dict[str, str] = {
    "alert": N_("Alert"),
    "question": N_("Question to the team"),
    "film": N_("Film"),
    "sign": N_("Sign for today"),
    "silence": N_("Silent patient"),
}
LEVEL_NAMES: dict[str, str] = {"red": N_("Red"), "orange": N_("Orange"), "yellow": N_("Yellow")}
DECISION_NAMES: dict[str, str] = {
    "watch": N_("Stay at home and watch"),
    "come_in": N_("Come in"),
    "emergency": N_("Emergency department"),
}
UNSETTLED = ("open", "answered")
CODE_LENGTH = 4
LONGEST_ADVICE = 500


@dataclass(eq=False)
class UnknownCase(Refusal):
    message = N_("This case is no longer open. Please reload the list.")


@dataclass(eq=False)
class TakenByAnother(Refusal):
    name: str
    message = N_("{name} is on it already.")


@dataclass(eq=False)
class DecisionMissing(Refusal):
    message = N_("An urgent sign is closed only with a decision: watch, come in, or emergency department.")
    field = "decision"


@dataclass(eq=False)
class DecisionNotYours(Refusal):
    message = N_("This is decided by a doctor. You can send her to the emergency department at any time.")
    field = "decision"


@dataclass(eq=False)
class DecisionDayMissing(Refusal):
    message = N_("Please say on which day she comes in, from today on.")
    field = "decision_on"


@dataclass(eq=False)
class AdviceMissing(Refusal):
    message = N_("Please write what was advised, in a few words.")
    field = "advice"


@dataclass(eq=False)
class NotClosed(Refusal):
    message = N_("This case is not closed.")


@dataclass(eq=False)
class TooLateToReopen(Refusal):
    message = N_("A case can be opened again on the day it was closed. Please answer her in a new one.")


# --- for other modules ------------------------------------------------------------------------------


def open_case(
    stamp: Stamp,
    course: Course,
    kind: str,
    *,
    level: str = "",
    why: Sequence[str] = (),
    task_id: int | None = None,
    answer_id: int | None = None,
) -> CaseRow:
    """Open a case and start its clock where something was promised; the caller audits."""
    row = CaseRow(
        code=_free_code(stamp), patient_id=course.patient_id, enrolment_id=course.enrolment_id, kind=kind,
        level=level, state="open", why=list(why), task_id=task_id, answer_id=answer_id, opened_at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    note(stamp, row.id, "opened")
    promises.start(stamp, row, course)
    return row


def heard(stamp: Stamp, case: CaseRow, course: Course) -> None:
    """Her next word in a case: it waits for us again, its clock runs, and what was decided before it was decided
    without it. A settled case is not woken by it."""
    if case.state not in UNSETTLED:
        return
    if case.state == "answered":
        case.state, case.answered_at = "open", None
        case.decision, case.decision_on = "", None
        note(stamp, case.id, "reopened")
    promises.start(stamp, case, course)


def withdraw(stamp: Stamp, case: CaseRow, why: str = "") -> None:
    """Take a case out of the queue without an answer: what it was about is gone (a film deleted, a course ended)."""
    if case.state in UNSETTLED:
        case.state, case.closed_at, case.closed_by = "withdrawn", stamp.now, stamp.staff_id
        promises.end(stamp, case.id)
        note(stamp, case.id, "withdrawn", why)


def note(stamp: Stamp, case_id: int, kind: str, text: str = "") -> None:
    """Add to a case's history; every desk sees the new number. `text` holds nothing personal: it cannot be erased."""
    stamp.session.add(
        CaseEventRow(case_id=case_id, at=stamp.now, kind=kind, staff_id=stamp.staff_id, note=text)
    )
    stamp.session.flush()


def held(stamp: Stamp, case_id: int) -> CaseRow:
    """The case, of a patient still on file. Refuses `UnknownCase` once it is settled."""
    row = _of_patient(stamp, case_id)
    if row.state not in UNSETTLED:
        raise UnknownCase
    return row


def unsettled(look: Look, enrolment_id: int, kind: str) -> CaseRow | None:
    """The newest case of a kind that still waits in a course."""
    return look.session.scalar(
        select(CaseRow)
        .where(CaseRow.enrolment_id == enrolment_id, CaseRow.kind == kind, CaseRow.state.in_(UNSETTLED))
        .order_by(CaseRow.id.desc())
        .limit(1)
    )


# --- deeds ------------------------------------------------------------------------------------------


@deed("reply.write")
def take(stamp: Stamp, *, case_id: int, over: bool = False) -> None:
    """ "I am on it". With `over` from a colleague who has it; else that is refused (`TakenByAnother`)."""
    row = held(stamp, case_id)
    before = row.taken_by
    if before not in (None, stamp.staff_id) and not over:
        raise TakenByAnother(_name(stamp, before))
    row.taken_by, row.taken_at = stamp.staff_id, stamp.now
    note(stamp, case_id, "taken")
    stamp.audit(TAKEN, ("case", case_id), {"taken_by": before}, {**_where(row), "taken_by": row.taken_by})


@deed("reply.write")
def release(stamp: Stamp, *, case_id: int) -> None:
    """Give a case back to everybody."""
    row = held(stamp, case_id)
    before, row.taken_by, row.taken_at = row.taken_by, None, None
    note(stamp, case_id, "released")
    stamp.audit(RELEASED, ("case", case_id), {"taken_by": before}, _where(row))


@deed("reply.write")
def reply(stamp: Stamp, *, case_id: int, words: str = "", voice: Voice | None = None) -> int:
    """Answer her in words, by a voice message (made by `voices.voice_of` before the deed), or both; stops the clock and
    returns the post's id. Refuses a settled case and an empty answer."""
    row = held(stamp, case_id)
    course = course_of(stamp, row.enrolment_id)
    said = post(stamp, course, author_of(stamp), words, case_id, bare=voice is not None)
    after = {**_where(row), "words": said.words, "voice": voice is not None}
    if voice is not None:
        keep_voice(stamp, course, voice, said.id)
        after["seconds"] = round(voice.seconds)
    answered(stamp, row, "voice" if voice is not None else "text")
    stamp.audit(REPLIED, ("case", case_id), after=after)
    return said.id


@deed("reply.write")
def decide(
    stamp: Stamp, *, case_id: int, decision: str, advice: str, decision_on: date | None = None
) -> None:
    """Decide on an alert: watch, come in on `decision_on`, or emergency department, with what she is told; it goes
    into her thread and stops the clock. Watching and coming in is a doctor's decision; anybody may send her to the
    emergency department. Refuses an unknown decision, no day to come in, no advice."""
    advice = _advised(advice)
    if decision not in DECISION_NAMES:
        raise DecisionMissing
    if decision != "emergency" and not stamp.actor.may("reply.decide"):
        raise DecisionNotYours
    if decision == "come_in" and (decision_on is None or decision_on < stamp.today):
        raise DecisionDayMissing
    row = held(stamp, case_id)
    course = course_of(stamp, row.enrolment_id)
    before = {"decision": row.decision, "decision_on": row.decision_on}
    row.decision, row.decision_on = decision, decision_on if decision == "come_in" else None
    row.advice = advice
    post(stamp, course, author_of(stamp), advice, case_id)
    answered(stamp, row, decision)
    after = {**_where(row), "decision": decision, "decision_on": row.decision_on, "advice": advice}
    stamp.audit(DECIDED, ("case", case_id), before, after)


@deed("reply.write")
def close(stamp: Stamp, *, case_id: int, advice: str = "") -> None:
    """Close a case with what was advised. Refuses an urgent sign (red or orange) without a decision, and a case
    nobody has answered without a word of advice."""
    row = held(stamp, case_id)
    advice = reasons.remark(advice, most=LONGEST_ADVICE, field="advice")
    if row.level in ("red", "orange") and not row.decision:
        raise DecisionMissing
    if row.answered_at is None:
        _advised(advice)
        promises.stop(stamp, case_id)
    row.state, row.closed_at, row.closed_by = "closed", stamp.now, stamp.staff_id
    row.advice = advice or row.advice
    note(stamp, case_id, "closed")
    stamp.audit(CLOSED, ("case", case_id), after={**_where(row), "advice": row.advice})


@deed("reply.write")
def reopen(stamp: Stamp, *, case_id: int) -> None:
    """Take back a close made by mistake, on the same day: the case is what it was before, and a promise that the close
    alone had met runs on to its first hour. Refuses `NotClosed` and `TooLateToReopen`."""
    row = _of_patient(stamp, case_id)
    if row.state != "closed" or row.closed_at is None:
        raise NotClosed
    if day_of(row.closed_at, stamp.zone) != stamp.today:
        raise TooLateToReopen
    promises.resume(stamp, case_id, row.closed_at)
    row.state = "answered" if row.answered_at is not None and row.answered_at < row.closed_at else "open"
    if row.state == "open":
        row.answered_at = None
    row.closed_at, row.closed_by = None, None
    note(stamp, case_id, "unclosed")
    stamp.audit(REOPENED, ("case", case_id), after=_where(row))


def answered(stamp: Stamp, row: CaseRow, how: str) -> None:
    """We answered: the case waits for her, the clock stops; whoever answers has it."""
    row.state, row.answered_at = "answered", stamp.now
    if row.taken_by is None:
        row.taken_by, row.taken_at = stamp.staff_id, stamp.now
    promises.stop(stamp, row.id)
    note(stamp, row.id, "answered", how)


def _advised(advice: str) -> str:
    """What was advised, as it is kept; refuses none at its own field."""
    advice = reasons.remark(advice, most=LONGEST_ADVICE, field="advice")
    if not advice:
        raise AdviceMissing
    return advice


def _of_patient(stamp: Stamp, case_id: int) -> CaseRow:
    patient_id = stamp.session.scalar(select(CaseRow.patient_id).where(CaseRow.id == case_id))
    if patient_id is None:
        raise UnknownCase
    get_patient(stamp, patient_id)
    return stamp.session.get_one(CaseRow, case_id)


def _where(row: CaseRow) -> dict[str, int | str]:
    return {"patient_id": row.patient_id, "code": row.code, "kind": row.kind}


def _free_code(stamp: Stamp) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if stamp.session.scalar(select(CaseRow.id).where(CaseRow.code == code)) is None:
            return code


def _name(look: Look, staff_id: int | None) -> str:
    return str(look.session.get_one(StaffRow, staff_id).name)
