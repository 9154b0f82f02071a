"""What looking over the rows of a grid brings to light, and the way of going through them: a row is taken whole or not
at all, and every fault of it is named at once, so that a file goes round only once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.exchange.grids import Grid, GridRow, shown
from core.foundation.errors import Refusal
from core.foundation.language import N_

_PROGRESS_EVERY = 250

Fault = tuple[str, Refusal]


@dataclass(eq=False)
class RowTooWide(Refusal):
    cells: int
    columns: int
    message = N_(
        "This row has {cells} cells under {columns} headers: a comma inside a text has cut it in two, or a header is "
        "missing. Put the text back together."
    )


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
class Verdict:
    """`refused` need repair; `skipped` counts lines that hold nothing: repeated headers, totals, the form's example."""

    refused: list[RefusedRow]
    skipped: int

    @property
    def refused_rows(self) -> int:
        """How many rows are refused, however many faults they have."""
        return len({fault.row_number for fault in self.refused})


class Judge(ABC):
    """Goes through the rows of a grid once. What a cell must hold and what a row comes to, each kind of table says."""

    def __init__(self, grid: Grid, columns: Mapping[str, int]) -> None:
        self.grid, self.columns = grid, columns
        self.refused: list[RefusedRow] = []
        self.skipped = 0

    def go_through(self, progress: Callable[[float], None] | None) -> None:
        """`progress` is told the share done, 0 to 1."""
        readers = [(name, column, self.reader(name)) for name, column in self.columns.items()]
        for done, row in enumerate(self.grid.rows):
            if progress and done % _PROGRESS_EVERY == 0:
                progress(done / len(self.grid.rows))
            if self.holds_nothing(row):
                self.skipped += 1
                continue
            if wide := self._too_wide(row):
                # What stands where is not known, and so neither is anything else about it.
                self.refused.append(wide)
                continue
            values: dict[str, Any] = {}
            faults: list[Fault] = []
            for name, column, reader in readers:
                try:
                    values[name] = reader(row.cell(column))
                except Refusal as reason:
                    faults.append((name, reason))
            self.take(row, values, faults)
            self.refused.extend(self._refused(row, name, reason) for name, reason in faults)
        if progress:
            progress(1.0)

    def _too_wide(self, row: GridRow) -> RefusedRow | None:
        width = self.grid.width
        if width is None or len(row.cells) <= width:
            return None
        filled = max((i for i, cell in enumerate(row.cells) if shown(cell).strip()), default=0) + 1
        if filled <= width:
            return None
        header, value = self.grid.headers[width], shown(row.cell(width))
        return RefusedRow(row.number, "", width, header, value, RowTooWide(filled, width))

    def _refused(self, row: GridRow, name: str, reason: Refusal) -> RefusedRow:
        column = self.columns[name]
        value = shown(row.cell(column))
        return RefusedRow(row.number, name, column, self.grid.headers[column], value, reason)

    @abstractmethod
    def reader(self, name: str) -> Callable[[Any], Any]:
        """How the cells of a field are read; refuses those that cannot be right."""

    @abstractmethod
    def holds_nothing(self, row: GridRow) -> bool:
        """Whether a row is a repeated header, a total or the form's example."""

    @abstractmethod
    def take(self, row: GridRow, values: dict[str, Any], faults: list[Fault]) -> None:
        """Look at the row as a whole: add to `faults`, or keep what it says where there are none."""
