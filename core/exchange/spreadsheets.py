"""Excel workbooks, opened with suspicion: what a zip file says it holds is checked before it is unpacked."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile
from zlib import error as ZlibError

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from core.exchange.number_formats import dressed, dressed_text
from core.foundation.errors import Refusal
from core.foundation.language import N_

MAX_UNPACKED_BYTES = 120 * 1024 * 1024
MAX_COLUMNS = 120
# What Excel itself can hold; a row number beyond it is forged.
_EXCEL_ROWS = 1_048_576
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*\sr=["'](\d+)["']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_EXTENT = re.compile(rb"""\b(min|max)=["'](\d+)["']""")
# A formula whose result nobody has saved: Excel saves it always, programs that write workbooks mostly not.
_NO_RESULT = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\bt=["']str["'])[^>]*><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
# The names of "Strict Open XML", in which openpyxl finds no sheets, and what Excel calls the same ordinarily.
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(re.escape(_STRICT) + rb"(\w+)/(\w+)")
_ORDINARY = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_BROKEN = (
    BadZipFile, ZlibError, InvalidFileException, KeyError, ValueError, TypeError, IndexError, OSError,
    AttributeError, SyntaxError, EOFError,
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

    def rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        """The rows of one sheet from row 1 on, empty ones included. Refuses `SheetUnknown`, `WorkbookDamaged`."""
        if name not in self.names:
            raise SheetUnknown(name)
        sheet = self.book[name]
        # Systems write a wrong extent often, and a forged one costs memory.
        sheet.reset_dimensions()
        dressing = any("@" in one and one != "@" for one in self.book._number_formats)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                gap: tuple[Any, ...] | None = None
                for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=_EXCEL_ROWS):
                    # Between two distant rows openpyxl hands out one and the same empty row.
                    values = () if row is gap else _values(row, dressing)
                    gap = row if not values else None
                    if len(values) > MAX_COLUMNS and any(value is not None for value in values[MAX_COLUMNS:]):
                        raise TooManyColumns(MAX_COLUMNS)
                    yield values
        except _BROKEN as error:
            raise WorkbookDamaged() from error

    def unseen(self, name: str) -> Unseen:
        """What a filter or somebody's hand has hidden: openpyxl reads it like anything else. Refuses
        `FormulasWithoutResults`."""
        with self.book[name]._get_source() as source:
            content = source.read()
        if lost := len(_NO_RESULT.findall(content)):
            raise FormulasWithoutResults(lost)
        columns: set[int] = set()
        for match in _COLUMN.finditer(content.partition(b"sheetData")[0]):
            if _HIDDEN.search(match[0]):
                extent = {key: int(value) for key, value in _EXTENT.findall(match[0])}
                columns.update(range(extent.get(b"min", 1) - 1, min(extent.get(b"max", 0), MAX_COLUMNS)))
        return Unseen(frozenset(int(match[1]) for match in _HIDDEN_ROW.finditer(content)), frozenset(columns))


def open_workbook(data: bytes, filename: str) -> Sheets:
    """Open an .xlsx for reading. Refuses what is no workbook, is damaged, or unpacks to too much.

    zipfile never yields more of a member than its declared size, so checking the declared sizes is enough.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(member.file_size for member in archive.infolist())
            readable = "xl/workbook.xml" in names and unpacked <= MAX_UNPACKED_BYTES
            strict = readable and _STRICT in archive.read("xl/workbook.xml")
    except _BROKEN as error:
        raise WorkbookDamaged() from error
    if "xl/workbook.xml" not in names:
        raise NotAWorkbook(filename)
    if unpacked > MAX_UNPACKED_BYTES:
        raise WorkbookTooLarge(round(unpacked / 1_048_576), MAX_UNPACKED_BYTES // 1_048_576)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = _ordinary(data) if strict else BytesIO(data)
            book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise (StrictWorkbook() if strict else WorkbookDamaged()) from error
    visible = tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")
    return Sheets(book, visible, book.epoch == CALENDAR_MAC_1904)


def _ordinary(data: bytes) -> BytesIO:
    """A "Strict" workbook, measured already, with its parts named as in an ordinary one."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as strict, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as ordinary:
        for name in strict.namelist():
            if name.endswith((".xml", ".rels")):
                ordinary.writestr(name, _STRICT_NAME.sub(_ORDINARY, strict.read(name)))
    return out


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
