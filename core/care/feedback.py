"""The one question: "How did we care for you?", 1 to 5. Four and five count as satisfied.

Asked on the patient's phone, at most once a week, so that nobody is pestered and nobody votes twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from core.care.tables import EnrolmentRow, SurveyAnswerRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.paging import counted_to
from core.people.patients import get_patient
from core.people.tables import PatientRow

ANSWERED = declare("survey.answered", N_("Survey answered"), ("comment",))

PAUSE = timedelta(days=7)
SATISFIED = 4


@dataclass(eq=False)
class ScoreOutside(Refusal):
    message = N_("Please choose one of the five answers.")
    field = "score"


@dataclass(eq=False)
class CommentTooLong(Refusal):
    longest: int
    message = N_("Thank you for writing so much! Please shorten it to {longest} characters.")
    field = "comment"


@dataclass(eq=False)
class AnsweredLately(Refusal):
    next_on: date
    message = N_(
        "Thank you, we have your answer of this week. We would love to hear from you again from {next_on} on."
    )


@dataclass(frozen=True)
class Answer:
    id: int
    patient_id: int
    patient_name: str
    day: date
    score: int
    comment: str
    at: datetime


@deed("patient.self")
def answer_survey(stamp: Stamp, *, score: int, comment: str = "") -> int:
    """Record the patient's own answer, 1 to 5, with a comment of up to 500 characters; returns its id.

    Refuses another score, a comment that is too long, and a second answer within 7 days (naming the day
    from which the next is welcome). A silenced patient is not asked and cannot answer.
    """
    patient_id = int(stamp.actor.id or 0)
    # Her row is held: of two taps at once on PostgreSQL the second waits here and then sees the first's answer.
    get_patient(stamp, patient_id, speaking=True)
    if score not in range(1, 6):
        raise ScoreOutside
    comment = comment.strip()
    if len(comment) > 500:
        raise CommentTooLong(500)
    last = last_answer_day(stamp, patient_id)
    if last is not None and stamp.today < last + PAUSE:
        raise AnsweredLately(last + PAUSE)
    row = SurveyAnswerRow(
        patient_id=patient_id, package_id=_current_package(stamp, patient_id),
        day=stamp.today, score=score, comment=comment, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    stamp.touch(stamp.today)
    after = {"patient_id": patient_id, "score": score, "comment": comment}
    stamp.audit(ANSWERED, ("survey_answer", row.id), after=after)
    return row.id


@question("patient.read")
def answers(
    look: Look,
    *,
    since: date | None = None,
    most: int = 5,
    with_comment: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> list[Answer]:
    """Answers, newest first; with `most` 2 only the unhappy ones, with `with_comment` only those who
    wrote."""
    query = (
        select(SurveyAnswerRow, PatientRow.name)
        .join(PatientRow, PatientRow.id == SurveyAnswerRow.patient_id)
        .where(SurveyAnswerRow.score <= most, PatientRow.erased_at.is_(None))
        .order_by(SurveyAnswerRow.id.desc())
        .offset(offset)
        .limit(limit)
    )
    if since is not None:
        query = query.where(SurveyAnswerRow.day >= since)
    if with_comment:
        query = query.where(SurveyAnswerRow.comment != "")
    return [
        Answer(row.id, row.patient_id, name, row.day, row.score, row.comment, row.at)
        for row, name in look.session.execute(query).all()
    ]


@question("patient.read")
def comment_count(look: Look, *, whole: bool = False) -> int:
    """How many have written something with their answer; unless `whole`, counted as far as `COUNTED_TO`."""
    written = select(SurveyAnswerRow.id).where(SurveyAnswerRow.comment != "")
    every = select(func.count()).select_from(written.subquery()).scalar_subquery()
    return look.session.scalar(select(every if whole else counted_to(written))) or 0


def last_answer_day(look: Look, patient_id: int) -> date | None:
    return look.session.scalar(
        select(func.max(SurveyAnswerRow.day)).where(SurveyAnswerRow.patient_id == patient_id)
    )


def _current_package(stamp: Stamp, patient_id: int) -> int | None:
    """The package her answer counts for: the newest that runs and is still valid; else the one she had last."""
    query = select(EnrolmentRow.package_id).where(EnrolmentRow.patient_id == patient_id)
    runs = (EnrolmentRow.status == "active") & (EnrolmentRow.expires_on >= stamp.today)
    return stamp.session.scalar(query.order_by(case((runs, 0), else_=1), EnrolmentRow.id.desc()).limit(1))
