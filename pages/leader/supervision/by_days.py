"""What happened on days that one may choose: a line each, the newest first, and more of them by a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.calls import ask
from pages.ui.frame import empty_state, wrapped
from pages.ui.text import _

STEP = 20


def by_days(
    key: str, question: Callable[..., Any], row: Callable[[Any], dict[str, str]], nothing: str, place: Any = st, **chosen: Any
) -> None:  # fmt: skip
    """The lines that `question` finds in the days and in what else is `chosen`; `nothing` says that there are none at all."""
    days = place.date_input(_("Days"), value=[], key=f"{key}_days")
    name = "_".join((key, *map(str, chosen.values()), *map(str, days)))
    most = int(st.session_state.get(name, STEP))
    first, last = (days[0], days[-1]) if days else (None, None)
    found = ask(question, limit=most + 1, first=first, last=last, **chosen)
    if not found:
        empty_state(_("None in what you chose.") if days or any(chosen.values()) else nothing)
    wrapped([row(one) for one in found[:most]], "pd-last")
    if len(found) > most and st.button(_("Show more"), key=f"{key}_more"):
        st.session_state[name] = most + STEP
        st.rerun()
