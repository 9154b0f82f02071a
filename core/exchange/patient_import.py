"""Patients from a spreadsheet: read, choose columns, preview; nothing is stored here.

    table   = read_table(data, filename)
    columns = guess_columns(table)            # shown to the person, who may change it
    found   = preview(table, columns, known, today)      # new, known, refused with every reason
    refused_workbook(table, found.refused, language)     # to repair and send again

A row is taken whole or not at all. Every fault of a row is named at once, so that a file goes round only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.exchange.cells import name_of, note_of, phone_of, record_key, record_number_of, text_of
from core.exchange.columns import check_columns, guess_columns, missing_recommended, plain_header
from core.exchange.days import day_of
from core.exchange.fields import FIELDS, Field
from core.exchange.forms import EXAMPLE_RECORD_NUMBER, refused_workbook, template_workbook
from core.exchange.reading import read_table
from core.exchange.tables import Row, Table, shown
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.facts import DUE_MAY_BE_PAST, DUE_MAY_DIFFER, EARLIEST_BIRTH, LONGEST_SINCE_PERIOD

__all__ = [
    "FIELDS",
    "Field",
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

# Naegele: the due date is the first day of the last period + 280 days.
_PREGNANCY = timedelta(days=280)
_OLDEST_PERSON_YEARS = 120
_PROGRESS_EVERY = 250


@dataclass(eq=False)
class BirthInFuture(Refusal):
    today: date
    message = N_("The date of birth lies after today ({today}). Correct it.")


@dataclass(eq=False)
class BirthTooEarly(Refusal):
    earliest: date
    message = N_(
        "The date of birth lies before {earliest}; some systems write such a day for “unknown”. Correct it or "
        "leave it empty."
    )


@dataclass(eq=False)
class PeriodInFuture(Refusal):
    today: date
    message = N_("The last period lies after today ({today}). Correct it.")


@dataclass(eq=False)
class PeriodTooOld(Refusal):
    days: int
    limit: int
    message = N_(
        "The last period was {days} days ago, more than the {limit} a pregnancy can last. Correct it, or leave it "
        "empty if the pregnancy is over."
    )


@dataclass(eq=False)
class DueDateTooOld(Refusal):
    days: int
    limit: int
    message = N_(
        "The due date was {days} days ago, more than the {limit} that are possible. Correct it, or leave it "
        "empty if the pregnancy is over."
    )


@dataclass(eq=False)
class DueDateTooFar(Refusal):
    latest: date
    message = N_("The due date lies after {latest}, more than 280 days from today. Correct it.")


@dataclass(eq=False)
class DueDateContradicts(Refusal):
    last_period: date
    expected: date
    days: int
    limit: int
    message = N_(
        "By the last period ({last_period}) the due date would be {expected}; this differs by {days} days, more than "
        "{limit}. Correct one of the two, or leave the last period empty if the scan dated the pregnancy anew."
    )


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


@dataclass(frozen=True)
class KnownPatients:
    """Who is on file: record numbers, and (name, phone, birth date) of everybody.

    Takes what the question `core.people.intake.known_patients` answers: `KnownPatients(**answer)`.
    """

    record_numbers: Set[str] = frozenset()
    people: Set[tuple[str, str, date | None]] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row whose patient is already here, found by "record_number" or by "person" (name, phone, birth date).

    `name_differs`: the record number is on file, but nobody of this name is; somebody should look at it.
    """

    row: PatientRow
    by: str
    name_differs: bool = False


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
        self.table, self.columns, self.today = table, columns, today
        self._known_numbers = {record_key(number) for number in known.record_numbers}
        self._known_people = known.people
        self._known_names = {name for name, _, _ in known.people}
        self.new: list[PatientRow] = []
        self.known_rows: list[KnownRow] = []
        self.refused: list[RefusedRow] = []
        self.skipped = 0
        self._numbers: dict[str, int] = {}
        self._persons: dict[tuple[str, str, date], int] = {}
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
        found = self._already_here(patient)
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

    def _implausible(self, values: Mapping[str, Any]) -> Iterable[tuple[str, Refusal]]:
        found = (
            ("birth_date", _birth_fault(values.get("birth_date"), self.today)),
            ("last_period", _period_fault(values.get("last_period"), self.today)),
            ("due_date", _due_fault(values.get("due_date"), values.get("last_period"), self.today)),
        )
        return [(name, reason) for name, reason in found if reason]

    def _met_before(self, values: Mapping[str, Any], number: int) -> list[tuple[str, Refusal]]:
        """Compared with every earlier row, refused ones too: repaired together they would collide later."""
        faults: list[tuple[str, Refusal]] = []
        if record := values.get("record_number"):
            first = self._numbers.setdefault(record_key(record), number)
            if first != number:
                return [("record_number", RecordNumberTwice(first))]
        if person := _person(values.get("name"), values.get("phone"), values.get("birth_date")):
            first = self._persons.setdefault(person, number)
            if first != number:
                faults.append(("name", PersonTwice(first)))
        return faults

    def _already_here(self, row: PatientRow) -> KnownRow | None:
        if record_key(row.record_number) in self._known_numbers:
            differs = bool(self._known_names) and row.name not in self._known_names
            return KnownRow(row, "record_number", differs)
        person = _person(row.name, row.phone, row.birth_date)
        return KnownRow(row, "person") if person and person in self._known_people else None

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


def _person(name: str | None, phone: str | None, birth_date: date | None) -> tuple[str, str, date] | None:
    return (name, phone, birth_date) if name and phone and birth_date else None


def _birth_fault(born: date | None, today: date) -> Refusal | None:
    if born is None:
        return None
    if born > today:
        return BirthInFuture(today)
    earliest = max(EARLIEST_BIRTH, date(today.year - _OLDEST_PERSON_YEARS, today.month, 1))
    return BirthTooEarly(earliest) if born < earliest else None


def _period_fault(period: date | None, today: date) -> Refusal | None:
    if period is None:
        return None
    if period > today:
        return PeriodInFuture(today)
    if today - period > LONGEST_SINCE_PERIOD:
        return PeriodTooOld((today - period).days, LONGEST_SINCE_PERIOD.days)
    return None


def _due_fault(due: date | None, period: date | None, today: date) -> Refusal | None:
    if due is None:
        return None
    if period and abs(due - (period + _PREGNANCY)) > DUE_MAY_DIFFER:
        expected = period + _PREGNANCY
        return DueDateContradicts(period, expected, abs(due - expected).days, DUE_MAY_DIFFER.days)
    if due > today + _PREGNANCY:
        return DueDateTooFar(today + _PREGNANCY)
    if today - due > DUE_MAY_BE_PAST:
        return DueDateTooOld((today - due).days, DUE_MAY_BE_PAST.days)
    return None
