"""What an act came to, said where it was done, and the pockets that acts wait in.

A page that scrolls hides its top: a sentence up there is not read. `tell` keeps it for the place, `told` shows it
there in the next run.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

import streamlit as st

from pages.ui.calls import STAYS


def tell(place: str, text: str) -> None:
    """Keep a sentence for `place` until the next run."""
    st.session_state.setdefault("told", {})[place] = (None, text)


def told(place: str) -> None:
    """Show what was told here. It stays for a moment, as `calls.show_said` says why; the container is always there, so
    that nothing below changes its place in the page."""
    with st.container():
        kept = st.session_state.get("told", {})
        if place not in kept:
            return
        since, text = kept[place]
        if since is not None and monotonic() - since > STAYS:
            del kept[place]
            return
        if since is None:
            kept[place] = (monotonic(), text)
        st.success(text, icon=":material/check_circle:")


def pocket(label: str, key: str, **look: Any) -> Any:
    """A popover that draws, and costs, nothing until it is opened: `if (place := pocket(…)).open: with place: …`."""
    _settle(key)
    return st.popover(label, key=key, on_change="rerun", **look)


def drawer(label: str, key: str, **look: Any) -> Any:
    """An expander of the same kind, for what is rarely needed."""
    _settle(key)
    return st.expander(label, key=key, on_change="rerun", **look)


def shut(key: str) -> None:
    """Close the pocket or drawer `key` with the next run: its act is done."""
    st.session_state[f"{key}:shut"] = True


def _settle(key: str) -> None:
    if st.session_state.pop(f"{key}:shut", False):
        st.session_state[key] = False
