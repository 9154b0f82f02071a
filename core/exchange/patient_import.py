"""Patients from a spreadsheet: read, choose columns, preview; nothing is stored here.

    grid    = read_table(data, filename)
    columns = guess_columns(grid)            # shown to the person, who may change it
    found   = preview(grid, columns, known, today)      # new, known, refused with every reason
    refused_workbook(grid, found.refused, language)     # to repair and send again

A row is taken whole or not at all (`core.exchange.findings`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from core.care.sale.eligibility import mentions_exclusion, speaks_against
from core.exchange.cells import name_of, note_of, phone_of, record_number_of, said
from core.exchange.columns import check_columns, columns_of_diagnoses, guess_columns, plain_header
from core.exchange.days import day_of
from core.exchange.findings import Fault, Judge, Verdict
from core.exchange.forms import EXAMPLE_RECORD_NUMBER, refused_workbook, template_workbook
from core.exchange.grids import Grid, GridRow, shown
from core.exchange.reading import read_table
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.diagnoses import names_diagnosis, with_question
from core.people.intake import PatientLine, brought_by
from core.people.known_patients import KnownPatient, KnownPatients, Match
from core.people.patient_dates import COURSE_DAYS, course_faults, date_faults
from core.people.patient_rules import LABELS, LONGEST, TextTooLong, name_key, record_key

# The steps of an import, for whoever takes them one after another.
__all__ = ["KnownPatients", "guess_columns", "preview", "read_table", "refused_workbook", "template_workbook"]


_ZERO_DAY = date(1900, 1, 1)


@dataclass(eq=False)
class RecordNumberTwice(Refusal):
    first_row: int
    message = N_("Row {first_row} of this file has the same record number. Keep one of the two.")
    field = "record_number"


@dataclass(eq=False)
class PersonTwice(Refusal):
    first_row: int
    message = N_(
        "Row {first_row} of this file has the same name, phone and date of birth under another record number. "
        "Keep one of the two."
    )
    field = "name"


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

    @property
    def brings(self) -> frozenset[str]:
        """What the file adds to her who is here: "note" (the question), "operation_date", "discharge_date"."""
        return frozenset(brought_by(self.line, self.match.patient))

    @property
    def note_full(self) -> bool:
        """Whether the question has no room behind her note."""
        return with_question(self.match.patient.note, self.line.question) is None


@dataclass(frozen=True)
class Preview(Verdict):
    """What would happen: `new` would be added, `known` are here already. `left_out` counts the remarks that read like a
    diagnosis and are not kept."""

    new: list[PatientLine]
    known: list[KnownLine]
    left_out: int = 0

    @property
    def brought(self) -> list[KnownLine]:
        """Those here already to whom the file adds something."""
        return [one for one in self.known if one.brings]


def preview(
    grid: Grid,
    columns: Mapping[str, int],
    known: KnownPatients,
    today: date,
    progress: Callable[[float], None] | None = None,
    ask_first: str = "",
    sold: Mapping[tuple[int, str], date] | None = None,
) -> Preview:
    """Judge every row of `grid`; pure, nothing is stored.

    `columns`: field name → column index (see `guess_columns`). `today`: the department's day. `progress` is told
    the share done, 0 to 1. Of a remark that reads like a diagnosis, and of columns of diagnoses, nothing is kept but
    `ask_first` in the note of those for whom they speak of something packages exclude; the words are kept where a person
    chose a column for the remarks that is not taken by itself. `sold`: the days of courses she has (`on_file.days_sold`),
    which are not brought again. Refuses `RequiredColumnMissing`, `ColumnUsedTwice`, `ColumnNotInGrid`; faults of
    cells come back in `refused`.
    """
    check_columns(grid, columns)
    judge = _PatientJudge(grid, columns, known, today, ask_first, sold or {})
    judge.go_through(progress)
    return Preview(judge.refused, judge.skipped, judge.new, judge.known_lines, judge.left_out)


class _PatientJudge(Judge):
    """Remembers whom it has met."""

    def __init__(
        self,
        grid: Grid,
        columns: Mapping[str, int],
        known: KnownPatients,
        today: date,
        ask_first: str,
        sold: Mapping[tuple[int, str], date],
    ) -> None:
        super().__init__(grid, columns)
        self._ask_first, self._sold = ask_first, sold
        self._diagnoses = columns_of_diagnoses(grid, columns.values()) if ask_first else ()
        # A column that nobody takes by itself was chosen for its words.
        self._by_hand = "note" in columns and columns["note"] != guess_columns(grid).get("note")
        self.left_out = 0
        self.known, self.today = known, today
        self.new: list[PatientLine] = []
        self.known_lines: list[KnownLine] = []
        self._met = KnownPatients()
        self._headers = {
            name: plain_header(grid.headers[columns[name]]) for name in ("record_number", "name")
        }

    def reader(self, name: str) -> Callable[[Any], Any]:
        texts = {"name": name_of, "record_number": record_number_of, "phone": phone_of, "note": note_of}
        if name in ("last_period", "due_date", *COURSE_DAYS):
            return self._day_of_now
        return texts.get(name) or partial(day_of, date1904=self.grid.date1904)

    def _day_of_now(self, cell: Any) -> date | None:
        """A day of this pregnancy or course; the first of 1900 is how databases write that there is none."""
        day = day_of(cell, self.grid.date1904)
        return None if day == _ZERO_DAY else day

    def holds_nothing(self, row: GridRow) -> bool:
        # The two required cells decide; most rows are patients, and comparing whole rows costs time. A number that ends
        # with a digit is no header.
        told = {name: shown(row.cell(self.columns[name])) for name in self._headers}
        number = told["record_number"]
        if number[-1:].isdigit() and not self._headers["record_number"][-1:].isdigit():
            return number == EXAMPLE_RECORD_NUMBER
        return all(plain_header(told[name]) == header for name, header in self._headers.items())

    def take(self, row: GridRow, values: dict[str, Any], faults: list[Fault]) -> None:
        self._leave_diagnoses_out(row, values, faults)
        line = PatientLine(**{"name": "", "record_number": "", **values}, row_number=row.number)
        days = date_faults(line.birth_date, line.last_period, line.due_date, self.today)
        faults += [(str(reason.field), reason) for reason in days]
        faults += [
            (str(reason.field), reason) for reason in course_faults(line.days, line.birth_date, self.today)
        ]
        # Compared with every earlier row, refused ones too: repaired together they would collide later.
        if met := self._met.find(line):
            twice = RecordNumberTwice if met.by == "record_number" else PersonTwice
            faults.append((str(twice.field), twice(met.patient.id)))
        else:
            self._met.add(KnownPatient.of(line, line.row_number))
        if faults:
            return
        if match := self.known.find(line):
            self.known_lines.append(KnownLine(self._without_sold(line, match.patient.id), match))
        else:
            self.new.append(line)

    def _without_sold(self, line: PatientLine, patient_id: int) -> PatientLine:
        had: dict[str, Any] = {
            name: None
            for name, day in line.days.items()
            if day and day <= self._sold.get((patient_id, name), date.min)
        }
        return replace(line, **had) if had else line

    def _leave_diagnoses_out(self, row: GridRow, values: dict[str, Any], faults: list[Fault]) -> None:
        """A remark that reads like a diagnosis goes, and the question takes its place where it speaks of an exclusion."""
        note = values.get("note", "")
        doubtful = any(speaks_against(self.grid.headers[i], said(row.cell(i))) for i in self._diagnoses)
        if note and not self._by_hand and names_diagnosis(note):
            self.left_out += 1
            doubtful = doubtful or mentions_exclusion(note)
            values["note"] = note = ""
        elif mentions_exclusion(note):
            # Hers is kept; a note that is on file already is not written over, and gets the question.
            values["question"] = self._ask_first
        if not doubtful or not self._ask_first:
            return
        values["question"] = self._ask_first
        asking = with_question(note, self._ask_first)
        if asking is None:
            length = len(note) + 1 + len(self._ask_first)
            faults.append(("note", TextTooLong("note", LABELS["note"], length, LONGEST["note"])))
        else:
            values["note"] = asking
