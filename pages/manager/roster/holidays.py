"""Public holidays and make-up workdays: a year at once from the published list, every day by hand."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.dialogue.clocks.holidays import (
    KIND_NAMES,
    LONGEST_NAME,
    CalendarDay,
    days_of_year,
    listed_years,
    missing_years,
    remove_days,
    set_days,
    take_year,
)
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.inputs import today
from pages.ui.sections import fold
from pages.ui.text import _, _n, day, html


def holidays_tab() -> None:
    """The year's days, and the two ways to enter them."""
    now, missing = today(), ask(missing_years)
    for year in missing:
        st.warning(
            _(
                "Of {year} no public holiday is entered: promises by working days count every weekday.",
                year=str(year),
            ),
            icon=":material/event_busy:",
        )
    year = st.segmented_control(
        _("Year"), [now.year, now.year + 1], default=missing[0] if missing else now.year, required=True,
        format_func=str, key="calendar_year", label_visibility="collapsed",
    )  # fmt: skip
    found = ask(days_of_year, year=year)
    entry, shown = st.columns([1, 1.15])
    with entry.container(key="calendar_box"):
        _published(year, found)
        fold(
            _("Enter days by hand"),
            "calendar_fold",
            lambda: _by_hand(now if year == now.year else date(year, 1, 1)),
            icon=":material/edit_calendar:",
            expanded=not found,
        )
    with shown:
        if found:
            st.markdown(_table(found), unsafe_allow_html=True)
        else:
            st.caption(_("No day of this year is entered yet."))


def _published(year: int, found: list[CalendarDay]) -> None:
    """One button for a year the list knows; a sentence where it does not."""
    if year not in listed_years():
        st.caption(
            _(
                "The published list of {year} is not in this version. Please enter the days by hand.",
                year=str(year),
            )
        )
        return
    label = _("Take the published list of {year}", year=str(year))
    if st.button(
        label, key="calendar_take", type="secondary" if found else "primary", icon=":material/download:"
    ):
        outcome = do(take_year, f"calendar_{year}", year=year)
        if outcome:
            say(_n("{n} day entered.", "{n} days entered.", outcome.value))
            st.rerun()


def _by_hand(begins: date) -> None:
    """The form; it begins at a day of the year that is looked at."""
    form = Form("calendar")
    form.of_now(ask(lambda look: look.now))
    with st.form("calendar", border=False):
        kind = form.field(
            "kind", st.radio, _("These days are"), list(KIND_NAMES), format_func={code: _(name) for code, name in KIND_NAMES.items()}.__getitem__,
            horizontal=True, key="calendar_kind",
        )  # fmt: skip
        left, right = st.columns(2)
        first = form.field("first", left.date_input, _("From"), begins, key=f"calendar_first_{begins.year}")
        last = form.field(
            "last", right.date_input, _("To (included)"), begins, key=f"calendar_last_{begins.year}"
        )
        name = form.field(
            "name", st.text_input, _("Name (optional)"), max_chars=LONGEST_NAME, key="calendar_name"
        )
        entered = st.form_submit_button(_("Enter"), type="primary", icon=":material/edit_calendar:")
        removed = st.form_submit_button(_("Remove these days"))
    if entered:
        outcome = do(set_days, "calendar", place=form, first=first, last=last, kind=kind, name=name)
        if outcome:
            say(_n("{n} day entered.", "{n} days entered.", outcome.value))
            st.rerun()
    if removed and do(remove_days, "calendar_remove", place=form, first=first, last=last):
        say(_("The days are removed."))
        st.rerun()


def _table(found: list[CalendarDay]) -> str:
    rows = [
        f"<tr><td>{day(one.day, weekday=True)}</td><td>{_(KIND_NAMES[one.kind])}</td><td>{html(one.name)}</td></tr>"
        for one in found
    ]
    head = f"<tr><th>{_('Day')}</th><th>{_('What it is')}</th><th>{_('Name')}</th></tr>"
    return f"<table class='pd-roster'>{head}{''.join(rows)}</table>"
