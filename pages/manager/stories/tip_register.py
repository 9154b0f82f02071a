"""The register of tips for whoever supervises: by date, without words or writers, neither summed nor ranked."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.exchange.workbook import MONEY, workbook
from core.foundation.language import month_text
from core.recognition.tips import TIP_STATES, TipLine, tip_register
from pages.ui.calls import ask, later
from pages.ui.frame import empty_state, the_house
from pages.ui.inputs import today
from pages.ui.text import _, day, language, money

MONTHS = 24


def show_tips() -> None:
    """One month at a time, with its file."""
    st.caption(
        _(
            "Money goes from phone to phone and never through the house. Here stands what writers declared and "
            "receivers confirmed, by date; it is for supervision and compares nobody."
        )
    )
    first: date = st.selectbox(
        _("Month"), _months(), format_func=lambda month: month_text(month, language()), key="tip_month"
    )
    until = _next(first) - timedelta(days=1)
    found: list[TipLine] = ask(tip_register, since=first, until=until)
    if not found:
        empty_state(_("No tip was declared in this month."))
        return
    st.dataframe(
        [
            {
                _("Day"): day(tip.day),
                _("Receiver"): tip.person,
                _("Location"): tip.place,
                _("Amount"): money(tip.tip_fen),
                _("State"): _(TIP_STATES[tip.tip_state]),
            }
            for tip in found
        ],
        hide_index=True,
        width="stretch",
    )
    st.download_button(
        _("Export to Excel"),
        later(lambda: register_file(first, until)),
        file_name=f"tips-{first:%Y-%m}.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )


def register_file(first: date, until: date) -> bytes:
    """The month as a workbook: days as days, money as money."""
    lines = [
        {
            _("Day"): tip.day,
            _("Receiver"): tip.person,
            _("Location"): tip.place,
            _("Amount"): tip.tip_fen / 100,
            _("State"): _(TIP_STATES[tip.tip_state]),
        }
        for tip in ask(tip_register, since=first, until=until)
    ]
    notes = [
        _(
            "Declared by the writer, confirmed by the receiver alone. The hospital takes nothing and keeps nothing."
        )
    ]
    if the_house().simulated:
        notes.append(_("Simulated data"))
    return workbook({_("Tips"): lines}, notes, language=language(), formats={_("Amount"): MONEY})


def _months() -> list[date]:
    """The first days of this month and those before it, the newest first."""
    found = [today().replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
