"""The course a conversation belongs to: what she bought, and whose rules, promises and signs count for it.

What was sold is pinned. A newer version's rules reach a running course only by a named act with a reason (`take_rules`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.care.tables import EnrolmentRow
from core.dialogue.tables import RulesTakenRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
from core.people.patients import get_patient

TAKEN = declare("course.rules", N_("Newer rules taken for a running course"))


@dataclass(eq=False)
class NoRunningCourse(Refusal):
    message = N_("There is no running package for this. Please call us; in an emergency call 120 first.")


@dataclass(eq=False)
class NotANewerVersion(Refusal):
    message = N_("Choose a published version of the same package.")
    field = "version_id"


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


@deed("package.write")
def take_rules(stamp: Stamp, *, enrolment_id: int, version_id: int, reason: str) -> None:
    """Let the rules, promises, signs and silence of another version of the same package count for a running course.
    Refuses no reason, an ended course and a version of another package or a draft."""
    reason = reasons.given(reason)
    row = stamp.session.get(EnrolmentRow, enrolment_id, with_for_update=True)
    if row is None or row.status != "active":
        raise NoRunningCourse
    get_patient(stamp, row.patient_id, speaking=True)
    version = stamp.session.get(PackageVersionRow, version_id)
    if version is None or version.package_id != row.package_id or version.published_at is None:
        raise NotANewerVersion
    before = _taken(stamp, enrolment_id)
    stamp.session.add(
        RulesTakenRow(
            enrolment_id=enrolment_id,
            version_id=version_id,
            reason=reason,
            staff_id=stamp.staff_id,
            at=stamp.now,
        )
    )
    stamp.session.flush()
    after = {"patient_id": row.patient_id, "version_id": version_id, "reason": reason}
    stamp.audit(TAKEN, ("enrolment", enrolment_id), {"version_id": before or row.version_id}, after)


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
