"""Patients from a spreadsheet: read, choose columns, preview; nothing is stored here.

    table   = read_table(data, filename)
    columns = guess_columns(table)            # shown to the person, who may change it
    found   = preview(table, columns, known, today)      # new, known, refused with every reason
    refused_workbook(table, found.refused, language)     # to repair and send again

A row is taken whole or not at all. Every fault of a row is named at once, so that a file goes round only once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.exchange.cells import name_of, note_of, phone_of, record_key, record_number_of, text_of
from core.exchange.columns import check_columns, guess_columns, missing_recommended, plain_header
from core.exchange.days import day_of
from core.exchange.fields import FIELDS, Field
from core.exchange.findings import (
    KnownPatient,
    KnownPatients,
    KnownRow,
    PatientRow,
    Person,
    Preview,
    RefusedRow,
    person_key,
)
from core.exchange.forms import EXAMPLE_RECORD_NUMBER, refused_workbook, template_workbook
from core.exchange.grids import Row, Table, shown
from core.exchange.plausible import birth_fault, due_fault, period_fault
from core.exchange.reading import read_table
from core.foundation.errors import Refusal
from core.foundation.language import N_

__all__ = [
    "FIELDS",
    "Field",
    "KnownPatient",
    "KnownPatients",
    "KnownRow",
    "PatientRow",
    "Preview",
    "RefusedRow",
    "Table",
    "check_columns",
    "guess_columns",
    "missing_recommended",
    "preview",
    "read_table",
    "refused_workbook",
    "template_workbook",
]

_PROGRESS_EVERY = 250


@dataclass(eq=False)
class RecordNumberTwice(Refusal):
    first_row: int
    message = N_("Row {first_row} of this file has the same record number. Keep one of the two.")


@dataclass(eq=False)
class PersonTwice(Refusal):
    first_row: int
    message = N_(
        "Row {first_row} of this file has the same name, phone and date of birth under another record number. "
        "Keep one of the two."
    )


def preview(
    table: Table,
    columns: Mapping[str, int],
    known: KnownPatients,
    today: date,
    progress: Callable[[float], None] | None = None,
) -> Preview:
    """Judge every row of `table`; pure, nothing is stored.

    `columns`: field name → column index (see `guess_columns`). `today`: the department's day. `progress` is told
    the share done, 0 to 1. Refuses `RequiredColumnMissing`, `ColumnUsedTwice`, `ColumnNotInTable`; faults of
    cells come back in `refused`.
    """
    check_columns(table, columns)
    judge = _Judge(table, dict(columns), known, today)
    for done, row in enumerate(table.rows):
        if progress and done % _PROGRESS_EVERY == 0:
            progress(done / len(table.rows))
        judge.take(row)
    if progress:
        progress(1.0)
    return Preview(judge.new, judge.known_rows, judge.refused, judge.skipped)


class _Judge:
    """Goes through the rows once, remembering whom it has met."""

    def __init__(self, table: Table, columns: dict[str, int], known: KnownPatients, today: date) -> None:
        self.table, self.columns, self.known, self.today = table, columns, known, today
        self.new: list[PatientRow] = []
        self.known_rows: list[KnownRow] = []
        self.refused: list[RefusedRow] = []
        self.skipped = 0
        self._numbers: dict[str, int] = {}
        self._persons: dict[Person, int] = {}
        self._readers: dict[str, Callable[[Any], Any]] = {
            "name": name_of,
            "record_number": record_number_of,
            "phone": phone_of,
            "birth_date": self._day,
            "last_period": self._day,
            "due_date": self._day,
            "note": note_of,
        }

    def take(self, row: Row) -> None:
        if self._is_no_patient(row):
            self.skipped += 1
            return
        values, faults = self._read(row)
        faults += self._implausible(values)
        faults += self._met_before(values, row.number)
        if faults:
            self.refused.extend(self._fault(row, name, reason) for name, reason in faults)
            return
        patient = PatientRow(row.number, **values)
        found = self.known.find(patient)
        if found:
            self.known_rows.append(found)
        else:
            self.new.append(patient)

    def _read(self, row: Row) -> tuple[dict[str, Any], list[tuple[str, Refusal]]]:
        values: dict[str, Any] = {}
        faults: list[tuple[str, Refusal]] = []
        for name, column in self.columns.items():
            try:
                values[name] = self._readers[name](row.cell(column))
            except Refusal as reason:
                faults.append((name, reason))
        return values, faults

    def _day(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = text_of(value)
            if not value or value in ("无", "-", "/", "未知", "不详"):
                return None
        return day_of(value, self.table.date1904)

    def _implausible(self, values: Mapping[str, Any]) -> list[tuple[str, Refusal]]:
        found = (
            ("birth_date", birth_fault(values.get("birth_date"), self.today)),
            ("last_period", period_fault(values.get("last_period"), self.today)),
            ("due_date", due_fault(values.get("due_date"), values.get("last_period"), self.today)),
        )
        return [(name, reason) for name, reason in found if reason]

    def _met_before(self, values: Mapping[str, Any], number: int) -> list[tuple[str, Refusal]]:
        """Compared with every earlier row, refused ones too: repaired together they would collide later."""
        if record := values.get("record_number"):
            first = self._numbers.setdefault(record_key(record), number)
            if first != number:
                return [("record_number", RecordNumberTwice(first))]
        name, phone, born = (values.get(part) for part in ("name", "phone", "birth_date"))
        person = person_key(PatientRow(number, name or "", record or "", phone or "", born))
        if person and (first := self._persons.setdefault(person, number)) != number:
            return [("name", PersonTwice(first))]
        return []

    def _is_no_patient(self, row: Row) -> bool:
        # The two required cells decide; most rows are patients, and comparing whole rows costs time.
        number = shown(row.cell(self.columns["record_number"]))
        if number == EXAMPLE_RECORD_NUMBER:
            return True
        header = self.table.headers[self.columns["record_number"]]
        name_header = self.table.headers[self.columns["name"]]
        return plain_header(number) == plain_header(header) and plain_header(
            shown(row.cell(self.columns["name"]))
        ) == plain_header(name_header)

    def _fault(self, row: Row, name: str, reason: Refusal) -> RefusedRow:
        column = self.columns[name]
        value = shown(row.cell(column))
        return RefusedRow(row.number, name, column, self.table.headers[column], value, reason)
