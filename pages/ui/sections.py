"""Sections that draw nothing before somebody opens them: folds, popovers and tabs.

Every field on a page costs time in every run, seen or not, so a page draws what is open. A fold stays drawn from its
first opening on: what was typed into it is still there when it is folded and opened again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

Draw = Callable[[], Any]
TAB = "tab"


def fold(label: str, key: str, draw: Draw, kind: Callable[..., Any] | None = None, **more: Any) -> Any:
    """A fold, or what `kind` makes (such as `st.popover`), whose content `draw` draws once it is opened; returns
    what `draw` returns, None before."""
    state, seen, looks = st.session_state, f"{key}:seen", (label, tuple(more.items()))
    if state.pop(f"{key}:shut", False):
        state[key] = False
        state.pop(seen, None)
    if key not in state:
        # The page was left meanwhile: Streamlit has forgotten the fold, and what was typed.
        state.pop(seen, None)
    elif state[key] and state.get(seen) != looks:
        # Another label makes it another fold for Streamlit; for whoever reads it, it is the same and open.
        state[key] = True
    place = (kind or st.expander)(label, key=key, on_change="rerun", **more)
    if is_open(place) or seen in state:
        state[seen] = looks
        with place:
            return draw()
    return None


def is_open(place: Any) -> bool:
    """Whether somebody has opened this fold."""
    return bool(place.open)


def shut(key: str) -> None:
    """Close a fold with the next run, and forget what was typed into it: its act is done."""
    st.session_state[f"{key}:shut"] = True


def tabs(parts: dict[str, tuple[str, Draw]], key: str, stay: bool = False) -> None:
    """Tabs of which the open one is drawn. `parts` are name and content by a code, which stands in the address, so
    that the tab is open again after a reload and where the address is sent to. With `stay` a tab stays drawn once it
    was opened, for fields that do not save themselves."""
    labels = {code: label for code, (label, _draw) in parts.items()}
    state, asked, noted, seen = st.session_state, st.query_params.get(TAB, ""), f"{key}:noted", f"{key}:seen"
    if key not in state:
        state.pop(seen, None)
    if asked in labels and state.get(noted) != asked:
        state[key], state[noted] = labels[asked], asked
    elif state.get(key) not in labels.values():
        # The first visit, or the language was switched.
        state[key] = labels.get(asked) or next(iter(labels.values()))
    places = st.tabs(list(labels.values()), key=key, on_change=_note, args=(key, labels))
    opened = state.get(seen, frozenset()) if stay else frozenset()
    for place, (code, (_label, draw)) in zip(places, parts.items(), strict=True):
        if place.open or code in opened:
            opened |= {code}
            with place:
                draw()
    if stay:
        state[seen] = opened


def _note(key: str, labels: dict[str, str]) -> None:
    code = next((code for code, label in labels.items() if label == st.session_state[key]), "")
    st.session_state[f"{key}:noted"] = st.query_params[TAB] = code
