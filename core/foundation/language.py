"""Two languages: English is the key, Simplified Chinese comes from gettext catalogues.

The `.po` files under `data/locales/zh_CN/` are compiled in memory at first use, so that
there is no build step. Dates, money and numbers are Babel's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

from core.foundation.open_types import Value
from core.foundation.writing.punctuation import chinese_marks

LANGUAGES = ("zh", "en")
# Parsed once: by its name Babel would look for it anew in every text, 85 µs instead of 3.
LOCALES = {"zh": Locale.parse("zh_CN"), "en": Locale.parse("en_GB")}
# The same days, hours and numbers stand in every line of a list: 15 µs for each that is written anew.
FEW = 4096
CATALOGUES = Path(__file__).resolve().parents[2] / "data" / "locales"

Translate = Callable[..., str]


def N_(text: str) -> str:
    """Mark a text for the catalogue where it is declared; it is translated where it is shown."""
    return text


@cache
def _chinese() -> dict[str, str]:
    entries: dict[str, str] = {}
    for path in sorted((CATALOGUES / "zh_CN").glob("*.po")):
        with path.open("rb") as handle:
            for message in read_po(handle, locale="zh_CN"):
                if message.id and message.string:
                    entries[_first(message.id)] = chinese_marks(_first(message.string))
    return entries


def _first(form: str | Sequence[str]) -> str:
    """The one form of an entry: Chinese has no plural, and counted texts are keyed by their singular."""
    return form if isinstance(form, str) else form[0]


@cache
def translator(language: str) -> Translate:
    """A function `_(text, **parameters)` that speaks `language` ("zh" or "en").

    A text without an entry is returned as it is: content that a department wrote passes through.
    """
    entries = _chinese() if language == "zh" else {}

    def _(text: str, **parameters: Value) -> str:
        found = entries.get(text, text)
        return found.format(**parameters) if parameters else found

    return _


def plural(language: str, singular: str, plural_text: str, n: int, **parameters: Value) -> str:
    """The right form for `n` things; Chinese has one form, keyed by the singular."""
    _ = translator(language)
    if language == "zh":
        return _(singular, n=n, **parameters)
    return _(singular if n == 1 else plural_text, n=n, **parameters)


def pick(language: str, zh: str, en: str) -> str:
    """One of two texts that content carries side by side; the other where one is empty."""
    return (zh or en) if language == "zh" else (en or zh)


def supported(tag: str | None) -> str:
    """The house language for a browser's language tag ("zh-CN", "en-GB" …); Chinese unless the tag says otherwise."""
    if not tag:
        return "zh"
    return "zh" if tag.lower().startswith("zh") else "en"


@lru_cache(maxsize=FEW)
def day_text(day: date, language: str, weekday: bool = False) -> str:
    """A day as people say it: "3月5日" / "5 Mar", with the weekday "周四 3月5日" / "Thu 5 Mar"."""
    if language == "zh":
        text = f"{day.month}月{day.day}日"
        return f"{format_date(day, 'EEE', locale=LOCALES['zh'])} {text}" if weekday else text
    return format_date(day, "EEE d MMM" if weekday else "d MMM", locale=LOCALES[language])


@lru_cache(maxsize=FEW)
def full_day_text(day: date, language: str) -> str:
    """A day with its year: "2026年3月5日" / "5 March 2026"."""
    return format_date(day, "long", locale=LOCALES[language])


def month_text(day: date, language: str) -> str:
    """The month of a day with its year: "2026年3月" / "March 2026"."""
    return format_skeleton("yMMMM", day, locale=LOCALES[language])


@lru_cache(maxsize=FEW)
def moment_text(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """An instant in the department's time zone, day and minute."""
    pattern = "M月d日 HH:mm" if language == "zh" else "d MMM HH:mm"
    return format_datetime(moment, pattern, tzinfo=zone, locale=LOCALES[language])


@lru_cache(maxsize=FEW)
def clock_text(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Hour and minute in the department's time zone: "09:30"."""
    return format_time(moment, "HH:mm", tzinfo=zone, locale=LOCALES[language])


def span_text(span: timedelta, language: str) -> str:
    """A length of time in words."""
    return format_timedelta(span, locale=LOCALES[language])


def money_text(fen: int, language: str) -> str:
    """Integer fen as yuan: 19900 → "¥199.00"."""
    return format_currency(Decimal(fen) / 100, "CNY", locale=LOCALES[language]).replace("CN¥", "¥")


@lru_cache(maxsize=FEW, typed=True)
def number_text(value: float | Decimal | int, language: str, pattern: str | None = None) -> str:
    return format_decimal(value, format=pattern, locale=LOCALES[language])


@lru_cache(maxsize=FEW, typed=True)
def percent_text(share: float, language: str, digits: int = 1) -> str:
    """A share as per cent: 0.4567 → "45.7%"."""
    pattern = "0%" if digits == 0 else "0." + "0" * digits + "%"
    return format_percent(share, format=pattern, locale=LOCALES[language])
