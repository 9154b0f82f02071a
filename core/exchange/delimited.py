"""Text tables as hospital systems write them: UTF-8 or GB18030 or UTF-16, commas or tabs or semicolons."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from charset_normalizer import from_bytes

from core.exchange.columns import recognised
from core.exchange.spreadsheets import TooManyCells, TooManyColumns, TooManyRows
from core.foundation.errors import Refusal
from core.foundation.foreign import limits
from core.foundation.language import N_

DELIMITERS = ("\t", ",", ";", "|", "\uff0c")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# One broken character in two hundred is a truncated field; more is the wrong encoding.
_TOLERATED_DAMAGE = 0.005
_SAMPLE_LINES = 60
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(eq=False)
class TextUnreadable(Refusal):
    message = N_(
        "The characters of this file cannot be read. Open it in Excel, save it as .xlsx and send that file."
    )


@dataclass(eq=False)
class QuotationBroken(Refusal):
    row_number: int
    message = N_(
        "A quotation mark near row {row_number} is opened and never closed, so the columns cannot be told "
        "apart. Remove it, or save the table as .xlsx."
    )


@dataclass(eq=False)
class CellTooLong(Refusal):
    row_number: int
    limit: int
    message = N_(
        "Near row {row_number} a cell holds more than {limit} characters. Most likely a quotation mark is opened there and "
        "never closed: remove it, or shorten the cell."
    )


def decodings(data: bytes) -> Iterator[tuple[str, str]]:
    """(text, encoding) in the order of trust: mark, UTF-8, UTF-16 without mark, GB18030, the same with a few
    broken characters (shown as U+FFFD), and last what charset-normalizer believes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            yield data.decode(encoding, "replace"), encoding.removesuffix("-sig")
            return
    if b"\0" in data:
        encoding = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
        yield from _strict(data, encoding)
        return
    clean = False
    for encoding in ("utf-8", "gb18030"):
        for found in _strict(data, encoding):
            clean = True
            yield found
    if not clean:
        for encoding in ("utf-8", "gb18030"):
            text = data.decode(encoding, "replace")
            if text.count("\ufffd") <= max(1, len(text) * _TOLERATED_DAMAGE):
                yield text, encoding
    best = from_bytes(data[:200_000]).best()
    if best is not None:
        yield data.decode(best.encoding, "replace"), best.encoding


def _strict(data: bytes, encoding: str) -> Iterator[tuple[str, str]]:
    try:
        yield data.decode(encoding), encoding
    except UnicodeDecodeError:
        return


def split(text: str, kind: str = "patients") -> tuple[list[list[str]], str]:
    """The lines of a text table cut into cells, and the delimiter that names the most fields.

    Empty lines stay, so that positions are the row numbers Excel shows. Refuses `QuotationBroken`, `CellTooLong`,
    `TooManyColumns`, and more lines or cells than can be looked over (`TooManyCells`).
    """
    if text.count("\n") + text.count("\r") > limits.TABLE_LINES * 2:
        raise TooManyRows(limits.TABLE_ROWS)
    hint = _EXCEL_HINT.match(text)
    if hint:
        # Excel obeys this first line and does not show it.
        return _cut(text[hint.end() :], hint[1]), hint[1]
    delimiter = _likeliest_delimiter(text, kind)
    return _cut(text, delimiter), delimiter


def _likeliest_delimiter(text: str, kind: str) -> str:
    # Lines as csv cuts them: `splitlines` would cut at a separator inside a remark, too.
    head = "\n".join(re.split(r"\r\n|\r|\n", text, maxsplit=_SAMPLE_LINES)[:_SAMPLE_LINES])

    def merit(delimiter: str) -> tuple[int, int]:
        try:
            lines = [line for line in csv.reader(StringIO(head), delimiter=delimiter) if any(line)]
        except csv.Error:
            # What is wrong with it is said when the whole text is cut.
            return 0, 0
        if not lines:
            return 0, 0
        widths = sorted(len(line) for line in lines)
        return max(len(recognised(line, kind)) for line in lines), widths[len(widths) // 2]

    return max(DELIMITERS, key=merit)


def _cut(text: str, delimiter: str) -> list[list[str]]:
    if text.count(delimiter) > limits.TABLE_CELLS:
        raise TooManyCells(limits.TABLE_CELLS)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[list[str]] = []
    try:
        for line in reader:
            if len(line) > limits.TABLE_COLUMNS and any(map(str.strip, line[limits.TABLE_COLUMNS :])):
                raise TooManyColumns(limits.TABLE_COLUMNS)
            if max(map(len, line), default=0) > limits.CELL_CHARACTERS:
                raise CellTooLong(len(lines) + 1, limits.CELL_CHARACTERS)
            lines.append(line[: limits.TABLE_COLUMNS])
    except csv.Error as error:
        if "field limit" in str(error):
            raise CellTooLong(len(lines) + 1, limits.CELL_CHARACTERS) from error
        raise QuotationBroken(len(lines) + 1) from error
    return lines
