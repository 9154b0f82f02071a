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
from core.people.diagnoses import with_question
from core.people.known_patients import CHUNK, KnownPatient, known_among
from core.people.patient_dates import COURSE_DAYS, course_faults
from core.people.patient_rules import PatientFacts, checked
from core.people.patients import columns
from core.people.tables import ImportRow, PatientRow

IMPORTED = declare("patient.imported", N_("Patients imported from a file"))


@dataclass(frozen=True, slots=True)
class PatientLine(PatientFacts):
    """One patient as a file gives her; `row_number` is the row a person counts in the file. The days are those a package
    may be counted from; `question` stands in the note of whoever may be excluded from one (`diagnoses.with_question`)."""

    row_number: int = 0
    operation_date: date | None = None
    discharge_date: date | None = None
    question: str = ""

    @property
    def days(self) -> dict[str, date | None]:
        return {name: getattr(self, name) for name in COURSE_DAYS}


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
    """Add the new people of a file, all or nothing; returns {"added", "known", "asked", "dated"}.

    Each row is checked again here, by the rules of the form: somebody may have added the same person since the
    preview, she is counted under "known". Of somebody on file only what `brought_by` says is written: the question behind
    her note ("asked"), a day of her course ("dated"). Refuses a row that cannot be right, a file taken before, and a file
    with nothing new.
    """
    refuse_known_file(stamp, "patients", file_digest)
    facts = [_checked(row, stamp.today) for row in rows]
    known = known_among(stamp, facts)
    new: list[dict[str, Any]] = []
    told: dict[int, PatientLine] = {}
    for row, one in zip(rows, facts, strict=True):
        match = known.find(one)
        if match is None:
            known.add(KnownPatient.of(one, 0))
            new.append(columns(one, stamp.now) | row.days)
        elif match.patient.id:
            told[match.patient.id] = row
    written = _tell(stamp, told)
    if not new and not written:
        raise NothingToImport
    if new:
        stamp.link.execute(insert(PatientRow), new)
    remember_file(stamp, "patients", file_digest, len(new))
    done = {
        "added": len(new),
        "known": len(facts) - len(new),
        "asked": sum("note" in one for one in written),
        "dated": sum(len(one) > ("note" in one) for one in written),
    }
    stamp.audit(IMPORTED, ("patients", None), after={**done, "file": file_digest})
    stamp.touch(stamp.today)
    return done


def brought_by(line: PatientLine, kept: KnownPatient | PatientRow) -> dict[str, Any]:
    """What a file brings to somebody on file: the question behind her note where it does not stand there yet and has room,
    and the days of her course that are not on file or later than those there."""
    brought: dict[str, Any] = {}
    for name, day in line.days.items():
        before: date | None = getattr(kept, name)
        if day and (before is None or day > before):
            brought[name] = day
    note = with_question(kept.note, line.question)
    if note is not None and note != kept.note:
        brought["note"] = note
    return brought


def _tell(stamp: Stamp, told: dict[int, PatientLine]) -> list[dict[str, Any]]:
    """Write what the file brings to those on file, each held; what was written, one by one."""
    found: list[dict[str, Any]] = []
    ids = sorted(number for number, line in told.items() if line.question or any(line.days.values()))
    for start in range(0, len(ids), CHUNK):
        query = (
            select(PatientRow)
            .where(PatientRow.id.in_(ids[start : start + CHUNK]), PatientRow.erased_at.is_(None))
            .order_by(PatientRow.id)
            .execution_options(populate_existing=True)
        )
        for row in stamp.session.scalars(query):
            brought = brought_by(told[row.id], row)
            for name, value in brought.items():
                setattr(row, name, value)
            if brought:
                found.append(brought)
    return found


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
        clean = checked(row, today)
        for fault in course_faults(row.days, row.birth_date, today):
            raise fault
        return clean
    except Refusal as refusal:
        raise ImportRowRefused(row.row_number, refusal) from None
