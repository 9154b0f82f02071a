"""Which period and which package the dashboard shows."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.foundation.language import N_
from core.insight.board import Board, board
from pages.ui.calls import ask
from pages.ui.text import _

PERIODS = {
    "all": N_("26 weeks before the pilot until today"),
    "pilot": N_("Since the pilot began"),
    "quarter": N_("Last 13 weeks"),
    "month": N_("Last 4 weeks"),
    "own": N_("Own dates"),
}
WEEKS = {"quarter": 13, "month": 4}


def chosen_days(whole: Board) -> tuple[date, date]:
    """The period somebody chose; the whole pilot with its baseline otherwise."""
    today, pilot = whole.spans.today, whole.spans.pilot
    choices = [code for code in PERIODS if code != "pilot" or (pilot and pilot <= today)]
    names = PERIODS if pilot else PERIODS | {"all": N_("Everything until today")}
    labels = {code: _(names[code]) for code in choices}
    chosen = st.selectbox(_("Period"), choices, format_func=labels.__getitem__, key="dashboard_period")
    if chosen == "pilot" and pilot:
        return pilot, today
    if chosen in WEEKS:
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(weeks=WEEKS[chosen] - 1), today
    if chosen == "own":
        days = st.date_input(
            _("First and last day"), (whole.spans.first, today), max_value=today, key="dashboard_days"
        )
        if isinstance(days, tuple) and len(days) == 2:
            return days[0], days[1]
    return whole.spans.first, today


def chosen_board(whole: Board) -> tuple[Board, str]:
    """The board for the chosen period and package, and the package's name ("" for all)."""
    names = dict[int | None, str]([(None, _("All packages")), *whole.packages.items()])
    left, right = st.columns(2)
    with left:
        first, last = chosen_days(whole)
    package = right.selectbox(
        _("Package"), list(names), format_func=names.__getitem__, key="dashboard_package"
    )
    if package is None and (first, last) == (whole.spans.first, whole.spans.last):
        return whole, ""
    if package is not None:
        st.caption(
            _("Visits before the pilot belong to no package, so a package has no baseline of its own.")
        )
    return ask(board, first=first, last=last, package_id=package), names[package] if package else ""
