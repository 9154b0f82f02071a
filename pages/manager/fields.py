"""Fields of an editor: each shows what is stored, saves itself, and has its problems right below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.packages.editing import field_at, numbered, with_field
from pages.manager.drafting import Editor
from pages.manager.facts import as_kept, as_shown, facts_below
from pages.ui.text import _, html, language
from pages.ui.widgets import out_of_limits


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


Limits = tuple[float | None, float | None]
NO_LIMITS: Limits = (None, None)


def typed(
    editor: Editor, path: str, convert: Callable[[Any], Any] = lambda value: value, limits: Limits = NO_LIMITS
) -> dict[str, Any]:
    """The key and the callback of a widget for the field at `path`; `convert` makes its value the draft's."""
    key = f"draft_{editor.package_id}_{editor.forms}_{path}"
    return {"key": key, "on_change": _changed, "args": (editor, path, key, convert, limits)}


def _changed(
    editor: Editor, path: str, key: str, convert: Callable[[Any], Any], limits: Limits = NO_LIMITS
) -> None:
    shown = st.session_state[key]
    if limits != NO_LIMITS and out_of_limits(shown, *limits):
        return
    value = convert(shown)
    words = shown if isinstance(shown, str) else ""
    if editor.apply(lambda draft: with_field(draft, path, value), typed=words):
        editor.wrote(path)


def field(
    editor: Editor,
    path: str,
    draw: Callable[..., Any],
    label: str,
    *shown: Any,
    place: Any = st,
    convert: Callable[[Any], Any] = lambda value: value,
    faults: tuple[str, ...] = (),
    limits: Limits = NO_LIMITS,
    **more: Any,
) -> None:
    """A field that `draw` draws, such as `st.text_input`, `shown` being what it shows: it saves itself, with its
    problems below (those of the paths `faults`, where they stand elsewhere). A number outside its `limits` is not saved."""
    with place.container(gap=None):
        value = draw(label, *shown, **more, **typed(editor, path, convert, limits))
        if limits != NO_LIMITS and (wrong := out_of_limits(value, *limits)):
            st.html(f"<p class='pd-fault'>{html(wrong)}</p>")
        for one in faults or (path,):
            fault_below(editor, one)
        facts_below(editor, path)


def text(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """One line of text."""
    stored = as_shown(editor, field_at(editor.raw, path) or "")
    convert = more.pop("convert", str.strip)
    field(
        editor, path, st.text_input, label, stored, place=place,
        convert=lambda words: convert(as_kept(editor, words)), **more,
    )  # fmt: skip


def long_text(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """Several lines of text, as tall as the text is."""
    stored = as_shown(editor, field_at(editor.raw, path) or "")
    more = {"height": "content", **more}
    field(
        editor, path, st.text_area, label, stored, place=place,
        convert=lambda words: as_kept(editor, words).strip(), **more,
    )  # fmt: skip


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
    field(
        editor,
        path,
        st.number_input,
        label,
        None,
        None,
        value,
        place=place,
        step=1,
        limits=(low, high),
        **more,
    )


def yuan(editor: Editor, path: str, label: str, place: Any = st, empty: bool = False, **more: Any) -> None:
    """Money, typed in yuan and kept in fen."""
    stored = field_at(editor.raw, path)
    value = stored / 100 if isinstance(stored, int) else (None if empty else 0.0)
    field(
        editor, path, st.number_input, label, None, None, value, place=place, step=1.0, format="%.2f", limits=(0.0, 1_000_000.0),
        convert=lambda given: None if given is None else round(given * 100), **more,
    )  # fmt: skip


def choice(
    editor: Editor,
    path: str,
    label: str,
    names: dict[Any, str],
    place: Any = st,
    default: Any = None,
    **more: Any,
) -> None:
    """One of several; `names` are catalogue texts or words already in the reader's language, `default` what counts in a
    draft that does not say it."""
    stored, words = field_at(editor.raw, path, default), {one: _(name) for one, name in names.items()}
    options = list(names)
    index = options.index(stored) if stored in options else None
    more = {"format_func": words.__getitem__, **more}
    field(editor, path, st.selectbox, label, options, index, place=place, **more)


def tick(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """Yes or no."""
    field(editor, path, st.toggle, label, bool(field_at(editor.raw, path)), place=place, **more)


def number(editor: Editor, path: str, label: str, place: Any = st, decimals: int = 0, **more: Any) -> None:
    """A number with so many decimals, which may be left out."""
    stored = field_at(editor.raw, path)
    value = float(stored) if isinstance(stored, (int, float)) else None
    field(
        editor, path, st.number_input, label, None, None, value, place=place, step=10.0**-decimals,
        format=f"%.{decimals}f", **more,
    )  # fmt: skip


def several(
    editor: Editor, path: str, label: str, names: dict[Any, str], place: Any = st, **more: Any
) -> None:
    """Several of a list, kept in its order; `names` are words already in the reader's language."""
    stored = [one for one in field_at(editor.raw, path) or [] if one in names]
    more = {"format_func": names.__getitem__, **more}
    field(editor, path, st.multiselect, label, list(names), stored, place=place, convert=sorted, **more)


def lines(editor: Editor, path: str, label: str, **more: Any) -> None:
    """A list of short texts, one line each."""
    stored = as_shown(editor, "\n".join(field_at(editor.raw, path) or []))
    field(
        editor, path, st.text_area, label, stored, height="content",
        convert=lambda words: lines_of(as_kept(editor, words)), **more,
    )  # fmt: skip


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


def lines_of(words: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in words.splitlines() if line.strip()]
