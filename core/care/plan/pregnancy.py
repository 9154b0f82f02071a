"""Which pregnancy is under way, and from which day its weeks are counted: one answer for file, list, phone and sale.

A running course says it, with its corrected date. Without one the days on file of the person say it, and only where
they tell of another pregnancy than one of hers that a course has seen to its end: after a loss, a birth or a stop
nobody counts on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, exists, select

from core.care.tables import EnrolmentRow, GentleStopRow
from core.clinical.dating import due_date, week_text
from core.foundation.doors import Look, question
from core.people.patient_dates import dating_anchor
from core.people.tables import PatientRow

LONGEST = 43 * 7  # days; nobody is pregnant for longer
# Kinds of quiet care with which a pregnancy is over; after a transfer or a complaint she may carry on.
OVER = ("loss", "death")
DATED = ("last_period", "due_date")  # kinds of anchor that count the weeks of a pregnancy


class Counted(Protocol):
    """What is asked of a course; in the order in which they were begun, the newest first."""

    @property
    def status(self) -> str: ...
    @property
    def anchor_kind(self) -> str: ...
    @property
    def anchor_date(self) -> date: ...
    @property
    def ended_on(self) -> date | None: ...


@dataclass(frozen=True)
class Pregnancy:
    """`anchor` is the day its weeks are counted from. `of_course`: a running course says so, which is where it is
    corrected; else the person's own days on file do."""

    anchor: date
    kind: str
    of_course: bool

    @property
    def due_on(self) -> date:
        return due_date(self.anchor)

    def week(self, day: date) -> str:
        return week_text(self.anchor, day)

    def age_days(self, day: date) -> int:
        return (day - self.anchor).days

    def holds(self, day: date) -> bool:
        """Whether something of `day` can belong to it: what was measured before it began is of another one."""
        return day >= self.anchor


class Anchored(Protocol):
    """A course as far as it says from which day it counts."""

    @property
    def anchor_kind(self) -> str: ...
    @property
    def anchor_date(self) -> date: ...


def same_pregnancy(one: Anchored, other: Anchored) -> bool:
    """Whether two courses count the weeks of one pregnancy; further apart than one lasts, there are two."""
    dated = one.anchor_kind in DATED and other.anchor_kind in DATED
    return dated and abs((one.anchor_date - other.anchor_date).days) < LONGEST


def under_way(
    courses: Iterable[Counted], last_period: date | None, due: date | None, today: date
) -> Pregnancy | None:
    """The pregnancy of somebody with these courses (the newest first) and these own days; None for none."""
    dated = [one for one in courses if one.anchor_kind in DATED]
    running = next((one for one in dated if one.status == "active"), None)
    if running is not None:
        return Pregnancy(running.anchor_date, running.anchor_kind, True)
    own = dating_anchor(last_period, due)
    if own is None or not 0 <= (today - own).days < LONGEST:
        return None
    # A purchase that was cancelled ended no pregnancy.
    if any(own <= _over(one) for one in dated if one.status != "cancelled"):
        return None
    return Pregnancy(own, "due_date" if due else "last_period", False)


@question("patient.read")
def pregnancy(look: Look, *, patient_id: int) -> Pregnancy | None:
    """The pregnancy of a patient, as every page of the staff says it."""
    return pregnancy_of(look, patient_id)


def pregnancy_of(look: Look, patient_id: int) -> Pregnancy | None:
    """The same for rooms that have checked the permission themselves; None for somebody in quiet care, too: nobody is to count weeks for her."""
    row = look.session.execute(
        select(PatientRow.last_period, PatientRow.due_date).where(
            PatientRow.id == patient_id, PatientRow.silenced_at.is_(None), PatientRow.erased_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    courses = look.session.execute(
        select(EnrolmentRow.status, EnrolmentRow.anchor_kind, EnrolmentRow.anchor_date, EnrolmentRow.ended_on)
        .where(EnrolmentRow.patient_id == patient_id)
        .order_by(EnrolmentRow.id.desc())
    )
    return under_way(courses.all(), row.last_period, row.due_date, look.today)


def after_a_loss() -> ColumnElement[bool]:
    """Whether she hears from us again after a pregnancy that is over, as a condition on the patient's row: the days of it
    have left her file, and nobody is to ask for them."""
    over = exists().where(
        GentleStopRow.patient_id == PatientRow.id,
        GentleStopRow.kind.in_(OVER),
        GentleStopRow.lifted_at <= PatientRow.heard_since,
    )
    return PatientRow.heard_since.is_not(None) & over


def _over(course: Counted) -> date:
    """From which day on a last period tells of another pregnancy than this course's."""
    due = course.anchor_date + timedelta(days=280)
    return min(course.ended_on, due) if course.ended_on else due
