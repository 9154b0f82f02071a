"""A visit's day and hour: booked, moved, or called off in time."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.care.patient_file import PatientFile, Step
from core.care.work import appointments
from core.foundation.clock import at
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.sections import shut
from pages.ui.text import _, moment, unmarked


def visit_form(held: PatientFile, step: Step, *, told_at: str, fold_key: str) -> None:
    """Day and hour of the visit for one step; what came of it is said at `told_at`, and the fold closes."""
    zone = held.zone
    booked = step.visit_at.astimezone(zone) if step.visit_at else None
    key = f"{fold_key}_{step.task_id or 0}_{step.visit_id or 0}"
    if step.title:
        st.markdown(f"**{unmarked(step.title)}**")
    if booked:
        st.caption(_("Now booked for {when}", when=moment(step.visit_at, zone)))
    form = Form(key, adds=booked is None)
    if booked:
        form.beside("at", step.visit_at, moment(step.visit_at, zone))
    with st.form(key, border=False):
        first = booked.date() if booked else step.opens_on
        on = form.kept("day", st.date_input, _("Day"), max(first, held.today), min_value=held.today)
        hour = form.kept(
            "at",
            st.time_input,
            _("Visit time"),
            booked.time() if booked else None,
            step=timedelta(minutes=15),
        )
        sent = st.form_submit_button(_("Move the visit") if booked else _("Book the visit"), type="primary")
    if sent and (on is None or hour is None):
        form.say("day" if on is None else "at", _("Please choose a day and a time."))
    elif sent and hour is not None:
        when = at(on, hour, zone)
        if step.visit_id:
            outcome = do(
                appointments.reschedule, f"visit_{key}", place=form, appointment_id=step.visit_id, at=when
            )
        else:
            outcome = do(
                appointments.book,
                f"visit_{key}",
                place=form,
                patient_id=held.patient.id,
                at=when,
                task_id=step.task_id,
            )
        if outcome:
            said = moment(when, zone)
            moved = _("Visit moved to {when}.", when=said)
            _over(told_at, fold_key, moved if step.visit_id else _("Visit booked for {when}.", when=said))
    if step.visit_id:
        _call_off(step, key, told_at, fold_key)


def _call_off(step: Step, key: str, told_at: str, fold_key: str) -> None:
    """She cannot come and has no new day yet: the visit goes, the task stays open."""
    if st.button(_("Call it off, no new day yet"), key=f"{key}_off", type="tertiary") and do(
        appointments.cancel, f"off_{key}", appointment_id=step.visit_id
    ):
        _over(told_at, fold_key, _("The visit is called off; the task stays open."))


def _over(told_at: str, fold_key: str, text: str) -> None:
    say(text, at=told_at)
    shut(fold_key)
    st.rerun()
