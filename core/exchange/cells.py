"""One cell each: what the spreadsheet says, as a text or as digits; what it may say about a patient is `core.people`'s.

Spreadsheets and hospital systems bend what they hold: full-width digits, a tab or apostrophe that forces text,
="0012", 13800000000.0, the word 无. What can be undone without guessing is undone; digits that are lost
(1.38E+10 in a text file, the 16th digit of a number in Excel) are said to be lost.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from core.exchange.grids import shown
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.patient_rules import (
    SETTLED,
    checked_name,
    checked_note,
    checked_phone,
    checked_record_number,
)

# Excel keeps 15 digits of a number; the rest become zeros.
_EXACT_NUMBER = 10**15

_NOTHING = {
    "", "-", "--", "---", "—", "/", "\\", "无", "暂无", "没有", "空", "未填", "未知", "不详",
    "未提供", "未留", "未登记", "未录入", "未测", "待补", "缺失", "不明", "不清楚", "空值", "无数据", "无记录", "无电话", "无手机",
    "n/a", "na", "#n/a", "n.a.", "null", "<null>", "(null)", "[null]", "\\n", "none", "<none>", "(none)", "nil", "nan",
    "<na>", "nat", "unknown", "(空)", "(空白)", "(blank)", "blank", "undefined", "tbd", ".", "…", "...", "_",
    "*", "暂缺", "暂无数据", "无信息", "没有填", "未填写", "——", "-/-", "//", "–", "----",
}  # fmt: skip
_FORCED_TEXT = re.compile(r'=\s*"(.*)"', re.DOTALL)
# As Excel shortens: 1.38E+10. "9E0" is somebody's record number.
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+)e\+?|e\+)(\d\d?)", re.IGNORECASE)
# What Excel makes of the record number "3-1" in a text file.
_MADE_A_DAY = re.compile(
    r"\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:-\d{2,4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}",
    re.IGNORECASE,
)
_FLOAT_TAIL = re.compile(r"(\d+)\.0+")


@dataclass(eq=False)
class DigitsLost(Refusal):
    message = N_(
        "Excel has shortened this number and its last digits are lost. Format the column as text in the "
        "original and export it again."
    )


@dataclass(eq=False)
class NumberMadeADay(Refusal):
    message = N_(
        "Excel has made a day of this number. Format the column as text in the original and export it again."
    )
    field = "record_number"


def name_of(cell: Any) -> str:
    """The patient's name in a cell. Refuses as `checked_name`."""
    return checked_name(said(cell))


def record_number_of(cell: Any) -> str:
    """The record number in a cell, with its leading zeros. Refuses `DigitsLost`, `NumberMadeADay`, and as
    `checked_record_number`."""
    if isinstance(cell, date | time | timedelta):
        raise NumberMadeADay
    text = _digits_said(cell)
    if _MADE_A_DAY.fullmatch(text):
        raise NumberMadeADay
    return checked_record_number(text)


def phone_of(cell: Any) -> str:
    """The phone in a cell, "" for an empty one. Refuses `DigitsLost`, and as `checked_phone`."""
    return checked_phone(_digits_said(cell))


def note_of(cell: Any) -> str:
    """The remark in a cell, "" for an empty one. Refuses as `checked_note`."""
    return checked_note(said(cell))


def said(cell: Any) -> str:
    """A cell's text; "" where it says "nothing": empty, 无, N/A, a dash …"""
    text = text_of(cell)
    return "" if is_nothing(text) else text


def text_of(cell: Any) -> str:
    """A cell's text without what only served its transport: tabs, apostrophes, ="…", invisible marks."""
    text = shown(cell).translate(SETTLED).strip()
    if match := _FORCED_TEXT.fullmatch(text):
        text = match[1].strip()
    return text.lstrip("'`").strip()


def is_nothing(text: str) -> bool:
    """Whether a text says "nothing": empty, 无, N/A, a dash …"""
    return len(text) < 12 and unicodedata.normalize("NFKC", text).casefold() in _NOTHING


def _digits_said(cell: Any) -> str:
    """A number that is a name, not a quantity: exact digits, or a refusal."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float) and abs(cell) >= _EXACT_NUMBER:
        raise DigitsLost
    text = unicodedata.normalize("NFKC", said(cell))
    if match := _SCIENTIFIC.fullmatch(text):
        whole, fraction, exponent = match[1], match[2] or "", int(match[3])
        if len(fraction) < exponent or exponent > 14 or fraction[exponent:].strip("0"):
            raise DigitsLost
        return whole + fraction[:exponent]
    return match[1] if (match := _FLOAT_TAIL.fullmatch(text)) else text
