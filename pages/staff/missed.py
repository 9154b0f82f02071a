"""Who did not come: calling her back, a new day, what came of it, and a mark made by mistake taken back."""

from __future__ import annotations

from datetime import time, timedelta

import streamlit as st

from core.care.work import appointments
from core.care.work.missed import OUTCOMES, MissedVisit, note_call_back, take_back_no_show
from core.foundation import reasons
from core.foundation.clock import at
from pages.staff.calling import dialled, grouped
from pages.ui.calls import do
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import today
from pages.ui.sections import fold
from pages.ui.text import _, _n, moment, unmarked


def how_it_stands(one: MissedVisit) -> str:
    """When she did not come, how often she was called, and what came of it last."""
    zone = the_house().zone
    said = [_("Did not come on {when}", when=moment(one.at, zone))]
    if one.last_try:
        said.append(_n("called {n} time", "called {n} times", one.tries))
        said.append(f"{moment(one.last_try, zone)} {_(OUTCOMES[one.outcome])}")
    return " · ".join(said)


def call_back(one: MissedVisit) -> str:
    """The acts about one missed visit; what was done, "" before anything was."""
    key = f"missed_{one.appointment_id}"
    if one.phone:
        st.link_button(
            _("Call {phone}", phone=unmarked(grouped(one.phone))), dialled(one.phone), icon=":material/call:"
        )
    return _call(one, key) or fold(
        _("Book a new day"), f"{key}_book", lambda: _book(one, key), icon=":material/event:"
    ) or fold(_("She did come, or it was a mistake"), f"{key}_undo", lambda: _undo(one, key),
              icon=":material/undo:") or ""  # fmt: skip


def _call(one: MissedVisit, key: str) -> str:
    form = Form(f"{key}_call", adds=True)
    with st.form(form.turn):
        outcome = form.kept(
            "outcome", st.radio, _("What came of the call"), None, options=list(OUTCOMES), horizontal=True,
            format_func=lambda code: _(OUTCOMES[code]),
        )  # fmt: skip
        note = form.kept("note", st.text_input, _("Note (optional)"), "", max_chars=reasons.LONGEST)
        sent = st.form_submit_button(_("Note the call"), type="primary")
    if sent and do(
        note_call_back, key, place=form, appointment_id=one.appointment_id, outcome=outcome or "", note=note
    ):
        return _("The call to {name} is noted.", name=unmarked(one.patient_name))
    return ""


def _book(one: MissedVisit, key: str) -> str:
    form, zone = Form(), the_house().zone
    with st.form(f"{key}_day", border=False):
        left, right = st.columns(2)
        on = form.field("day", left.date_input, _("Day"), today(), min_value=today(), key=f"{key}_on")
        hour = form.field("at", right.time_input, _("Visit time"), time(9, 0), step=timedelta(minutes=15))
        sent = st.form_submit_button(_("Book the visit"), type="primary")
    if not sent:
        return ""
    when = at(on, hour, zone)
    booked = do(
        appointments.book, f"{key}_book", place=form, patient_id=one.patient_id, at=when, task_id=one.task_id
    )
    return _("Visit booked for {when}.", when=moment(when, zone)) if booked else ""


def _undo(one: MissedVisit, key: str) -> str:
    form = Form()
    reason = form.field(
        "reason",
        st.text_input,
        _("Why was it marked by mistake?"),
        key=f"{key}_reason",
        max_chars=reasons.LONGEST,
    )
    if st.button(_("Take the mark back"), key=f"{key}_back", type="primary") and do(
        take_back_no_show, f"{key}_undo", place=form, appointment_id=one.appointment_id, reason=reason
    ):
        return _("Taken back: the visit is booked as it was.")
    return ""
