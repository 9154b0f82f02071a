"""A film that has come: checked, converted where it must be, ready for the team as an answer and a case, or refused.

    checking → ready, or → converting → ready        any of them → refused with a reason she reads

The work itself is `film_work`'s; these are its deeds, and what her film page shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import select

from core.care.tables import TaskRow
from core.dialogue.answers import answers
from core.dialogue.cases import cases
from core.dialogue.course import course_of
from core.dialogue.films.film_file import MOST_BYTES
from core.dialogue.films.film_rules import PURPOSE, asked_film
from core.dialogue.films.keeping import kept_days
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.recordings.recordings import UnknownRecording, case_answered, drop_unheld
from core.dialogue.tables import CaseRow
from core.foundation.access import Actor
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.consents import has_consent
from core.people.patients import get_patient
from core.people.tables import StaffRow

READY = declare("film.ready", N_("Film ready for the team"))
REFUSED = declare("film.refused", N_("Film could not be used"))

REASONS: dict[str, str] = {
    "unfinished": N_("It did not arrive completely. Please send it again."),
    "lost": N_("It was lost on our side. Please send it again; we are sorry."),
    "empty": N_("The file was empty. Please choose it again."),
    "not_a_film": N_("This file is not a film. Please choose a film from your gallery."),
    "no_picture": N_("This file has sound but no picture. Please choose a film."),
    "damaged": N_("The file is damaged or its end is missing. Please choose it again, or film it once more."),
    "too_long": N_("The film is longer than 3 minutes. Please send a shorter part."),
    "too_large": N_("The picture is too large for us to open. Please film in the usual quality (1080p)."),
    "too_hard": N_("This kind of film cannot be opened here. Please film it with the phone's own camera."),
    "ended": N_(
        "Your package had ended when the film arrived, so it was not kept. Please call us if you are unsure."
    ),
}


@dataclass(frozen=True)
class Waiting:
    """A film that has come and is not ready: `converting` takes minutes."""

    recording_id: int
    state: str


@dataclass(frozen=True)
class OwnFilm:
    """One film of hers for a task; `reason` is a sentence, `author` "" for the patient herself; `said` what `said_by` of
    the team wrote about it ("" before)."""

    recording_id: int
    state: str
    reason: str
    at: datetime
    author: str
    seconds: float | None
    may_delete: bool
    answered: bool
    said: str = ""
    said_by: str = ""


@dataclass(frozen=True)
class FilmPage:
    """What her film page shows. `closed` is why nothing can be sent now; `kept_days` count from the end of the course."""

    code: str
    title: str
    what: str
    opens_on: date
    agreed: bool
    closed: Refusal | None
    films: tuple[OwnFilm, ...]
    kept_days: int
    most_bytes: int = MOST_BYTES


# --- deeds of the house -----------------------------------------------------------------------------


@deed("settings.write")
def begin_converting(stamp: Stamp, *, recording_id: int) -> None:
    """The film plays only on some phones: it waits for its turn to be converted, and its page says so."""
    _waiting(stamp, recording_id).state = "converting"


@deed("settings.write")
def be_ready(
    stamp: Stamp, *, recording_id: int, key: str, size: int, seconds: float, width: int, height: int
) -> str:
    """The film is playable: it becomes the answer to its task and a case that waits for the team, in the name of whoever
    sent it; returns the state. Refused ("ended") where the course ended or was stopped meanwhile."""
    row = _waiting(stamp, recording_id)
    patient = get_patient(stamp, row.patient_id)
    course = course_of(stamp, int(row.enrolment_id or 0))
    if (
        not course.runs
        or patient.silenced_at is not None
        or not has_consent(stamp.session, patient.id, PURPOSE)
    ):
        _refuse(stamp, row, "ended")
        drop_unheld(stamp, [key])
        return row.state
    row.state, row.key, row.size, row.ready_at = "ready", key, size, stamp.now
    row.seconds, row.width, row.height = seconds, width, height
    task = stamp.session.get_one(TaskRow, row.task_id)
    _replace_older(stamp, row)
    hers = cast(Stamp, stamp.by(sender(row)))
    answer_id = _answer(hers, row, task)
    case = cases.open_case(hers, course, "film", task_id=task.id, answer_id=answer_id)
    row.case_id = case.id
    after = {"patient_id": row.patient_id, "enrolment_id": row.enrolment_id, "seconds": round(seconds)}
    stamp.audit(READY, ("case", case.id), after=after)
    return row.state


@deed("settings.write")
def refuse(stamp: Stamp, *, recording_id: int, fault: str) -> None:
    """The film cannot be used; its page says why (a key of `REASONS`)."""
    _refuse(stamp, _waiting(stamp, recording_id), fault)


@question("settings.write")
def waiting(look: Look) -> list[Waiting]:
    """Films to be checked or converted, the oldest first."""
    rows = look.session.execute(
        select(RecordingRow.id, RecordingRow.state)
        .where(RecordingRow.state.in_(("checking", "converting")))
        .order_by(RecordingRow.id)
    )
    return [Waiting(*row) for row in rows]


# --- her page ---------------------------------------------------------------------------------------


@question("patient.self")
def film_page(look: Look, *, code: str) -> FilmPage:
    """The film page of one of her tasks. Refuses `UnknownTask` for a task that asks for no film, or is not hers."""
    patient_id = int(look.actor.id or 0)
    course, task = asked_film(look, patient_id, code)
    written = course.sold.task(code)
    closed: Refusal | None = None
    try:
        answers.refuse_closed(look, course, task)
    except Refusal as refusal:
        closed = refusal
    rows = look.session.execute(
        select(RecordingRow, CaseRow, FilmReviewRow, StaffRow.name)
        .outerjoin(CaseRow, CaseRow.id == RecordingRow.case_id)
        .outerjoin(FilmReviewRow, FilmReviewRow.recording_id == RecordingRow.id)
        .outerjoin(StaffRow, StaffRow.id == FilmReviewRow.staff_id)
        .where(
            RecordingRow.task_id == task.id, RecordingRow.kind == "film", RecordingRow.state != "deleted",
            RecordingRow.patient_id == patient_id,
        )
        .order_by(RecordingRow.id.desc())
        .limit(12)
    ).all()  # fmt: skip
    return FilmPage(
        code, written.title, written.what, task.opens_on, has_consent(look.session, patient_id, PURPOSE), closed,
        tuple(_shown(*row) for row in rows), kept_days(look),
    )  # fmt: skip


def sender(row: RecordingRow) -> Actor:
    """Whoever sent a recording, as an actor again."""
    relation = {"patient": "self"}.get(row.by, row.by)
    return Actor("patient", row.patient_id, link_id=row.link_id, person=row.author, relation=relation)


# --- inner ------------------------------------------------------------------------------------------


def _waiting(stamp: Stamp, recording_id: int) -> RecordingRow:
    """The film, after its patient; refuses `UnknownRecording` when it was deleted meanwhile."""
    patient_id = stamp.session.scalar(
        select(RecordingRow.patient_id).where(RecordingRow.id == recording_id, RecordingRow.kind == "film")
    )
    if patient_id is None:
        raise UnknownRecording
    get_patient(stamp, patient_id)
    row = stamp.session.get_one(RecordingRow, recording_id)
    if row.state not in ("checking", "converting"):
        raise UnknownRecording
    return row


def _refuse(stamp: Stamp, row: RecordingRow, reason: str) -> None:
    row.state, row.reason = "refused", reason if reason in REASONS else "too_hard"
    after = {"patient_id": row.patient_id, "enrolment_id": row.enrolment_id, "why_not": row.reason}
    stamp.audit(REFUSED, ("patient", row.patient_id), after=after)


def _replace_older(stamp: Stamp, row: RecordingRow) -> None:
    """She filmed the same task again: what nobody answered yet waits no longer; the older film stays in the record."""
    older = stamp.session.scalars(
        select(RecordingRow).where(
            RecordingRow.task_id == row.task_id, RecordingRow.id != row.id, RecordingRow.case_id.is_not(None)
        )
    ).all()
    for each in older:
        case = stamp.session.get_one(CaseRow, each.case_id)
        if case.state == "open":
            cases.withdraw(stamp, case, "replaced")


def _answer(hers: Stamp, row: RecordingRow, task: TaskRow) -> int | None:
    """The film as the answer to its task; none where the task can no longer be answered. The film waits for the team
    all the same."""
    course = course_of(hers, task.enrolment_id)
    try:
        return answers.keep(hers, course, task, kind="video").id
    except Refusal:
        return None


def _shown(row: RecordingRow, case: CaseRow | None, review: FilmReviewRow | None, by: str | None) -> OwnFilm:
    done = review is not None or case_answered(case)
    reason = REASONS.get(row.reason, "") if row.state == "refused" else ""
    return OwnFilm(
        row.id, row.state, reason, row.at, row.author, row.seconds, not done, done,
        review.sentence if review else "", by or "",
    )  # fmt: skip
