"""How an enrolment ends, whatever the reason: what is still to come is called off, what was done stays
done."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.care.plan.ended import announce_ended
from core.care.tables import AppointmentRow, CourseEndingRow, EnrolmentRow, TaskRow
from core.foundation.audit import declare
from core.foundation.doors import Stamp
from core.foundation.language import N_

RAN_OUT = declare("enrolment.run_out", N_("Package run out"))
CANCELLED = declare("enrolment.cancelled", N_("Package cancelled"), ("reason", "cause"))


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
    wanted = TaskRow.enrolment_id == row.id
    tasks = _call_off_tasks(
        stamp, wanted if missed_too else wanted & (TaskRow.closes_on >= stamp.today), reason
    )
    hers = AppointmentRow.task_id.in_(select(TaskRow.id).where(wanted))
    visits = call_off_visits(stamp, hers, reason)
    row.status, row.ended_on, row.end_reason = status, stamp.today, reason
    took = Taken([row.id], list(tasks), list(visits))
    stamp.session.add(
        CourseEndingRow(
            enrolment_id=row.id, status=status, day=stamp.today, at=stamp.now, staff_id=stamp.staff_id,
            took=asdict(took), reopen_reason="",
        )
    )  # fmt: skip
    stamp.session.flush()
    stamp.touch(stamp.today, row.enrolled_on, *tasks.values(), *visits.values())
    announce_ended(stamp, row.id, status)
    return took


def end_those_over(stamp: Stamp, patient_id: int, package_id: int) -> None:
    """Before the same package is sold again: the one that ran out and that no night has ended yet."""
    query = select(EnrolmentRow).where(
        EnrolmentRow.patient_id == patient_id,
        EnrolmentRow.package_id == package_id,
        EnrolmentRow.status == "active",
        EnrolmentRow.expires_on < stamp.today,
    )
    for row in stamp.session.scalars(query).all():
        end(stamp, row, "run_out", "")
        note_run_out(stamp, row)


def note_run_out(stamp: Stamp, row: EnrolmentRow) -> None:
    """The trail's entry of a course that ran out, whoever noticed it."""
    after = {"status": "run_out", "day": row.expires_on, "patient_id": row.patient_id}
    stamp.audit(RAN_OUT, ("enrolment", row.id), {"status": "active"}, after)


def give_back(stamp: Stamp, took: dict[str, list[int]]) -> None:
    """Undo `end` for what it took: tasks planned, visits booked, enrolments active again."""
    put_back(stamp, TaskRow, took["tasks"], "planned")
    put_back(stamp, AppointmentRow, took["appointments"], "booked")
    for enrolment_id in took["enrolments"]:
        row = stamp.session.get_one(EnrolmentRow, enrolment_id)
        row.status, row.ended_on, row.end_reason = "active", None, ""
        stamp.touch(row.enrolled_on)
    stamp.session.flush()
    _touch_all(stamp, took)


def call_off_visits(stamp: Stamp, which: ColumnElement[bool], reason: str) -> dict[int, date]:
    """Call off the booked visits among `which`; their days by id."""
    return _call_off(stamp, AppointmentRow, "booked", which, reason, AppointmentRow.day)


def _call_off_tasks(stamp: Stamp, which: ColumnElement[bool], reason: str) -> dict[int, date]:
    return _call_off(stamp, TaskRow, "planned", which, reason, TaskRow.closes_on)


def _call_off(
    stamp: Stamp,
    table: type[TaskRow] | type[AppointmentRow],
    state: str,
    which: ColumnElement[bool],
    reason: str,
    day: InstrumentedAttribute[date],
) -> dict[int, date]:
    """One conditional UPDATE: what a colleague marked done in the same instant stays done."""
    changed = stamp.session.execute(
        update(table)
        .where(which, table.state == state)
        .values(state="cancelled", reason=reason, changed_at=stamp.now)
        .returning(table.id, day),
        execution_options={"synchronize_session": "fetch"},
    )
    return dict(sorted((number, due) for number, due in changed))


def put_back(stamp: Stamp, table: type[TaskRow] | type[AppointmentRow], ids: list[int], state: str) -> None:
    """Give tasks or visits the state they had, without the reason for which they had left it."""
    if ids:
        stamp.session.execute(
            update(table).where(table.id.in_(ids)).values(state=state, reason="", changed_at=stamp.now)
        )


def _touch_all(stamp: Stamp, took: dict[str, list[int]]) -> None:
    stamp.touch(
        stamp.today,
        *stamp.session.scalars(select(TaskRow.closes_on).where(TaskRow.id.in_(took["tasks"]))),
        *stamp.session.scalars(select(AppointmentRow.day).where(AppointmentRow.id.in_(took["appointments"]))),
    )
