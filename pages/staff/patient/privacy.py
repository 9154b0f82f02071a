"""Erasing a person for ever."""

from __future__ import annotations

import streamlit as st

from core.foundation import reasons
from core.people.erasure import erase_patient
from core.people.patients import PatientCard
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.text import _, unmarked


def erase(patient: PatientCard) -> None:
    """Erasure asks once and names what goes."""
    with st.popover(_("Erase this person"), icon=":material/delete_forever:"):
        st.write(
            _(
                "Name, phone, dates, consents, words, photos and album of {name} are erased for ever. Counts, money "
                "and points stay without a name. The hospital's medical record is not in this programme and stays.",
                name=unmarked(patient.name),
            )
        )
        form = Form()
        reason = form.field(
            "reason",
            st.text_input,
            _("Reason, without personal details"),
            key=f"erase_reason_{patient.id}",
            max_chars=reasons.LONGEST,
        )
        if st.button(_("Erase {name} for ever", name=unmarked(patient.name)), type="primary") and do(
            erase_patient, f"erase_{patient.id}", place=form, patient_id=patient.id, reason=reason
        ):
            say(_("The person is erased."), on="patients")
            st.query_params.clear()
            st.switch_page("staff/patients.py")
