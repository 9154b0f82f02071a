"""Which messages of the packages people hold fall on one day: the moments, before any word is written.

A message goes out so many days after its moment (before it, where negative), from the day of enrolment to the last
day of the package, while the package is active; nobody under a gentle stop is looked at, and nobody who has not
agreed to messages. A task that was open before somebody enrolled opens for her on that day. What is done already,
excused or called off is neither announced nor asked for again.

A busy day has hundreds of them, of which a page shows some: one statement per kind of moment, compiled once, reads only
what a package has words for (`wanted`), as the driver has it; a `Moment` is made of those that are shown or sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from operator import itemgetter
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
from core.packages.document import PackageDocument
from core.packages.message_texts import TASK_TRIGGERS, Message
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
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


class Moment(NamedTuple):
    """One message for one person. `about` is the code of the task it speaks of, "" for none; `opens_on` and
    `closes_on` are that task's window, `visit_at` a booked visit."""

    holding: Holding
    document: PackageDocument
    message: Message
    about: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    visit_at: datetime | None = None


class Found(NamedTuple):
    """A moment as it was read: what a list is ordered, counted and noted by, and the row it came in. `has_phone`: there
    is a number an SMS can go to."""

    at: str
    name: str
    enrolment_id: int
    code: str
    about: str
    has_phone: bool
    message: Message
    document: PackageDocument
    statement: _Asked
    row: Any


def moments(look: Look, day: date, enrolment_id: int | None = None) -> list[Found]:
    """Every message that is due on `day`, of everybody or of one enrolment; in the order of its hour."""
    sheets = _sheets(look, enrolment_id)
    found: list[Found] = []
    for trigger, statements in _STATEMENTS.items():
        said = _Said(sheets, trigger, day)
        for values in said.asked():
            for statement in statements:
                found += _of(said, statement, statement.rows(look, enrolment_id, today=day, **values))
    return sorted(found, key=_ORDER)


def whole(look: Look, found: Iterable[Found]) -> Iterator[Moment]:
    """What was found with everything a text may say of it."""
    for one in found:
        (row,) = one.statement.typed(look, one.row)
        holding = Holding._make(row[: len(_HOLDING)])
        yield Moment(holding, one.document, one.message, one.about, row.opens_on, row.closes_on, row.visit_at)


# --- inner ----------------------------------------------------------------------------------------

_ORDER = itemgetter(*range(5))


def _sheets(look: Look, enrolment_id: int | None) -> dict[int, PackageDocument]:
    """The versions in use, by their id."""
    return {row.id: pinned(look.session, row.id, row.published_at) for row in _IN_USE.all(look, enrolment_id)}


class _Said:
    """What the packages in use say on one day about one kind of moment."""

    def __init__(self, sheets: dict[int, PackageDocument], trigger: str, day: date) -> None:
        self._sheets, self._trigger = sheets, trigger
        self._on = [
            (version, day - timedelta(days=one.offset_days), one)
            for version, document in sheets.items()
            for one in document.messages
            if one.on and one.trigger == trigger
        ]
        self._known: dict[tuple[int, Any, str], tuple[Message, ...]] = {}

    def asked(self) -> Iterator[dict[str, Any]]:
        """What to ask the database for: the days of the moments and `wanted`, the words there are for them."""
        days = {on for _version, on, _message in self._on}
        if self._trigger in TASK_TRIGGERS:
            for on in days:
                yield {"day": on, "wanted": _listed(self._tasks(on))}
        elif self._trigger == "target_reached":
            yield from ({"day": on} for on in days)
        elif days:
            listed = _listed({f"{version}:{on}" for version, on, _message in self._on})
            yield {"first": min(days), "last": max(days), "wanted": listed}

    def messages(self, version: int, moment: Any, about: str) -> tuple[Message, ...]:
        """The messages that go out; `moment` is its day as the driver has it."""
        key = (version, moment, about)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = tuple(self._fitting(version, str(moment), about))
        return known

    def document(self, version: int) -> PackageDocument:
        return self._sheets[version]

    def _fitting(self, version: int, moment: str, about: str) -> Iterator[Message]:
        document = self._sheets.get(version)
        if document is None or (about and not document.knows(about)):
            return
        stem = document.task(about).code if about else ""
        for held, on, message in self._on:
            if held == version and on.isoformat() == moment and message.task in (None, stem):
                yield message

    def _tasks(self, on: date) -> set[str]:
        """The tasks, and the days of repeated ones, that a package has a message about."""
        return {
            code
            for version, moment, message in self._on
            if moment == on
            for task in self._sheets[version].tasks
            if message.task in (None, task.code)
            for code in (task.code, *task.instance_codes)
        }


def _listed(words: set[str]) -> str:
    return json.dumps(sorted(words))


def _of(said: _Said, statement: _Asked, rows: list[Any]) -> Iterator[Found]:
    for row in rows:
        enrolment, _patient, name, phone, version, about = row[0], row[1], row[2], row[3], row[4], row[_ABOUT]
        for message in said.messages(version, row[_MOMENT], about):
            yield Found(
                message.at, name, enrolment, message.code, about, bool(phone), message,
                said.document(version), statement, row,
            )  # fmt: skip


_HOLDING = (
    EnrolmentRow.id, EnrolmentRow.patient_id, PatientRow.name, PatientRow.phone, EnrolmentRow.version_id,
    EnrolmentRow.anchor_kind, EnrolmentRow.anchor_date, EnrolmentRow.enrolled_on, EnrolmentRow.expires_on,
    EnrolmentRow.badge_target,
)  # fmt: skip
_MOMENT, _ABOUT = len(_HOLDING), len(_HOLDING) + 1
_NO_TASK = (
    literal("", String).label("about"), cast(null(), Date).label("opens_on"), cast(null(), Date).label("closes_on"),
)  # fmt: skip
_NO_VISIT = cast(null(), AppointmentRow.at.type).label("visit_at")
_TASK = (TaskRow.code.label("about"), TaskRow.opens_on, TaskRow.closes_on)


class _Asked:
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


_IN_USE = _Asked(
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


def _among(words: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether these words stand in the list `wanted`. It may hold more than is meant, never less: `_Said` decides."""
    return words.in_(select(_Each(bindparam("wanted", type_=String)).table_valued("value").c.value))


def _heard(*columns: Column) -> Query:
    """Enrolments whose holder may be written to on the day `today` and has agreed to it, with what the moment adds."""
    return (
        select(*_HOLDING, *columns)
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


def _enrolment(column: Column) -> _Asked:
    """A moment of the enrolment itself; of all its days at once, because not every one of them has an index."""
    kind = cast(EnrolmentRow.version_id, String) + literal(":") + cast(column, String)
    return _Asked(
        _heard(column.label("moment"), *_NO_TASK, _NO_VISIT).where(
            column.between(bindparam("first"), bindparam("last")), _among(kind)
        )
    )


def _task(column: Column, *conditions: ColumnElement[bool]) -> _Asked:
    """A moment of one of its tasks."""
    return _Asked(
        _heard(column.label("moment"), *_TASK, _NO_VISIT)
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .where(column == bindparam("day"), _among(TaskRow.code), *conditions)
    )


def _visit_of_task() -> _Asked:
    return _Asked(
        _heard(AppointmentRow.day.label("moment"), *_TASK, AppointmentRow.at.label("visit_at"))
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .join(AppointmentRow, AppointmentRow.task_id == TaskRow.id)
        .where(AppointmentRow.day == bindparam("day"), AppointmentRow.state == "booked", _among(TaskRow.code))
    )


def _target() -> _Asked:
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
    return _Asked(
        _heard(earned.c.done_on.label("moment"), *_NO_TASK, _NO_VISIT)
        .join(earned, earned.c.enrolment_id == EnrolmentRow.id)
        .where(
            until.where(badge.done_on <= bindparam("day")).scalar_subquery() >= EnrolmentRow.badge_target,
            until.where(badge.done_on < bindparam("day")).scalar_subquery() < EnrolmentRow.badge_target,
        )
    )


_STATEMENTS: dict[str, tuple[_Asked, ...]] = {
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
