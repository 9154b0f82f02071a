"""What an answer that is a sign opens: an alert (orange, red) or a sign for today (yellow), and when it joins one.

An answer to a task about which something waits already is her next word in that case: its clock runs again, and the
team sees both reasons. Only a higher level opens another. A case is never closed by a better number: a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from core.care.tables import TaskRow
from core.dialogue.answers.answer_signs import (
    LEVELS,
    Hit,
    days_gone,
    gone_without,
    highest,
    told_without,
)
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.cases import cases
from core.dialogue.course import Course
from core.dialogue.tables import CaseRow
from core.foundation.doors import Look, Stamp
from core.packages.parts import Task

DONE = ("done", "excused")
KINDS = ("alert", "sign")


def stem_of(code: str) -> str:
    """The task of which a code is one day ("PUMP.3" → "PUMP")."""
    return code.partition(".")[0]


def raise_sign(
    stamp: Stamp, course: Course, task: TaskRow, answer_id: int | None, hits: Sequence[Hit]
) -> CaseRow | None:
    """Open a case for the rules met, or let them join the one that waits about this task; None without any."""
    level = highest(one.level for one in hits)
    if not level:
        return None
    why = [one.why for one in hits]
    waiting = _waiting(stamp, course, stem_of(task.code))
    if waiting is not None and LEVELS.index(level) <= LEVELS.index(waiting.level):
        new = [words for words in why if words not in waiting.why]
        if not new and answer_id is None:
            return waiting
        waiting.why = [*waiting.why, *new]
        waiting.answer_id = answer_id or waiting.answer_id
        cases.note(stamp, waiting.id, "more")
        cases.heard(stamp, waiting, course)
        return waiting
    if waiting is not None and waiting.kind == "sign":
        cases.withdraw(stamp, waiting, "alert")
    kind = "sign" if level == "yellow" else "alert"
    return cases.open_case(stamp, course, kind, level=level, why=why, task_id=task.id, answer_id=answer_id)


def corrected(stamp: Stamp, course: Course, task: TaskRow, answer_id: int) -> None:
    """A newer answer met no rule: whoever works on the case of the older one sees that it was corrected."""
    waiting = _waiting(stamp, course, stem_of(task.code))
    if waiting is not None and waiting.task_id == task.id:
        waiting.answer_id = answer_id
        cases.note(stamp, waiting.id, "corrected")


def look_for_gaps(stamp: Stamp, course: Course) -> list[CaseRow]:
    """Open a sign for each task she has gone without for as many days as its rule says; once for each row of days."""
    opened = []
    for task, hits, since, last in gaps(stamp, course, stamp.today):
        known = stamp.session.scalar(
            select(CaseRow.id)
            .join(TaskRow, TaskRow.id == CaseRow.task_id)
            .where(
                CaseRow.enrolment_id == course.enrolment_id,
                CaseRow.kind.in_(KINDS),
                CaseRow.answer_id.is_(None),
                _of_stem(task.code),
                CaseRow.opened_at >= since,
            )
            .limit(1)
        )
        found = None if known else raise_sign(stamp, course, last, None, hits)
        if found is not None:
            opened.append(found)
    return opened


def gaps(look: Look, course: Course, today: date) -> list[tuple[Task, list[Hit], datetime, TaskRow]]:
    """The tasks whose `days_without` rules are met up to yesterday: the task, the rules met, since when, and the row of
    the last day."""
    watched = {
        task.code: task
        for task in course.terms.tasks
        if course.sold.knows(task.code) and any(rule.test == "days_without" for rule in task.rules)
    }
    if not watched or not course.runs:
        return []
    rows = look.session.scalars(
        select(TaskRow).where(
            TaskRow.enrolment_id == course.enrolment_id,
            or_(*(_of_stem(code) for code in watched)),
            TaskRow.state.not_in(("cancelled", "not_applicable")),
            TaskRow.closes_on < today,
        )
    ).all()
    nothing = set(
        look.session.scalars(
            select(AnswerRow.task_id).where(
                AnswerRow.task_id.in_([row.id for row in rows]),
                AnswerRow.replaced_at.is_(None),
                AnswerRow.kind == "count",
                AnswerRow.number == 0,
            )
        )
    )
    found = []
    for code, task in watched.items():
        own = {row.closes_on: row for row in rows if stem_of(row.code) == code}
        done = {day: row.state in DONE and row.id not in nothing for day, row in own.items()}
        days = days_gone(done, today - timedelta(days=1))
        met = gone_without(task.rules, days)
        if met:
            since = today - timedelta(days=days)
            begun = datetime(since.year, since.month, since.day, tzinfo=look.zone)
            told = [told_without(task, rule, days, course.terms.language) for rule in met]
            found.append((task, told, begun, own[today - timedelta(days=1)]))
    return found


def _waiting(look: Look, course: Course, stem: str) -> CaseRow | None:
    """The most urgent case that still waits about a task, on whichever of its days."""
    rows = look.session.scalars(
        select(CaseRow)
        .join(TaskRow, TaskRow.id == CaseRow.task_id)
        .where(
            CaseRow.enrolment_id == course.enrolment_id,
            CaseRow.kind.in_(KINDS),
            CaseRow.state.in_(cases.UNSETTLED),
            _of_stem(stem),
        )
    )
    return max(rows, key=lambda row: (LEVELS.index(row.level), row.id), default=None)


def _of_stem(stem: str) -> ColumnElement[bool]:
    return (TaskRow.code == stem) | TaskRow.code.startswith(f"{stem}.", autoescape=True)
