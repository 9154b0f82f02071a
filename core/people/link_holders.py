"""Who holds a card of a patient's private page: herself, somebody of her family, a guardian; each by name.

Every card is a link of its own and ends on its own. A patient under 14 is spoken for by a guardian first: consent of
a parent or guardian, Personal Information Protection Law, art. 31.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core.foundation import reasons
from core.foundation.doors import Look, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.digit_guesses import is_closed
from core.people.tables import PatientRow, PhoneDeviceRow, PhoneLinkRow

RELATION_NAMES: dict[str, str] = {
    "self": N_("The patient"),
    "family": N_("Family"),
    "guardian": N_("Guardian"),
}
LONGEST_PERSON = 40
OWN_CONSENT_AGE = 14


@dataclass(eq=False)
class PersonMissing(Refusal):
    message = N_("Please enter the name of the person who gets this card.")
    field = "person"


@dataclass(eq=False)
class RelationMissing(Refusal):
    message = N_("Please choose who gets this card.")
    field = "relation"


@dataclass(eq=False)
class GuardianFirst(Refusal):
    age: int = OWN_CONSENT_AGE
    message = N_("This patient is under {age}: the first card is for a parent or guardian, with the name.")
    field = "relation"


@dataclass(frozen=True)
class LinkHolder:
    """One living card, as staff see it; never the link itself. `person` is "" for the patient herself, `phones` how
    many phones were confirmed with it, `closed` whether it opens no further one after too many wrong digits."""

    link_id: int
    person: str
    relation: str
    issued_at: datetime
    locked_until: datetime | None
    phones: int
    closed: bool = False


@question("patient.read")
def link_holders(look: Look, *, patient_id: int) -> list[LinkHolder]:
    """The living cards of a patient: her own first, then in the order in which they were made."""
    rows = look.session.execute(
        select(PhoneLinkRow, func.count(PhoneDeviceRow.id))
        .outerjoin(PhoneDeviceRow, PhoneDeviceRow.link_id == PhoneLinkRow.id)
        .where(PhoneLinkRow.patient_id == patient_id, PhoneLinkRow.revoked_at.is_(None))
        .group_by(PhoneLinkRow.id)
        .order_by(PhoneLinkRow.person != "", PhoneLinkRow.id)
    ).all()
    return [
        LinkHolder(
            row.id, row.person, row.relation, row.created_at,
            row.locked_until if row.locked_until and row.locked_until > look.now else None, phones,
            is_closed(row.locked_until),
        )
        for row, phones in rows
    ]  # fmt: skip


@question("patient.read")
def needs_guardian(look: Look, *, patient_id: int) -> bool:
    """Whether the next card must be a guardian's: she is under 14 and no guardian holds a living card."""
    patient = look.session.get_one(PatientRow, patient_id)
    return guardian_is_missing(look, patient)


def guardian_is_missing(look: Look, patient: PatientRow) -> bool:
    """The same, for deeds that hold the patient."""
    if not is_under_age(patient.birth_date, look.today):
        return False
    return not look.session.scalar(
        select(PhoneLinkRow.id)
        .where(
            PhoneLinkRow.patient_id == patient.id,
            PhoneLinkRow.relation == "guardian",
            PhoneLinkRow.revoked_at.is_(None),
        )
        .limit(1)
    )


def is_under_age(born: date | None, today: date) -> bool:
    """Whether somebody has not had the 14th birthday; nobody without a date of birth is."""
    if born is None:
        return False
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < OWN_CONSENT_AGE


def person_of(person: str, relation: str) -> str:
    """The name as it is kept, "" for the patient herself. Refuses `RelationMissing`, `PersonMissing` and one too long."""
    if relation not in RELATION_NAMES:
        raise RelationMissing
    if relation == "self":
        return ""
    name = " ".join(reasons.remark(person, most=LONGEST_PERSON, field="person").split())
    if not name:
        raise PersonMissing
    return name
