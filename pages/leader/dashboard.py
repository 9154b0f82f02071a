"""The dashboard of managers and executives: three sentences, five figures, then detail on demand."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.exchange.board_workbook import board_workbook
from core.foundation.language import N_
from core.insight import rollups
from core.insight.board import Board, board
from core.insight.board_tables import ABOUT, not_judged
from core.insight.statements import statements
from pages.leader import detail, markup
from pages.ui.calls import actor, ask, do, later
from pages.ui.frame import empty_state, facts, open_page
from pages.ui.text import _, full_day, language

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
    names: dict[int | None, str] = {None: _("All packages"), **whole.packages}
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


@st.fragment
def look_closer(shown: Board, package: str, simulated: bool) -> None:
    """Runs alone when somebody turns a view, without the router: it checks the reader itself."""
    if actor().may("dashboard.read"):
        detail.show(shown, package, simulated)


def show(simulated: bool) -> None:
    if ask(rollups.stale):
        do(rollups.recount)
    whole: Board = ask(board)
    if whole.empty:
        empty_state(
            _(
                "No figures yet. They begin by themselves with the first visit, offer or answer that is recorded."
            )
        )
        return
    if whole.spans.pilot is None:
        st.info(_("Set the first day of the pilot in Settings; then before and after are compared here."))
    st.html(markup.sentences(statements(whole, language())))
    st.caption(
        _("These sentences speak of the whole pilot and all packages, whatever is chosen below.")
        + (" " if language() == "en" else "")
        + _(ABOUT[0])
    )
    shown, package = chosen_board(whole)
    st.html(markup.figures(shown) + markup.totals(shown))
    if shown.figures["uptake"].waiting[1]:
        st.caption(not_judged(shown, language()))
    look_closer(shown, package, simulated)
    st.download_button(
        _("Everything to Excel"),
        later(lambda: board_workbook(shown, language(), package=package, simulated=simulated)),
        file_name="dashboard.xlsx",
        icon=":material/download:",
        key="export_all",
    )


open_page("dashboard.read", _("Dashboard"))
house = facts()
st.html(markup.stylesheet())
if house.simulated:
    st.markdown(
        f"<span class='pd-sim'>{_('Simulated data')} · {_('none of these figures is a result')}</span>",
        unsafe_allow_html=True,
    )
if house.pilot_start:
    st.caption(
        f"{house.department} · {_('First day of the pilot')}: {full_day(house.pilot_start)}".replace(
            "$", r"\$"
        )
    )
show(house.simulated)
