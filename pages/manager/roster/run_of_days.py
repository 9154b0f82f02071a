"""One person for a run of days, with whoever stands behind."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.people.escalation_roster import AHEAD, clear, fill
from core.people.staff import StaffMember
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.text import _, _n, day


def run_of_days(people: dict[int, StaffMember], phones: dict[int, str], now: date, gap: date) -> None:
    """Name one person for a run of days; the form begins at the first gap, and stays there: whoever corrects what was
    just filled corrects the same days."""
    form = Form("duty")
    form.of_now(ask(lambda look: look.now))
    left, right = st.columns(2)
    who = form.field(
        "staff_id",
        left.selectbox,
        _("Takes the call"),
        list(people),
        format_func=lambda i: people[i].name,
        key="duty_who",
    )
    behind = form.field(
        "backup_id",
        right.selectbox,
        _("If not reached (optional)"),
        [0, *people],
        format_func=lambda i: people[i].name if i else "–",
        key="duty_backup",
    )
    with st.form("duty", border=False):
        left, right = st.columns(2)
        phone = form.field(
            "phone", left.text_input, _("Telephone"), phones.get(who, ""), key=f"duty_phone_{who}"
        )
        backup_phone = form.field(
            "backup_phone",
            right.text_input,
            _("Second telephone"),
            phones.get(behind, ""),
            key=f"duty_backup_phone_{behind}",
            disabled=not behind,
        )
        left, right = st.columns(2)  # a pair of its own, so that a phone shows both days together
        first = form.field("first", left.date_input, _("From"), gap, min_value=now, key="duty_first")
        last = form.field(
            "last", right.date_input, _("To (included)"), gap + timedelta(days=AHEAD - 1), min_value=now,
            key="duty_last",
        )  # fmt: skip
        names = [day(date(2024, 1, 1) + timedelta(days=n), weekday=True).split()[0] for n in range(7)]
        chosen = form.field(
            "weekdays",
            st.pills,
            _("On these weekdays"),
            range(7),
            selection_mode="multi",
            default=range(7),
            format_func=names.__getitem__,
        )
        filled = st.form_submit_button(_("Assign"), type="primary", icon=":material/edit_calendar:")
        emptied = st.form_submit_button(_("Clear these days"))
    if filled:
        outcome = do(
            fill, "duty", place=form, first=first, last=last, staff_id=who, phone=phone, weekdays=list(chosen or []),
            backup_id=behind or None, backup_phone=backup_phone,
        )  # fmt: skip
        if outcome:
            say(_n("{n} day assigned.", "{n} days assigned.", outcome.value))
            st.rerun()
    if emptied and do(clear, "duty_clear", place=form, first=first, last=last):
        say(_("The days are cleared."))
        st.rerun()
