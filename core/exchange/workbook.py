"""Tables on their way out: an Excel workbook that looks like the house.

No cell that leaves can start a formula: a text beginning with = + - @ or a tab gets an apostrophe in front.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from core.foundation.language import N_, translator

JADE, INK, SOFT_INK, PAPER, LINE, CORAL_WASH = "0F766E", "1F2933", "5B6770", "FBFAF7", "E7E2D9", "FCEDE8"
FONT = "Microsoft YaHei"

TEXT = "@"
WHOLE = "#,##0"
DECIMAL = "#,##0.00"
MONEY = '"¥"#,##0.00'
PERCENT = "0.0%"
DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
CLOCK = "hh:mm"

Rows: TypeAlias = Sequence[Sequence[Any]]
Records: TypeAlias = Sequence[Mapping[str, Any]]
Sheet: TypeAlias = pd.DataFrame | Rows | Records

# The last four are what a Chinese keyboard types for the first four.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME = 31
_LONGEST_CELL = 32_767
_MEASURED_ROWS = 300
_NARROWEST, _WIDEST = 8, 60
# Excel cannot count further without rounding; longer integers are names, not quantities.
_EXACT = 10**15

HEADER_FONT = Font(name=FONT, bold=True, color="FFFFFF", size=11)
HEADER_FILL = PatternFill("solid", fgColor=JADE)
BODY_FONT = Font(name=FONT, color=INK, size=11)
SOFT_FONT = Font(name=FONT, color=SOFT_INK, size=11)
HAIRLINE = Border(bottom=Side(style="thin", color=LINE))
TOP = Alignment(vertical="top")
WRAPPED = Alignment(vertical="top", wrap_text=True)
HEADER_ALIGNMENT = Alignment(vertical="center", wrap_text=True)


def guarded(value: Any) -> Any:
    """`value`, with an apostrophe in front where it is a text that a spreadsheet would run as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def workbook(
    sheets: Mapping[str, Sheet],
    notes: Sequence[str] | Mapping[str, str] = (),
    *,
    language: str = "zh",
    formats: Mapping[str, str] | None = None,
    zone: ZoneInfo | None = None,
) -> bytes:
    """An .xlsx with one sheet per entry: jade header, frozen, filter, fitted widths, sensible number formats.

    `sheets`: title → DataFrame (its columns are the headers, its index is left out), rows whose first is the
    header, or records (header → value) that all have the same headers. `notes` become a last sheet: lines, or term → meaning (how a figure is counted, "simulated" …).
    `formats`: header → number format (`MONEY`, `PERCENT` … of this module); otherwise the type decides.
    `zone`: instants are written as its wall clock (default Asia/Shanghai). Headers come translated already.
    """
    book = Workbook(write_only=True)
    taken: set[str] = set()
    clock = zone or ZoneInfo("Asia/Shanghai")
    for title, content in sheets.items():
        _add_table(book.create_sheet(sheet_name(title, taken)), _lines(content), formats or {}, clock)
    if notes or not sheets:
        title = translator(language)(N_("About these figures"))
        _add_notes(book.create_sheet(sheet_name(title, taken)), notes)
    return to_bytes(book)


def sheet_name(title: str, taken: set[str]) -> str:
    """A title as Excel allows it for a sheet (31 characters, no []:*?/\\), unlike those in `taken`, which grows."""
    base = _SHEET_NAME.sub(" ", title).strip(" '")[:_LONGEST_SHEET_NAME] or "Sheet"
    name, n = base, 2
    while name.casefold() in taken:
        ending = f" ({n})"
        name, n = base[: _LONGEST_SHEET_NAME - len(ending)] + ending, n + 1
    taken.add(name.casefold())
    return name


def display_width(text: str) -> int:
    """Columns a text takes in a fixed font: a Chinese character takes two; the longest line counts."""
    return max(
        (
            sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            for line in text.splitlines()
        ),
        default=0,
    )


def plain_value(value: Any, zone: ZoneInfo) -> Any:
    """What a spreadsheet cell can hold of `value`: no NaN, no time zones, no numpy, no control characters."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item") and not isinstance(value, str | bytes | datetime):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        return str(value)
    if isinstance(value, bool | int | float | Decimal | date | time):
        return value
    return guarded(ILLEGAL_CHARACTERS_RE.sub("", str(value))[:_LONGEST_CELL])


def styled(
    sheet: WriteOnlyWorksheet,
    value: Any,
    *,
    font: Font = BODY_FONT,
    fill: PatternFill | None = None,
    alignment: Alignment = TOP,
    number_format: str | None = None,
) -> WriteOnlyCell:
    """One cell in the house's style; `value` must be a `plain_value`. Text is never taken for a formula."""
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font, cell.alignment, cell.border = font, alignment, HAIRLINE
    if fill:
        cell.fill = fill
    if number_format:
        cell.number_format = number_format
    return cell


def header_cells(sheet: WriteOnlyWorksheet, names: Iterable[Any]) -> list[WriteOnlyCell]:
    """The header line: white on jade."""
    return [
        styled(sheet, name, font=HEADER_FONT, fill=HEADER_FILL, alignment=HEADER_ALIGNMENT) for name in names
    ]


def to_bytes(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(content: Sheet) -> list[Sequence[Any]]:
    if isinstance(content, pd.DataFrame):
        return [list(content.columns), *content.itertuples(index=False, name=None)]
    lines: list[Sequence[Any]] = []
    for line in content:
        if isinstance(line, Mapping):
            lines += [] if lines else [list(line)]
            lines.append(list(line.values()))
        else:
            lines.append(line)
    return lines


def _add_table(
    sheet: WriteOnlyWorksheet, lines: list[Sequence[Any]], formats: Mapping[str, str], zone: ZoneInfo
) -> None:
    header = [plain_value(name, zone) for name in lines[0]] if lines else []
    body = [[plain_value(value, zone) for value in line] for line in lines[1:]]
    wanted = [formats.get(str(name)) for name in (lines[0] if lines else [])]
    fit_columns(sheet, [header, *body[:_MEASURED_ROWS]])
    sheet.freeze_panes = "A2"
    if header:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(body) + 1}"
        sheet.append(header_cells(sheet, header))
    for line in body:
        cells = []
        for i, value in enumerate(line):
            chosen = (wanted[i] if i < len(wanted) else None) or _format_for(value)
            alignment = WRAPPED if isinstance(value, str) and len(value) > 20 else TOP
            cells.append(styled(sheet, value, number_format=chosen, alignment=alignment))
        sheet.append(cells)


def fit_columns(sheet: WriteOnlyWorksheet, lines: Sequence[Sequence[Any]]) -> None:
    """Column widths by the widest shown text of `lines`, between 8 and 60 characters."""
    for i in range(max((len(line) for line in lines), default=0)):
        widest = max(display_width(_shown_text(line[i])) for line in lines if i < len(line))
        # Room for the filter's arrow.
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(_WIDEST, max(_NARROWEST, widest + 4))


def _add_notes(sheet: WriteOnlyWorksheet, notes: Sequence[str] | Mapping[str, str]) -> None:
    pairs = list(notes.items()) if isinstance(notes, Mapping) else [("", line) for line in notes]
    sheet.column_dimensions["A"].width = min(32, max([4, *(display_width(term) + 3 for term, _ in pairs)]))
    sheet.column_dimensions["B"].width = 90
    bold = Font(name=FONT, bold=True, color=JADE, size=11)
    for term, text in pairs:
        sheet.append(
            [styled(sheet, guarded(term), font=bold), styled(sheet, guarded(text), alignment=WRAPPED)]
        )


def _format_for(value: Any) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return WHOLE
    if isinstance(value, float | Decimal):
        return WHOLE if value == int(value) else DECIMAL
    if isinstance(value, datetime):
        return MOMENT
    if isinstance(value, date):
        return DAY
    if isinstance(value, time):
        return CLOCK
    return TEXT if isinstance(value, str) else None


def _shown_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return "2026-03-01 08:00"
    if isinstance(value, float | Decimal):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
