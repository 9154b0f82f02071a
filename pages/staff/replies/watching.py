"""Seeing what others do: every ten seconds one number is read, and only when it grew the page is drawn anew.

What is typed and recorded stands outside of these fragments, so that a refresh never touches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.dialogue.cases.queue import Waiting, change_number, one_case, waiting
from core.foundation.doors import Look
from core.foundation.errors import Refusal
from pages.staff.replies.words import kind_of, time_left, who_of
from pages.ui.calls import actor, ask
from pages.ui.text import _, html, unmarked

EVERY = 10  # seconds
SHAPES = {"now": "●", "late": "▲", "none": "○", "done": "✓"}


@dataclass(frozen=True)
class Present:
    """The change number and the present instant. `drawn` is what a screen shows until one of both goes on."""

    number: int
    now: datetime

    @property
    def drawn(self) -> tuple[int, int]:
        return self.number, int(self.now.timestamp() // 60)


def present(look: Look) -> Present:
    """Refuses who may not read the queue, or no longer: the sign-in is checked in the same look."""
    return Present(change_number(look), look.now)


@st.fragment(run_every=EVERY)
def watch_list(seen: Present) -> None:
    """Draw the list anew when something changed, and once a minute for the times in it."""
    try:
        found = ask(present).drawn
    except Refusal:
        found = None  # signed out meanwhile: the next run shows the sign-in
    if found != seen.drawn:
        st.rerun()


@st.fragment(run_every=EVERY)
def watch_case(row: Waiting, seen: Present, zone: ZoneInfo) -> None:
    """The line above an open case: time left, who has it, what she wrote since, and what is more urgent elsewhere."""
    held = st.session_state.get("replies_watched")
    try:
        found = ask(present)
        if held is None or held[0] != (row.case_id, found.drawn):
            urgent = [one for one in ask(waiting, limit=3) if one.urgent and one.taken_id is None]
            held = ((row.case_id, found.drawn), ask(one_case, case_id=row.case_id), urgent, found.now)
            st.session_state["replies_watched"] = held
    except Refusal:
        st.rerun()
    _key, now_row, urgent, now = held
    _standing(now_row, now, zone)
    if (now_row.last_words, now_row.recordings, now_row.state) != (
        row.last_words,
        row.recordings,
        row.state,
    ) and st.button(_("Something new in this case: show it"), icon=":material/refresh:", key="replies_show"):
        st.rerun()
    others = [one for one in urgent if one.case_id != row.case_id]
    if others and st.button(
        " · ".join(
            (unmarked(others[0].patient_name), kind_of(others[0]), time_left(others[0], now, zone).word)
        ),
        icon=":material/notification_important:",
        key="replies_urgent",
    ):
        st.query_params["case"] = str(others[0].case_id)
        st.rerun()


def _standing(row: Waiting, now: datetime, zone: ZoneInfo) -> None:
    left = time_left(row, now, zone)
    who = _("on it: {who}", who=who_of(row, actor().id))
    st.html(
        f"<p class='pd-left' role='status'><b class='pd-is-{left.tone}'>{SHAPES[left.tone]} {html(left.word)}</b>"
        f"<span>{html(who)}</span></p>"
    )
