"""Whom a praise code means: a place with the people who work there, or one person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.department.switches import is_on
from core.department.tables import LocationRow
from core.foundation.doors import Look, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.tables import StaffRow

TIPS_SWITCH = "money_tips"
PRAISED_ROLES = ("nurse", "doctor", "front_desk", "manager")


@dataclass(eq=False)
class PraiseCodeUnknown(Refusal):
    message = N_("We do not know this code. Please scan it again, or ask at the nurse station.")
    field = "code"


@dataclass(eq=False)
class PraisePersonElsewhere(Refusal):
    message = N_("This person cannot be chosen here. Please choose again.")
    field = "person"


@dataclass(frozen=True)
class Person:
    """A member of staff as a patient may see one: no role, no figures."""

    code: str
    name: str
    title: str
    takes_tips: bool


@dataclass(frozen=True)
class Target:
    """What a QR code points at: a place with the people who work there, or one person."""

    code: str
    kind: str  # place | person
    name: str
    detail: str
    people: tuple[Person, ...]
    tips_on: bool


@question("public")
def target(look: Look, *, code: str) -> Target:
    """Whom a praise code means, and who may be chosen there. Refuses `PraiseCodeUnknown`."""
    tips_on = is_on(look, TIPS_SWITCH)
    location, staff = aim(look.session, code, "")
    if staff:
        one = Person(staff.praise_code, staff.name, staff.title, tips_on and bool(staff.payment_code_key))
        return Target(staff.praise_code, "person", staff.name, staff.title, (one,), tips_on)
    assert location is not None
    people = look.session.execute(
        select(StaffRow.praise_code, StaffRow.name, StaffRow.title, StaffRow.payment_code_key)
        .where(StaffRow.active, StaffRow.role.in_(PRAISED_ROLES))
        .order_by(StaffRow.role.desc(), StaffRow.id)
    )
    choices = tuple(
        Person(p.praise_code, p.name, p.title, tips_on and bool(p.payment_code_key)) for p in people
    )
    return Target(location.praise_code, "place", location.name, location.floor, choices, tips_on)


def aim(session: Session, code: str, person: str) -> tuple[LocationRow | None, StaffRow | None]:
    """The location and the person that `code` and `person` mean; codes are read without spaces and case."""
    wanted = "".join(code.split()).upper()
    staff = session.scalar(select(StaffRow).where(StaffRow.praise_code == wanted, StaffRow.active))
    if staff:
        return None, staff
    location = session.scalar(
        select(LocationRow).where(func.upper(LocationRow.praise_code) == wanted, LocationRow.active)
    )
    if location is None:
        raise PraiseCodeUnknown
    if not person:
        return location, None
    chosen = session.scalar(
        select(StaffRow).where(
            StaffRow.praise_code == person, StaffRow.active, StaffRow.role.in_(PRAISED_ROLES)
        )
    )
    if chosen is None:
        raise PraisePersonElsewhere
    return location, chosen
