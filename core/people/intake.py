"""Many patients at once, from a file that the exchange room has read and a person has looked over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.people.patient_rules import PatientFacts, checked
from core.people.patients import columns
from core.people.tables import ImportRow, PatientRow

IMPORTED = declare("patient.imported", N_("Patients imported from a file"))
# Bound variables of one statement: well under the smallest limit of both engines.
CHUNK = 500

Person = tuple[str, str, date | None]


@dataclass(eq=False)
class ImportRowRefused(Refusal):
    """One row of a file cannot be right. `reason` is the row's own refusal text, `details` its parameters."""

    row_number: int
    reason: str
    details: dict[str, Any]
    message = N_("Row {row_number}: {reason} Nothing was imported.")

    def text(self, language: str) -> str:
        _ = translator(language)
        return _(self.message, row_number=self.row_number, reason=_(self.reason, **self.details))


@dataclass(eq=False)
class FileAlreadyImported(Refusal):
    added: int
    message = N_("This file has already been imported (rows: {added}). Nothing was imported again.")


@dataclass(eq=False)
class NothingToImport(Refusal):
    message = N_("The file holds nothing new. Nothing was imported.")


@deed("patient.import")
def import_patients(stamp: Stamp, *, rows: list[dict[str, Any]], file_digest: str) -> dict[str, int]:
    """Add the new people of a file, all or nothing; returns {"added", "known"}.

    Rows are dicts with the fields of `add_patient` (and "row_number", as a person counts rows in the file).
    Each is checked again here: somebody may have added the same person since the preview, she is then left
    as she is and counted under "known". Refuses a row that cannot be right, a file taken before, and a file
    with nothing new.
    """
    refuse_known_file(stamp, "patients", file_digest)
    facts = [_row_facts(row, number, stamp.today) for number, row in enumerate(rows, start=1)]
    new = _not_on_file(stamp, facts)
    if not new:
        raise NothingToImport
    stamp.session.execute(insert(PatientRow), [columns(one, stamp.now) for one in new])
    remember_file(stamp, "patients", file_digest, len(new))
    done = {"added": len(new), "known": len(facts) - len(new)}
    stamp.audit(IMPORTED, ("patients", None), after={**done, "file": file_digest})
    stamp.touch(stamp.today)
    return done


def refuse_known_file(stamp: Stamp, kind: str, digest: str) -> None:
    """Refuse a file that was taken over before (`FileAlreadyImported`), whatever its name is now."""
    query = select(ImportRow.added).where(ImportRow.kind == kind, ImportRow.digest == digest[:64])
    added = stamp.session.scalar(query)
    if added is not None:
        raise FileAlreadyImported(added)


def remember_file(stamp: Stamp, kind: str, digest: str, added: int) -> None:
    stamp.session.add(
        ImportRow(kind=kind, digest=digest[:64], added=added, at=stamp.now, imported_by=stamp.staff_id)
    )


def _row_facts(row: dict[str, Any], number: int, today: date) -> PatientFacts:
    known = {name: row[name] for name in PatientFacts.__dataclass_fields__ if row.get(name) is not None}
    try:
        return checked(PatientFacts(**{"name": "", "record_number": "", **known}), today)
    except Refusal as refusal:
        raise ImportRowRefused(row.get("row_number") or number, refusal.message, refusal.parameters) from None


def _not_on_file(stamp: Stamp, facts: list[PatientFacts]) -> list[PatientFacts]:
    numbers = set(_known(stamp, PatientRow.record_number, [one.record_number for one in facts]))
    people: set[Person] = {
        (row.name, row.phone, row.birth_date)
        for row in _known(
            stamp, PatientRow.phone_end, sorted({one.phone_end for one in facts if one.phone}), whole=True
        )
    }
    new: list[PatientFacts] = []
    for one in facts:
        person: Person = (one.name, one.phone, one.birth_date)
        same_person = bool(one.phone and one.birth_date) and person in people
        if one.record_number in numbers or same_person:
            continue
        numbers.add(one.record_number)
        people.add(person)
        new.append(one)
    return new


def _known(stamp: Stamp, column: Any, values: list[str], whole: bool = False) -> list[Any]:
    """Rows whose column holds one of the values: the column alone, or name, phone and birth date."""
    found: list[Any] = []
    for start in range(0, len(values), CHUNK):
        chosen = column.in_(values[start : start + CHUNK])
        if whole:
            query = select(PatientRow.name, PatientRow.phone, PatientRow.birth_date).where(chosen)
            found += stamp.session.execute(query).all()
        else:
            found += stamp.session.scalars(select(column).where(chosen)).all()
    return found
