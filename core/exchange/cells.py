"""One cell each: name, record number, phone, remark, in the form they are kept here.

Spreadsheets and hospital systems bend these: full-width digits, a tab or apostrophe that forces text,
="0012", 13800000000.0, spaces inside names. What can be undone without guessing is undone; digits that are lost
(1.38E+10 in a text file, the 16th digit of a number in Excel) are said to be lost.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from core.exchange.grids import shown
from core.foundation.errors import Refusal
from core.foundation.language import N_

LONGEST_NAME = 60
LONGEST_RECORD_NUMBER = 40
LONGEST_NOTE = 300
# Excel keeps 15 digits of a number; the rest become zeros.
_EXACT_NUMBER = 10**15

_NOTHING = {
    "", "-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "没有", "空", "未填", "未知", "不详",
    "n/a", "na", "#n/a", "null", "none", "nil", "nan", "nat", "unknown",
}  # fmt: skip
_NO_PATIENT = {
    "姓名", "患者姓名", "合计", "总计", "小计", "共计", "name", "patient name", "total", "sum", "subtotal",
}  # fmt: skip
# Marks that copying from phone books and web pages leaves behind, invisible.
_INVISIBLE = dict.fromkeys(
    [
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        0xFEFF,
        0xAD,
        *range(0x00, 0x09),
        0x0B,
        0x0C,
        *range(0x0E, 0x20),
        0x7F,
    ]
)
_FORCED_TEXT = re.compile(r'=\s*"(.*)"', re.DOTALL)
_LOST_MARK = "\ufffd"
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_SPACES = re.compile(r"\s+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d{1,2})", re.IGNORECASE)
_FLOAT_TAIL = re.compile(r"(\d+)\.0+")

_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_NAME = re.compile(rf"[{_HAN}·]+")
_ANY_HAN = re.compile(rf"[{_HAN}]")
_DOTS = re.compile(r"\s*[·•・‧∙●.]\s*")
_NAME_MARKS = set(" ·.-'’,()")
_RECORD_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z_./#-]*", re.IGNORECASE)

_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc~]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:010|02\d|0[3-9]\d{2})?[2-8]\d{6,7}")
_EXTENSION = re.compile(r"(.*?)(?:转|分机|ext\.?|x|#)\s*\d{1,6}", re.IGNORECASE)
_HYPHENED_EXTENSION = re.compile(r"(0\d{2,3}[- ]?\d{7,8})-\d{1,6}")
_SEVERAL = re.compile(r"[/,;、|\n]|或|和| {2,}")


@dataclass(eq=False)
class CellMissing(Refusal):
    message = N_("This is empty, and no patient can be added without it.")


@dataclass(eq=False)
class CellUnreadable(Refusal):
    message = N_("Some characters could not be read and are lost. Type them again.")


@dataclass(eq=False)
class NameImplausible(Refusal):
    message = N_("This does not look like a patient's name. Write the full name, without digits or symbols.")


@dataclass(eq=False)
class CellTooLong(Refusal):
    length: int
    limit: int
    message = N_("This has {length} characters; at most {limit} can be kept. Shorten it.")


@dataclass(eq=False)
class RecordNumberImplausible(Refusal):
    message = N_("A record number consists of letters, digits and - _ . / # only. Correct it.")


@dataclass(eq=False)
class DigitsLost(Refusal):
    message = N_(
        "Excel has shortened this number and its last digits are lost. Format the column as text in the "
        "original and export it again."
    )


@dataclass(eq=False)
class PhoneImplausible(Refusal):
    message = N_(
        "This is neither a mainland mobile number (11 digits, 13 to 19 at the start) nor a landline. Correct it "
        "or leave it empty."
    )


@dataclass(eq=False)
class PhoneHasExtension(Refusal):
    message = N_("An extension cannot be kept with the number. Move it to the remarks.")


@dataclass(eq=False)
class PhoneNotSingle(Refusal):
    message = N_("Two numbers stand here. Keep the one that reaches the patient.")


def text_of(value: Any) -> str:
    """A cell's text without what only served its transport: tabs, apostrophes, ="…", invisible marks."""
    text = shown(value).translate(_INVISIBLE).strip()
    if match := _FORCED_TEXT.fullmatch(text):
        text = match[1].strip()
    return text.lstrip("'`").strip()


def is_nothing(text: str) -> bool:
    """Whether a text says "nothing": empty, 无, N/A, a dash …"""
    return unicodedata.normalize("NFKC", text).casefold() in _NOTHING


def name_of(value: Any) -> str:
    """A patient's name, 2 to 60 letters or characters: "张　三" → "张三", "买买提.艾力" → "买买提·艾力".

    Refuses `CellMissing`, `CellUnreadable`, `NameImplausible`, `CellTooLong`.
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC", text_of(value))).strip()
    if is_nothing(text):
        raise CellMissing()
    _refuse_lost(text)
    if _ANY_HAN.search(text):
        text = _DOTS.sub("·", text)
        if _HAN_NAME.fullmatch(text.replace(" ", "")):
            text = text.replace(" ", "")
    if len(text) > LONGEST_NAME:
        raise CellTooLong(len(text), LONGEST_NAME)
    letters = sum(c.isalpha() or c == "〇" for c in text)
    legal = all(
        c.isalpha() or c in "〇" or c in _NAME_MARKS or unicodedata.category(c)[0] == "M" for c in text
    )
    if letters < 2 or not legal or text.casefold() in _NO_PATIENT:
        raise NameImplausible()
    return text


def record_number_of(value: Any) -> str:
    """A record number as text with its leading zeros, without spaces, at most 40 characters.

    Refuses `CellMissing`, `DigitsLost`, `RecordNumberImplausible`, `CellTooLong`, `CellUnreadable`.
    """
    text = _digits_text(value)
    if is_nothing(text):
        raise CellMissing()
    _refuse_lost(text)
    text = _DASHES.sub("-", text).replace(" ", "")
    if len(text) > LONGEST_RECORD_NUMBER:
        raise CellTooLong(len(text), LONGEST_RECORD_NUMBER)
    if not _RECORD_NUMBER.fullmatch(text) or not any(c.isdigit() for c in text):
        raise RecordNumberImplausible()
    return text


def record_key(record_number: str) -> str:
    """How two record numbers are compared: "a-001" and "A-001" are the same patient."""
    return record_number.casefold()


def phone_of(value: Any) -> str:
    """A phone as it is kept, digits only ("13800000000", "057187654321"), or "" for an empty cell.

    Source: national numbering plan (mobiles 13x–19x with 11 digits; area codes of 3 or 4 digits, local
    numbers of 7 or 8). Refuses `DigitsLost`, `PhoneNotSingle`, `PhoneHasExtension`, `PhoneImplausible`,
    `CellUnreadable`.
    """
    text = _digits_text(value)
    if is_nothing(text) or not text.strip("0"):
        return ""
    _refuse_lost(text)
    if found := _one_phone(text):
        return found
    if (match := _EXTENSION.fullmatch(text) or _HYPHENED_EXTENSION.fullmatch(text)) and _one_phone(match[1]):
        raise PhoneHasExtension()
    if sum(bool(_one_phone(part)) for part in _SEVERAL.split(text)) > 1:
        raise PhoneNotSingle()
    raise PhoneImplausible()


def note_of(value: Any) -> str:
    """A remark as it was written, at most 300 characters; "" for an empty cell. Refuses `CellTooLong`."""
    text = text_of(value)
    if is_nothing(text):
        return ""
    _refuse_lost(text)
    if len(text) > LONGEST_NOTE:
        raise CellTooLong(len(text), LONGEST_NOTE)
    return text


def _digits_text(value: Any) -> str:
    """A number that is a name, not a quantity: exact digits, or a refusal."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float) and abs(value) >= _EXACT_NUMBER:
        raise DigitsLost()
    text = unicodedata.normalize("NFKC", text_of(value)).strip()
    if match := _SCIENTIFIC.fullmatch(text):
        whole, fraction, exponent = match[1], match[2] or "", int(match[3])
        if len(fraction) < exponent or exponent > 14:
            raise DigitsLost()
        text = whole + fraction[:exponent]
    elif match := _FLOAT_TAIL.fullmatch(text):
        text = match[1]
    return text


def _one_phone(text: str) -> str:
    digits = re.sub(r"[\s().\-]", "", _DASHES.sub("-", text))
    abroad = re.fullmatch(r"(?:\+|00)86(\d+)|86(1[3-9]\d{9})", digits)
    if abroad:
        digits = abroad[1] or abroad[2]
        if not _MOBILE.fullmatch(digits):
            digits = "0" + digits.lstrip("0")
    mobile = digits[1:] if len(digits) == 12 and digits.startswith("01") else digits
    if _MOBILE.fullmatch(mobile):
        return mobile
    return digits if _LANDLINE.fullmatch(digits) else ""


def _refuse_lost(text: str) -> None:
    if _LOST_MARK in text or _PRIVATE.search(text):
        raise CellUnreadable()
