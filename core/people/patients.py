"""Patients: who they are, how they are reached, and how they are found again at the desk."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.clinical.dating import week_text
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.masking import masked_name, masked_phone, masked_record
from core.people.patient_rules import PatientFacts, checked, dating_anchor
from core.people.tables import PatientRow

PERSONAL = ("name", "record_number", "phone", "birth_date", "last_period", "due_date", "note")
ADDED = declare("patient.added", N_("Patient added"), PERSONAL)
CHANGED = declare("patient.changed", N_("Patient changed"), PERSONAL)


@dataclass(eq=False)
class RecordNumberTaken(Refusal):
    record_number: str
    name: str
    message = N_("Record number {record_number} already belongs to {name}. Please check the number.")
    field = "record_number"


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
    """One line of a list. `week_text` is the gestational age today ("12+3"), "" without a date."""

    id: int
    name: str
    record_number: str
    phone: str
    birth_date: date | None
    week_text: str
    silenced: bool

    @property
    def phone_end(self) -> str:
        return self.phone[-4:]

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)


@dataclass(frozen=True)
class PatientPage:
    """One page of the roster, newest patients first. Pages count from 1."""

    rows: list[PatientBrief]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class PatientCard:
    """All facts of one patient, for staff."""

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
    week_text: str

    @property
    def masked_name(self) -> str:
        return masked_name(self.name)

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)


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
    """Add one patient; returns her id. Refuses by field: see `core.people.patient_rules.checked` and
    `RecordNumberTaken`."""
    given = PatientFacts(name, record_number, phone, birth_date, last_period, due_date, note, language)
    facts = checked(given, stamp.today)
    _refuse_taken(stamp, facts.record_number)
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
) -> None:
    """Change a patient's facts. Sold packages keep their anchor date: correct that one at the enrolment.

    Refuses as `add_patient` does, for what has changed, and `ErasedPatient`.
    """
    row = get_patient(stamp, patient_id)
    before = facts_of(row)
    given = PatientFacts(name, record_number, phone, birth_date, last_period, due_date, note, language)
    facts = checked(given, stamp.today, before)
    if facts.record_number != before.record_number:
        _refuse_taken(stamp, facts.record_number)
    old, new = asdict(before), asdict(facts)
    changed = sorted(field for field in new if new[field] != old[field])
    for field in changed:
        setattr(row, field, new[field])
    row.phone_end = facts.phone_end
    stamp.audit(CHANGED, ("patient", row.id), {f: old[f] for f in changed}, {f: new[f] for f in changed})


# --- questions ------------------------------------------------------------------------------------


@question("patient.read")
def find(look: Look, *, text: str, limit: int = 50) -> list[PatientBrief]:
    """Patients whose name or record number begins with `text`, or whose phone ends with it (four digits or
    the whole).

    A part from the middle of a name is looked for only when nothing begins so. At most `limit`, by name.
    """
    wanted = tidy(text)
    if not wanted:
        return []
    found = _briefs(
        look, select(PatientRow).where(matching(look, wanted)).order_by(PatientRow.name).limit(limit)
    )
    if found or wanted.isdigit():
        return found
    inside = PatientRow.name.contains(wanted, autoescape=True) & PatientRow.erased_at.is_(None)
    return _briefs(look, select(PatientRow).where(inside).order_by(PatientRow.name).limit(limit))


@question("patient.read")
def roster(
    look: Look, *, text: str = "", silenced: bool | None = None, page: int = 1, page_size: int = 50
) -> PatientPage:
    """All patients, newest first, optionally those `find` would match or only (not) silenced ones."""
    conditions: list[ColumnElement[bool]] = [PatientRow.erased_at.is_(None)]
    if tidy(text):
        conditions.append(matching(look, tidy(text)))
    if silenced is not None:
        conditions.append(
            PatientRow.silenced_at.is_not(None) if silenced else PatientRow.silenced_at.is_(None)
        )
    total = look.session.scalar(select(func.count()).select_from(PatientRow).where(*conditions)) or 0
    pages = max(1, -(-total // page_size))
    page = min(max(1, page), pages)
    query = select(PatientRow).where(*conditions).order_by(PatientRow.id.desc())
    return PatientPage(
        _briefs(look, query.offset((page - 1) * page_size).limit(page_size)), total, page, pages
    )


@question("patient.read")
def card(look: Look, *, patient_id: int) -> PatientCard:
    """One patient's facts; refuses `UnknownPatient`."""
    row = look.session.get(PatientRow, patient_id)
    if row is None or row.erased_at:
        raise UnknownPatient
    known = {name: getattr(row, name) for name in PatientCard.__dataclass_fields__ if name != "week_text"}
    return PatientCard(**known, week_text=week_text(dating_anchor(row.last_period, row.due_date), look.today))


# --- what other rooms of core use -----------------------------------------------------------------


def get_patient(stamp: Stamp, patient_id: int, *, speaking: bool = False, held: bool = False) -> PatientRow:
    """The patient's row for a deed; refuses `UnknownPatient` and `ErasedPatient`.

    With `speaking` (a deed that would offer, sell, remind or reward) also `SilencedPatient`; `held` reads it for
    changing. Both hold the row until the deed ends: a gentle stop and a deed that speaks wait for each other, or
    what was promised in the same second would outlive the silence. Call it before locking anything of hers.
    """
    lock = {"key_share": True} if speaking or held else None
    row = stamp.session.get(PatientRow, patient_id, with_for_update=lock)
    if row is None:
        raise UnknownPatient
    if row.erased_at:
        raise ErasedPatient
    if speaking and row.silenced_at:
        raise SilencedPatient
    return row


def hold_speaking(stamp: Stamp, patient_ids: set[int]) -> set[int]:
    """Those of these patients who may be spoken to, each held as `get_patient` holds one with `speaking`; always in the
    order of their numbers, so that two lists at once cannot wait for each other."""
    query = (
        select(PatientRow.id)
        .where(
            PatientRow.id.in_(sorted(patient_ids)),
            PatientRow.silenced_at.is_(None),
            PatientRow.erased_at.is_(None),
        )
        .order_by(PatientRow.id)
        .with_for_update(key_share=True)
    )
    return set(stamp.session.scalars(query))


def facts_of(row: PatientRow) -> PatientFacts:
    return PatientFacts(**{name: getattr(row, name) for name in PatientFacts.__dataclass_fields__})


def columns(facts: PatientFacts, now: datetime) -> dict[str, Any]:
    return {**asdict(facts), "phone_end": facts.phone_end, "created_at": now}


def tidy(text: str) -> str:
    """What somebody typed into a search field: full-width characters as usual ones, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def begins_with(look: Look, column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """A prefix condition that the column's index answers on both engines."""
    if look.session.get_bind().dialect.name == "sqlite":
        # SQLite's LIKE ignores case and therefore the index; a range of code points does not.
        return (column >= text) & (column < text + "\U0010ffff")
    return column.startswith(text, autoescape=True)


def matching(look: Look, text: str) -> ColumnElement[bool]:
    """The condition behind every search field: name or record number begins so, or the phone ends so."""
    digits = "".join(character for character in text if character.isdigit())
    condition = begins_with(look, PatientRow.record_number, text) | begins_with(look, PatientRow.name, text)
    if len(digits) == 4 and digits == text:
        condition |= PatientRow.phone_end == digits
    elif len(digits) > 6:
        condition |= (PatientRow.phone_end == digits[-4:]) & (PatientRow.phone == digits)
    return condition & PatientRow.erased_at.is_(None)


# --- inner ----------------------------------------------------------------------------------------


def _refuse_taken(stamp: Stamp, record_number: str) -> None:
    name = stamp.session.scalar(select(PatientRow.name).where(PatientRow.record_number == record_number))
    if name is not None:
        raise RecordNumberTaken(masked_record(record_number), masked_name(name))


def _briefs(look: Look, query: Select[PatientRow]) -> list[PatientBrief]:
    return [
        PatientBrief(
            id=row.id,
            name=row.name,
            record_number=row.record_number,
            phone=row.phone,
            birth_date=row.birth_date,
            week_text=week_text(dating_anchor(row.last_period, row.due_date), look.today),
            silenced=row.silenced_at is not None,
        )
        for row in look.session.scalars(query)
    ]
