"""Past visits from a hospital system's export, for the baseline: read, choose columns, preview; nothing is stored here.

    grid    = read_table(data, filename, kind="visits")
    columns = guess_columns(grid, "visits")             # shown to the person, who may change it
    states  = guess_states(grid, columns["state"])      # word → state, likewise
    found   = preview_visits(grid, columns, states, known, end, today)
    refused_workbook(grid, found.refused, language)     # to repair and send again

A row is taken whole or not at all (`core.exchange.findings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from core.exchange.cells import is_nothing, record_number_of, said
from core.exchange.columns import check_columns, plain_header
from core.exchange.days import day_of
from core.exchange.findings import Fault, Judge, Verdict
from core.exchange.forms import EXAMPLE_RECORD_NUMBER
from core.exchange.grids import Grid, GridRow, shown
from core.exchange.visit_states import MOST_WORDS, guess_state, joined, word_of, words_of
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.patient_rules import record_key

PAST_STATES = ("attended", "no_show", "cancelled")
# Whatever an export holds beyond this is another era of the department, or a slip of the finger.
OLDEST_YEARS = 10
_TOTALS = {"合计", "总计", "小计", "共计", "total", "sum", "subtotal"}


@dataclass(eq=False)
class VisitDayMissing(Refusal):
    message = N_("The day is missing. A visit counts on its day: fill it in, or leave the row out.")


@dataclass(eq=False)
class VisitDayTooOld(Refusal):
    earliest: date
    message = N_(
        "This day lies before {earliest}: too long ago to compare with. Correct it, or leave the row out."
    )


@dataclass(eq=False)
class VisitInPilot(Refusal):
    end: date
    message = N_(
        "This visit is on or after {end}, the pilot's first day: it belongs to the pilot, not to the time before. "
        "Leave the row out."
    )


@dataclass(eq=False)
class VisitNotOver(Refusal):
    today: date
    message = N_(
        "This visit is not before today ({today}): how it went is not settled yet. Leave the row out."
    )


@dataclass(eq=False)
class VisitStateMissing(Refusal):
    message = N_("It does not say whether the patient came. Look it up, or leave the row out.")


@dataclass(eq=False)
class VisitOnlyBooked(Refusal):
    message = N_(
        "This says that the visit was booked, not whether the patient came. Look it up, or leave the row out."
    )


@dataclass(eq=False)
class VisitStateUnknown(Refusal):
    message = N_(
        "This word is not understood. Say on the page what it means, or write: attended, missed, cancelled."
    )


@dataclass(eq=False)
class VisitStatesContradict(Refusal):
    message = N_(
        "The two columns contradict each other: one says that the patient came, the other that she did not. Look it up."
    )


@dataclass(eq=False)
class TooManyWords(Refusal):
    header: str
    found: int
    message = N_(
        "The column “{header}” holds {found} different words: that is not how a visit went. Please choose another column."
    )
    field = "state"


@dataclass(eq=False)
class LineTwice(Refusal):
    first_row: int
    message = N_("Row {first_row} of this file is the same in every column. Keep one of the two.")


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One visit as the file gives it, checked. `record_number` "" where the file names none."""

    row_number: int
    day: date
    state: str
    record_number: str = ""


@dataclass(frozen=True)
class VisitsOnFile:
    """What the department holds of the time before: visits by day, and the days on which a patient on file came
    or was to come (record number as compared, day)."""

    by_day: Mapping[date, int] = field(default_factory=dict)
    by_person: frozenset[tuple[str, date]] = frozenset()


@dataclass(frozen=True)
class VisitPreview(Verdict):
    """What would happen: `new` would be added, `known` are here already.

    `shared_days`: days of `new` on which visits are on file already, so that a second export may count twice.
    """

    new: list[PastVisit]
    known: list[PastVisit]
    shared_days: tuple[date, ...]

    def count(self, state: str) -> int:
        """How many of the new visits ended in `state`."""
        return sum(visit.state == state for visit in self.new)


def guess_states(grid: Grid, column: int) -> dict[str, str | None]:
    """Every word of the state column with what it means, None where that is not known; the most frequent first.
    Words for nothing ("-", "无") are left out where they answer no question."""
    found = {word: guess_state(word, grid.headers[column]) for word in words_of(grid, column)}
    return {word: state for word, state in found.items() if state or not is_nothing(word)}


def preview_visits(
    grid: Grid,
    columns: Mapping[str, int],
    states: Mapping[str, str | None],
    known: VisitsOnFile,
    end: date,
    today: date,
    progress: Callable[[float], None] | None = None,
    states_too: Mapping[str, str | None] | None = None,
) -> VisitPreview:
    """Judge every row; pure, nothing is stored.

    `columns`: field name → column index. `states`: plain word → "attended", "no_show", "cancelled", "booked" or None
    (see `guess_states`); `states_too` the same for the column `state_too`, where a second one makes the state with it
    (`visit_states.joined`). `end`: the first day that is no longer before the pilot (`core.care.baseline`), at most
    `today`. `progress` is told the share done, 0 to 1. Refuses as `check_columns`, and `TooManyWords`; faults of rows
    come back in `refused`.
    """
    check_columns(grid, columns, "visits")
    said = {"state": states, "state_too": states_too or {}}
    for name, words in said.items():
        if len(words) > MOST_WORDS:
            raise TooManyWords(grid.headers[columns[name]], len(words))
    judge = _VisitJudge(grid, columns, said, known, end, today)
    judge.go_through(progress)
    shared = sorted({visit.day for visit in judge.new if known.by_day.get(visit.day)})
    return VisitPreview(judge.refused, judge.skipped, judge.new, judge.known_visits, tuple(shared))


class _VisitJudge(Judge):
    """Remembers which lines it has met."""

    def __init__(
        self, grid: Grid, columns: Mapping[str, int], said: Mapping[str, Mapping[str, str | None]], known: VisitsOnFile,
        end: date, today: date,
    ) -> None:  # fmt: skip
        super().__init__(grid, columns)
        self.said, self.known, self.end, self.today = said, known, end, today
        self.earliest = date(today.year - OLDEST_YEARS, 1, 1)
        self.new: list[PastVisit] = []
        self.known_visits: list[PastVisit] = []
        self._lines: dict[tuple[str, ...], int] = {}

    def reader(self, name: str) -> Callable[[Any], Any]:
        readers = {"day": self._day, "record_number": _record_number}
        return readers.get(name) or partial(self._told, name)

    def take(self, row: GridRow, values: dict[str, Any], faults: list[Fault]) -> None:
        told = [values.pop(name, None) for name in ("state", "state_too")]
        if not any(name in ("state", "state_too") for name, _reason in faults):
            try:
                values["state"] = self._state(told)
            except Refusal as reason:
                faults.append(("state", reason))
        if values.get("record_number"):
            # The same line twice in an export; without a number two patients may well look alike.
            first = self._lines.setdefault(tuple(shown(cell).strip() for cell in row.cells), row.number)
            if first != row.number:
                faults.append(("record_number", LineTwice(first)))
        if faults:
            return
        visit = PastVisit(row.number, **values)
        person = (record_key(visit.record_number), visit.day)
        (self.known_visits if person in self.known.by_person else self.new).append(visit)

    def _day(self, value: Any) -> date:
        day = day_of(value, self.grid.date1904)
        if day is None:
            raise VisitDayMissing()
        if day >= self.today:
            raise VisitNotOver(self.today)
        if day >= self.end:
            raise VisitInPilot(self.end)
        if day < self.earliest:
            raise VisitDayTooOld(self.earliest)
        return day

    def _told(self, name: str, value: Any) -> str | None:
        """What one of the columns says, None for nothing."""
        word = word_of(value)
        state = self.said[name].get(word)
        if not word or (state is None and is_nothing(word)):
            return None
        if state is None:
            raise VisitStateUnknown()
        return state

    def _state(self, told: Iterable[str | None]) -> str:
        state = joined(told)
        if state == "":
            raise VisitStatesContradict()
        if state is None:
            raise VisitStateMissing()
        if state == "booked":
            raise VisitOnlyBooked()
        return state

    def holds_nothing(self, row: GridRow) -> bool:
        number = self.columns.get("record_number")
        if number is not None and shown(row.cell(number)) == EXAMPLE_RECORD_NUMBER:
            return True
        first = next((shown(cell).strip() for cell in row.cells if shown(cell).strip()), "")
        if plain_header(first) in _TOTALS:
            return True
        return all(
            plain_header(shown(row.cell(self.columns[name])))
            == plain_header(self.grid.headers[self.columns[name]])
            for name in ("day", "state")
        )


def _record_number(value: Any) -> str:
    return record_number_of(value) if said(value) else ""
