"""Consent, one answer per purpose, unticked by default; withdrawing takes effect at once.

Health data need a separate consent per purpose (Personal Information Protection Law, art. 28 and 29).
Answers are appended, never changed: the newest one counts, and none means no.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, not_, select
from sqlalchemy.orm import Session

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Column, Raw
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

# What a room loses, or still holds back, for want of a consent: its sentences about one patient and purpose, with whether
# the consent stands and the reader's language.
Holder = Callable[[Look, int, str, bool, str], list[str]]
HOLDERS: list[Holder] = []


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


def on_asked(holder: Holder) -> Holder:
    """Register what a room says before a consent is withdrawn, and while one is missing. Registering twice is once."""
    if holder not in HOLDERS:
        HOLDERS.append(holder)
    return holder


@deed("patient.write")
def record_consents(
    stamp: Stamp, *, patient_id: int, given: dict[str, bool], channel: str, read: Raw | None = None
) -> dict[str, bool]:
    """Record what a patient answered, purpose by purpose; returns the answers that changed.

    A purpose that is not in `given`, or that whoever saw `read` left alone, stays as it is. Refuses an unknown purpose
    or channel.
    """
    get_patient(stamp, patient_id)
    return record(stamp, patient_id, left_alone(stamp.session, patient_id, given, read), channel)


@deed("patient.self")
def answer_consents(stamp: Stamp, *, given: dict[str, bool]) -> dict[str, bool]:
    """The patient's own answers on her phone; a withdrawal takes effect at once. Returns what changed."""
    patient_id = int(stamp.actor.id or 0)
    get_patient(stamp, patient_id)
    return record(stamp, patient_id, given, "phone")


@question("patient.read")
def consents_of(look: Look, *, patient_id: int) -> list[Consent]:
    """One line per purpose in the fixed order, also where nothing was answered."""
    return _listed(look.session, patient_id)


@question("patient.self")
def own_consents(look: Look) -> list[Consent]:
    """The same for the patient herself."""
    return _listed(look.session, int(look.actor.id or 0))


@question("patient.read")
def depends_on_consents(look: Look, *, patient_id: int, language: str) -> dict[str, list[str]]:
    """By purpose, in sentences: what goes when the consent that stands is withdrawn, and what waits hidden where it was.
    A purpose nothing depends on is left out."""
    return _depending(look, patient_id, language)


@question("patient.self")
def own_depends_on_consents(look: Look, *, language: str) -> dict[str, list[str]]:
    """The same for the patient herself."""
    return _depending(look, int(look.actor.id or 0), language)


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


def left_alone(
    session: Session, patient_id: int, given: dict[str, bool], read: Raw | None
) -> dict[str, bool]:
    """The answers of a form whose boxes showed `read`: what was not touched there is what she said last."""
    newest = _newest(session, [patient_id])
    stored = {
        purpose: (patient_id, purpose) in newest and newest[patient_id, purpose].given for purpose in PURPOSES
    }
    return merged(given, stored, read)


def has_consent(session: Session, patient_id: int, purpose: str) -> bool:
    """Whether the newest answer is yes. For other rooms of core."""
    row = _newest(session, [patient_id], purpose).get((patient_id, purpose))
    return bool(row and row.given)


def says_yes(patient: Column, purpose: str) -> ColumnElement[bool]:
    """The same as a condition on a patient's number, for statements of other rooms."""
    return func.coalesce(_newest_answer(ConsentRow.given.expression, patient, purpose), false())


def withdrawn_at(session: Session, patient_id: int, purpose: str) -> datetime | None:
    """Since when the newest answer is no; None where it is yes, or nobody has asked. For other rooms of core."""
    row = _newest(session, [patient_id], purpose).get((patient_id, purpose))
    return row.at if row and not row.given else None


def said_no_before(patient: Column, purpose: str, instant: datetime) -> ColumnElement[bool]:
    """Whether the newest answer is a no of before `instant`, as a condition on a patient's number."""
    newest = _newest_answer(and_(not_(ConsentRow.given), ConsentRow.at < instant), patient, purpose)
    return func.coalesce(newest, false())


def _newest_answer(of_it: ColumnElement[bool], patient: Column, purpose: str) -> ScalarSelect[bool]:
    return (
        select(of_it)
        .where(ConsentRow.patient_id == patient, ConsentRow.purpose == purpose)
        .order_by(ConsentRow.id.desc())
        .limit(1)
        # However deep it stands: without this the outer tables would be read anew in it, and another's answer be hers.
        .correlate_except(ConsentRow)
        .scalar_subquery()
    )


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


def _depending(look: Look, patient_id: int, language: str) -> dict[str, list[str]]:
    said = {
        one.purpose: [
            line for holder in HOLDERS for line in holder(look, patient_id, one.purpose, one.given, language)
        ]
        for one in _listed(look.session, patient_id)
        if one.at
    }
    return {purpose: lines for purpose, lines in said.items() if lines}


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
