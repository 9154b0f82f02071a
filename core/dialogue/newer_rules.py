"""Newer rules for running courses: which still go by older ones, and the named act that lets the newer ones count.

What was sold stays pinned: content, price and tasks. Rules on answers, promises, signs and silence of the newest version,
and by which facts entitlements count, reach a running course only when somebody says so, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.care.tables import EnrolmentRow
from core.dialogue.course import NoRunningCourse
from core.dialogue.tables import RulesTakenRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Value
from core.packages.document import PackageDocument
from core.packages.tables import PackageVersionRow
from core.packages.versions import newest_row, pinned
from core.people.patients import speaking_among
from core.people.tables import PatientRow

TAKEN = declare("courses.rules", N_("Newer rules taken for running courses"))
# Of one course; written by earlier versions.
declare("course.rules", N_("Newer rules taken for a running course"))


@dataclass(eq=False)
class NotANewerVersion(Refusal):
    message = N_("Choose a published version of the same package.")
    field = "version_id"


@dataclass(frozen=True)
class Older:
    """A running course that goes by the rules of version `number`, older than the newest."""

    enrolment_id: int
    patient_id: int
    patient_name: str
    enrolled_on: date
    number: int


@dataclass(frozen=True)
class OlderRules:
    """The newest published version, and the running courses with other rules than its own; none where the rules are
    the same."""

    version_id: int
    number: int
    courses: tuple[Older, ...]


# --- deeds ----------------------------------------------------------------------------------------


@deed("package.write")
def take_newer_rules(stamp: Stamp, *, package_id: int, enrolment_ids: list[int], reason: str) -> int:
    """Let the rules of the newest version count for these running courses; returns for how many. Passed over is who was
    silenced, whose course has ended, and who has them already. Refuses no reason, nobody left, and a package without a
    version."""
    reason = reasons.given(reason)
    asked = [
        one for one in older_rules_of(stamp, package_id).courses if one.enrolment_id in set(enrolment_ids)
    ]
    heard = speaking_among(stamp, {one.patient_id for one in asked})
    # Read again behind the locks: a course may have ended, or a colleague have done the same, in this second.
    found = older_rules_of(stamp, package_id)
    still = [one for one in found.courses if one.enrolment_id in {each.enrolment_id for each in asked}]
    taken = [one for one in still if one.patient_id in heard]
    if not taken:
        raise NoRunningCourse
    stamp.session.add_all(
        RulesTakenRow(
            enrolment_id=one.enrolment_id, version_id=found.version_id, reason=reason, staff_id=stamp.staff_id,
            at=stamp.now,
        )
        for one in taken
    )  # fmt: skip
    after = {"version": found.number, "courses": len(taken), "reason": reason}
    stamp.audit(TAKEN, ("package", package_id), after=after)
    return len(taken)


# --- questions ------------------------------------------------------------------------------------


@question("package.write")
def older_rules(look: Look, *, package_id: int) -> OlderRules | None:
    """Which running courses go by older rules; None for a package that was never published."""
    return older_rules_of(look, package_id) if newest_row(look.session, package_id) else None


# --- inner ----------------------------------------------------------------------------------------


def older_rules_of(look: Look, package_id: int) -> OlderRules:
    newest = newest_row(look.session, package_id)
    if newest is None:
        raise NotANewerVersion
    words = rules_of(pinned(look.session, newest.id, newest.published_at))
    last = (
        select(RulesTakenRow.enrolment_id, func.max(RulesTakenRow.id).label("id"))
        .group_by(RulesTakenRow.enrolment_id)
        .subquery()
    )
    taken = select(RulesTakenRow.enrolment_id, RulesTakenRow.version_id).join(
        last, last.c.id == RulesTakenRow.id
    )
    own = taken.subquery()
    counts = func.coalesce(own.c.version_id, EnrolmentRow.version_id)
    rows = look.session.execute(
        select(
            EnrolmentRow.id, EnrolmentRow.patient_id, PatientRow.name, EnrolmentRow.enrolled_on,
            PackageVersionRow.number, PackageVersionRow.id,
        )
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .outerjoin(own, own.c.enrolment_id == EnrolmentRow.id)
        .join(PackageVersionRow, PackageVersionRow.id == counts)
        .where(
            EnrolmentRow.package_id == package_id, EnrolmentRow.status == "active",
            PatientRow.silenced_at.is_(None), PackageVersionRow.number < newest.number,
        )
        .order_by(EnrolmentRow.enrolled_on.desc(), EnrolmentRow.id)
    ).all()  # fmt: skip
    differs = {
        version_id: rules_of(pinned(look.session, version_id)) != words
        for version_id in {row[5] for row in rows}
    }
    return OlderRules(newest.id, newest.number, tuple(Older(*row[:5]) for row in rows if differs[row[5]]))


def rules_of(document: PackageDocument) -> Value:
    """What `course.terms` is asked for: rules by task, promises, signs, silence, by what entitlements count and what a used
    one is worth."""
    tasks = {task.code: (task.rules, task.measure, task.photos, task.rubric) for task in document.tasks}
    counted = {one.code: (one.counted, one.tasks, one.value_fen) for one in document.entitlements}
    return tasks, document.promises, document.signs, document.silence, counted
