"""The one list of the staff's pages: rows that open whole by a tap or by Enter, with filters above and pages below.

A component of our own, because a hundred rows with a button each cost forty times as much script and a hundred stops
of the tab key. What is in it: `rows.js`, how it looks: `rows.css`; both are handed to the browser as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.text import _, number, unmarked

HERE = Path(__file__).resolve().parent
# How a state looks: a colour and a shape beside its word. The shapes and colours are in rows.js and rows.css.
TONES = ("now", "late", "hush", "none", "done")


@dataclass(frozen=True)
class Column:
    """A column by its title; `share` is its part of the width."""

    title: str
    share: float = 1.0


@dataclass(frozen=True)
class State:
    """A cell that says how things stand: a word, and one of `TONES`."""

    word: str
    tone: str


@dataclass(frozen=True)
class Line:
    """One row: what it opens, a cell per column, and a sentence below them where there is more to read. On a phone the
    first cell and the state stand above, the others below."""

    id: str
    cells: tuple[str | State, ...]
    second: str = ""


@cache
def _component() -> Callable[..., Any]:
    sheet, script = ((HERE / f"rows.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    mount: Callable[..., Any] = st.components.v2.component(
        "pilotdesk_rows", html="<div class='pd-rows'></div>", css=sheet, js=script, isolate_styles=False
    )
    return mount


def rows(name: str, columns: Sequence[Column], lines: Sequence[Line], key: str, to: str = "") -> str | None:
    """Draw the list called `name`; returns the id of the row that was opened just now, or None.

    All texts are already translated and are shown as they are, whatever they look like. `to` is the address of the
    page where a row opens, up to its id: the browser goes there by itself, without a run of this page in between.
    """
    data = {
        "name": name,
        "columns": [{"title": column.title, "share": column.share} for column in columns],
        "lines": [
            {
                "id": line.id,
                "cells": [
                    cell if isinstance(cell, str) else {"word": cell.word, "tone": cell.tone}
                    for cell in line.cells
                ],
                "second": line.second,
            }
            for line in lines
        ],
        "to": to,
        "back": st.session_state.pop(f"{key}_back", ""),
    }
    told = _component()(key=key, data=data, on_opened_change=_nothing)
    return known(told.get("opened"), lines)


def known(told: Any, lines: Sequence[Line]) -> str | None:
    """What a browser says was opened, if it is on this list: a browser may say anything."""
    return told if any(line.id == told for line in lines) else None


HER_FILE = "patient?id="


def open_patient(patient_id: str | int) -> None:
    """Go to her file."""
    st.switch_page("staff/patient/page.py", query_params={"id": str(patient_id)})


# --- what lies open on the same page ---------------------------------------------------------------


def opened(name: str) -> str:
    """What lies open in the place of the list, by the address ("" for the list itself). Every page reads its own name
    there, so what another page left in the address opens nothing."""
    return st.query_params.get(name, "")


def open_here(name: str, which: str) -> None:
    """Open one thing in the place of the list; the browser's Back leads to the list again."""
    st.query_params[name] = which
    st.rerun()


def close(name: str, key: str) -> None:
    """Back to the list, at the row that lay open."""
    st.session_state[f"{key}_back"] = st.query_params.pop(name, "")
    st.rerun()


def heading(title: str, back: str, name: str, key: str) -> None:
    """The head of what lies open: the way back to the list, and the title as somebody wrote it, where reading goes on."""
    if st.button(back, key=f"{key}_close", icon=":material/arrow_back:"):
        close(name, key)
    with st.container(key="opened"):
        st.subheader(unmarked(title), anchor=False)


# --- above and below a list ------------------------------------------------------------------------


def remembered(key: str, otherwise: Any = "") -> Any:
    """What was chosen or typed in the field of this key, also after something else lay open in between: Streamlit
    forgets a field in the first run that does not draw it. Call it before the field is drawn."""
    held = st.session_state.get(key, st.session_state.get(f"{key}_kept"))
    held = otherwise if held is None else held
    st.session_state[f"{key}_kept"] = held
    if held != "":
        st.session_state[key] = held
    return held


def search(key: str) -> str:
    """The field by which a patient is found in a list."""
    remembered(key)
    text = _("Name, last four digits of the phone, or record number")
    return st.text_input(text, key=key, icon=":material/search:")


def filters(names: dict[str, str], counts: Mapping[str, int], key: str, most: int | None = None) -> str:
    """One chip per kind with how many there are of it ("1,000+" for more than `most`); the kind chosen, or "" for
    all."""
    if remembered(key) not in names:  # of a kind there is none of any more
        st.session_state.pop(key, None)
    chosen = st.pills(
        _("Show only"),
        list(names),
        format_func=lambda kind: f"{names[kind]} {counted(counts[kind], most)}",
        key=key,
        label_visibility="collapsed",
    )
    return chosen or ""


def counted(count: int, most: int | None) -> str:
    """A count; "1,000+" for more than `most`."""
    return number(count) if most is None or count <= most else f"{number(most)}+"


def page_of(key: str, *asked: str) -> int:
    """Which page is shown; another question (`asked`: filter, search text) begins at its first."""
    if st.session_state.get(f"{key}_asked") != asked:
        st.session_state[f"{key}_asked"], st.session_state[f"{key}_page"] = asked, 1
    return int(st.session_state[f"{key}_page"])


def pages(key: str, page: int, of: int, size: int, total: int) -> None:
    """The way to the rows before and after; nothing where all are shown."""
    if of < 2:
        return
    before, where, after = st.columns([1, 1, 1], vertical_alignment="center")
    first, last = (page - 1) * size + 1, min(page * size, total)
    where.caption(
        _("{first} to {last} of {total}", first=number(first), last=number(last), total=number(total)),
        text_alignment="center",
    )
    before.button(
        _("Previous {n}", n=size), key=f"{key}_before", disabled=page == 1, width="stretch",
        on_click=_turn, args=(key, page - 1),
    )  # fmt: skip
    after.button(
        _("Next {n}", n=min(size, total - last) or size), key=f"{key}_after", disabled=page == of,
        width="stretch", on_click=_turn, args=(key, page + 1),
    )  # fmt: skip


def _turn(key: str, page: int) -> None:
    st.session_state[f"{key}_page"] = page


def _nothing() -> None:
    """A trigger is only told to those who listen."""
