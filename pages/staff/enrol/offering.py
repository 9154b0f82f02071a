"""The package was explained and not bought: what came of it."""

from __future__ import annotations

import streamlit as st

from core.care.sale.offers import OUTCOMES, record_offer
from core.packages.shelf import ShelfItem
from core.people.patients import PatientCard
from pages.ui.calls import do, say
from pages.ui.text import _


def offer(patient: PatientCard, item: ShelfItem) -> None:
    """The package was explained: what came of it, without a sale."""
    with st.form("offer"):
        outcome = st.radio(
            _("What came of it?"),
            ["thinking", "declined"],
            format_func=lambda o: _(OUTCOMES[o]),
            horizontal=True,
        )
        reason = st.text_input(_("Reason, in the patient's words (optional)"))
        sent = st.form_submit_button(_("Record the offer"))
    if sent and do(
        record_offer,
        "offer",
        patient_id=patient.id,
        package_id=item.package_id,
        outcome=outcome,
        reason=reason,
    ):
        say(_("The offer is recorded. It counts for uptake."), on="patient")
        st.switch_page("staff/patient/page.py", query_params={"id": str(patient.id)})
