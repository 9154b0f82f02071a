"""Parts of a patient's page: consents, facts, her phone."""

from __future__ import annotations

import streamlit as st

from core.people.consents import CHANNELS, consents_of, record_consents
from core.people.patients import PatientCard, edit_patient
from pages.ui.calls import ask, do, say
from pages.ui.frame import facts
from pages.ui.inputs import consent_fields, patient_fields
from pages.ui.text import _, moment


def consents(patient: PatientCard) -> None:
    held = ask(consents_of, patient_id=patient.id)
    with st.form("consents"):
        given = consent_fields(f"patient_{patient.id}", {c.purpose: c.given for c in held})
        channel = st.radio(
            _("How consent was given"),
            ["paper", "screen"],
            format_func=lambda c: _(CHANNELS[c]),
            horizontal=True,
        )
        sent = st.form_submit_button(_("Record"), type="primary")
    st.caption(_("Taking a tick away takes effect at once: photos, stories and messages of that purpose go."))
    for consent in held:
        if consent.at:
            st.caption(
                f"{_(consent.label)}: {moment(consent.at, facts().zone)} · {_(CHANNELS[consent.channel])}"
            )
    if sent and do(record_consents, patient_id=patient.id, given=given, channel=channel):
        say(_("The consents are recorded."))
        st.rerun()


def change(patient: PatientCard) -> None:
    with st.form("edit_patient"):
        values = patient_fields(patient, key=f"edit_{patient.id}")
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent and do(edit_patient, patient_id=patient.id, **values):
        say(_("Saved."))
        st.rerun()


def phone(patient: PatientCard) -> None:
    st.caption(_("What she sees on her phone. Nothing can be sent from here."))
    from core.operations.previews import preview_pass

    st.iframe(f"/p/me?preview={ask(preview_pass, patient_id=patient.id)}", width=400, height=780)
