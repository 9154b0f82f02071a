"""The films that wait for a review, by the promised minute, and everything the reviewer of one needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.care.tables import EnrolmentRow, TaskRow
from core.dialogue.cases.cases import UNSETTLED
from core.dialogue.cases.text_modules import fill, find, known_of
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import course_of
from core.dialogue.films.film_reviews import Review, lines_of, refuse_twice, reviews
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.recordings.recordings import UnknownRecording
from core.dialogue.tables import CaseRow
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
from core.people.tables import PatientRow, StaffRow

PAGE = 50


@dataclass(frozen=True)
class FilmLine:
    """A film that waits for its review. `due_at` is the promised instant (None: nothing promised), `day_number` the
    days since the anchor date, `taken_id` and `taken_by` who is on it."""

    recording_id: int
    case_id: int
    patient_name: str
    day_number: int
    title: str
    seconds: float
    sent_at: datetime
    due_at: datetime | None
    taken_id: int | None
    taken_by: str


@dataclass(frozen=True)
class FilmCase:
    """Everything its reviewer needs: the film in `line`, what she was asked (`what`), the lines to look at, the last
    thing that was said of a film of the same task, and the team's text modules filled in for her (short → words)."""

    line: FilmLine
    patient_id: int
    package: str
    what: str
    rubric: tuple[str, ...]
    last: Review | None
    modules: tuple[tuple[str, str], ...]


@question("reply.read")
def films_waiting(look: Look, *, limit: int = PAGE) -> list[FilmLine]:
    """The films that wait for a review, by the promised minute, then by age."""
    return _waiting(look, None, limit)


@question("reply.read")
def film_case(look: Look, *, recording_id: int) -> FilmCase:
    """One film that waits, with what its reviewer needs. Refuses `UnknownRecording` and `AlreadyReviewed`."""
    found = _waiting(look, recording_id, 1)
    if not found:
        refuse_twice(look, recording_id)
        raise UnknownRecording
    line = found[0]
    case = look.session.get_one(CaseRow, line.case_id)
    film = look.session.get_one(RecordingRow, recording_id)
    task = look.session.get_one(TaskRow, film.task_id)
    course = course_of(look, case.enrolment_id)
    known = known_of(look, case.id)
    stem = task.code.partition(".")[0]
    said = [one for one in reviews(look, course) if one.code.partition(".")[0] == stem and one.verdict]
    return FilmCase(
        line, case.patient_id, course.sold.name, course.sold.task(task.code).what, lines_of(course, task.code),
        said[0] if said else None,
        tuple((one.short, fill(one.words, known).words) for one in find(look)),
    )  # fmt: skip


# --- inner ------------------------------------------------------------------------------------------

_TAKER = StaffRow.__table__.alias("taker")
_DUE = (
    select(func.max(PromiseRunRow.due_at))
    .where(
        PromiseRunRow.case_id == CaseRow.id, PromiseRunRow.met_at.is_(None), PromiseRunRow.ended_at.is_(None)
    )
    .correlate(CaseRow)
    .scalar_subquery()
)


def _waiting(look: Look, recording_id: int | None, limit: int) -> list[FilmLine]:
    query = (
        select(
            RecordingRow, CaseRow.id, CaseRow.taken_by, EnrolmentRow.anchor_date, PackageVersionRow.id, PackageVersionRow.published_at, PatientRow.name, TaskRow.code,
            _TAKER.c.name.label("taker"), _DUE.label("due"),
        )
        .join(CaseRow, CaseRow.id == RecordingRow.case_id)
        .join(EnrolmentRow, EnrolmentRow.id == CaseRow.enrolment_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .join(PatientRow, PatientRow.id == RecordingRow.patient_id)
        .join(TaskRow, TaskRow.id == RecordingRow.task_id)
        .outerjoin(_TAKER, _TAKER.c.id == CaseRow.taken_by)
        .outerjoin(FilmReviewRow, FilmReviewRow.recording_id == RecordingRow.id)
        .where(
            RecordingRow.kind == "film", RecordingRow.state == "ready", FilmReviewRow.id.is_(None),
            CaseRow.kind == "film", CaseRow.state == "open" if recording_id is None else CaseRow.state.in_(UNSETTLED),
        )
        .order_by(_DUE.asc().nulls_last(), RecordingRow.at, RecordingRow.id)
        .limit(limit)
    )  # fmt: skip
    if recording_id is not None:
        query = query.where(RecordingRow.id == recording_id)
    found = []
    for film, case_id, taken_by, anchor, version, published, name, code, taker, due in look.session.execute(
        query
    ):
        title = pinned(look.session, version, published).task(code).title
        day = (day_of(film.at, look.zone) - anchor).days
        found.append(
            FilmLine(
                film.id, case_id, name, day, title, film.seconds or 0, film.at, due,
                taken_by, taker or "",
            )
        )  # fmt: skip
    return found
