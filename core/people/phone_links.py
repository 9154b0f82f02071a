"""The patient's private page: one link per person (`link_holders`), one confirmation per phone.

The link is a random token of 256 bits in a QR code; a phone that opens it is asked once for the last four
digits of the patient's number and then holds a secret of its own. Of both only SHA-256 is kept, so a copy
of the database opens no page. Wrong answers are counted for the patient (`digit_guesses`), and the house
sees each pause in its audit trail.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Select, bindparam, select, update

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.fast.statements import Hot
from core.foundation.language import N_
from core.people.digit_guesses import count_wrong, pause_of
from core.people.link_holders import GuardianFirst, guardian_is_missing, person_of
from core.people.lockout import Answer
from core.people.patient_rules import legible
from core.people.patients import get_patient
from core.people.tables import PatientRow, PhoneDeviceRow, PhoneLinkRow

ISSUED = declare("phone_link.issued", N_("Private page link issued"))
REVOKED = declare("phone_link.revoked", N_("Private page link revoked"))
CONFIRMED = declare("phone_link.confirmed", N_("Phone confirmed"))
LOCKED = declare("phone_link.locked", N_("Private page locked after wrong answers"))

DEVICE_LASTS = timedelta(days=400)


@dataclass(eq=False)
class NoPhoneNumber(Refusal):
    message = N_("Enter the patient's phone number first: her page asks for its last four digits.")
    field = "phone"


@dataclass(eq=False)
class LinkNotValid(Refusal):
    message = N_("This link is no longer valid. Please ask at the nurse station for a new one.")


@dataclass(eq=False)
class DigitsDoNotFit(Refusal):
    left: int
    message = N_("These digits do not fit. Please check the number you left with us; {left} tries are left.")
    field = "last_four"


@dataclass(eq=False)
class PageLocked(Refusal):
    minutes: int
    message = N_("Too many tries. Please try again in {minutes} minutes, or ask at the nurse station.")
    field = "last_four"


@dataclass(eq=False)
class CardClosed(Refusal):
    message = N_(
        "The digits were wrong too often: this card opens no further phone. Please ask at the nurse station for a new "
        "card. Phones that were opened before go on as they are."
    )
    field = "last_four"


@dataclass(frozen=True)
class Visitor:
    """Who opens a private page. `state`: "known" (`patient_id` says whose, `link_id`, `person` and `relation` by whose
    card), "unconfirmed" (ask for the last four digits) or "unknown" (no such link, or revoked)."""

    state: str
    patient_id: int | None = None
    link_id: int | None = None
    person: str = ""
    relation: str = "self"


_HOLDS = Hot(
    select(
        PhoneLinkRow.patient_id,
        PhoneLinkRow.token_hash,
        PhoneLinkRow.id,
        PhoneLinkRow.person,
        PhoneLinkRow.relation,
    )
    .join(PhoneDeviceRow, PhoneDeviceRow.link_id == PhoneLinkRow.id)
    .where(
        PhoneDeviceRow.secret_hash == bindparam("secret"),
        PhoneDeviceRow.confirmed_at > bindparam("since"),
        PhoneLinkRow.revoked_at.is_(None),
    )
)


# --- deeds ----------------------------------------------------------------------------------------


@deed("patient.write", secret=True)
def issue_link(stamp: Stamp, *, patient_id: int, person: str = "", relation: str = "self") -> str:
    """A new token for the patient's page, seen only now; an older link of the same person and its phones end.

    `relation` is "self", "family" or "guardian", the last two with the `person`'s name. Refuses a patient without a
    phone number (`NoPhoneNumber`), a missing name, and any first card but a guardian's for a patient under 14.
    """
    person = person_of(person, relation)
    patient = get_patient(stamp, patient_id)
    if not patient.phone_end:
        raise NoPhoneNumber
    if relation != "guardian" and guardian_is_missing(stamp, patient):
        raise GuardianFirst
    _revoke(stamp, PhoneLinkRow.patient_id == patient_id, PhoneLinkRow.person == person)
    token = secrets.token_urlsafe(32)
    row = PhoneLinkRow(
        patient_id=patient_id,
        person=person,
        relation=relation,
        token_hash=_digest(token),
        created_at=stamp.now,
    )
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(ISSUED, ("patient", patient_id), after={"link": row.id, "relation": relation})
    return token


@deed("patient.write")
def revoke_link(stamp: Stamp, *, patient_id: int, link_id: int | None = None) -> int:
    """End one link of the patient, or all of them, with the phones confirmed by it, at once; returns how many ended."""
    get_patient(stamp, patient_id)
    one = () if link_id is None else (PhoneLinkRow.id == link_id,)
    ended = _revoke(stamp, PhoneLinkRow.patient_id == patient_id, *one)
    stamp.audit(REVOKED, ("patient", patient_id), after={"links": ended})
    return ended


@deed("public", secret=True)
def confirm_phone(stamp: Stamp, *, token: str, last_four: str) -> Answer:
    """Check the last four digits once per phone; returns {"secret"} for the phone to keep.

    A wrong answer is not raised but returned, as `digit_guesses` says it; `refusal_of` makes it a refusal. An
    unknown or revoked link is refused.
    """
    link = stamp.session.scalar(_live_link(token))
    if link is None:
        raise LinkNotValid
    if paused := pause_of(stamp, link):
        return paused
    patient = get_patient(stamp, link.patient_id)
    given = legible(last_four).replace(" ", "")
    # Compared as bytes, because hmac refuses text beyond ASCII.
    if not patient.phone_end or not hmac.compare_digest(given.encode(), patient.phone_end.encode()):
        answer = count_wrong(stamp, link)
        if answer["refused"] != "failed":
            stamp.audit(LOCKED, ("patient", link.patient_id), after={"link": link.id})
        return answer
    secret = secrets.token_urlsafe(32)
    stamp.session.add(PhoneDeviceRow(link_id=link.id, secret_hash=_digest(secret), confirmed_at=stamp.now))
    stamp.session.flush()
    stamp.audit(CONFIRMED, ("patient", link.patient_id), after={"link": link.id})
    return {"secret": secret}


@deed("patient.self")
def forget_phone(stamp: Stamp, *, device_secret: str) -> None:
    """Sign this one phone out, for a phone that is passed on. The link stays good for the others."""
    device = stamp.session.scalar(
        select(PhoneDeviceRow)
        .join(PhoneLinkRow, PhoneLinkRow.id == PhoneDeviceRow.link_id)
        .where(
            PhoneDeviceRow.secret_hash == _digest(device_secret), PhoneLinkRow.patient_id == stamp.actor.id
        )
    )
    if device is not None:
        stamp.session.delete(device)
    stamp.audit(REVOKED, ("patient", stamp.actor.id), after={"phone": True})


# --- questions ------------------------------------------------------------------------------------


@question("public")
def who(look: Look, *, token: str = "", device_secret: str = "") -> Visitor:
    """Who is holding this phone, by the secret it keeps; with a `token`, only if it belongs to that very
    link.

    One indexed query for a phone that is known.
    """
    if device_secret:
        known = _HOLDS.one(look.link, secret=_digest(device_secret), since=look.now - DEVICE_LASTS)
        if known is not None and (not token or known[1] == _digest(token)):
            return Visitor("known", known[0], *known[2:])
    if token and look.session.scalar(_live_link(token)) is not None:
        return Visitor("unconfirmed")
    return Visitor("unknown")


def refusal_of(answer: Answer) -> Refusal | None:
    """The refusal behind a `confirm_phone` answer, or None when the phone is confirmed."""
    match answer.get("refused"):
        case "failed":
            return DigitsDoNotFit(int(answer["left"]))
        case "locked":
            return PageLocked(int(answer["minutes"]))
        case "closed":
            return CardClosed()
    return None


# --- inner ----------------------------------------------------------------------------------------


def _live_link(token: str) -> Select[PhoneLinkRow]:
    return (
        select(PhoneLinkRow)
        .join(PatientRow, PatientRow.id == PhoneLinkRow.patient_id)
        .where(
            PhoneLinkRow.token_hash == _digest(token),
            PhoneLinkRow.revoked_at.is_(None),
            PatientRow.erased_at.is_(None),
        )
    )


def erase_links(stamp: Stamp, patient_id: int) -> None:
    """End every link of a patient and forget who held them; for the erasure."""
    _revoke(stamp, PhoneLinkRow.patient_id == patient_id)
    stamp.session.execute(update(PhoneLinkRow).where(PhoneLinkRow.patient_id == patient_id).values(person=""))


def _revoke(stamp: Stamp, *which: ColumnElement[bool]) -> int:
    ended: CursorResult[Any] = stamp.session.execute(
        update(PhoneLinkRow).where(PhoneLinkRow.revoked_at.is_(None), *which).values(revoked_at=stamp.now)
    )  # type: ignore[assignment]
    return ended.rowcount


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
