"""Fields of an editor: each shows what is stored, saves itself, and has its problems right below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.packages.editing import field_at, numbered, with_field
from pages.manager.drafting import Editor
from pages.ui.text import _, html, language


def fault_below(editor: Editor, path: str) -> None:
    """What is wrong with one field, right below it."""
    if not editor.faults:
        return
    try:
        where = numbered(editor.raw, path)
    except KeyError:
        return
    for fault in editor.faults:
        if fault.where == where or fault.where.startswith(f"{where}."):
            st.html(f"<p class='pd-fault'>{html(fault.text(language()))}</p>")


def typed(editor: Editor, path: str, convert: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    """The key and the callback of a widget for the field at `path`; `convert` makes its value the draft's."""
    key = f"draft_{editor.package_id}_{editor.forms}_{path}"
    return {"key": key, "on_change": _changed, "args": (editor, path, key, convert)}


def _changed(editor: Editor, path: str, key: str, convert: Callable[[Any], Any]) -> None:
    shown = st.session_state[key]
    value = convert(shown)
    words = shown if isinstance(shown, str) else ""
    if editor.apply(lambda draft: with_field(draft, path, value), typed=words):
        editor.wrote(path)


def text(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """One line of text."""
    with place.container(gap=None):
        st.text_input(label, field_at(editor.raw, path) or "", **typed(editor, path, str.strip), **more)
        fault_below(editor, path)


def long_text(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """Several lines of text, as tall as the text is."""
    with place.container(gap=None):
        stored = field_at(editor.raw, path) or ""
        st.text_area(label, stored, height="content", **typed(editor, path, str.strip), **more)
        fault_below(editor, path)


def whole(
    editor: Editor,
    path: str,
    label: str,
    low: int,
    high: int | None,
    place: Any = st,
    empty: bool = False,
    **more: Any,
) -> None:
    """A whole number; with `empty` it may be left out."""
    stored = field_at(editor.raw, path)
    value = stored if isinstance(stored, int) else (None if empty else low)
    if value is not None:
        value = max(low, value) if high is None else min(max(low, value), high)
    with place.container(gap=None):
        st.number_input(label, low, high, value, step=1, **typed(editor, path), **more)
        fault_below(editor, path)


def yuan(editor: Editor, path: str, label: str, place: Any = st, empty: bool = False, **more: Any) -> None:
    """Money, typed in yuan and kept in fen."""
    stored = field_at(editor.raw, path)
    value = stored / 100 if isinstance(stored, int) else (None if empty else 0.0)
    with place.container(gap=None):
        st.number_input(
            label, 0.0, 1_000_000.0, value, step=1.0, format="%.2f",
            **typed(editor, path, lambda given: None if given is None else round(given * 100)), **more,
        )  # fmt: skip
        fault_below(editor, path)


def choice(
    editor: Editor, path: str, label: str, names: dict[Any, str], place: Any = st, **more: Any
) -> None:
    """One of several; `names` are catalogue texts or words already in the reader's language."""
    stored, words = field_at(editor.raw, path), {one: _(name) for one, name in names.items()}
    options = list(names)
    index = options.index(stored) if stored in options else None
    with place.container(gap=None):
        st.selectbox(label, options, index, format_func=words.__getitem__, **typed(editor, path), **more)
        fault_below(editor, path)


def tick(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """Yes or no."""
    with place.container(gap=None):
        st.toggle(label, bool(field_at(editor.raw, path)), **typed(editor, path), **more)
        fault_below(editor, path)


def number(
    editor: Editor,
    path: str,
    label: str,
    place: Any = st,
    decimals: int = 0,
    low: float | None = None,
    high: float | None = None,
    **more: Any,
) -> None:
    """A number with so many decimals, which may be left out."""
    stored = field_at(editor.raw, path)
    value = float(stored) if isinstance(stored, (int, float)) else None
    if value is not None and low is not None and high is not None:
        value = min(max(low, value), high)
    with place.container(gap=None):
        st.number_input(
            label,
            low,
            high,
            value,
            step=10.0**-decimals,
            format=f"%.{decimals}f",
            **typed(editor, path),
            **more,
        )
        fault_below(editor, path)


def several(
    editor: Editor, path: str, label: str, names: dict[Any, str], place: Any = st, **more: Any
) -> None:
    """Several of a list, kept in its order; `names` are words already in the reader's language."""
    stored = [one for one in field_at(editor.raw, path) or [] if one in names]
    with place.container(gap=None):
        st.multiselect(
            label, list(names), stored, format_func=names.__getitem__,
            **typed(editor, path, lambda given: sorted(given)), **more,
        )  # fmt: skip
        fault_below(editor, path)


def lines(editor: Editor, path: str, label: str, **more: Any) -> None:
    """A list of short texts, one line each."""
    stored = "\n".join(field_at(editor.raw, path) or [])
    with st.container(gap=None):
        st.text_area(
            label, stored, height="content",
            **typed(editor, path, lambda words: [one.strip() for one in words.splitlines() if one.strip()]), **more,
        )  # fmt: skip
        fault_below(editor, path)


def with_more(editor: Editor, path: str, entry: Any) -> None:
    """Add an entry without a code at the end of a list, and show it."""
    editor.apply(lambda draft: with_field(draft, path, [*(field_at(draft, path) or []), entry]))
    editor.redraw()


def without(editor: Editor, path: str, at: int) -> None:
    """Take the entry at a place (from 0) out of a list."""

    def change(draft: dict[str, Any]) -> dict[str, Any]:
        known = field_at(draft, path) or []
        return with_field(draft, path, [*known[:at], *known[at + 1 :]])

    editor.apply(change)
    editor.redraw()
