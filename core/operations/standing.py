"""Where the department stands: what is set up, what waits. One small count per line of the start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, exists, func, select

from core.care.tables import AppointmentRow, EnrolmentRow, GoLiveRow, TaskRow
from core.department.tables import LocationRow
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import Look, question
from core.foundation.open_types import Column
from core.packages.tables import PackageVersionRow
from core.people.tables import PatientRow, StaffRow
from core.recognition.tables import RecognitionRow


@dataclass(frozen=True)
class Standing:
    """Counts of the house as it is now."""

    has_phone: bool
    locations: int
    staff: int
    published: int
    any_patient: bool
    any_enrolment: bool
    live: int
    visits_today: int
    open_tasks: int
    stories_waiting: int
    tips_declared: int

    @property
    def set_up(self) -> bool:
        """Whether the first patient has been enrolled: the loop runs."""
        return self.any_enrolment


@question("house.read")
def standing(look: Look) -> Standing:
    """Counts for the start page, in one round trip."""

    def count(*conditions: Column, of: Column) -> ScalarSelect[int]:
        return select(func.count(of)).where(*conditions).scalar_subquery()

    today = look.today
    counts: Any = look.session.execute(
        select(
            count(LocationRow.active, of=LocationRow.id),
            count(StaffRow.active, of=StaffRow.id),
            count(PackageVersionRow.status == "published", of=PackageVersionRow.id),
            exists().where(PatientRow.id.is_not(None)),
            exists().where(EnrolmentRow.id.is_not(None)),
            count(of=GoLiveRow.package_id),
            count(AppointmentRow.day == today, AppointmentRow.state == "booked", of=AppointmentRow.id),
            count(
                TaskRow.state == "planned",
                TaskRow.opens_on <= today,
                TaskRow.closes_on >= today,
                TaskRow.role != "patient",  # what she does at home is not the team's
                of=TaskRow.id,
            ),
            count(RecognitionRow.state == "received", RecognitionRow.may_show, of=RecognitionRow.id),
            count(
                RecognitionRow.staff_id == (look.staff_id or 0),
                RecognitionRow.tip_state == "declared",
                of=RecognitionRow.id,
            ),
        )
    ).one()
    return Standing(bool(look.house.phone), *counts)


@question("house.read")
def acts_since(look: Look, *, since: datetime) -> int:
    """How many acts of people, staff and patients, stand in the audit trail since an instant."""
    acts = select(func.count()).where(AuditEntryRow.at > since, AuditEntryRow.actor_kind != "system")
    return look.session.scalar(acts) or 0
