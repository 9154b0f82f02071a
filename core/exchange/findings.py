"""What looking over a table of patients brings to light."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.exchange.cells import record_key
from core.foundation.errors import Refusal

Person = tuple[str, str, date]
_COMPARED = ("name", "record_number", "phone", "birth_date")


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient as the file gives them, checked. Empty: "" or None. `row_number` as Excel shows it."""

    row_number: int
    name: str
    record_number: str
    phone: str = ""
    birth_date: date | None = None
    last_period: date | None = None
    due_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownPatient:
    """A patient the department already has, as far as comparing needs it."""

    id: int
    name: str
    record_number: str
    phone: str = ""
    birth_date: date | None = None


@dataclass(frozen=True)
class KnownPatients:
    """The department's patients, to be found by record number, or by name, phone and birth date together."""

    by_record_number: Mapping[str, KnownPatient] = field(default_factory=dict)
    by_person: Mapping[Person, KnownPatient] = field(default_factory=dict)

    @classmethod
    def of(cls, patients: Iterable[KnownPatient]) -> KnownPatients:
        """Index `patients`; those without phone or birth date are found by record number alone."""
        numbers: dict[str, KnownPatient] = {}
        persons: dict[Person, KnownPatient] = {}
        for patient in patients:
            numbers[record_key(patient.record_number)] = patient
            if person := person_key(patient):
                persons[person] = patient
        return cls(numbers, persons)

    def find(self, row: PatientRow) -> KnownRow | None:
        """The patient a row speaks of, if she is here already."""
        by, patient = "record_number", self.by_record_number.get(record_key(row.record_number))
        person = person_key(row)
        if patient is None and person:
            by, patient = "person", self.by_person.get(person)
        if patient is None:
            return None
        told = ((name, getattr(row, name), getattr(patient, name)) for name in _COMPARED)
        return KnownRow(row, patient.id, by, tuple(name for name, new, old in told if new and new != old))


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row whose patient is already here. `by` is "record_number" or "person"; `differs` names the fields in
    which the file says something else than the department (a differing name deserves a look)."""

    row: PatientRow
    patient_id: int
    by: str
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One fault of one row; a row with several faults appears several times. `value` is the cell as it stood."""

    row_number: int
    field: str
    column: int
    column_header: str
    value: str
    reason: Refusal

    def text(self, language: str) -> str:
        return self.reason.text(language)


@dataclass(frozen=True)
class Preview:
    """What would happen: `new` would be added, `known` are here already, `refused` need repair.

    `skipped` counts lines that are no patients: headers repeated on every printed page, the form's example.
    """

    new: list[PatientRow]
    known: list[KnownRow]
    refused: list[RefusedRow]
    skipped: int = 0

    @property
    def refused_rows(self) -> int:
        """How many rows are refused, however many faults they have."""
        return len({fault.row_number for fault in self.refused})

    @property
    def without_phone(self) -> int:
        """How many of the new patients cannot be reached by phone."""
        return sum(not row.phone for row in self.new)


def person_key(patient: PatientRow | KnownPatient) -> Person | None:
    """Name, phone and birth date, by which the same person shows under another record number; all three or
    nothing, because two of them are shared by sisters and namesakes."""
    if patient.name and patient.phone and patient.birth_date:
        return patient.name, patient.phone, patient.birth_date
    return None
