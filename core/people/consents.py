"""Consent, one answer per purpose, unticked by default; withdrawing takes effect at once.

Health data need a separate consent per purpose (Personal Information Protection Law, art. 28 and 29).
Answers are appended, never changed: the newest one counts, and none means no.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Column
from core.people.patients import get_patient
from core.people.tables import ConsentRow

RECORDED = declare("consent.recorded", N_("Consent recorded"))

PURPOSES: dict[str, str] = {
    "service": N_("Using my data to deliver the service I have bought"),
    "messages": N_("Reminders and messages about my appointments"),
    "films": N_("Films I take and send to my team"),
    "photos": N_("Photos of me and my family, kept for my album"),
    "album": N_("Making my keepsake album"),
    "story_wall": N_("Showing my words, without my name, on the story wall"),
}
CHANNELS: dict[str, str] = {
    "paper": N_("Signed on paper"),
    "screen": N_("Answered at the desk"),
    "phone": N_("Answered on the patient's phone"),
}

Withdrawal = Callable[[Stamp, int, str], None]
WITHDRAWALS: list[Withdrawal] = []


@dataclass(eq=False)
class UnknownPurpose(Refusal):
    purpose: str
    message = N_("There is no consent purpose “{purpose}”. Please reload the page.")


@dataclass(eq=False)
class UnknownChannel(Refusal):
    channel: str
    message = N_("Please choose how the consent was given.")
    field = "channel"


@dataclass(frozen=True)
class Consent:
    """The newest answer to one purpose. `at` and `channel` are empty where nobody has asked yet."""

    purpose: str
    label: str
    given: bool
    at: datetime | None
    channel: str


def on_withdrawn(handler: Withdrawal) -> Withdrawal:
    """Register what a room to the right does at once, in the same transaction, when a purpose is
    withdrawn."""
    if handler not in WITHDRAWALS:
        WITHDRAWALS.append(handler)
    return handler


@deed("patient.write")
def record_consents(
    stamp: Stamp, *, patient_id: int, given: dict[str, bool], channel: str
) -> dict[str, bool]:
    """Record what a patient answered, purpose by purpose; returns the answers that changed.

    A purpose that is not in `given` stays as it is. Refuses an unknown purpose or channel.
    """
    get_patient(stamp, patient_id, held=True)
    return record(stamp, patient_id, given, channel)


@deed("patient.self")
def answer_consents(stamp: Stamp, *, given: dict[str, bool]) -> dict[str, bool]:
    """The patient's own answers on her phone; a withdrawal takes effect at once. Returns what changed."""
    patient_id = int(stamp.actor.id or 0)
    get_patient(stamp, patient_id, held=True)
    return record(stamp, patient_id, given, "phone")


@question("patient.read")
def consents_of(look: Look, *, patient_id: int) -> list[Consent]:
    """One line per purpose in the fixed order, also where nothing was answered."""
    return _listed(look.session, patient_id)


@question("patient.self")
def own_consents(look: Look) -> list[Consent]:
    """The same for the patient herself."""
    return _listed(look.session, int(look.actor.id or 0))


def record(stamp: Stamp, patient_id: int, given: dict[str, bool], channel: str) -> dict[str, bool]:
    """`append`, with an audit entry of its own; returns the answers that changed."""
    before, changed = append(stamp, patient_id, given, channel)
    stamp.audit(RECORDED, ("patient", patient_id), before, {**changed, "channel": channel})
    return changed


def append(
    stamp: Stamp, patient_id: int, given: dict[str, bool], channel: str
) -> tuple[dict[str, bool], dict[str, bool]]:
    """Append the answers that differ from the newest ones and run what withdrawals set off.

    Returns before and after of what changed, for the audit entry of the deed that calls this.
    """
    if channel not in CHANNELS:
        raise UnknownChannel(channel)
    for purpose in given:
        if purpose not in PURPOSES:
            raise UnknownPurpose(purpose)
    newest = _newest(stamp.session, [patient_id])
    known = {
        purpose: newest[patient_id, purpose].given for purpose in given if (patient_id, purpose) in newest
    }
    changed = {
        purpose: bool(answer) for purpose, answer in given.items() if known.get(purpose) != bool(answer)
    }
    for purpose, answer in changed.items():
        stamp.session.add(
            ConsentRow(
                patient_id=patient_id,
                purpose=purpose,
                given=answer,
                channel=channel,
                at=stamp.now,
                recorded_by=stamp.staff_id,
            )
        )
    stamp.session.flush()
    before = {purpose: known[purpose] for purpose in changed if purpose in known}
    for purpose in [purpose for purpose, was in before.items() if was]:
        for handler in WITHDRAWALS:
            handler(stamp, patient_id, purpose)
    return before, changed


def has_consent(session: Session, patient_id: int, purpose: str) -> bool:
    """Whether the newest answer is yes. For other rooms of core."""
    row = _newest(session, [patient_id], purpose).get((patient_id, purpose))
    return bool(row and row.given)


def says_yes(patient: Column, purpose: str) -> ColumnElement[bool]:
    """The same as a condition on a patient's number, for statements of other rooms."""
    newest = (
        select(ConsentRow.given)
        .where(ConsentRow.patient_id == patient, ConsentRow.purpose == purpose)
        .order_by(ConsentRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, false())


def _newest(
    session: Session, patient_ids: list[int], purpose: str | None = None
) -> dict[tuple[int, str], ConsentRow]:
    query = select(ConsentRow).where(ConsentRow.id.in_(_last(patient_ids, purpose)))
    return {(row.patient_id, row.purpose): row for row in session.scalars(query)}


def _last(patient_ids: list[int], purpose: str | None) -> Select[int]:
    """The numbers of the newest answers."""
    last = select(func.max(ConsentRow.id)).where(ConsentRow.patient_id.in_(patient_ids))
    if purpose:
        last = last.where(ConsentRow.purpose == purpose)
    return last.group_by(ConsentRow.patient_id, ConsentRow.purpose)


def _listed(session: Session, patient_id: int) -> list[Consent]:
    newest = _newest(session, [patient_id])
    lines = []
    for purpose, label in PURPOSES.items():
        row = newest.get((patient_id, purpose))
        lines.append(
            Consent(purpose, label, row.given, row.at, row.channel)
            if row
            else Consent(purpose, label, False, None, "")
        )
    return lines
