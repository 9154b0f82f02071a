"""What people tell about an entitlement beside the facts: a use by hand, a use taken back, one more given.

A course that has ended is still put right: what was not used is read long after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.care.tables import EnrolmentRow
from core.dialogue.course import Course, course_of
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.parts import Entitlement
from core.people.patients import get_patient
from core.settlement.entitlements import GIVEN, Right, Use, rights_of
from core.settlement.tables import EntitlementMarkRow

USED = declare("entitlement.used", N_("Use of an entitlement noted"), ("note",))
TAKEN_BACK = declare("entitlement.taken_back", N_("Use of an entitlement taken back"), ("reason",))
PUT_BACK = declare("entitlement.put_back", N_("Use of an entitlement counts again"))
GIFT_BACK = declare("entitlement.gift_back", N_("One more of an entitlement taken back"), ("reason",))
ONE_MORE = declare("entitlement.given", N_("One more of an entitlement given"), ("reason",))


@dataclass(eq=False)
class UnknownEntitlement(Refusal):
    message = N_("This package does not include that. Please load the page anew.")
    field = "code"


@dataclass(eq=False)
class UnknownUse(Refusal):
    message = N_("This use is no longer there. Please load the page anew.")


@dataclass(eq=False)
class AlreadyTakenBack(Refusal):
    message = N_("This use was taken back already.")


@dataclass(eq=False)
class NoneLeft(Refusal):
    of: int
    message = N_("All {of} are used. Tick “beyond what was bought” if it was done all the same.")
    field = "beyond"


@dataclass(eq=False)
class NotInTheCourse(Refusal):
    message = N_("Choose a day of her course, not later than today.")
    field = "day"


# --- deeds ----------------------------------------------------------------------------------------


@deed("entitlement.write")
def note_use(
    stamp: Stamp, *, enrolment_id: int, code: str, day: date, note: str = "", beyond: bool = False
) -> int:
    """Note a use that no fact tells, on a day of her course; returns the mark's id. Refuses what the package does not
    include, a day outside the course or in the future, and, unless `beyond` says so, more than there is (`NoneLeft`)."""
    note = reasons.remark(note, field="note")
    course = _held(stamp, enrolment_id)
    right = _right_of(stamp, course, code)
    if not course.enrolled_on <= day <= min(stamp.today, course.ended_on or stamp.today):
        raise NotInTheCourse
    if right.left == 0 and not beyond:
        raise NoneLeft(right.of)
    row = _add(stamp, course, code, "used", day=day, note=note)
    stamp.audit(USED, ("enrolment", enrolment_id), after=_told(course, right, day=day, note=note))
    return row.id


@deed("entitlement.write")
def take_back(stamp: Stamp, *, enrolment_id: int, code: str, source: str, ref: int, reason: str) -> int:
    """Say with a reason that a use does not count; the fact it was counted by stays. Returns the mark's id. Refuses
    `UnknownUse` and `AlreadyTakenBack`."""
    reason = reasons.given(reason)
    course = _held(stamp, enrolment_id)
    right, use = _use_of(stamp, course, code, source, ref)
    if use.taken_back:
        raise AlreadyTakenBack
    row = _add(stamp, course, code, "taken_back", day=use.day, note=reason, source=source, ref=ref)
    after = _told(course, right, day=use.day, reason=reason)
    stamp.audit(TAKEN_BACK, ("enrolment", enrolment_id), after=after)
    return row.id


@deed("entitlement.write")
def put_back(stamp: Stamp, *, enrolment_id: int, code: str, source: str, ref: int) -> int:
    """Let a use that was taken back count again; returns the mark's id. Refuses a use that counts (`UnknownUse`)."""
    course = _held(stamp, enrolment_id)
    right, use = _use_of(stamp, course, code, source, ref)
    row = stamp.session.scalar(
        select(EntitlementMarkRow).where(
            EntitlementMarkRow.enrolment_id == enrolment_id, EntitlementMarkRow.code == code,
            EntitlementMarkRow.kind == "taken_back", EntitlementMarkRow.source == source,
            EntitlementMarkRow.ref == ref, EntitlementMarkRow.undone_at.is_(None),
        )
    )  # fmt: skip
    if row is None:
        raise UnknownUse
    _undo(stamp, row)
    stamp.audit(PUT_BACK, ("enrolment", enrolment_id), after=_told(course, right, day=use.day))
    return row.id


@deed("entitlement.give")
def give_one_more(stamp: Stamp, *, enrolment_id: int, code: str, reason: str) -> int:
    """Give her one more of an entitlement, with the reason; returns the mark's id. Refuses what the package does not
    include."""
    reason = reasons.given(reason)
    course = _held(stamp, enrolment_id)
    right = _right_of(stamp, course, code)
    row = give(stamp, enrolment_id, code, reason)
    after = _told(course, right, day=row.day, reason=reason)
    stamp.audit(ONE_MORE, ("enrolment", enrolment_id), after=after)
    return row.id


@deed("entitlement.give")
def take_back_gift(stamp: Stamp, *, enrolment_id: int, code: str, ref: int, reason: str) -> int:
    """Take back, with the reason, one more that was given by mistake; returns the mark's id. Refuses `UnknownUse`."""
    reason = reasons.given(reason)
    course = _held(stamp, enrolment_id)
    right = _right_of(stamp, course, code)
    if all(gift.ref != ref for gift in right.gifts):
        raise UnknownUse
    row = stamp.session.get_one(EntitlementMarkRow, ref)
    _undo(stamp, row, reason)
    after = _told(course, right, day=row.day, reason=reason)
    stamp.audit(GIFT_BACK, ("enrolment", enrolment_id), after=after)
    return row.id


# --- for other modules of this room ---------------------------------------------------------------


def give(stamp: Stamp, enrolment_id: int, code: str, note: str) -> EntitlementMarkRow:
    """One more of an entitlement, as part of a deed that writes its own audit entry. Refuses what the
    package does not include (`UnknownEntitlement`)."""
    course = course_of(stamp, enrolment_id)
    _bought(course, code)
    return _add(stamp, course, code, GIVEN, day=stamp.today, note=note)


# --- inner ----------------------------------------------------------------------------------------


def _held(stamp: Stamp, enrolment_id: int) -> Course:
    """The course of a patient still on file; refuses an unknown enrolment."""
    patient_id = stamp.session.scalar(select(EnrolmentRow.patient_id).where(EnrolmentRow.id == enrolment_id))
    if patient_id is not None:
        get_patient(stamp, patient_id)
    return course_of(stamp, enrolment_id)


def _bought(course: Course, code: str) -> Entitlement:
    found = next((one for one in course.sold.entitlements if one.code == code), None)
    if found is None:
        raise UnknownEntitlement
    return found


def _right_of(stamp: Stamp, course: Course, code: str) -> Right:
    _bought(course, code)
    return next(one for one in rights_of(stamp, course) if one.code == code)


def _use_of(stamp: Stamp, course: Course, code: str, source: str, ref: int) -> tuple[Right, Use]:
    right = _right_of(stamp, course, code)
    use = next((one for one in right.uses if (one.source, one.ref) == (source, ref)), None)
    if use is None:
        raise UnknownUse
    return right, use


def _add(
    stamp: Stamp, course: Course, code: str, kind: str, *, day: date, note: str,
    source: str | None = None, ref: int | None = None,
) -> EntitlementMarkRow:  # fmt: skip
    row = EntitlementMarkRow(
        enrolment_id=course.enrolment_id, code=code, kind=kind, source=source, ref=ref, day=day, note=note,
        staff_id=stamp.staff_id, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    return row


def _undo(stamp: Stamp, row: EntitlementMarkRow, reason: str = "") -> None:
    row.undone_at, row.undone_by, row.undo_reason = stamp.now, stamp.staff_id, reason


def _told(course: Course, right: Right, *, day: date, **more: str) -> dict[str, date | int | str]:
    facts: dict[str, date | int | str] = {
        "patient_id": course.patient_id,
        "entitlement": right.name,
        "day": day,
    }
    return facts | {name: words for name, words in more.items() if words}
