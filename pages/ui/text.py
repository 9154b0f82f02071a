"""Words on Streamlit pages, in the visitor's language."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.foundation import language as house
from core.foundation.errors import Refusal
from core.foundation.writing.plain_text import tidy
from pages.ui.browser import LANGUAGE, language

# What Markdown takes for itself in the middle of a text: emphasis, code, formulas, links and pictures, tags, tables,
# entities, and the colours and badges of Streamlit.
MARKS = re.compile(r"[\\*`~$\[\]<>|_&{}]|:(?=[A-Za-z])")
# At the beginning of a line: headings, lists, rules, blocks between colons.
_LINE_MARKS = re.compile(r"^[ \t]*(?:(?=[#+=:-])|\d{1,9}(?=[.)]\s))", re.MULTILINE)
# What is made of the finished text, when no backslash is left to see: addresses become links, :smile: and
# :material/home: pictures. Between their parts goes a mark of Streamlit's own that shows nothing.
_FOUND_LATER = re.compile(
    r"(?:(?<=http)|(?<=https))(?=://)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@[\w-])"
    r"|(?<!\d)(?P<name>:[\w+/-]+(?:\\[\w+/-]+)*)(?=\\?:)",
    re.IGNORECASE | re.ASCII,
)


def _(text: str, **parameters: Any) -> str:
    return house.translator(language())(text, **parameters)


def _n(singular: str, plural: str, n: int, **parameters: Any) -> str:
    return house.plural(language(), singular, plural, n, **parameters)


def day(value: date | None, weekday: bool = False) -> str:
    return house.day_text(value, language(), weekday) if value else ""


def full_day(value: date | None) -> str:
    return house.full_day_text(value, language()) if value else ""


def moment(value: datetime | None, zone: ZoneInfo) -> str:
    return house.moment_text(value, language(), zone) if value else ""


def money(fen: int) -> str:
    return house.money_text(fen, language())


def percent(share: float, digits: int = 1) -> str:
    return house.percent_text(share, language(), digits)


def number(value: float | int) -> str:
    return house.number_text(value, language())


def refusal(problem: Refusal) -> str:
    """A refusal for a box that reads Markdown: it may hold a masked name or a number that somebody typed."""
    return unmarked(problem.text(language()))


def unmarked(text: str) -> str:
    """Text that people wrote, for labels and boxes that read Markdown, shown sign by sign: 张* and 138****5678 keep their
    stars, and an address stays words that lead nowhere. What was kept before the door tidied its line
    breaks (`core.foundation.writing.plain_text`) is tidied here."""
    escaped = _LINE_MARKS.sub(r"\g<0>\\", MARKS.sub(r"\\\g<0>", tidy(text)))
    return _FOUND_LATER.sub(lambda found: f"{found['name'] or ''}:small[]", escaped)


def language_switch(place: Any, key: str = "language_switch") -> None:
    """The two languages, each named in itself. The sign-in and the sidebar may be drawn in one run: two keys."""
    names = {"zh": "中文", "en": "English"}
    chosen = place.segmented_control(
        "语言 · Language",
        list(names),
        format_func=names.__getitem__,
        default=language(),
        key=key,
        label_visibility="collapsed",
    )
    if chosen and chosen != language():
        st.session_state[LANGUAGE] = chosen
        st.rerun()


def clock(value: datetime | None, zone: ZoneInfo) -> str:
    return house.clock_text(value, language(), zone) if value else ""


def html(text: str) -> str:
    """Text that people wrote, made harmless inside our own markup; without brackets, so that Markdown around it makes no
    picture of it."""
    return escape(tidy(text), quote=True).replace("[", "&#91;").replace("\n", "<br>")
