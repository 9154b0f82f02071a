"""Many patients at once, from a file that the exchange room has read and a person has looked over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.people.known_patients import KnownPatient, known_among
from core.people.patient_rules import PatientFacts, checked
from core.people.patients import columns
from core.people.tables import ImportRow, PatientRow

IMPORTED = declare("patient.imported", N_("Patients imported from a file"))


@dataclass(frozen=True, slots=True)
class PatientLine(PatientFacts):
    """One patient as a file gives her; `row_number` is the row a person counts in the file."""

    row_number: int = 0


@dataclass(eq=False)
class ImportRowRefused(Refusal):
    """One row of a file cannot be right. `reason` is the row's own refusal."""

    row_number: int
    reason: Refusal
    message = N_("Row {row_number}: {reason} Nothing was imported.")

    def text(self, language: str) -> str:
        _ = translator(language)
        return _(self.message, row_number=self.row_number, reason=self.reason.text(language))


@dataclass(eq=False)
class FileAlreadyImported(Refusal):
    added: int
    message = N_("This file has already been imported (rows: {added}). Nothing was imported again.")


@dataclass(eq=False)
class NothingToImport(Refusal):
    message = N_("The file holds nothing new. Nothing was imported.")


@deed("patient.import")
def import_patients(stamp: Stamp, *, rows: list[PatientLine], file_digest: str) -> dict[str, int]:
    """Add the new people of a file, all or nothing; returns {"added", "known"}.

    Each row is checked again here, by the rules of the form: somebody may have added the same person since the
    preview, she is then left as she is and counted under "known". Refuses a row that cannot be right, a file taken
    before, and a file with nothing new.
    """
    refuse_known_file(stamp, "patients", file_digest)
    facts = [_checked(row, stamp.today) for row in rows]
    known = known_among(stamp, facts)
    new: list[PatientFacts] = []
    for one in facts:
        if known.find(one) is None:
            known.add(KnownPatient.of(one, 0))
            new.append(one)
    if not new:
        raise NothingToImport
    stamp.link.execute(insert(PatientRow), [columns(one, stamp.now) for one in new])
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


def _checked(row: PatientLine, today: date) -> PatientFacts:
    try:
        return checked(row, today)
    except Refusal as refusal:
        raise ImportRowRefused(row.row_number, refusal) from None
