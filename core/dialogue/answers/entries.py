"""What staff can enter for a task on its card, and what an entry came to: who has been told, and by when they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.care.tables import TaskRow
from core.dialogue.answers.answer_checks import bounds, main_kind
from core.dialogue.answers.answer_terms import measure_of, rules_of
from core.dialogue.answers.answers import answers_of, entered, refuse_closed
from core.dialogue.answers.doses import doses_of, of_her
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.cases.cases import UNSETTLED
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import Course, course_of
from core.dialogue.tables import CaseRow
from core.foundation.doors import Look, question
from core.foundation.errors import Refusal
from core.packages.parts import Dose
from core.people.tables import StaffRow

KINDS = ("scale", "value", "count", "checklist")


@dataclass(frozen=True)
class Entry:
    """What the card of a task asks for: `kind` is one of `KINDS`, `low` and `high` what a number may be, `unit` ""
    without one, `items` the checklist, `dose` hers; `said` is what stands already, as people read it."""

    task_id: int
    kind: str
    unit: str
    low: float
    high: float
    bounded: bool
    items: tuple[str, ...]
    dose: Dose | None
    said: str
    said_at: datetime | None
    said_by: str


@dataclass(frozen=True)
class Came:
    """What an entry came to. `level` "" for nothing; `advice` of the rules it met; of the case it opened or joined: who
    answers it (`role`), by when (`due_at`, None: no hour was promised), and who has it already."""

    level: str
    advice: tuple[str, ...]
    case_id: int | None
    role: str
    due_at: datetime | None
    taken_by: str


@question("task.read")
def entry_of(look: Look, *, task_id: int) -> Entry | None:
    """What can be entered for a task now; None where it asks for nothing that is typed or ticked, or is closed."""
    task = look.session.get(TaskRow, task_id)
    if task is None:
        return None
    course = course_of(look, task.enrolment_id)
    if not course.sold.knows(task.code):
        return None
    written = course.sold.task(task.code)
    kind = main_kind(written)
    if kind not in KINDS or (kind == "checklist" and not _kept_as_answer(course, task)):
        return None
    try:
        refuse_closed(look, course, task)
    except Refusal:
        return None
    measure = measure_of(course, task.code)
    low, high = bounds(written, measure, kind)
    shown = written.model_copy(update={"measure": measure})
    standing = next(
        (one for one in answers_of(look, course.enrolment_id, task_id=task_id) if one.kind == kind),
        None,
    )
    return Entry(
        task_id, kind, measure.unit if measure else "", low, high, measure is not None or kind == "scale",
        tuple(item.text for item in written.checklist), of_her(written, doses_of(look, course.enrolment_id)),
        entered(standing, shown, course.sold.language) if standing else "",
        standing.at if standing else None, standing.author if standing else "",
    )  # fmt: skip


@question("task.read")
def came_of(look: Look, *, answer_id: int) -> Came:
    """What an entry came to, right after it was kept."""
    row = look.session.get_one(AnswerRow, answer_id)
    taker = StaffRow.__table__.alias("taker")
    found = look.session.execute(
        select(CaseRow.id, PromiseRunRow.due_at, PromiseRunRow.role, taker.c.name)
        .outerjoin(
            PromiseRunRow,
            (PromiseRunRow.case_id == CaseRow.id)
            & PromiseRunRow.met_at.is_(None)
            & PromiseRunRow.ended_at.is_(None),
        )
        .outerjoin(taker, taker.c.id == CaseRow.taken_by)
        .where(
            CaseRow.enrolment_id == row.enrolment_id,
            CaseRow.answer_id == answer_id,
            CaseRow.state.in_(UNSETTLED),
        )
        .order_by(CaseRow.id.desc())
        .limit(1)
    ).one_or_none()
    advice = tuple(one["advice"] for one in row.hits or () if one["advice"])
    if found is None:
        return Came(row.level, advice, None, "", None, "")
    return Came(row.level, advice, found.id, found.role or "", found.due_at, found.name or "")


def _kept_as_answer(course: Course, task: TaskRow) -> bool:
    """Hers, or one that is judged: the list of a nurse's own call stays a list beside her tick."""
    return task.role == "patient" or bool(rules_of(course, task.code))
