"""What a line of the patients' list says of one of them: how far she is, what she holds, what comes next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from core.care.plan.due_and_late import DAILY_GRACE_DAYS, GRACE_DAYS
from core.care.plan.pregnancy import after_a_loss, under_way
from core.care.tables import IS_PLANNED, AppointmentRow, EnrolmentRow, TaskRow
from core.foundation.doors import Look
from core.packages.tables import PackageRow
from core.people.masking import masked_phone
from core.people.tables import PatientRow, StaffRow


@dataclass(frozen=True)
class PatientLine:
    """One line. `week_text` is the gestational age today ("24+3"); without one, `day_number` counts the days after
    the anchor date of the package she holds (None: she holds none). `package` is its name, "" for none; `next_visit`
    the next booked visit from today on; `state` a key of `patient_list.STATES`."""

    id: int
    name: str
    record_number: str
    phone: str
    state: str
    week_text: str
    day_number: int | None
    package: str
    next_visit: datetime | None
    own_nurse: str

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)


def lines_of(look: Look, ids: list[int]) -> list[PatientLine]:
    """The lines of these patients, in their order: a statement for each kind of fact, however many they are."""
    people = (
        select(*_SHOWN, StaffRow.name.label("own_nurse"))
        .outerjoin(StaffRow, StaffRow.id == PatientRow.own_nurse_id)
        .where(PatientRow.id.in_(ids))
    )
    rows = {row.id: row for row in look.session.execute(people)}
    holdings = _holdings(look, ids)
    visits = _visits(look, ids)
    late = _late(look, ids)
    return [
        _line(look, rows[one], holdings.get(one, []), visits.get(one), one in late)
        for one in ids
        if one in rows
    ]


def overdue_tasks(today: date) -> list[ColumnElement[bool]]:
    """A task of a running package in the days of grace after its window, as `due_and_late.grace_of` counts them."""
    longest = today - timedelta(days=GRACE_DAYS)
    grace = case((TaskRow.code.contains("."), today - timedelta(days=DAILY_GRACE_DAYS)), else_=longest)
    return [
        EnrolmentRow.status == "active",
        IS_PLANNED,
        TaskRow.closes_on < today,
        TaskRow.closes_on >= longest,  # by the index; the days of grace only then
        TaskRow.closes_on >= grace,
    ]


# --- inner ----------------------------------------------------------------------------------------

SHOWN = ("active", "completed", "run_out")  # courses by which a line names her state
_SHOWN = (
    PatientRow.id, PatientRow.name, PatientRow.record_number, PatientRow.phone, PatientRow.last_period,
    PatientRow.due_date, PatientRow.silenced_at, after_a_loss().label("after_a_loss"),
)  # fmt: skip


def _line(look: Look, row: Any, courses: list[_Holding], visit: datetime | None, late: bool) -> PatientLine:
    holding = next((one for one in courses if one.status in SHOWN), None)
    line = PatientLine(
        id=row.id,
        name=row.name,
        record_number=row.record_number,
        phone=row.phone,
        state=holding.status if holding else "not_enrolled",
        week_text="",
        day_number=None,
        package="",
        next_visit=visit,
        own_nurse=row.own_nurse or "",
    )
    if row.silenced_at is not None:
        # Nobody is to count weeks for her.
        return replace(line, state="quiet", week_text="", next_visit=None)
    newest_first = sorted(courses, key=lambda one: one.id, reverse=True)
    pregnancy = under_way(newest_first, row.last_period, row.due_date, look.today)
    line = replace(line, week_text=pregnancy.week(look.today) if pregnancy else "")
    if holding and holding.status == "active":
        line = replace(
            line,
            state="enrolled",
            day_number=None if pregnancy else (look.today - holding.anchor_date).days,
            package=holding.package,
        )
    elif row.last_period is None and row.due_date is None and not row.after_a_loss and not holding:
        line = replace(line, state="undated")
    if late:
        line = replace(line, state="overdue")
    if visit is not None and visit.astimezone(look.zone).date() == look.today:
        line = replace(line, state="today")
    return line


@dataclass(frozen=True)
class _Holding:
    """One of somebody's courses."""

    id: int
    status: str
    anchor_kind: str
    anchor_date: date
    ended_on: date | None
    package: str


def _holdings(look: Look, ids: list[int]) -> dict[int, list[_Holding]]:
    """Every course by patient; what runs goes before what ended, the newer before the older."""
    query = (
        select(
            EnrolmentRow.patient_id, EnrolmentRow.id, EnrolmentRow.status, EnrolmentRow.anchor_kind,
            EnrolmentRow.anchor_date, EnrolmentRow.ended_on, PackageRow.name,
        )
        .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
        .where(EnrolmentRow.patient_id.in_(ids))
        .order_by((EnrolmentRow.status == "active").desc(), EnrolmentRow.id.desc())
    )  # fmt: skip
    found: dict[int, list[_Holding]] = {}
    for row in look.session.execute(query):
        found.setdefault(row.patient_id, []).append(_Holding(*row[1:]))
    return found


def _visits(look: Look, ids: list[int]) -> dict[int, datetime]:
    query = (
        select(AppointmentRow.patient_id, func.min(AppointmentRow.at))
        .where(
            AppointmentRow.patient_id.in_(ids),
            AppointmentRow.state == "booked",
            AppointmentRow.day >= look.today,
        )
        .group_by(AppointmentRow.patient_id)
    )
    return {patient: at for patient, at in look.session.execute(query).all() if patient is not None}


def _late(look: Look, ids: list[int]) -> set[int]:
    query = (
        select(EnrolmentRow.patient_id)
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .where(EnrolmentRow.patient_id.in_(ids), *overdue_tasks(look.today))
    )
    return set(look.session.scalars(query))
