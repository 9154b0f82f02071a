"""Patients: who they are, how they are reached, and how they are found again at the desk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, select

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw
from core.people.known_patients import refuse_known
from core.people.masking import masked_name, masked_phone
from core.people.patient_rules import PatientFacts, checked, legible, name_key, record_key
from core.people.search import matching
from core.people.tables import PatientRow

PERSONAL = ("name", "record_number", "phone", "birth_date", "last_period", "due_date", "note")
ADDED = declare("patient.added", N_("Patient added"), PERSONAL)
CHANGED = declare("patient.changed", N_("Patient changed"), PERSONAL)


@dataclass(eq=False)
class UnknownPatient(Refusal):
    message = N_("This patient is not on file. Please search again.")


@dataclass(eq=False)
class ErasedPatient(Refusal):
    message = N_("This patient's data were erased on request. Nothing can be added.")


@dataclass(eq=False)
class SilencedPatient(Refusal):
    message = N_("Everything is quiet for this patient. Please speak with her personally instead.")


@dataclass(frozen=True)
class PatientBrief:
    """One line of a list."""

    id: int
    name: str
    record_number: str
    phone: str
    birth_date: date | None
    silenced: bool

    @property
    def phone_end(self) -> str:
        return self.phone[-4:]

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)


@dataclass(frozen=True)
class PatientCard:
    """All facts of one patient, for staff. How far she is today says `care.pregnancies`: her course counts, not she."""

    id: int
    name: str
    record_number: str
    phone: str
    birth_date: date | None
    last_period: date | None
    due_date: date | None
    note: str
    language: str
    silenced_at: datetime | None
    created_at: datetime
    # From a hospital's table, until a package counted from that day is sold to her.
    operation_date: date | None = None
    discharge_date: date | None = None

    @property
    def masked_name(self) -> str:
        return masked_name(self.name)

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)

    def course_day(self, anchor: str) -> date | None:
        """The imported day of this anchor ("operation", "discharge"); None where none is on file."""
        return {"operation": self.operation_date, "discharge": self.discharge_date}.get(anchor)


# --- deeds ----------------------------------------------------------------------------------------


@deed("patient.write")
def add_patient(
    stamp: Stamp,
    *,
    name: str,
    record_number: str,
    phone: str = "",
    birth_date: date | None = None,
    last_period: date | None = None,
    due_date: date | None = None,
    note: str = "",
    language: str = "zh",
) -> int:
    """Add one patient; returns her id. Refuses what cannot be right (`patient_rules.checked`) and whoever is on file
    already (`known_patients.refuse_known`), as an import does."""
    given = PatientFacts(name, record_number, phone, birth_date, last_period, due_date, note, language)
    facts = checked(given, stamp.today)
    refuse_known(stamp, facts)
    row = PatientRow(**columns(facts, stamp.now))
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(ADDED, ("patient", row.id), after={k: v for k, v in asdict(facts).items() if v})
    stamp.touch(stamp.today)
    return row.id


@deed("patient.write")
def edit_patient(
    stamp: Stamp,
    *,
    patient_id: int,
    name: str,
    record_number: str,
    phone: str = "",
    birth_date: date | None = None,
    last_period: date | None = None,
    due_date: date | None = None,
    note: str = "",
    language: str = "zh",
    read: Raw | None = None,
) -> None:
    """Change a patient's facts. Sold packages keep their anchor date: correct that one at the enrolment.

    `read` is what the form showed when it was drawn: what she who typed left alone stays as it is on file, whatever a
    colleague stored meanwhile. Refuses as `add_patient` does, for what has changed, `ErasedPatient`, and
    `ChangedMeanwhile` where both changed the same fact.
    """
    row = get_patient(stamp, patient_id)
    before = facts_of(row)
    given = PatientFacts(name, record_number, phone, birth_date, last_period, due_date, note, language)
    old = asdict(before)
    facts = checked(PatientFacts(**merged(asdict(given), old, read)), stamp.today, before)
    refuse_known(stamp, facts, patient_id, before)
    new = asdict(facts)
    changed = sorted(field for field in new if new[field] != old[field])
    for field in changed:
        setattr(row, field, new[field])
    row.phone_end = facts.phone_end
    stamp.audit(CHANGED, ("patient", row.id), {f: old[f] for f in changed}, {f: new[f] for f in changed})


# --- questions ------------------------------------------------------------------------------------


@question("patient.read")
def find(look: Look, *, text: str, limit: int = 50) -> list[PatientBrief]:
    """Patients whose name or record number begins with `text`, or whose phone ends with it (four digits or
    the whole), however it is written.

    A part from the middle of a name is looked for only when nothing begins so. At most `limit`, by name.
    """
    if not legible(text):
        return []
    query = select(PatientRow).order_by(PatientRow.name).limit(limit)
    found = _briefs(look, query.where(matching(look, text)))
    part = name_key(text)
    if found or not part or part.isdigit():
        return found
    inside = PatientRow.name_key.contains(part, autoescape=True) & PatientRow.erased_at.is_(None)
    return _briefs(look, query.where(inside))


@question("patient.read")
def card(look: Look, *, patient_id: int) -> PatientCard:
    """One patient's facts; refuses `UnknownPatient`."""
    row = look.session.get(PatientRow, patient_id)
    if row is None or row.erased_at:
        raise UnknownPatient
    return PatientCard(**{name: getattr(row, name) for name in PatientCard.__dataclass_fields__})


# --- what other rooms of core use -----------------------------------------------------------------


def get_patient(stamp: Stamp, patient_id: int, *, speaking: bool = False) -> PatientRow:
    """The patient's row for a deed; refuses `UnknownPatient` and `ErasedPatient`, with `speaking` (a deed that would offer,
    sell, remind or reward) also `SilencedPatient`."""
    row = stamp.session.get(PatientRow, patient_id)
    if row is None:
        raise UnknownPatient
    if row.erased_at:
        raise ErasedPatient
    if speaking and row.silenced_at:
        raise SilencedPatient
    return row


def speaking_among(look: Look, patient_ids: set[int]) -> set[int]:
    """Those of these patients who may be spoken to."""
    query = select(PatientRow.id).where(
        PatientRow.id.in_(sorted(patient_ids)),
        PatientRow.silenced_at.is_(None),
        PatientRow.erased_at.is_(None),
    )
    return set(look.session.scalars(query))


def heard_since(look: Look, patient_id: int) -> datetime:
    """From when on what was written may be shown to her: since she wished to hear from us again after quiet care."""
    since = look.session.scalar(select(PatientRow.heard_since).where(PatientRow.id == patient_id))
    return since or datetime(2000, 1, 1, tzinfo=UTC)


def facts_of(row: PatientRow) -> PatientFacts:
    return PatientFacts(**{name: getattr(row, name) for name in PatientFacts.__dataclass_fields__})


def columns(facts: PatientFacts, now: datetime) -> dict[str, Any]:
    """A new patient's row, for statements that pass the mapped class by: its keys are made here, too."""
    row = {field: getattr(facts, field) for field in PatientFacts.__dataclass_fields__}
    keys = {"record_key": record_key(facts.record_number), "name_key": name_key(facts.name)}
    return {**row, **keys, "phone_end": facts.phone_end, "created_at": now}


def _briefs(look: Look, query: Select[PatientRow]) -> list[PatientBrief]:
    return [
        PatientBrief(
            id=row.id,
            name=row.name,
            record_number=row.record_number,
            phone=row.phone,
            birth_date=row.birth_date,
            silenced=row.silenced_at is not None,
        )
        for row in look.session.scalars(query)
    ]
