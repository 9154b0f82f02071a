"""The course a conversation belongs to: what she bought, and whose rules, promises and signs count for it.

What was sold is pinned. A newer version's rules reach a running course only by a named act with a reason
(`newer_rules`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.care.tables import EnrolmentRow
from core.dialogue.tables import RulesTakenRow
from core.foundation.doors import Look
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.versions import pinned


@dataclass(eq=False)
class NoRunningCourse(Refusal):
    message = N_("There is no running package for this. Please call us; in an emergency call 120 first.")


@dataclass(frozen=True)
class Course:
    """One enrolment with `sold`, the document she bought, and `terms`, the one whose rules, promises, signs and
    silence count (the same unless somebody took newer rules)."""

    enrolment_id: int
    patient_id: int
    package_id: int
    version_id: int
    status: str
    anchor_date: date
    enrolled_on: date
    expires_on: date
    sold: PackageDocument
    terms: PackageDocument
    ended_on: date | None = None

    @property
    def runs(self) -> bool:
        return self.status == "active"


def course_of(look: Look, enrolment_id: int) -> Course:
    """The course of an enrolment, running or ended; refuses `NoRunningCourse` for an unknown one."""
    row = look.session.get(EnrolmentRow, enrolment_id)
    if row is None:
        raise NoRunningCourse
    return _course(look, row)


def running_course(look: Look, patient_id: int) -> Course | None:
    """The running course her phone shows: the newest active enrolment; None without one."""
    row = look.session.scalar(
        select(EnrolmentRow)
        .where(EnrolmentRow.patient_id == patient_id, EnrolmentRow.status == "active")
        .order_by(EnrolmentRow.id.desc())
        .limit(1)
    )
    return _course(look, row) if row is not None else None


def latest_course(look: Look, patient_id: int) -> Course | None:
    """The running course, else the one that ended last; None for somebody who never had a package."""
    row = look.session.scalar(
        select(EnrolmentRow)
        .where(EnrolmentRow.patient_id == patient_id)
        .order_by((EnrolmentRow.status == "active").desc(), EnrolmentRow.id.desc())
        .limit(1)
    )
    return _course(look, row) if row is not None else None


def terms_since(look: Look, course: Course) -> list[tuple[datetime, PackageDocument]]:
    """Since when newer terms counted for a course, the oldest first; before the first of them what was sold."""
    rows = look.session.execute(
        select(RulesTakenRow.at, RulesTakenRow.version_id)
        .where(RulesTakenRow.enrolment_id == course.enrolment_id)
        .order_by(RulesTakenRow.id)
    )
    return [(row.at, pinned(look.session, row.version_id)) for row in rows]


def _course(look: Look, row: EnrolmentRow) -> Course:
    sold = pinned(look.session, row.version_id)
    taken = _taken(look, row.id)
    return Course(
        row.id, row.patient_id, row.package_id, row.version_id, row.status, row.anchor_date, row.enrolled_on,
        row.expires_on, sold, pinned(look.session, taken) if taken else sold, row.ended_on,
    )  # fmt: skip


def _taken(look: Look, enrolment_id: int) -> int | None:
    return look.session.scalar(
        select(RulesTakenRow.version_id)
        .where(RulesTakenRow.enrolment_id == enrolment_id)
        .order_by(RulesTakenRow.id.desc())
        .limit(1)
    )
