"""The frame of every page: its permission, its heading, the mark of simulated data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from core.department.profile import house
from core.foundation.access import Actor
from core.foundation.appearance.palette import custom_properties
from core.foundation.house import House
from pages.ui.browser import this_run
from pages.ui.calls import actor, ask, show_said
from pages.ui.text import _, html

HERE = Path(__file__).resolve().parent


@cache
def stylesheet(language: str) -> str:
    """The house's style; in Chinese ("zh") with marks as wide as a character."""
    sheets = ["style.css", *(["style.zh.css"] if language == "zh" else [])]
    written = "".join((HERE / name).read_text(encoding="utf-8") for name in sheets)
    return f"<style>{custom_properties()}{written}</style>"


def open_page(permission: str, title: str, lead: str = "") -> Actor:
    """Begin a page: refuse strangers and wrong roles, then draw title and lead (both already translated)."""
    who = actor()
    if who.kind != "staff":
        st.info(_("Please sign in again."), icon=":material/lock:")
        st.stop()
    if not who.may(permission):
        st.title(_("Not for your role"))
        st.info(
            _("This page belongs to other roles. Use the menu, or ask your administrator."),
            icon=":material/lock:",
        )
        st.stop()
    st.title(title)
    if lead:
        st.caption(lead)
    show_said()
    return who


def the_house() -> House:
    """The department's facts; asked once in a run."""
    run = this_run()
    found: House = (run and run.house) or ask(house)
    if run and run.kind:
        run.house = found
    return found


def wrapped(rows: list[dict[str, str]], kind: str = "") -> None:
    """Short lines as a table that wraps: every sentence is read whole, on a phone too. All words of it are shown as
    they are. With the `kind` "pd-last" a phone shows the last column below the others."""
    if not rows:
        return
    head = "".join(f"<th scope='col'>{html(name)}</th>" for name in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{html(cell)}</td>' for cell in row.values())}</tr>" for row in rows)
    st.html(f"<table class='pd-roster {kind}'><tr>{head}</tr>{body}</table>")


def empty_state(text: str, page: str | None = None, label: str = "") -> None:
    """Nothing here yet: say what to do next, and lead there."""
    with st.container(border=True):
        st.markdown(f"<p class='pd-empty'>{text}</p>", unsafe_allow_html=True)
        if page:
            st.page_link(page, label=label, icon=":material/arrow_forward:")
