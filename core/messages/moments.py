"""Which messages of the packages people hold fall on one day: the moments, before any word is written.

A message goes out so many days after its moment (before it, where negative), from the day of enrolment to the last
day of the package, while the package is active; nobody under a gentle stop is looked at, and nobody who has not
agreed to messages. A task that was open before somebody enrolled opens for her on that day. What is done already,
excused or called off is neither announced nor asked for again. A busy day has hundreds of them: one statement per
kind of moment and day it is asked of, whatever the number of packages, each compiled once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, String, bindparam, cast, func, literal, null, or_, select

from core.care.tables import IS_STILL_PLANNED, AppointmentRow, EnrolmentRow, TaskRow
from core.foundation.doors import Look
from core.foundation.fast.statements import Hot
from core.foundation.open_types import Column, Query
from core.packages.document import PackageDocument
from core.packages.message_texts import Message
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


def moments(look: Look, day: date, enrolment_id: int | None = None) -> list[Moment]:
    """Every message that is due on `day`, of everybody or of one enrolment; in the order of its hour."""
    sheets = _sheets(look, enrolment_id)
    found: list[Moment] = []
    for trigger, statements in _STATEMENTS.items():
        written = {version: _written(document, trigger) for version, document in sheets.items()}
        for moment in {
            day - timedelta(days=one.offset_days) for messages in written.values() for one in messages
        }:
            for statement in statements:
                rows = statement.rows(look, enrolment_id, day=moment)
                found += _of(look, sheets, written, trigger, day, rows)
    return sorted(found, key=_order)


# --- inner ----------------------------------------------------------------------------------------


def _order(one: Moment) -> tuple[str, str, int, str, str]:
    return (one.message.at, one.holding.name, one.holding.enrolment_id, one.message.code, one.about)


def _sheets(look: Look, enrolment_id: int | None) -> dict[int, PackageDocument]:
    """The versions in use, by their id."""
    return {
        row.id: pinned(look.session, row.id, row.published_at) for row in _IN_USE.rows(look, enrolment_id)
    }


def _written(document: PackageDocument, trigger: str) -> list[Message]:
    return [one for one in document.messages if one.on and one.trigger == trigger]


def _of(
    look: Look,
    sheets: dict[int, PackageDocument],
    written: dict[int, list[Message]],
    trigger: str,
    day: date,
    rows: list[Any],
) -> Iterator[Moment]:
    for row in rows:
        holding = Holding._make(row[: len(_HOLDING)])
        document = sheets.get(holding.version_id)
        if document is None or not holding.enrolled_on <= day <= holding.expires_on:
            continue
        if row.about and not document.knows(row.about):
            continue
        if trigger == "task_opens" and row.moment < holding.enrolled_on:
            continue  # it opens for her on the day of enrolment
        stem = document.task(row.about).code if row.about else ""
        for message in written[holding.version_id]:
            fits = row.moment + timedelta(days=message.offset_days) == day and message.task in (None, stem)
            if fits and (trigger != "target_reached" or _just_reached(look, holding, row.moment)):
                yield Moment(holding, document, message, row.about, row.opens_on, row.closes_on, row.visit_at)


def _just_reached(look: Look, holding: Holding, day: date) -> bool:
    """Whether the last badge that was asked for was earned on that very day."""
    if holding.badge_target is None:
        return False
    earned = select(func.count()).where(
        TaskRow.enrolment_id == holding.enrolment_id, TaskRow.counts_for_badge, TaskRow.state.in_(EARNED)
    )
    until: int = look.session.scalar(earned.where(TaskRow.done_on <= day)) or 0
    before: int = look.session.scalar(earned.where(TaskRow.done_on < day)) or 0
    return before < holding.badge_target <= until


_HOLDING = (
    EnrolmentRow.id, EnrolmentRow.patient_id, PatientRow.name, PatientRow.phone, EnrolmentRow.version_id,
    EnrolmentRow.anchor_kind, EnrolmentRow.anchor_date, EnrolmentRow.enrolled_on, EnrolmentRow.expires_on,
    EnrolmentRow.badge_target,
)  # fmt: skip
_NO_TASK = (
    literal("", String).label("about"), cast(null(), Date).label("opens_on"), cast(null(), Date).label("closes_on"),
)  # fmt: skip
_NO_VISIT = cast(null(), AppointmentRow.at.type).label("visit_at")
_TASK = (TaskRow.code.label("about"), TaskRow.opens_on, TaskRow.closes_on)


class _Asked:
    """A statement, of everybody or of one enrolment."""

    def __init__(self, query: Query) -> None:
        self._all, self._one = Hot(query), Hot(query.where(EnrolmentRow.id == bindparam("enrolment")))

    def rows(self, look: Look, enrolment_id: int | None, **values: date) -> list[Any]:
        link = look.session.connection()
        if enrolment_id is None:
            return self._all.typed(link, self._all.all(link, **values))
        return self._one.typed(link, self._one.all(link, enrolment=enrolment_id, **values))


_IN_USE = _Asked(
    select(PackageVersionRow.id, PackageVersionRow.published_at)
    .join(EnrolmentRow, EnrolmentRow.version_id == PackageVersionRow.id)
    .where(EnrolmentRow.status == "active")
    .distinct()
)


def _heard(*columns: Column) -> Query:
    """Enrolments whose holder may be written to and has agreed to it, with what the moment adds."""
    return (
        select(*_HOLDING, *columns)
        .select_from(EnrolmentRow)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .where(
            EnrolmentRow.status == "active",
            PatientRow.silenced_at.is_(None),
            PatientRow.erased_at.is_(None),
            says_yes(PatientRow.id, "messages"),
        )
    )


def _enrolment(column: Column) -> _Asked:
    """A moment of the enrolment itself."""
    return _Asked(_heard(column.label("moment"), *_NO_TASK, _NO_VISIT).where(column == bindparam("day")))


def _task(column: Column, *conditions: ColumnElement[bool]) -> _Asked:
    """A moment of one of its tasks."""
    return _Asked(
        _heard(column.label("moment"), *_TASK, _NO_VISIT)
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .where(column == bindparam("day"), *conditions)
    )


def _visit_of_task() -> _Asked:
    return _Asked(
        _heard(AppointmentRow.day.label("moment"), *_TASK, AppointmentRow.at.label("visit_at"))
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .join(AppointmentRow, AppointmentRow.task_id == TaskRow.id)
        .where(AppointmentRow.day == bindparam("day"), AppointmentRow.state == "booked")
    )


def _target() -> _Asked:
    """Days on which a badge was earned; whether it was the last one that was asked for is counted afterwards."""
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
    return _Asked(
        _heard(earned.c.done_on.label("moment"), *_NO_TASK, _NO_VISIT).join(
            earned, earned.c.enrolment_id == EnrolmentRow.id
        )
    )


_STATEMENTS: dict[str, tuple[_Asked, ...]] = {
    "enrolment": (_enrolment(EnrolmentRow.enrolled_on),),
    "anchor": (_enrolment(EnrolmentRow.anchor_date),),
    "end": (_enrolment(EnrolmentRow.expires_on),),
    "task_opens": (
        # Those that were open before the enrolment are taken out by `_of`: as a condition here it would lead SQLite
        # to compare every enrolment with every task to come (400 ms instead of 1 with 97,500 patients).
        _task(TaskRow.opens_on, TaskRow.state == "planned"),
        # The few who enrolled on that day first, then their tasks.
        _task(EnrolmentRow.enrolled_on, IS_STILL_PLANNED, TaskRow.opens_on < EnrolmentRow.enrolled_on),
    ),
    "task_closes": (_task(TaskRow.closes_on, TaskRow.state == "planned"),),
    "task_done": (_task(TaskRow.done_on, TaskRow.state == "done"),),
    "appointment": (_visit_of_task(),),
    "target_reached": (_target(),),
}
