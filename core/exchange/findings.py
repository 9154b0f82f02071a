"""What looking over a grid of patients brings to light."""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.errors import Refusal
from core.people.intake import PatientLine
from core.people.known_patients import Match
from core.people.patient_rules import name_key, record_key


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line whose patient is already here; `match` says who, and by what she was known."""

    line: PatientLine
    match: Match

    @property
    def differs(self) -> tuple[str, ...]:
        """The fields in which the file says something else than the department (a differing name deserves a look)."""
        told, kept = self.line, self.match.patient
        pairs = {
            "name": (name_key(told.name), name_key(kept.name)),
            "record_number": (record_key(told.record_number), record_key(kept.record_number)),
            "phone": (told.phone, kept.phone),
            "birth_date": (told.birth_date, kept.birth_date),
        }
        return tuple(name for name, (new, old) in pairs.items() if new and new != old)


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

    new: list[PatientLine]
    known: list[KnownLine]
    refused: list[RefusedRow]
    skipped: int = 0

    @property
    def refused_rows(self) -> int:
        """How many rows are refused, however many faults they have."""
        return len({fault.row_number for fault in self.refused})

    @property
    def without_phone(self) -> int:
        """How many of the new patients cannot be reached by phone."""
        return sum(not line.phone for line in self.new)
