"""A table as somebody sent it, as a grid: cells unjudged, row numbers as that person sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row that holds anything; `number` is the row number Excel shows (first row of the file = 1)."""

    number: int
    cells: tuple[Any, ...]

    def cell(self, column: int) -> Any:
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class Grid:
    """Headers and rows of a sheet or text file.

    `encoding` and `delimiter` are set for text files, `sheet` and `sheets` (all visible ones) for workbooks.
    `header_row` is the row number of the (last) header line. `date1904`: day serials count from 1904.
    Empty rows are left out of `rows`, and `hidden` ones, for nobody saw them, unless somebody asked for them; the remaining
    keep their numbers. `hidden_columns` (by index) are read. `width`: how many cells the header line of a text file has,
    because a row with more has been cut in the wrong place; None for workbooks. `top`: the first lines as they stand,
    for whoever points at the headers. `alike`: other sheets with headers of this kind.
    """

    filename: str
    headers: tuple[str, ...]
    rows: tuple[GridRow, ...]
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    date1904: bool = False
    hidden: int = 0
    hidden_columns: frozenset[int] = frozenset()
    width: int | None = None
    top: tuple[GridRow, ...] = ()
    alike: tuple[str, ...] = ()


def shown(value: Any) -> str:
    """A cell's content as text, nothing lost: 12345.0 → "12345", a date → "2026-03-01", nothing → ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        plain = value.time() == time.min
        return value.date().isoformat() if plain else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
