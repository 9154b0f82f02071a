"""What one visitor's browser told us: who is signed in, which language, by which address.

Read from Streamlit's session while a page runs, the language once per run (`one_run`), which also keeps what every line
of a list asks again: the person, the day, the house. A download button's work runs in a thread that knows no session:
there nobody would be signed in and every text Chinese. `kept` takes what it told along to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.foundation.house import House
from core.foundation.language import LANGUAGES, supported
from core.people.staff import StaffMember

LANGUAGE = "language"


@dataclass(frozen=True)
class Browser:
    """`signed_in` as the session holds it (checked against the database by whoever uses it); `language` "zh" or
    "en"; `url` the address in the browser's bar."""

    signed_in: dict[str, Any] | None
    language: str
    url: str


@dataclass
class Run:
    """One run of a page from the router on: its language, who the router found signed in (`member` of the workspace
    `kind`), the department's day and its facts (None: look anew). A fragment, a callback or a download runs without it
    and looks for itself."""

    language: str
    kind: str | None = None
    member: StaffMember | None = None
    waiting: Any = None  # the place above the page for a word while the database does not answer
    told: bool = False  # a sentence of the run before was shown here for the first time
    today: date | None = None
    house: House | None = None
    # What is written right behind a deed. Each is the session's own thing at hand: reading or writing the session itself
    # is where Streamlit breaks a run off for the next click, and then a deed would be done and nobody told.
    here: str = ""
    said: list[Any] | None = None
    spent: dict[str, float] | None = None


_KEPT: ContextVar[Browser | None] = ContextVar("browser", default=None)
_RUN: ContextVar[Run | None] = ContextVar("run", default=None)


def browser() -> Browser:
    """The browser at hand, whole."""
    return Browser(signed_in(), language(), address())


def signed_in() -> dict[str, Any] | None:
    held = _KEPT.get()
    return held.signed_in if held else st.session_state.get("signed_in")


def language() -> str:
    """ "zh" or "en": what the visitor chose, else what the browser speaks."""
    held = _KEPT.get() or _RUN.get()
    if held:
        return held.language
    chosen = st.session_state.get(LANGUAGE)
    return str(chosen) if chosen in LANGUAGES else supported(st.context.locale)


def address() -> str:
    """The page's address as the browser shows it; empty where it told none."""
    held = _KEPT.get()
    return held.url if held else str(st.context.url or "")


def sender() -> str:
    """The network address this browser speaks from; empty on the machine itself."""
    return str(st.context.ip_address or "")


@contextmanager
def kept(held: Browser) -> Iterator[None]:
    """Within this block, on this thread, `browser()` is the one held."""
    mark = _KEPT.set(held)
    try:
        yield
    finally:
        _KEPT.reset(mark)


@contextmanager
def one_run() -> Iterator[Run]:
    """Within this block the language is read once, and the person as often as `forget_person` says."""
    run = Run(language())
    mark = _RUN.set(run)
    try:
        yield run
    finally:
        _RUN.reset(mark)


def this_run() -> Run | None:
    """The run at hand; None where there is none, and for a download made in between."""
    return None if _KEPT.get() else _RUN.get()


def forget_person() -> None:
    """From here on this run looks up person, day and house again: a deed may have changed them."""
    if run := _RUN.get():
        run.member = run.today = run.house = None
