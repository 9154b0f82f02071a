"""What the database is asked for the moments of messages: one statement for each kind, compiled once.

Every index was looked at with 97,500 patients (`EXPLAIN QUERY PLAN`); what a condition must not do is said beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, String, bindparam, cast, func, literal, null, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.care.tables import IS_STILL_PLANNED, AppointmentRow, EnrolmentRow, TaskRow
from core.foundation.doors import Look
from core.foundation.fast.statements import Hot
from core.foundation.open_types import Column, Query
from core.packages.tables import PackageVersionRow
from core.people.consents import says_yes
from core.people.tables import PatientRow

# The target may be reached by tasks that count; an excused one counts as done.
EARNED = ("done", "excused")


class Holding(NamedTuple):
    """The enrolment a message belongs to, with the person's name and number."""

    enrolment_id: int
    patient_id: int
    name: str
    phone: str
    version_id: int
    anchor_kind: str
    anchor_date: date
    enrolled_on: date
    expires_on: date
    badge_target: int | None


HOLDING = (
    EnrolmentRow.id, EnrolmentRow.patient_id, PatientRow.name, PatientRow.phone, EnrolmentRow.version_id,
    EnrolmentRow.anchor_kind, EnrolmentRow.anchor_date, EnrolmentRow.enrolled_on, EnrolmentRow.expires_on,
    EnrolmentRow.badge_target,
)  # fmt: skip
MOMENT, ABOUT = len(HOLDING), len(HOLDING) + 1
_NO_TASK = (
    literal("", String).label("about"), cast(null(), Date).label("opens_on"), cast(null(), Date).label("closes_on"),
)  # fmt: skip
_NO_VISIT = cast(null(), AppointmentRow.at.type).label("visit_at")
_TASK = (TaskRow.code.label("about"), TaskRow.opens_on, TaskRow.closes_on)


class Asked:
    """A statement, of everybody or of one enrolment."""

    def __init__(self, query: Query) -> None:
        self._all, self._one = Hot(query), Hot(query.where(EnrolmentRow.id == bindparam("enrolment")))

    def rows(self, look: Look, enrolment_id: int | None, **values: Any) -> list[Any]:
        """The rows as the driver has them."""
        if enrolment_id is None:
            return self._all.all(look.link, **values)
        return self._one.all(look.link, enrolment=enrolment_id, **values)

    def all(self, look: Look, enrolment_id: int | None) -> list[Any]:
        return self.typed(look, *self.rows(look, enrolment_id))

    def typed(self, look: Look, *rows: Any) -> list[Any]:
        return self._all.typed(look.link, rows)


IN_USE = Asked(
    select(PackageVersionRow.id, PackageVersionRow.published_at)
    .join(EnrolmentRow, EnrolmentRow.version_id == PackageVersionRow.id)
    .where(EnrolmentRow.status == "active")
    .distinct()
)


def _hidden(column: Column) -> ColumnElement[Any]:
    """The same value, which no index is sought for: with conditions on the days of enrolment SQLite begins with all
    enrolments and compares each with every task to come (400 ms instead of 1 with 97,500 patients)."""
    return func.coalesce(column, column)


class _Each(FunctionElement[Any]):
    """The texts of a JSON list as rows: a statement that is compiled once takes a list of any length."""

    inherit_cache = True


@compiles(_Each, "sqlite")
def _each_of_sqlite(element: _Each, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Each, "postgresql")
def _each_of_postgresql(element: _Each, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS JSON))"


def _among(words: Column) -> ColumnElement[bool]:
    """Whether these words stand in the list `wanted`. It may hold more than is meant, never less: `moments` decides."""
    return words.in_(select(_Each(bindparam("wanted", type_=String)).table_valued("value").c.value))


def _heard(*columns: Column) -> Query:
    """Enrolments whose holder may be written to on the day `today` and has agreed to it, with what the moment adds."""
    return (
        select(*HOLDING, *columns)
        .select_from(EnrolmentRow)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .where(
            EnrolmentRow.status == "active",
            _hidden(EnrolmentRow.enrolled_on) <= bindparam("today", type_=Date),
            _hidden(EnrolmentRow.expires_on) >= bindparam("today", type_=Date),
            PatientRow.silenced_at.is_(None),
            PatientRow.erased_at.is_(None),
            says_yes(PatientRow.id, "messages"),
        )
    )


def _enrolment(column: Column) -> Asked:
    """A moment of the enrolment itself; of all its days at once, because not every one of them has an index."""
    kind = cast(EnrolmentRow.version_id, String) + literal(":") + cast(column, String)
    return Asked(
        _heard(column.label("moment"), *_NO_TASK, _NO_VISIT).where(
            column.between(bindparam("first"), bindparam("last")), _among(kind)
        )
    )


def _task(column: Column, *conditions: ColumnElement[bool]) -> Asked:
    """A moment of one of its tasks."""
    return Asked(
        _heard(column.label("moment"), *_TASK, _NO_VISIT)
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .where(column == bindparam("day"), _among(TaskRow.code), *conditions)
    )


def _visit_of_task() -> Asked:
    return Asked(
        _heard(AppointmentRow.day.label("moment"), *_TASK, AppointmentRow.at.label("visit_at"))
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .join(AppointmentRow, AppointmentRow.task_id == TaskRow.id)
        .where(
            AppointmentRow.day == bindparam("day"),
            AppointmentRow.state == "booked",
            # Done before, waived or called off: she need not come. A corrected date calls no visit off.
            *(_hidden(TaskRow.state) != state for state in (*EARNED, "cancelled")),
            _among(TaskRow.code),
        )
    )


def _target() -> Asked:
    """Days on which the last badge that was asked for was earned."""
    earned = (
        select(TaskRow.enrolment_id, TaskRow.done_on)
        .where(
            TaskRow.done_on == bindparam("day"),
            TaskRow.counts_for_badge,
            or_(*(TaskRow.state == state for state in EARNED)),
        )
        .distinct()
        .subquery()
    )
    badge = aliased(TaskRow)
    until = (
        select(func.count())
        .select_from(badge)
        .where(
            badge.enrolment_id == EnrolmentRow.id,
            badge.counts_for_badge,
            or_(*(badge.state == state for state in EARNED)),
        )
        .correlate(EnrolmentRow)
    )
    return Asked(
        _heard(earned.c.done_on.label("moment"), *_NO_TASK, _NO_VISIT)
        .join(earned, earned.c.enrolment_id == EnrolmentRow.id)
        .where(
            until.where(badge.done_on <= bindparam("day")).scalar_subquery() >= EnrolmentRow.badge_target,
            until.where(badge.done_on < bindparam("day")).scalar_subquery() < EnrolmentRow.badge_target,
        )
    )


STATEMENTS: dict[str, tuple[Asked, ...]] = {
    "enrolment": (_enrolment(EnrolmentRow.enrolled_on),),
    "anchor": (_enrolment(EnrolmentRow.anchor_date),),
    "end": (_enrolment(EnrolmentRow.expires_on),),
    "task_opens": (
        # Those that were open before the enrolment open for her on its day.
        _task(
            TaskRow.opens_on,
            TaskRow.state == "planned",
            _hidden(TaskRow.opens_on) >= _hidden(EnrolmentRow.enrolled_on),
        ),
        # The few who enrolled on that day first, then their tasks.
        _task(EnrolmentRow.enrolled_on, IS_STILL_PLANNED, TaskRow.opens_on < EnrolmentRow.enrolled_on),
    ),
    "task_closes": (_task(TaskRow.closes_on, TaskRow.state == "planned"),),
    "task_done": (_task(TaskRow.done_on, TaskRow.state == "done"),),
    "appointment": (_visit_of_task(),),
    "target_reached": (_target(),),
}
