"""What the team says of a film: a verdict, ticked lines of the task's rubric, marks at a second, one sentence she reads.

Each film is reviewed once. The sentence goes into her thread and stops the clock of the film's case: "well done" and
"change this" settle the case, "please come in" leaves it with the team until the visit is arranged. What her next task
carries of it: `corrections`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.care.tables import TaskRow
from core.dialogue.authors import author_of
from core.dialogue.cases import cases
from core.dialogue.cases.thread import LONGEST as LONGEST_POST
from core.dialogue.cases.thread import post
from core.dialogue.course import Course, course_of, terms_since
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.recordings.recordings import UnknownRecording
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, day_text, translator
from core.packages.document import PackageDocument
from core.people.patients import get_patient
from core.people.tables import StaffRow

REVIEWED = declare("film.reviewed", N_("Film reviewed"), ("sentence",))

VERDICT_NAMES: dict[str, str] = {
    "well_done": N_("Well done"),
    "change": N_("Change this"),
    "come_in": N_("Please come in"),
}
LONGEST_SENTENCE, LONGEST_MARK, MOST_MARKS = 500, 40, 20


@dataclass(eq=False)
class AlreadyReviewed(Refusal):
    name: str
    message = N_("{name} has reviewed this film already. Nothing was sent twice.")


@dataclass(eq=False)
class VerdictMissing(Refusal):
    message = N_("Please choose: well done, change this, or please come in.")
    field = "verdict"


@dataclass(eq=False)
class SentenceMissing(Refusal):
    message = N_("Please write one sentence she reads.")
    field = "sentence"


@dataclass(eq=False)
class MarkInvalid(Refusal):
    most: int = LONGEST_MARK
    many: int = MOST_MARKS
    message = N_(
        "A mark is a second of the film with a word of at most {most} characters; at most {many} of them."
    )
    field = "marks"


@dataclass(eq=False)
class UnknownLine(Refusal):
    message = N_("These lines have changed. Please reload the page and tick once more.")
    field = "rubric"


@dataclass(frozen=True)
class Review:
    """What was said of a film sent at `sent_at`: `ticked` of the lines in `rubric` by position from 1, `marks` as
    (second, word); without a review `verdict` is ""."""

    recording_id: int
    state: str
    code: str
    title: str
    seconds: float
    sent_at: datetime
    verdict: str
    rubric: tuple[str, ...]
    ticked: tuple[int, ...]
    marks: tuple[tuple[float, str], ...]
    sentence: str
    by: str
    at: datetime | None


# --- the deed ---------------------------------------------------------------------------------------


@deed("reply.write")
def review(
    stamp: Stamp,
    *,
    recording_id: int,
    verdict: str,
    sentence: str,
    rubric: Sequence[int] = (),
    marks: Sequence[Sequence[float | str]] = (),
) -> int:
    """Review a film: the sentence (required, at most 500 characters) goes to her with the marks, the clock of the
    film's case stops; returns the review's id. `rubric` are positions of the ticked lines from 1, `marks` pairs of a
    second and a word. Refuses a film that is gone, one that a colleague reviewed (`AlreadyReviewed`), one whose case is
    settled, an unknown verdict, and what does not fit."""
    sentence = reasons.remark(sentence, most=LONGEST_SENTENCE, field="sentence")
    if verdict not in VERDICT_NAMES:
        raise VerdictMissing
    if not sentence:
        raise SentenceMissing
    film = stamp.session.get(RecordingRow, recording_id)
    if film is None or film.kind != "film" or film.case_id is None or film.task_id is None:
        raise UnknownRecording
    patient = get_patient(stamp, film.patient_id)
    stamp.session.refresh(film)
    if film.state != "ready":
        raise UnknownRecording
    refuse_twice(stamp, recording_id)
    case = cases.held(stamp, film.case_id)
    course = course_of(stamp, case.enrolment_id)
    task = stamp.session.get_one(TaskRow, film.task_id)
    lines = lines_of(course, task.code)
    kept_marks = _marks(marks, film.seconds or 0)
    ticked = sorted({int(one) for one in rubric})
    if ticked and not 1 <= ticked[0] <= ticked[-1] <= len(lines):
        raise UnknownLine
    row = FilmReviewRow(
        recording_id=recording_id, verdict=verdict, rubric=ticked, marks=kept_marks, sentence=sentence,
        staff_id=stamp.staff_id, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    post(
        stamp, course, author_of(stamp), _told(patient.language, stamp, film, course, task.code, row), case.id
    )
    cases.answered(stamp, case, "review" if verdict != "come_in" else "come_in")
    case.advice = sentence
    if verdict == "come_in":
        case.decision = "come_in"
    else:
        case.state, case.closed_at, case.closed_by = "closed", stamp.now, stamp.staff_id
        cases.note(stamp, case.id, "closed", "review")
    after = {
        "patient_id": case.patient_id, "code": case.code, "verdict": verdict, "sentence": sentence,
        "marks": len(kept_marks),
    }  # fmt: skip
    stamp.audit(REVIEWED, ("case", case.id), after=after)
    return row.id


# --- questions --------------------------------------------------------------------------------------


@question("reply.read")
def films_of(look: Look, *, enrolment_id: int) -> list[Review]:
    """Every film of a course that can be played or was reviewed, the newest first, with what was said of it."""
    return reviews(look, course_of(look, enrolment_id))


# --- inner ------------------------------------------------------------------------------------------


def reviews(look: Look, course: Course) -> list[Review]:
    """The same for other modules. A review is shown with the lines under which it was ticked."""
    terms = terms_since(look, course)
    rows = look.session.execute(
        select(RecordingRow, FilmReviewRow, TaskRow.code, StaffRow.name)
        .join(TaskRow, TaskRow.id == RecordingRow.task_id)
        .outerjoin(FilmReviewRow, FilmReviewRow.recording_id == RecordingRow.id)
        .outerjoin(StaffRow, StaffRow.id == FilmReviewRow.staff_id)
        .where(
            RecordingRow.enrolment_id == course.enrolment_id,
            RecordingRow.patient_id == course.patient_id,
            RecordingRow.kind == "film",
            (RecordingRow.state == "ready") | FilmReviewRow.id.is_not(None),
        )
        .order_by(RecordingRow.id.desc())
    )
    return [
        Review(
            film.id, film.state, code, course.sold.task(code).title, film.seconds or 0, film.at,
            said.verdict if said else "", _lines_then(course, code, terms, said.at if said else None), tuple(said.rubric) if said else (),
            tuple((float(second), str(word)) for second, word in said.marks) if said else (),
            said.sentence if said else "", name or "", said.at if said else None,
        )
        for film, said, code, name in rows
        if course.sold.knows(code)
    ]  # fmt: skip


def refuse_twice(look: Look, recording_id: int) -> None:
    """Refuse `AlreadyReviewed` where somebody was quicker."""
    name = look.session.execute(
        select(FilmReviewRow.id, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == FilmReviewRow.staff_id)
        .where(FilmReviewRow.recording_id == recording_id)
    ).one_or_none()
    if name is not None:
        raise AlreadyReviewed(name.name or "")


def lines_of(course: Course, code: str, terms: PackageDocument | None = None) -> tuple[str, ...]:
    """The rubric of a task: of the terms that count (or of these) where they have one, else as sold."""
    terms = terms or course.terms
    newer = terms.task(code).rubric if terms.knows(code) else ()
    return tuple(newer or course.sold.task(code).rubric)


def _lines_then(
    course: Course, code: str, terms: Sequence[tuple[datetime, PackageDocument]], at: datetime | None
) -> tuple[str, ...]:
    """The rubric as it was at an instant; today's without one."""
    counted = [document for since, document in terms if at is None or since <= at]
    return lines_of(course, code, counted[-1] if counted else course.sold)


def _marks(marks: Sequence[Sequence[float | str]], seconds: float) -> list[list[float | str]]:
    kept: list[list[float | str]] = []
    for one in marks:
        if len(one) != 2 or isinstance(one[0], str):
            raise MarkInvalid
        second, word = round(float(one[0]), 1), str(one[1]).strip()
        if not (0 <= second <= seconds + 1 and 0 < len(word) <= LONGEST_MARK):
            raise MarkInvalid
        kept.append([second, word])
    if len(kept) > MOST_MARKS:
        raise MarkInvalid
    return sorted(kept, key=lambda each: each[0])


def minutes(second: float) -> str:
    """A second of a film as people read it: "1:07"."""
    return f"{int(second) // 60}:{int(second) % 60:02d}"


def _told(
    language: str, stamp: Stamp, film: RecordingRow, course: Course, code: str, row: FilmReviewRow
) -> str:
    """The sentence as her thread shows it, with the film named and the marks below."""
    _ = translator(language)
    day = day_text(day_of(film.at, stamp.zone), language)
    first = _(
        "Your film “{title}” of {day}: {verdict}. {sentence}", title=course.sold.task(code).title, day=day,
        verdict=_(VERDICT_NAMES[row.verdict]), sentence=row.sentence,
    )  # fmt: skip
    return "\n".join([first, *(f"{minutes(second)} {word}" for second, word in row.marks)])[:LONGEST_POST]
