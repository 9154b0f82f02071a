"""What she answers to a task: kept at once, judged by the task's rules, corrected by a newer answer on the same day.

The older answer stays in the record with `replaced_at`. An answer belongs to the day of its task: one day of a daily
task may be answered on that day and the next (`due_and_late`), anything else while its window and its grace last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.care.plan.due_and_late import band, grace_of
from core.care.tables import EnrolmentRow, TaskRow
from core.care.work.tasks import DoneInFuture, UnknownTask, finish
from core.dialogue.answers.answer_cases import corrected, look_for_gaps, raise_sign, stem_of
from core.dialogue.answers.answer_checks import (
    PhotoMissing,
    checked,
    main_kind,
    number_of,
)
from core.dialogue.answers.answer_photos import keep_photos
from core.dialogue.answers.answer_signs import Given, Hit, amount, as_kept, highest, met, told
from core.dialogue.answers.answer_terms import measure_of, rules_of
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.authors import author_of
from core.dialogue.course import Course, NoRunningCourse, course_of
from core.foundation.audit import declare
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.images import CleanImage
from core.foundation.language import N_
from core.packages.parts import Task
from core.people.patients import get_patient

KEPT = declare("answer.kept", N_("Task answered"), ("entered", "words"))


@dataclass(eq=False)
class OpensLater(Refusal):
    opens_on: date
    message = N_("This begins on {opens_on}. Nothing is missing today.")


@dataclass(eq=False)
class DayIsOver(Refusal):
    message = N_("This day is over, and that is all right. If something is not well, please tell us.")


@dataclass(eq=False)
class AnswerStands(Refusal):
    day: date
    message = N_("Your answer of {day} is in the record. It can be changed on the same day only.")


@dataclass(eq=False)
class NothingNeeded(Refusal):
    message = N_("Nothing more is needed here.")


@dataclass(frozen=True)
class Answer:
    """One answer. `number` is in the unit of its task, `ticks` are positions from 1, `by` a key of `authors.BY_NAMES`
    with `author` as its name ("" for the patient); with `replaced_at` a newer one counts."""

    id: int
    task_id: int
    code: str
    day: date
    at: datetime
    by: str
    author: str
    kind: str
    number: float | None
    ticks: tuple[int, ...] | None
    words: str
    level: str
    hits: tuple[Hit, ...]
    replaced_at: datetime | None


# --- deeds ------------------------------------------------------------------------------------------


@deed("patient.self")
def answer(
    stamp: Stamp,
    *,
    task_id: int,
    kind: str = "",
    number: str = "",
    ticks: list[int] | None = None,
    words: str = "",
    photos: list[CleanImage] | None = None,
) -> dict[str, Any]:
    """Keep what she answers to one of her own tasks, `kind` "" for what the task asks for, `number` as she typed it,
    with `photos` where the task takes any; returns {"answer_id", "level"}. Refuses another patient's task and a task of the staff (`UnknownTask`), an ended
    package, a day that is over or has not come, and what `answer_checks` asks back."""
    course, task = _open(stamp, task_id)
    if course.patient_id != stamp.actor.id or task.role != "patient":
        raise UnknownTask
    return _kept(stamp, course, task, kind, number, ticks, words, photos or [])


@deed("task.write")
def record_for_patient(
    stamp: Stamp,
    *,
    task_id: int,
    kind: str = "",
    number: str = "",
    ticks: list[int] | None = None,
    words: str = "",
    done_at: datetime | None = None,
) -> dict[str, Any]:
    """Write down for her what she said or what was measured, by the same rules: a nurse's "39.6" opens the alert hers
    would have. Also for a task of the staff. `done_at` is the hour told afterwards, from a paper list; the hour of writing
    down is kept beside it. Refuses what `answer` refuses, and an hour that has not come."""
    if done_at is not None and done_at > stamp.now:
        raise DoneInFuture
    course, task = _open(stamp, task_id)
    return _kept(stamp, course, task, kind, number, ticks, words, done_at=done_at)


# --- for other rooms --------------------------------------------------------------------------------


def keep(
    stamp: Stamp,
    course: Course,
    task: TaskRow,
    *,
    kind: str,
    number: float | None = None,
    ticks: Sequence[int] | None = None,
    words: str = "",
    task_done: bool = True,
    done_at: datetime | None = None,
) -> AnswerRow:
    """Keep an answer, judge it, open the case it asks for, and make the task done when it is what the task asks for
    (not without `task_done`), now or at the hour `done_at`. The caller audits.

    The same answer sent twice is one answer. Refuses an ended course, another course's task, a day not open, and what
    `answer_checks.checked` refuses."""
    refuse_closed(stamp, course, task)
    written = course.sold.task(task.code)
    rules, measure = rules_of(course, task.code), measure_of(course, task.code)
    number, kept_ticks, words = checked(written, measure, kind, number, ticks, words)
    author = author_of(stamp)
    asked = written.model_copy(update={"measure": measure})
    standing = _standing(stamp, task.id, kind)
    if standing is not None:
        if (standing.number, standing.ticks, standing.words) == (number, kept_ticks, words) and (
            standing.link_id, standing.staff_id) == (author.link_id, author.staff_id
        ):  # fmt: skip
            # Sent twice, or a colleague had opened the task again.
            if task_done and kind == main_kind(written):
                _finish(
                    stamp, task, task.evidence or entered(standing, asked, course.sold.language), standing.day,
                    done_at,
                )  # fmt: skip
            return standing
        if task.state == "done" and day_of(standing.at, stamp.zone) != stamp.today:
            raise AnswerStands(day_of(standing.at, stamp.zone))
        standing.replaced_at = stamp.now
        stamp.session.flush()
    day = day_of(done_at or stamp.now, stamp.zone)
    if "." in task.code:
        day = max(task.opens_on, min(day, task.closes_on))
    given = Given(day, number, None if kept_ticks is None else frozenset(kept_ticks))
    earlier = _day_before(stamp, course, task, kind, day)
    hits = [
        told(asked, rule, given, earlier, course.sold.language) for rule in met(asked, rules, given, earlier)
    ]
    row = AnswerRow(
        patient_id=course.patient_id, enrolment_id=course.enrolment_id, task_id=task.id, day=day, at=stamp.now,
        by=author.by, author=author.author, link_id=author.link_id, staff_id=author.staff_id, kind=kind,
        number=number, ticks=kept_ticks, words=words, level=highest(one.level for one in hits),
        hits=as_kept(hits) or None,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    if hits:
        raise_sign(stamp, course, task, row.id, hits)
    elif standing is not None and standing.level:
        corrected(stamp, course, task, row.id)
    look_for_gaps(stamp, course)
    if task_done and kind == main_kind(written):
        _finish(stamp, task, entered(row, asked, course.sold.language), day, done_at)
    return row


def answers_of(
    look: Look, enrolment_id: int, *, with_replaced: bool = False, task_id: int | None = None
) -> list[Answer]:
    """The answers of a course (to one task of it) in the order in which they came; with `with_replaced` also those a
    newer one replaced."""
    query = (
        select(AnswerRow, TaskRow.code)
        .join(TaskRow, TaskRow.id == AnswerRow.task_id)
        .where(AnswerRow.enrolment_id == enrolment_id)
        .order_by(AnswerRow.at, AnswerRow.id)
    )
    if task_id is not None:
        query = query.where(AnswerRow.task_id == task_id)
    if not with_replaced:
        query = query.where(AnswerRow.replaced_at.is_(None))
    return [
        Answer(
            row.id, row.task_id, code, row.day, row.at, row.by, row.author, row.kind, row.number,
            None if row.ticks is None else tuple(row.ticks), row.words, row.level,
            tuple(Hit(one["level"], "", one["why"], one["advice"]) for one in row.hits or ()), row.replaced_at,
        )
        for row, code in look.session.execute(query).all()
    ]  # fmt: skip


@question("task.read")
def answers_for_staff(look: Look, *, enrolment_id: int) -> list[Answer]:
    """Everything answered in a course, the replaced ones too."""
    return answers_of(look, enrolment_id, with_replaced=True)


def entered(row: AnswerRow | Answer, task: Task, language: str) -> str:
    """What was entered, as people read it: "38.2 ℃", "7/10", "3/4"; "" for a tick, words or a film."""
    if row.kind in ("count", "scale", "value"):
        return amount(row.number, task, language)
    return f"{len(row.ticks)}/{len(task.checklist)}" if row.ticks is not None else ""


# --- inner ------------------------------------------------------------------------------------------


def _open(stamp: Stamp, task_id: int) -> tuple[Course, TaskRow]:
    patient_id = stamp.session.scalar(
        select(EnrolmentRow.patient_id)
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .where(TaskRow.id == task_id)
    )
    if patient_id is None or (stamp.actor.kind == "patient" and patient_id != stamp.actor.id):
        raise UnknownTask
    get_patient(stamp, patient_id, speaking=True)
    task = stamp.session.get_one(TaskRow, task_id)
    return course_of(stamp, task.enrolment_id), task


def _kept(
    stamp: Stamp,
    course: Course,
    task: TaskRow,
    kind: str,
    number: str,
    ticks: list[int] | None,
    words: str,
    photos: Sequence[CleanImage] = (),
    done_at: datetime | None = None,
) -> dict[str, Any]:
    if not course.sold.knows(task.code):
        raise UnknownTask
    written = course.sold.task(task.code)
    kind = kind or main_kind(written)
    refuse_closed(stamp, course, task)
    sent = keep_photos(stamp, course, task, written, photos)
    if kind == "photo":
        if not sent:
            raise PhotoMissing
        row = keep(stamp, course, task, kind=kind, number=sent, words=words)
    else:
        row = keep(
            stamp, course, task, kind=kind, number=number_of(number), ticks=ticks, words=words, done_at=done_at
        )  # fmt: skip
        if photos:
            keep(stamp, course, task, kind="photo", number=sent, task_done=False)
    after = {
        "patient_id": course.patient_id, "enrolment_id": course.enrolment_id, "code": task.code,
        "entered": entered(row, written, course.sold.language), "words": row.words, "photos": len(photos),
    }  # fmt: skip
    if row.level:
        after["level"] = row.level
    if done_at is not None:
        after["at"] = done_at
    stamp.audit(KEPT, ("task", task.id), after=after)
    return {"answer_id": row.id, "level": row.level}


def refuse_closed(look: Look, course: Course, task: TaskRow) -> None:
    """Refuse what cannot be answered now: another course's task, an ended course, a day not open, nothing needed."""
    if task.enrolment_id != course.enrolment_id or not course.sold.knows(task.code):
        raise UnknownTask
    if not course.runs:
        raise NoRunningCourse
    if task.state not in ("planned", "done"):
        raise NothingNeeded
    where = band("planned", task.opens_on, task.closes_on, look.today, grace_of(task.code))
    if where == "upcoming":
        raise OpensLater(task.opens_on)
    if where == "expired":
        raise DayIsOver


def _standing(stamp: Stamp, task_id: int, kind: str) -> AnswerRow | None:
    return stamp.session.scalar(
        select(AnswerRow).where(
            AnswerRow.task_id == task_id, AnswerRow.kind == kind, AnswerRow.replaced_at.is_(None)
        )
    )


def _day_before(look: Look, course: Course, task: TaskRow, kind: str, day: date) -> Mapping[date, float]:
    """The number of the same task on the day before, for the rule "rose by"."""
    rows = look.session.execute(
        select(AnswerRow.day, AnswerRow.number, TaskRow.code)
        .join(TaskRow, TaskRow.id == AnswerRow.task_id)
        .where(
            AnswerRow.enrolment_id == course.enrolment_id,
            AnswerRow.day == day - timedelta(days=1),
            AnswerRow.kind == kind,
            AnswerRow.number.is_not(None),
            TaskRow.id != task.id,
        )
        .order_by(AnswerRow.id)
    )
    return {row.day: row.number for row in rows if stem_of(row.code) == stem_of(task.code)}


def _finish(stamp: Stamp, task: TaskRow, evidence: str, day: date, done_at: datetime | None = None) -> None:
    """Done on the day it was for; a correction only changes what shows it, never what a colleague wrote."""
    if task.state == "planned":
        enrolment = stamp.session.get_one(EnrolmentRow, task.enrolment_id)
        finish(stamp, task, enrolment, day, done_at or stamp.now, evidence)
    elif task.done_by in (None, stamp.staff_id):
        task.evidence = evidence
