"""Adjustments of points by two people: one proposes, another decides."""

from __future__ import annotations

import streamlit as st

from core.bank.adjustments import (
    adjustments_to_decide,
    approve_adjustment,
    decline_adjustment,
    propose_adjustment,
)
from core.foundation import reasons
from pages.staff.seek import chosen_patient, heading
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state
from pages.ui.text import _, unmarked


def adjustments() -> None:
    waiting = ask(adjustments_to_decide)
    if not waiting:
        empty_state(_("No adjustment waits. Propose one below; another manager then decides."))
    for one in waiting:
        with st.container(border=True):
            about, yes, no = st.columns([3, 1, 1], vertical_alignment="center")
            about.markdown(
                f"**{unmarked(one.patient_name)}** · "
                + unmarked(f"{one.points:+d} · {one.reason} · {one.proposed_by}")
            )
            if one.mine:
                yes.caption(_("Waits for another person"))
                continue
            if yes.button(_("Approve"), key=f"approve_{one.id}", type="primary") and do(
                approve_adjustment, f"approve_{one.id}", adjustment_id=one.id
            ):
                say(_("The adjustment is booked."))
                st.rerun()
            if no.button(_("Decline"), key=f"decline_{one.id}") and do(
                decline_adjustment, adjustment_id=one.id
            ):
                say(_("The adjustment is declined."))
                st.rerun()
    st.markdown(f"**{_('Propose an adjustment')}**")
    patient = chosen_patient("adjust")
    if patient is None:
        return
    heading(patient)
    form = Form(f"adjust_{patient.id}", adds=True)
    with st.form(form.turn):
        points = form.kept(
            "points",
            st.number_input,
            _("Points (below 0 takes)"),
            0,
            min_value=-5000,
            max_value=5000,
            step=10,
        )
        reason = form.kept("reason", st.text_input, _("Reason"), "", max_chars=reasons.LONGEST)
        sent = st.form_submit_button(_("Propose"), type="primary")
    if sent and do(
        propose_adjustment, "adjust", place=form, patient_id=patient.id, points=int(points), reason=reason
    ):
        say(_("Proposed. Another manager decides."))
        st.rerun()
