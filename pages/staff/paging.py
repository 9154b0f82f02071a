"""A long list shows its first lines and goes on by a click: `for row in page("wall", lambda n: ask(wall, limit=n)): …`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import streamlit as st

from pages.ui.text import _

Row = TypeVar("Row")
STEP = 10


def page(name: str, found: Callable[[int], list[Row]], step: int = STEP) -> Iterator[Row]:
    """The lines of the list `name` that are shown in this session, and beneath them the button for more.

    `found(n)` asks for at most `n` lines: one more than is shown, to know whether the list goes on.
    """
    most = int(st.session_state.get(f"shown_{name}", step))
    rows = found(most + 1)
    yield from rows[:most]
    if len(rows) > most and st.button(_("Show more"), key=f"more_{name}"):
        st.session_state[f"shown_{name}"] = most + step
        st.rerun()
