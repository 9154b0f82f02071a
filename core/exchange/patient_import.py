"""Patients from a spreadsheet: read, choose columns, preview; nothing is stored here.

    grid    = read_table(data, filename)
    columns = guess_columns(grid)            # shown to the person, who may change it
    found   = preview(grid, columns, known, today)      # new, known, refused with every reason
    refused_workbook(grid, found.refused, language)     # to repair and send again

A row is taken whole or not at all. Every fault of a row is named at once, so that a file goes round only once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.exchange.cells import name_of, note_of, phone_of, record_number_of
from core.exchange.columns import check_columns, guess_columns, plain_header
from core.exchange.days import day_of
from core.exchange.findings import KnownLine, Preview, RefusedRow
from core.exchange.forms import EXAMPLE_RECORD_NUMBER, refused_workbook, template_workbook
from core.exchange.grids import Grid, GridRow, shown
from core.exchange.reading import read_table
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.intake import PatientLine
from core.people.known_patients import KnownPatient, KnownPatients
from core.people.patient_dates import date_faults

# The steps of an import, for whoever takes them one after another.
__all__ = ["KnownPatients", "guess_columns", "preview", "read_table", "refused_workbook", "template_workbook"]

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
    grid: Grid,
    columns: Mapping[str, int],
    known: KnownPatients,
    today: date,
    progress: Callable[[float], None] | None = None,
) -> Preview:
    """Judge every row of `grid`; pure, nothing is stored.

    `columns`: field name → column index (see `guess_columns`). `today`: the department's day. `progress` is told
    the share done, 0 to 1. Refuses `RequiredColumnMissing`, `ColumnUsedTwice`, `ColumnNotInGrid`; faults of
    cells come back in `refused`.
    """
    check_columns(grid, columns)
    judge = _Judge(grid, dict(columns), known, today)
    for done, row in enumerate(grid.rows):
        if progress and done % _PROGRESS_EVERY == 0:
            progress(done / len(grid.rows))
        judge.take(row)
    if progress:
        progress(1.0)
    return Preview(judge.new, judge.known_lines, judge.refused, judge.skipped)


class _Judge:
    """Goes through the rows once, remembering whom it has met."""

    def __init__(self, grid: Grid, columns: dict[str, int], known: KnownPatients, today: date) -> None:
        self.grid, self.columns, self.known, self.today = grid, columns, known, today
        self.new: list[PatientLine] = []
        self.known_lines: list[KnownLine] = []
        self.refused: list[RefusedRow] = []
        self.skipped = 0
        self._met = KnownPatients()
        self._headers = {
            name: plain_header(grid.headers[columns[name]]) for name in ("record_number", "name")
        }
        self._readers: dict[str, Callable[[Any], Any]] = {
            "name": name_of,
            "record_number": record_number_of,
            "phone": phone_of,
            "birth_date": self._day,
            "last_period": self._day,
            "due_date": self._day,
            "note": note_of,
        }

    def take(self, row: GridRow) -> None:
        if self._is_no_patient(row):
            self.skipped += 1
            return
        values: dict[str, Any] = {"name": "", "record_number": "", "row_number": row.number}
        faults: list[tuple[str, Refusal]] = []
        for name, column in self.columns.items():
            try:
                values[name] = self._readers[name](row.cell(column))
            except Refusal as reason:
                faults.append((name, reason))
        line = PatientLine(**values)
        days = date_faults(line.birth_date, line.last_period, line.due_date, self.today)
        faults += [(str(reason.field), reason) for reason in days]
        faults += self._met_before(line)
        if faults:
            self.refused.extend(self._fault(row, name, reason) for name, reason in faults)
            return
        if match := self.known.find(line):
            self.known_lines.append(KnownLine(line, match))
        else:
            self.new.append(line)

    def _day(self, cell: Any) -> date | None:
        return day_of(cell, self.grid.date1904)

    def _met_before(self, line: PatientLine) -> list[tuple[str, Refusal]]:
        """Compared with every earlier row, refused ones too: repaired together they would collide later."""
        match = self._met.find(line)
        if match is None:
            self._met.add(KnownPatient.of(line, line.row_number))
            return []
        if match.by == "record_number":
            return [("record_number", RecordNumberTwice(match.patient.id))]
        return [("name", PersonTwice(match.patient.id))]

    def _is_no_patient(self, row: GridRow) -> bool:
        # The two required cells decide; most rows are patients, and comparing whole rows costs time.
        told = {name: shown(row.cell(self.columns[name])) for name in self._headers}
        return told["record_number"] == EXAMPLE_RECORD_NUMBER or all(
            plain_header(told[name]) == header for name, header in self._headers.items()
        )

    def _fault(self, row: GridRow, name: str, reason: Refusal) -> RefusedRow:
        column = self.columns[name]
        value = shown(row.cell(column))
        return RefusedRow(row.number, name, column, self.grid.headers[column], value, reason)
