"""How an enrolment ends, whatever the reason: what is still to come is called off, what was done stays
done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, update

from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.foundation.doors import Stamp


@dataclass(frozen=True)
class Taken:
    """What ending took away, so that a mistake can give back exactly that (ids)."""

    enrolments: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    appointments: list[int] = field(default_factory=list)


def end(stamp: Stamp, row: EnrolmentRow, status: str, reason: str, *, missed_too: bool = False) -> Taken:
    """Set the enrolment's last state and call off its planned tasks and booked visits.

    A task whose window was already over stays as it is, because it was due and the counts say so; with
    `missed_too` it is called off as well (after a loss nobody is counted as having missed anything).
    """
    wanted = select(TaskRow.id, TaskRow.closes_on).where(
        TaskRow.enrolment_id == row.id, TaskRow.state == "planned"
    )
    if not missed_too:
        wanted = wanted.where(TaskRow.closes_on >= stamp.today)
    tasks = stamp.session.execute(wanted).all()
    task_ids = [task_id for task_id, _day in tasks]
    _set_tasks(stamp, task_ids, "cancelled", reason)
    booked = stamp.session.execute(
        select(AppointmentRow.id, AppointmentRow.day)
        .join(TaskRow, TaskRow.id == AppointmentRow.task_id)
        .where(TaskRow.enrolment_id == row.id, AppointmentRow.state == "booked")
    ).all()
    appointment_ids = [appointment_id for appointment_id, _day in booked]
    set_appointments(stamp, appointment_ids, "cancelled", reason)
    row.status, row.ended_on, row.end_reason = status, stamp.today, reason[:200]
    stamp.session.flush()
    days: list[date] = [day for _id, day in (*tasks, *booked)]
    stamp.touch(stamp.today, row.enrolled_on, *days)
    return Taken([row.id], task_ids, appointment_ids)


def give_back(stamp: Stamp, took: dict[str, Any]) -> None:
    """Undo `end` for what it took: tasks planned, visits booked, enrolments active again."""
    _set_tasks(stamp, took["tasks"], "planned", "")
    set_appointments(stamp, took["appointments"], "booked", "")
    for enrolment_id in took["enrolments"]:
        row = stamp.session.get_one(EnrolmentRow, enrolment_id)
        row.status, row.ended_on, row.end_reason = "active", None, ""
        stamp.touch(row.enrolled_on)
    stamp.session.flush()
    _touch_all(stamp, took)


def set_appointments(stamp: Stamp, ids: list[int], state: str, reason: str) -> None:
    if ids:
        stamp.session.execute(
            update(AppointmentRow)
            .where(AppointmentRow.id.in_(ids))
            .values(state=state, reason=reason[:200], changed_at=stamp.now)
        )


def _set_tasks(stamp: Stamp, ids: list[int], state: str, reason: str) -> None:
    if ids:
        stamp.session.execute(
            update(TaskRow)
            .where(TaskRow.id.in_(ids))
            .values(state=state, reason=reason[:200], changed_at=stamp.now)
        )


def _touch_all(stamp: Stamp, took: dict[str, Any]) -> None:
    stamp.touch(
        stamp.today,
        *stamp.session.scalars(select(TaskRow.closes_on).where(TaskRow.id.in_(took["tasks"]))),
        *stamp.session.scalars(select(AppointmentRow.day).where(AppointmentRow.id.in_(took["appointments"]))),
    )
