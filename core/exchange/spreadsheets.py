"""Excel workbooks, opened with suspicion: what a zip file says it holds is checked before it is unpacked."""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from core.exchange.number_formats import dressed, dressed_text
from core.foundation.errors import Refusal
from core.foundation.foreign import limits, zips
from core.foundation.language import N_

_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*\sr=["'](\d+)["']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_EXTENT = re.compile(rb"""\b(min|max)=["'](\d+)["']""")
# A formula whose result nobody has saved: Excel saves it always, programs that write workbooks mostly not.
_NO_RESULT = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\bt=["']str["'])[^>]*><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
# So many elements opened one after another, with nothing between them: nested deeper than any workbook is.
_TOO_DEEP = re.compile(rb"(?:<[^<>/!?][^<>]*(?<!/)>\s*){%d}" % limits.WORKBOOK_NESTING)
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\sr=["'](\d{1,9})["']""")
# Cells and words: what of a workbook may be large.
_LARGE = re.compile(r"xl/(?:worksheets/[^/]+\.xml|sharedStrings\.xml)")
# What it shows beside its cells: never unpacked here.
_UNREAD = re.compile(
    r"xl/(?:media|drawings|charts|embeddings|printerSettings|pivotCache|pivotTables|comments|model|activeX|ctrlProps"
    r"|diagrams|slicers|slicerCaches|timelines|timelineCaches|queryTables|threadedComments|persons|richData|webextensions"
    r"|externalLinks|revisions|customData|vbaProject)|docProps/|customXml/|xl/calcChain\.xml|xl/connections\.xml"
)
_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData\b")
# The names of "Strict Open XML", in which openpyxl finds no sheets, and what Excel calls the same ordinarily.
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(re.escape(_STRICT) + rb"(\w+)/(\w+)")
_ORDINARY = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_BROKEN = (
    BadZipFile, ZlibError, InvalidFileException, KeyError, ValueError, TypeError, IndexError, OSError,
    AttributeError, SyntaxError, EOFError, NotImplementedError, RuntimeError, OverflowError, AssertionError, struct.error,
)  # fmt: skip


@dataclass(eq=False)
class WorkbookTooLarge(Refusal):
    megabytes: int
    limit: int
    message = N_(
        "Unpacked, this workbook has {megabytes} MB; at most {limit} MB are read. Keep only the sheet with the "
        "patients, without pictures, and send it again."
    )


@dataclass(eq=False)
class WorkbookDamaged(Refusal):
    message = N_("This workbook is damaged. Open it in Excel, save it again as .xlsx and send that file.")


@dataclass(eq=False)
class NotAWorkbook(Refusal):
    filename: str
    message = N_("“{filename}” is not an Excel workbook (.xlsx). Save the table as .xlsx and send it again.")


@dataclass(eq=False)
class StrictWorkbook(Refusal):
    message = N_(
        "This workbook was saved as “Strict Open XML”. Open it in Excel, save it as an ordinary Excel workbook (.xlsx) "
        "and send that file."
    )


@dataclass(eq=False)
class FormulasWithoutResults(Refusal):
    cells: int
    message = N_(
        "This sheet holds formulas ({cells}) whose results were never saved. Open it in Excel, save it and send it again."
    )


@dataclass(eq=False)
class TooManyColumns(Refusal):
    limit: int
    message = N_(
        "This sheet has more than {limit} columns. Delete those that are not needed, save it and send it again."
    )


@dataclass(eq=False)
class TooManyRows(Refusal):
    limit: int
    message = N_("This table has more than {limit} rows. Split it into parts.")


@dataclass(eq=False)
class TooManyCells(Refusal):
    limit: int
    message = N_(
        "This sheet has more than {limit} cells, most likely empty ones that carry a format. Copy the rows you need "
        "to a new sheet and send that."
    )


@dataclass(eq=False)
class SheetUnknown(Refusal):
    sheet: str
    message = N_("There is no sheet “{sheet}” in this workbook.")


@dataclass(frozen=True)
class Unseen:
    """Hidden rows by their number, hidden columns by their index."""

    rows: frozenset[int]
    columns: frozenset[int]


@dataclass(frozen=True)
class Sheets:
    """An opened workbook: names of the visible sheets, and their rows on demand."""

    book: Workbook
    names: tuple[str, ...]
    date1904: bool
    parts: Mapping[str, bytes]

    def rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        """The rows of one sheet from row 1 on, empty ones included. Refuses `SheetUnknown`, `WorkbookDamaged`."""
        if name not in self.names:
            raise SheetUnknown(name)
        sheet = self.book[name]
        # Systems write a wrong extent often, and a forged one costs memory.
        sheet.reset_dimensions()
        last = _last_filled(self._content(name))
        dressing = any("@" in one and one != "@" for one in self.book._number_formats)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                gap: tuple[Any, ...] | None = None
                for row in sheet.iter_rows(max_col=limits.TABLE_COLUMNS + 1, max_row=last):
                    # Between two distant rows openpyxl hands out one and the same empty row.
                    values = () if row is gap else _values(row, dressing)
                    gap = row if not values else None
                    if len(values) > limits.TABLE_COLUMNS and any(
                        value is not None for value in values[limits.TABLE_COLUMNS :]
                    ):
                        raise TooManyColumns(limits.TABLE_COLUMNS)
                    yield values
        except _BROKEN as error:
            raise WorkbookDamaged() from error

    def _content(self, name: str) -> bytes:
        """A sheet's own text."""
        try:
            return self.parts[self.book[name]._worksheet_path]
        except KeyError as error:
            raise WorkbookDamaged() from error

    def unseen(self, name: str) -> Unseen:
        """What a filter or somebody's hand has hidden: openpyxl reads it like anything else. Refuses
        `FormulasWithoutResults`."""
        content = self._content(name)
        if lost := len(_NO_RESULT.findall(content)):
            raise FormulasWithoutResults(lost)
        columns: set[int] = set()
        for match in _COLUMN.finditer(content.partition(b"sheetData")[0]):
            if _HIDDEN.search(match[0]):
                extent = {key: int(value) for key, value in _EXTENT.findall(match[0])}
                columns.update(
                    range(extent.get(b"min", 1) - 1, min(extent.get(b"max", 0), limits.TABLE_COLUMNS))
                )
        return Unseen(frozenset(int(match[1]) for match in _HIDDEN_ROW.finditer(content)), frozenset(columns))


def open_workbook(data: bytes, filename: str) -> Sheets:
    """Open an .xlsx for reading. Refuses what is no workbook, is damaged, or unpacks to too much."""
    try:
        parts = zips.measured(
            BytesIO(data), entries=limits.WORKBOOK_ENTRIES, unpacked=limits.WORKBOOK_UNPACKED
        )
        if "xl/workbook.xml" not in parts:
            raise NotAWorkbook(filename)
        read = [name for name in parts if not _UNREAD.match(name)]
        if any(parts[name] > limits.WORKBOOK_PART for name in read if not _LARGE.fullmatch(name)):
            raise WorkbookDamaged()
        with ZipFile(BytesIO(data)) as archive:
            held = {name: archive.read(name) for name in read}
        for content in held.values():
            _measure(content)
        strict = _STRICT in held["xl/workbook.xml"]
        if strict:
            held = _ordinary(held)
    except zips.UnpackedTooLarge as problem:
        raise WorkbookTooLarge(problem.megabytes, problem.limit) from None
    except _BROKEN as error:
        raise WorkbookDamaged() from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = _with_extents(data, held, anew=strict)
            book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise (StrictWorkbook() if strict else WorkbookDamaged()) from error
    visible = tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")
    return Sheets(book, visible, book.epoch == CALENDAR_MAC_1904, held)


def _measure(content: bytes) -> None:
    """Refuses a part with more cells than are read (`TooManyCells`) and one that nests deeper than a workbook does."""
    if sum(map(content.count, (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/"))) > limits.TABLE_CELLS:
        raise TooManyCells(limits.TABLE_CELLS)
    if _TOO_DEEP.search(content):
        raise WorkbookDamaged()


def _with_extents(data: bytes, held: Mapping[str, bytes], anew: bool) -> BytesIO:
    """The workbook with an extent in each sheet: where one is missing, openpyxl would parse the whole sheet for it on
    opening. What the extent says is never believed (`Sheets.rows`). `anew`: its parts are not those of `data`."""
    missing = {
        name: found
        for name, content in held.items()
        if (found := _SHEET_DATA.search(content)) and b"dimension" not in content[: found.start()]
    }
    if not missing and not anew:
        return BytesIO(data)
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in held.items():
            if found := missing.get(name):
                mark = b'<%sdimension ref="A1"/>' % found[1]
                content = content[: found.start()] + mark + content[found.start() :]
            archive.writestr(name, content)
    out.seek(0)
    return out


def _last_filled(content: bytes) -> int:
    """The number of the last row that holds anything, at least 1: what is only formatted below it is not read. Refuses
    `TooManyRows` where more rows stand above it than could be looked over."""
    end = max(content.rfind(b"v>"), content.rfind(b"is>"), content.rfind(b"f>"))
    rows = sum(content.count(mark, 0, max(end, 0)) for mark in (b"<row", b":row "))
    if rows > limits.TABLE_LINES:
        raise TooManyRows(limits.TABLE_ROWS)
    said = max((int(found[1]) for found in _ROW_NUMBER.finditer(content, 0, max(end, 0))), default=1)
    return min(max(said, rows), limits.EXCEL_ROWS)


def _ordinary(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of a "Strict" workbook, measured already, with their names as in an ordinary one."""
    return {
        name: _STRICT_NAME.sub(_ORDINARY, part) if name.endswith((".xml", ".rels")) else part
        for name, part in parts.items()
    }


def _values(row: tuple[Any, ...], dressing: bool) -> tuple[Any, ...]:
    width = len(row)
    while width and row[width - 1] is EMPTY_CELL:
        width -= 1
    return tuple(_value(cell, dressing) for cell in row[:width])


def _value(cell: Any, dressing: bool) -> Any:
    """The cell as Excel shows it. `dressing`: the workbook has formats that add to texts."""
    value = cell.value
    # "00012345" is sometimes the number 12345 in the format 00000000.
    if type(value) is int or (type(value) is float and value.is_integer() and abs(value) < 1e15):
        return dressed(int(value), cell.number_format) or value
    if dressing and type(value) is str:
        return dressed_text(value, cell.number_format)
    return value
