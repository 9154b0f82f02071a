"""Fields that save themselves: they follow what is stored until somebody types here, and lose nothing on refusal.

A page draws a widget with `key=follow(key, stored)`, asks `changed(key)` and calls `settled(key)` after its deed
was done. What was refused stays in the field and comes back even after another step was looked at. What a
colleague stored meanwhile appears here, and is not overwritten by a page that was merely left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from zlib import crc32

import streamlit as st

Thing = TypeVar("Thing")


def follow(key: str, stored: Any) -> str:
    """Prepare the widget `key` before it is drawn; returns the key."""
    state, base, held = st.session_state, f"{key}:base", f"{key}:held"
    if key not in state:
        # Streamlit forgets a widget that was not drawn in the run before.
        state[key] = state.get(held, stored)
        if held not in state:
            state[base] = stored
    elif state[key] == state.get(base) and state[base] != stored:
        state[key] = state[base] = stored
    return key


def changed(key: str) -> bool:
    """Whether the drawn widget holds something that is not stored yet."""
    state, held = st.session_state, f"{key}:held"
    if state[key] == state.get(f"{key}:base"):
        state.pop(held, None)
        return False
    state[held] = state[key]
    return True


def settled(*keys: str) -> None:
    """What these widgets hold is stored now."""
    for key in keys:
        st.session_state[f"{key}:base"] = st.session_state[key]
        st.session_state.pop(f"{key}:held", None)


def forget(key: str) -> None:
    """Let the widget begin anew with what is stored."""
    for name in (key, f"{key}:base", f"{key}:held"):
        st.session_state.pop(name, None)


def in_rows(things: Sequence[Thing], wide: int) -> Iterator[tuple[Any, Thing]]:
    """Each thing with its place in a grid `wide` columns wide; on a phone they keep their order."""
    for start in range(0, len(things), wide):
        yield from zip(st.columns(wide), things[start : start + wide], strict=False)


def steady(key: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows to give the table editor `key`: the ones it began with, while they differ from what is stored only by
    what was typed into it. New rows would make it a new table, and a cell typed during the run would be lost."""
    began = st.session_state.get(f"{key}:rows")
    typed = st.session_state.get(key, {}).get("edited_rows", {})
    if began is None or [row | typed.get(at, {}) for at, row in enumerate(began)] != rows:
        st.session_state[f"{key}:rows"] = began = rows
    return began


def as_stored(key: str, stored: Any) -> str:
    """A key for the fields of a form that edits `stored`: another one once a colleague, or the patient on her phone, has
    stored something else, so that an old page never writes old facts back.

    What was typed into such fields stays after a refusal, and after a lost connection too: the browser itself holds
    the values of fields that begin with a value, where those that `follow` start anew with the session.
    """
    return f"{key}_{crc32(repr(stored).encode()):08x}"
