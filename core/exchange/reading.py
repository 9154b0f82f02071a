"""From the bytes of a file to a grid: what kind it is, in which characters, and where its header line stands.

The name of the file proves nothing: systems here write "patients.xls" that is tabbed text or a web page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from core.exchange import delimited, spreadsheets
from core.exchange.columns import plain_header, recognised, whose
from core.exchange.fields import KINDS
from core.exchange.grids import Grid, GridRow, shown
from core.exchange.spreadsheets import TooManyRows
from core.foundation.errors import Refusal
from core.foundation.foreign import limits
from core.foundation.foreign.apart import apart
from core.foundation.language import N_

# Titles, a date line and a legend may stand above the header.
_HEADER_WITHIN = 30
_LONGEST_HEADER = 30

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TABLES = (
    b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"SQLite format", b"RIFF", b"MZ", b"\x7fELF", b"BM", b"II*\0", b"MM\0*", b"ID3", b"OggS",
)  # fmt: skip
_WEB_PAGE = re.compile(
    rb"<\s*(?:!doctype|html|table|head|meta|\?xml|\?mso-application|workbook)", re.IGNORECASE
)


@dataclass(eq=False)
class FileEmpty(Refusal):
    message = N_("This file is empty. Please choose it again.")


@dataclass(eq=False)
class FileTooLarge(Refusal):
    megabytes: int
    limit: int
    message = N_("This file has {megabytes} MB; at most {limit} MB can be read. Split it into parts.")


@dataclass(eq=False)
class NotATable(Refusal):
    filename: str
    message = N_("“{filename}” is neither an Excel workbook (.xlsx) nor a text table (.csv).")


@dataclass(eq=False)
class LegacyExcel(Refusal):
    message = N_(
        "This is an Excel file of the old kind (.xls). Open it in Excel or WPS, save it as .xlsx and send that file."
    )


@dataclass(eq=False)
class PasswordProtected(Refusal):
    message = N_(
        "This workbook is protected by a password. Open it, save it as .xlsx without the password and send that file."
    )


@dataclass(eq=False)
class WebPageAsExcel(Refusal):
    message = N_(
        "This is a web page or XML that only carries the name of an Excel file. Open it in Excel or WPS, save it as "
        ".xlsx and send that file."
    )


@dataclass(eq=False)
class HeaderNotFound(Refusal):
    first: str
    second: str
    message = N_(
        "No header line was found in the first rows. One line must name the columns, for example “{first}” and "
        "“{second}”."
    )

    @classmethod
    def of(cls, kind: str) -> HeaderNotFound:
        """With the labels of the two first columns of this kind of table."""
        first, second, *_more = (field.label for field in KINDS[kind].values())
        return cls(first, second)


@dataclass(eq=False)
class NoRows(Refusal):
    message = N_("There are headers but no rows below them.")


@dataclass(frozen=True)
class Wishes:
    """How somebody wants a table to be read. `header_row`: the row that names the columns, as Excel counts it; `remembered`:
    headers (`headers_key`) that somebody has explained before; `hidden`: hidden rows come in, too."""

    header_row: int | None = None
    remembered: frozenset[str] = frozenset()
    hidden: bool = False


NO_WISHES = Wishes()


def read_table(
    data: bytes, filename: str, sheet: str | None = None, kind: str = "patients", wishes: Wishes = NO_WISHES
) -> Grid:
    """Read a workbook or text table, told apart by its bytes. `kind` (`fields.KINDS`) says which headers to expect.

    `sheet` chooses a visible sheet; otherwise the first with a recognised header line is taken. Limits: `foreign.limits`.
    What the file's own first bytes do not refuse is parsed in a process of its own. Refuses by name: empty, too large, old
    .xls, password, web page, other kinds, unreadable characters, broken quotation, a cell too long, damaged workbook,
    formulas without results, no header line (then `first_lines` shows what stands there), no rows, too many rows, columns
    or cells, and what is too hard to read (`foreign.apart`).
    """
    _refuse_by_first_bytes(data, filename)
    return apart(read_here, data, filename, sheet, kind, wishes, made_of=(Grid, GridRow))


def first_lines(
    data: bytes, filename: str, sheet: str | None = None, kind: str = "patients", wishes: Wishes = NO_WISHES
) -> Grid:
    """The first lines of a table whose headers nobody knows, so that somebody can point at them: a grid without headers
    and rows. Refuses as `read_table`, but for the headers."""
    _refuse_by_first_bytes(data, filename)
    return apart(first_lines_here, data, filename, sheet, kind, wishes, made_of=(Grid, GridRow))


def read_here(data: bytes, filename: str, sheet: str | None, kind: str, wishes: Wishes) -> Grid:
    """`read_table` in this process: for the process apart, which calls it."""
    return _read(data, filename, sheet, kind, wishes, _headed)


def first_lines_here(data: bytes, filename: str, sheet: str | None, kind: str, wishes: Wishes) -> Grid:
    """`first_lines` in this process: for the process apart, which calls it."""

    def unheaded(lines: list[GridRow], kind: str, wishes: Wishes) -> Headed:
        return Headed((), (), 0, 0)

    return _read(data, filename, sheet, kind, wishes, unheaded)


def headers_key(kind: str, headers: Sequence[object]) -> str:
    """By what a header line is known again: the digest of its words, in their order, without case and width."""
    words = [plain_header(shown(cell)) for cell in headers]
    words = ["" if word == get_column_letter(i).casefold() else word for i, word in enumerate(words, start=1)]
    while words and not words[-1]:
        words.pop()
    return sha256("\n".join([kind, *words]).encode()).hexdigest()


def _refuse_by_first_bytes(data: bytes, filename: str) -> None:
    if not data.strip(b" \r\n\t\0"):
        raise FileEmpty()
    if len(data) > limits.TABLE_BYTES:
        raise FileTooLarge(-(-len(data) // limits.MEGABYTE), limits.TABLE_BYTES // limits.MEGABYTE)
    if not data.startswith(_ZIP):
        _refuse_other_kinds(data, filename)


def _read(data: bytes, filename: str, sheet: str | None, kind: str, wishes: Wishes, headed: Header) -> Grid:
    if data.startswith(_ZIP):
        return _from_workbook(data, filename, sheet, kind, wishes, headed)
    return _from_text(data, filename, kind, wishes, headed)


def _refuse_other_kinds(data: bytes, filename: str) -> None:
    if data.startswith(_OLE):
        # An encrypted .xlsx lies in the same container as an old .xls.
        raise PasswordProtected() if "EncryptedPackage".encode("utf-16-le") in data else LegacyExcel()
    if data.startswith(_NOT_TABLES) or data[4:8] == b"ftyp":
        raise NotATable(filename)
    if _WEB_PAGE.match(data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")):
        raise WebPageAsExcel()


def _from_workbook(
    data: bytes, filename: str, sheet: str | None, kind: str, wishes: Wishes, headed: Header
) -> Grid:
    book = spreadsheets.open_workbook(data, filename)
    merits = _merits(book, kind, wishes)
    chosen = sheet if sheet is not None else max(book.names, key=lambda name: merits[name])
    lines, unseen = _numbered(book.rows(chosen)), book.unseen(chosen)
    seen = lines if wishes.hidden else [line for line in lines if line.number not in unseen.rows]
    found = headed(seen, kind, wishes)
    return Grid(
        filename, found.headers, found.rows, found.row, sheet=chosen, sheets=book.names, date1904=book.date1904,
        hidden=sum(line.number in unseen.rows for line in lines), hidden_columns=unseen.columns,
        top=tuple(seen[:_HEADER_WITHIN]),
        alike=tuple(name for name in book.names if name != chosen and merits[name][0] >= 2),
    )  # fmt: skip


def _merits(book: spreadsheets.Sheets, kind: str, wishes: Wishes) -> dict[str, tuple[int, int]]:
    """How much each visible sheet looks like a table of this kind."""

    def merit(name: str) -> tuple[int, int]:
        top = _numbered(islice(book.rows(name), _HEADER_WITHIN))
        if _remembered(top, kind, wishes) is not None:
            return len(KINDS[kind]) + 1, len(top)
        return max((len(recognised(row.cells, kind)) for row in top), default=0), len(top)

    if not book.names:
        raise HeaderNotFound.of(kind)
    return {name: merit(name) for name in book.names}


def _from_text(data: bytes, filename: str, kind: str, wishes: Wishes, headed: Header) -> Grid:
    refusal: Refusal | None = None
    unnamed: Grid | None = None
    for text, encoding in delimited.decodings(data):
        try:
            cut, delimiter = delimited.split(text, kind)
            lines = _numbered(cut)
            found = headed(lines, kind, wishes)
        except Refusal as error:
            refusal = refusal or error
            continue
        grid = Grid(
            filename, found.headers, found.rows, found.row, encoding=encoding, delimiter=delimiter, width=found.width,
            top=tuple(lines[:_HEADER_WITHIN]),
        )  # fmt: skip
        # Wrong characters often decode without complaint; a header we know proves them right.
        if recognised(found.headers, kind):
            return grid
        unnamed = unnamed or grid
    if unnamed:
        return unnamed
    raise refusal or delimited.TextUnreadable()


def _numbered(lines: Iterable[Sequence[Any]]) -> list[GridRow]:
    rows = []
    for number, cells in enumerate(lines, start=1):
        if any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in cells):
            rows.append(GridRow(number, tuple(cells)))
            if len(rows) > limits.TABLE_ROWS + _HEADER_WITHIN:
                raise TooManyRows(limits.TABLE_ROWS)
    return rows


class Headed(NamedTuple):
    """What was found in the lines of a table; `width`: how many cells its header line has."""

    headers: tuple[str, ...]
    rows: tuple[GridRow, ...]
    row: int
    width: int


Header = Callable[[list[GridRow], str, Wishes], Headed]


def _headed(lines: list[GridRow], kind: str, wishes: Wishes) -> Headed:
    at = _header_position(lines, kind, wishes)
    top, body = lines[at], lines[at + 1 :]
    cells: tuple[Any, ...] = top.cells
    if wishes.header_row is None:
        if body and _is_second_header_line(top, body[0], kind):
            cells, top, body = _stacked(cells, body[0].cells), body[0], body[1:]
        elif at and _is_second_header_line(lines[at - 1], top, kind):
            cells = _stacked(lines[at - 1].cells, cells)
    if not body:
        raise NoRows()
    if len(body) > limits.TABLE_ROWS:
        raise TooManyRows(limits.TABLE_ROWS)
    width = max(_filled_width(cells), *(_filled_width(row.cells) for row in body))
    names = [_header_text(cells[i] if i < len(cells) else None) for i in range(width)]
    headers = tuple(name or f"[{get_column_letter(i)}]" for i, name in enumerate(names, start=1))
    return Headed(headers, tuple(body), top.number, len(cells))


def _header_position(lines: list[GridRow], kind: str, wishes: Wishes) -> int:
    if wishes.header_row is not None:
        pointed = next((i for i, row in enumerate(lines) if row.number == wishes.header_row), None)
        if pointed is None:
            raise HeaderNotFound.of(kind)
        return pointed
    if (known := _remembered(lines[:_HEADER_WITHIN], kind, wishes)) is not None:
        return known
    top = lines[:_HEADER_WITHIN]
    best = max(range(len(top)), key=lambda i: (len(recognised(top[i].cells, kind)), -i), default=None)
    if best is None:
        raise HeaderNotFound.of(kind)
    if len(recognised(top[best].cells, kind)) >= 2:
        return best
    for i, (row, below) in enumerate(zip(lines, lines[1:_HEADER_WITHIN], strict=False)):
        if _names_columns(row, below):
            return i
    raise HeaderNotFound.of(kind)


def _remembered(top: list[GridRow], kind: str, wishes: Wishes) -> int | None:
    """The place of a header line that somebody has explained before."""
    if not wishes.remembered:
        return None
    return next((i for i, row in enumerate(top) if headers_key(kind, row.cells) in wishes.remembered), None)


def _names_columns(row: GridRow, below: GridRow) -> bool:
    """Headers nobody has told us: several short words without digits, and digits below them."""
    words = [shown(cell).strip() for cell in row.cells if shown(cell).strip()]
    plain = all(len(word) <= _LONGEST_HEADER and not re.search(r"\d", word) for word in words)
    return (
        len(words) >= 2
        and len(set(words)) == len(words)
        and plain
        and any(re.search(r"\d", shown(cell)) for cell in below.cells)
        and _filled_width(below.cells) >= 2
    )


def _is_second_header_line(top: GridRow, below: GridRow, kind: str) -> bool:
    """A line under merged headers: names columns, has no digits, and leaves the first header's place empty."""
    words = [shown(cell).strip() for cell in below.cells]
    first = next((i for i, cell in enumerate(top.cells) if shown(cell).strip()), 0)
    return (
        below.number == top.number + 1
        and bool(recognised(below.cells, kind))
        and not any(re.search(r"\d", word) for word in words)
        and not shown(below.cell(first)).strip()
    )


def _stacked(upper: Sequence[Any], lower: Sequence[Any]) -> tuple[Any, ...]:
    """One header line of two. A header above several says whose they are ("男方" over "姓名" and "电话"): it is named where
    the line below would say the same twice."""
    width = max(len(upper), len(lower))
    ups = [upper[i] if i < len(upper) else None for i in range(width)]
    lows = [lower[i] if i < len(lower) else None for i in range(width)]
    said = Counter(plain_header(shown(low)) for low in lows)
    out: list[Any] = []
    above: Any = None
    for up, low in zip(ups, lows, strict=True):
        above = up if shown(up).strip() else above
        if not shown(low).strip():
            out.append(up)
        elif shown(above).strip() and (said[plain_header(shown(low))] > 1 or whose(shown(above))):
            out.append(f"{shown(above).strip()} {shown(low).strip()}")
        else:
            out.append(low)
    return tuple(out)


def _filled_width(cells: Sequence[Any]) -> int:
    return max((i + 1 for i, cell in enumerate(cells) if shown(cell).strip()), default=0)


def _header_text(cell: Any) -> str:
    return re.sub(r"\s+", " ", shown(cell)).strip(" \ufeff")
