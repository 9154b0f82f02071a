"""What a patient's file shows of her conversation: her numbers by day, her doses, and who answers her now.

Films with their reviews: `film_reviews`; words: `thread`; promises: `kept`; calls: `calls`. All are asked when their
part of the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, or_, select

from core.dialogue.answers.answer_terms import measure_of, rules_of
from core.dialogue.answers.answers import Answer, answers_of
from core.dialogue.answers.doses import DoseChange, dose_history, doses_of, of_her
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.course import Course, course_of, latest_course, running_courses
from core.dialogue.duty.duty import OnDuty, on_now
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.doors import Look, question
from core.packages.parts import Task
from core.people.tables import PatientRow, StaffRow

NUMBERS = ("scale", "value", "count")


@dataclass(frozen=True)
class Point:
    """One number that counts: of the task's `day`, entered at `at`; `level` of the rules it met."""

    day: date
    at: datetime
    number: float
    level: str


@dataclass(frozen=True)
class Series:
    """The numbers of one task. `kind` scale, value or count; `limit` the least number from which a rule calls it a sign
    (None: no such rule), `dose` what she is to do a day (counts only)."""

    code: str
    title: str
    kind: str
    unit: str
    limit: float | None
    dose: int | None
    points: tuple[Point, ...]


@dataclass(frozen=True)
class DoseLine:
    """The dose of one task: `sets` × `reps` that count, hers (`own`) or the package's, between `low` and `high` a day in
    all (None where the package leaves an end open); `role` may set it; `history` the newest first."""

    code: str
    title: str
    sets: int
    reps: int
    own: bool
    low: int | None
    high: int | None
    role: str
    history: tuple[DoseChange, ...]


@dataclass(frozen=True)
class HerNurse:
    """Her own nurse ("" for nobody), whether she still works here and is on duty now, and who stands in: the nurse on
    duty, else the doctor; None where she is there herself, or nobody is."""

    name: str
    here: bool
    on_duty: bool
    stand_in: OnDuty | None


@dataclass(frozen=True)
class Conversation:
    """The head of it: the course it belongs to, its package, and who answers."""

    enrolment_id: int
    package: str
    running: bool
    nurse: HerNurse


@question("reply.read")
def conversation_of(look: Look, *, patient_id: int) -> Conversation | None:
    """The conversation with a patient, of the running course that gives her doses or asks her numbers, whatever was sold
    after it; else of one that promises her an answer, else of her last one; None for somebody who never answered, wrote or filmed, and whose package neither promises an answer nor
    gives her a dose."""
    course = _course(look, patient_id)
    if course is None or not (_promises(course) or _spoke(look, patient_id)):
        return None
    return Conversation(course.enrolment_id, course.sold.name, course.runs, _nurse(look, patient_id))


@question("reply.read")
def numbers_of(look: Look, *, enrolment_id: int) -> tuple[Series, ...]:
    """What was scored, measured and counted in a course, task by task in the order of the package: scores first, then
    measurements, then counts."""
    course = course_of(look, enrolment_id)
    own = doses_of(look, enrolment_id)
    by_task: dict[str, list[Answer]] = {}
    for one in answers_of(look, enrolment_id):
        if one.kind in NUMBERS and one.number is not None and course.sold.knows(one.code):
            by_task.setdefault(one.code.partition(".")[0], []).append(one)
    found = []
    for stem, answers in by_task.items():
        task = course.sold.task(stem)
        measure, dose = measure_of(course, stem), of_her(task, own)
        found.append(
            Series(
                stem, task.title, answers[0].kind, measure.unit if measure else "", _limit(course, task),
                dose.total if dose is not None and answers[0].kind == "count" else None,
                tuple(Point(one.day, one.at, one.number or 0.0, one.level) for one in _in_order(answers)),
            )
        )  # fmt: skip
    found.sort(key=lambda one: (NUMBERS.index(one.kind), course.sold.position(one.code)))
    return tuple(found)


@question("task.read")
def dose_lines(look: Look, *, enrolment_id: int) -> tuple[DoseLine, ...]:
    """The doses of a course, task by task."""
    course = course_of(look, enrolment_id)
    own = doses_of(look, enrolment_id)
    history: list[DoseChange] = dose_history(look, enrolment_id=enrolment_id)
    found = []
    for task in course.sold.tasks:
        dose = of_her(task, own)
        if not task.on or dose is None or task.dose is None:
            continue
        found.append(
            DoseLine(
                task.code, task.title, dose.sets, dose.reps, task.code in own, task.dose.minimum, task.dose.maximum, task.dose.set_by,
                tuple(one for one in history if one.task_code == task.code),
            )
        )  # fmt: skip
    return tuple(found)


# --- inner ------------------------------------------------------------------------------------------


def _course(look: Look, patient_id: int) -> Course | None:
    running = running_courses(look, patient_id)
    speaking = [one for one in running if _gives_or_asks(one)] or [one for one in running if _promises(one)]
    return next(iter(speaking), None) or latest_course(look, patient_id)


def _gives_or_asks(course: Course) -> bool:
    """Whether it has doses, numbers or films, which stand in her file course by course."""
    return any(
        task.on and (task.dose is not None or task.evidence in (*NUMBERS, "video"))
        for task in course.sold.tasks
    )


def _promises(course: Course) -> bool:
    """Whether the package speaks with her at all."""
    terms = course.terms
    return bool(terms.promises or terms.signs or any(task.on and task.dose for task in course.sold.tasks))


def _spoke(look: Look, patient_id: int) -> bool:
    said = or_(
        *(exists().where(table.patient_id == patient_id) for table in (PostRow, CaseRow, RecordingRow)),
        exists().where(AnswerRow.patient_id == patient_id, AnswerRow.kind.in_(NUMBERS)),
    )
    return bool(look.session.scalar(select(said)))


def _nurse(look: Look, patient_id: int) -> HerNurse:
    own = look.session.execute(
        select(StaffRow.id, StaffRow.name, StaffRow.active)
        .join(PatientRow, PatientRow.own_nurse_id == StaffRow.id)
        .where(PatientRow.id == patient_id)
    ).one_or_none()
    present = [found for role in ("nurse", "doctor") if (found := on_now(look, role)) is not None]
    on_duty = own is not None and own.active and any(one.staff_id == own.id for one in present)
    stand_in = None if on_duty else next(iter(present), None)
    if own is None:
        return HerNurse("", False, False, stand_in)
    return HerNurse(own.name, own.active, on_duty, stand_in)


def _limit(course: Course, task: Task) -> float | None:
    """From which number on a rule calls it a sign; rules about low numbers draw no line."""
    limits = [
        rule.value
        for rule in rules_of(course, task.code)
        if rule.test in ("at_least", "between") and rule.value is not None
    ]
    return min(limits, default=None)


def _in_order(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda one: (one.day, one.at, one.id))
