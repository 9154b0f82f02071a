"""Days as people and systems write them in a table.

The year comes first or the month is a word; anything that could be read two ways is refused, because a day
guessed wrong moves every task of a patient.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.exchange.cells import said
from core.foundation.errors import Refusal
from core.foundation.language import N_

# Excel counts days from 1899-12-30 (its 1900 is a leap year by mistake), on old Macs from 1904-01-01.
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
# Serials before 1900-03-01 are off by that mistaken day; after 2100 they are other numbers.
_FIRST_SERIAL, _LAST_SERIAL = 61, 73_415
_YEARS = range(1800, 2201)
# Browsers and web systems write local midnight as the UTC instant of the day before.
_CHINA = ZoneInfo("Asia/Shanghai")
_SHORT_MIDNIGHT, _LAST_SUMMER_TIME = time(23), 1992
# What databases write for "no day".
_NO_DAY = {
    "0000-00-00", "0001-01-01", "0000/00/00", "0001/01/01", "0001/1/1", "1/1/0001", "0", "00000000", "1753-01-01",
    "1899-12-30", "1899-12-31", "1899/12/30", "1899/12/31", "1900-01-00", "1900/1/0", "1900/01/00",
    "0000年00月00日", "00010101", "1753/1/1", "1753/01/01",
}  # fmt: skip
_NO_DAYS = {date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31)}

_HALF = (
    r"(?:上午|下午|早上|早晨|清晨|凌晨|中午|午间|傍晚|晚上|晚间|夜间|全天|整天|白天|早|午|晚|夜|[ap]\.?m\.?|morning|afternoon"
    r"|evening|noon)"
)
_TIME = r"\d{1,2}(?:[:时点]\d{1,2}(?:[:分]\d{1,2}(?:[.,]\d+)?秒?)?分?|[时点](?:整|半)?)(?!\d)"
_WEEKDAY = (
    r"(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
_PLACE = r"(?:第?\d{1,3}(?:号(?!\d)|节|段)|第[一二三四五六七八九十]{1,3}[号节段])"
# What may follow a day and changes nothing about it: weekday, half of the day, clock, slot, number in the queue.
_TAIL = rf"(?:(?:t|[\s,/_()（）~至到—–-])*(?:{_WEEKDAY}|{_HALF}|{_TIME}|{_PLACE}))*[\s)]*"
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})\s*[-/.年\s]\s*(\d{{1,2}})\s*[-/.月\s]\s*(\d{{1,2}})(?!\d)\s*(?:日|号)?{_TAIL}"
)
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:\s*\d{{2}}:?\d{{2}}(?::?\d{{2}})?)?(?:\.0+)?{_TAIL}")
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
# "08:00-08:30" behind a space is a slot, not a zone: there a zone of the west is not looked for.
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:t\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)"
    r"|\s\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:z|utc|gmt|\+\d{2}(?::?\d{2})?))"
)
_WORD_MONTH = re.compile(
    rf"(?:{_WEEKDAY}[\s,.]+)?(?:(\d{{1,2}})(?:st|nd|rd|th)?[\s,./-]*)?([a-z]{{3,9}})\.?[\s,./-]*"
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?[\s,]+)?(\d{{4}}){_TAIL}"
)
_YEAR_LAST = re.compile(rf"\d{{1,2}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*\d{{4}}{_TAIL}")
_SHORT_YEAR = re.compile(
    rf"\d{{1,2}}\s*[-/.年]\s*(?:\d{{1,2}}|[a-z]{{3}}|\d{{1,2}}月)\s*[-/.月]?\s*\d{{1,2}}\s*日?{_TAIL}"
)
# Midnight of a day in China's summer time, written by a system that knows only +8: an hour short, on the day before.
_AN_HOUR_SHORT = re.compile(
    r".*(?:[\st]23[:时点]0?0(?!\d)(?:[:分](?:0?0)(?:[.,]0+)?)?(?:分|秒)?|\d{8}\s*2300(?:00)?(?:\.0+)?"
    r"|[\st](?:下午|晚上|晚间|夜间)\s*11[:时点](?:00)?(?::00)?分?|[\st]11:00(?::00(?:\.0+)?)?\s*p\.?m\.?)[\s)]*"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(eq=False)
class DayUnreadable(Refusal):
    message = N_("This is not a day that can be read. Write it year first, for example 2026-03-01.")


@dataclass(eq=False)
class DayDoesNotExist(Refusal):
    message = N_("There is no such day in the calendar. Correct it.")


@dataclass(eq=False)
class YearTooShort(Refusal):
    message = N_("The year has only two digits. Write all four, for example 2026-03-01.")


@dataclass(eq=False)
class DayAmbiguous(Refusal):
    message = N_("Day and month could be either way round. Write the year first, for example 2026-03-01.")


def day_of(cell: Any, date1904: bool = False) -> date | None:
    """The day in a cell, or None for an empty one, a word for "nothing" and the "no day" of databases.

    Reads date cells, Excel serials (numbers; `date1904` for old Mac workbooks), 2026-03-01, 2026/3/1,
    2026.3.1, 2026年3月1日, 20260301, 1 Mar 2026, all with or without weekday, half-day, time, slot; an instant with a
    zone becomes the day in China, and 23:00 on the eve of a day in China's summer time (1940–49, 1986–91) that day,
    because its midnight was meant. Refuses `YearTooShort`, `DayAmbiguous`, `DayDoesNotExist`, `DayUnreadable`.
    """
    # A date cell holding 0 is shown as 1900-01-00 and arrives as midnight.
    if cell is None or cell == time.min:
        return None
    if isinstance(cell, date):
        plain = cell.date() if isinstance(cell, datetime) else cell
        if plain in _NO_DAYS or (date1904 and plain == _EPOCH_1904):
            return None
        return _meant(plain, isinstance(cell, datetime) and cell.time() == _SHORT_MIDNIGHT)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell, date1904)
    if not isinstance(cell, str):
        raise DayUnreadable()
    text = unicodedata.normalize("NFKC", said(cell)).casefold()
    if not text or text.partition(" ")[0].partition("t")[0] in _NO_DAY:
        return None
    if _INSTANT.fullmatch(text):
        return _china_day(text)
    day = _from_text(text, date1904)
    return day and _meant(day, day.year < _LAST_SUMMER_TIME and bool(_AN_HOUR_SHORT.fullmatch(text)))


def _meant(day: date, an_hour_short: bool) -> date:
    """The day that was meant by a day at 23:00: the next one, if its midnight was an hour early by the sun."""
    if an_hour_short and day.year < _LAST_SUMMER_TIME:
        following = day + timedelta(days=1)
        if datetime.combine(following, time.min, _CHINA).dst():
            return following
    return day


def _from_number(number: float, date1904: bool, part: float | None = None) -> date | None:
    """`part` of the day, where the number was a text: ".9999999999999999" does not make it the next one."""
    if number == 0:
        return None
    if _FIRST_SERIAL <= number < _LAST_SERIAL + 1:
        day = (_EPOCH_1904 if date1904 else _EPOCH_1900) + timedelta(days=int(number))
        return _meant(day, round((number % 1 if part is None else part) * 86_400) == 82_800)
    if math.isfinite(number) and number == int(number) and (match := _COMPACT.fullmatch(str(int(number)))):
        return _calendar(*match.groups())
    raise DayUnreadable()


def _from_text(text: str, date1904: bool) -> date | None:
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _calendar(*match.groups())
    if match := _SERIAL.fullmatch(text):
        return _from_number(int(match[1]), date1904, float(match[2] or 0))
    if match := _WORD_MONTH.fullmatch(text):
        before, word, after, year = match.groups()
        if word[:3] in _MONTHS and (before is None) != (after is None):
            return _calendar(year, str(_MONTHS.index(word[:3]) + 1), before or after)
    if _YEAR_LAST.fullmatch(text):
        raise DayAmbiguous()
    if _SHORT_YEAR.fullmatch(text):
        raise YearTooShort()
    raise DayUnreadable()


def _china_day(text: str) -> date:
    try:
        plain = re.sub(r"\s?(?:utc|gmt)$", "z", text)
        instant = plain[:10] + "T" + plain[11:].replace(" ", "").replace(",", ".").upper()
        return datetime.fromisoformat(instant).astimezone(_CHINA).date()
    except ValueError as error:
        raise DayDoesNotExist() from error


def _calendar(year: str, month: str, day: str) -> date:
    if int(year) not in _YEARS:
        raise DayUnreadable()
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise DayDoesNotExist() from error
