"""What one visitor's browser told us: who is signed in, which language, by which address.

Read from Streamlit's session while a page runs. A download button's work runs in a thread that knows no session:
there nobody would be signed in and every text Chinese. `kept` takes what it told along to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.foundation.language import LANGUAGES, supported

LANGUAGE = "language"


@dataclass(frozen=True)
class Browser:
    """`signed_in` as the session holds it (checked against the database by whoever uses it); `language` "zh" or
    "en"; `url` the address in the browser's bar."""

    signed_in: dict[str, Any] | None
    language: str
    url: str


_KEPT: ContextVar[Browser | None] = ContextVar("browser", default=None)


def browser() -> Browser:
    """The browser at hand, whole."""
    return Browser(signed_in(), language(), address())


def signed_in() -> dict[str, Any] | None:
    held = _KEPT.get()
    return held.signed_in if held else st.session_state.get("signed_in")


def language() -> str:
    """ "zh" or "en": what the visitor chose, else what the browser speaks."""
    held = _KEPT.get()
    if held:
        return held.language
    chosen = st.session_state.get(LANGUAGE)
    return str(chosen) if chosen in LANGUAGES else supported(st.context.locale)


def address() -> str:
    """The page's address as the browser shows it; empty where it told none."""
    held = _KEPT.get()
    return held.url if held else str(st.context.url or "")


@contextmanager
def kept(held: Browser) -> Iterator[None]:
    """Within this block, on this thread, `browser()` is the one held."""
    mark = _KEPT.set(held)
    try:
        yield
    finally:
        _KEPT.reset(mark)
