"""What the conversation hears from others: a course ended, quiet care began, a person is erased.

A stop ends silence steps, requests and scores at once, clocks included; an open alert (red, orange) stays with the team,
because somebody asked for help. A course that ended takes its questions and films out of the queue. Of an erased person
the instants of her cases stay, which the counts need; what was said and measured goes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from core.care.plan.ended import on_course_ended, on_course_reopened, on_quiet_begun, on_quiet_lifted
from core.care.tables import EnrolmentRow, TaskRow
from core.department.profile import on_zone_changed
from core.dialogue.answers.tables import AnswerRow, DoseRow
from core.dialogue.cases import cases
from core.dialogue.clocks import promises
from core.dialogue.course import course_of
from core.dialogue.duty import shifts
from core.dialogue.films import keeping
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.tables import CallRow, CaseEventRow, CaseRow, PostRow
from core.dialogue.telling.tables import DutyPassRow
from core.foundation.doors import Stamp
from core.people.consents import on_asked, on_withdrawn
from core.people.erasure import Subject, on_erasure

# What leaves the queue when a course ends, and what when everything falls silent; an alert does neither.
ENDED = ("question", "film", "silence")
QUIET = (*ENDED, "sign")
# Rows of hers, by the subject they are in the trail.
OWN_ROWS: dict[str, type[AnswerRow | CallRow | CaseRow | PostRow | RecordingRow]] = {
    "answer": AnswerRow,
    "call": CallRow,
    "case": CaseRow,
    "post": PostRow,
    "recording": RecordingRow,
}
# As it is kept with a case's history.
COURSE_OVER, STOPPED, ERASED = "course ended", "quiet care", "erased"


on_asked(keeping.films_depend)
on_withdrawn(keeping.take_films_away)
on_zone_changed(shifts.move_to_zone)


@on_course_ended
def course_ended(stamp: Stamp, enrolment_id: int, status: str) -> None:
    """Take what waits of an ended course out of the queue; a stop takes all but the alerts."""
    if status == "stopped":
        _withdraw(stamp, CaseRow.enrolment_id == enrolment_id, QUIET, STOPPED)
    else:
        _withdraw(stamp, CaseRow.enrolment_id == enrolment_id, ENDED, COURSE_OVER)


@on_quiet_begun
def quiet_begun(stamp: Stamp, patient_id: int) -> None:
    """The same for what waits of her earlier courses."""
    _withdraw(stamp, CaseRow.patient_id == patient_id, QUIET, STOPPED)


@on_quiet_lifted
def quiet_lifted(stamp: Stamp, patient_id: int, begun_at: datetime) -> None:
    """A stop by mistake gives back what it took."""
    _put_back(stamp, CaseRow.patient_id == patient_id, STOPPED, begun_at)


@on_course_reopened
def course_reopened(stamp: Stamp, enrolment_id: int, ended_at: datetime) -> None:
    """So does a course that had ended by mistake."""
    _put_back(stamp, CaseRow.enrolment_id == enrolment_id, COURSE_OVER, ended_at)


def _put_back(stamp: Stamp, whose: ColumnElement[bool], why: str, since: datetime) -> None:
    """The cases withdrawn for this since then wait again, and their clocks begin anew."""
    taken = select(CaseEventRow.case_id).where(
        CaseEventRow.kind == "withdrawn", CaseEventRow.note == why, CaseEventRow.at >= since
    )
    rows = stamp.session.scalars(
        select(CaseRow).where(whose, CaseRow.state == "withdrawn", CaseRow.id.in_(taken)).order_by(CaseRow.id)
    ).all()
    for row in rows:
        row.state, row.closed_at, row.closed_by = ("answered" if row.answered_at else "open"), None, None
        cases.note(stamp, row.id, "reopened")
        if row.state == "open":
            promises.start(stamp, row, course_of(stamp, row.enrolment_id))


@on_erasure
def erase(stamp: Stamp, patient_id: int) -> list[Subject]:
    """Delete what she answered, sent and filmed, blank what was said and advised, and take what still waits out of the
    queue."""
    session = stamp.session
    subjects: list[Subject] = []
    for kind, table in OWN_ROWS.items():
        rows = session.scalars(select(table.id).where(table.patient_id == patient_id))
        subjects += [(kind, number) for number in rows]
    _withdraw(stamp, CaseRow.patient_id == patient_id, tuple(cases.KIND_NAMES), ERASED)
    numbers = list(session.scalars(select(CaseRow.id).where(CaseRow.patient_id == patient_id)))
    courses = list(session.scalars(select(EnrolmentRow.id).where(EnrolmentRow.patient_id == patient_id)))
    session.execute(
        update(CaseRow)
        .where(CaseRow.patient_id == patient_id)
        .values(why=[], advice="", answer_id=None, task_id=None, decision_on=None)
    )
    session.execute(
        update(PostRow).where(PostRow.patient_id == patient_id).values(words="", author="", link_id=None)
    )
    keeping.erase_recordings(stamp, patient_id)
    recordings = select(RecordingRow.id).where(RecordingRow.patient_id == patient_id)
    session.execute(
        update(FilmReviewRow)
        .where(FilmReviewRow.recording_id.in_(recordings))
        .values(rubric=[], marks=[], sentence="")
    )
    session.execute(update(CallRow).where(CallRow.patient_id == patient_id).values(note=""))
    session.execute(delete(AnswerRow).where(AnswerRow.patient_id == patient_id))
    session.execute(delete(DoseRow).where(DoseRow.enrolment_id.in_(courses)))
    session.execute(delete(DutyPassRow).where(DutyPassRow.case_id.in_(numbers)))
    answers = session.scalars(select(TaskRow.id).where(TaskRow.enrolment_id.in_(courses)))
    return [
        *subjects,
        *(("task", number) for number in answers),
        *(("enrolment", number) for number in courses),
    ]


def _withdraw(stamp: Stamp, whose: ColumnElement[bool], kinds: Collection[str], why: str) -> None:
    rows = stamp.session.scalars(
        select(CaseRow)
        .where(whose, CaseRow.kind.in_(kinds), CaseRow.state.in_(cases.UNSETTLED))
        .order_by(CaseRow.id)
    ).all()
    for row in rows:
        cases.withdraw(stamp, row, why)
