"""The dashboard of managers and executives: three sentences, five figures, then detail on demand."""

from __future__ import annotations

import streamlit as st

from core.dialogue.clocks.kept import MONTH, answer_times
from core.exchange.board_workbook import board_workbook
from core.insight import rollups
from core.insight.board import Board, board
from core.insight.board_tables import ABOUT, not_judged
from core.insight.three_sentences import statements
from core.packages.promises import PROMISE_NAMES
from pages.leader.dashboard import detail, markup
from pages.leader.dashboard.choosing import chosen_board
from pages.ui.calls import actor, ask, do, later
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.text import _, full_day, language, number, unmarked


@st.fragment
def look_closer(shown: Board, package: str, simulated: bool) -> None:
    """Runs alone when somebody turns a view, without the router: it checks the reader itself."""
    if actor().may("dashboard.read"):
        detail.show(shown, package, simulated)


def answers() -> None:
    """How soon she was answered, of what was promised: by kind, then in all; nothing where nothing was promised."""
    total, kinds = ask(answer_times)
    if not total.n:
        return
    st.markdown(f"**{_('Promised answers, all packages, last {n} days', n=MONTH)}**")
    rows = [
        (
            _(PROMISE_NAMES[one.kind]) if one.kind else _("All of them"),
            _("{kept} of {n}", kept=one.kept, n=one.settled), _minutes(one.median), _minutes(one.worst),
        )
        for one in (*kinds, *([total] if len(kinds) > 1 else []))
    ]  # fmt: skip
    st.html(
        markup.table(
            [_("Promise"), _("In time"), _("Median, minutes"), _("Longest, minutes")], rows, "pd-answers"
        )
    )
    st.caption(
        _(
            "From her word to our answer, nights and closed hours included. Those still running are not counted; one missed and"
            " not answered yet has no minutes."
        )
    )


def _minutes(n: int | None) -> str:
    return "–" if n is None else number(n)


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
    answers()
    look_closer(shown, package, simulated)
    st.download_button(
        _("Export all (Excel)"),
        later(lambda: board_workbook(shown, language(), package=package, simulated=simulated)),
        file_name="dashboard.xlsx",
        icon=":material/download:",
        key="export_all",
        on_click="ignore",
    )


open_page("dashboard.read", _("Dashboard"))
house = the_house()
st.html(markup.stylesheet())
if house.simulated:
    st.markdown(
        f"<span class='pd-sim'>{_('Simulated data')} · {_('demonstration figures, not results')}</span>",
        unsafe_allow_html=True,
    )
if house.pilot_start:
    began = _("First day of the pilot: {day}", day=full_day(house.pilot_start))
    st.caption(unmarked(f"{house.department} · {began}"))
show(house.simulated)
