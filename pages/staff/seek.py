"""Choosing a patient: by query parameter, or by searching."""

from __future__ import annotations

import streamlit as st

from core.people.patients import find
from pages.ui.calls import ask
from pages.ui.text import _


def chosen_patient(key: str) -> int | None:
    """The patient of this page: the one it was opened with, or one found here."""
    given = st.query_params.get("id", "")
    return int(given) if given.isdigit() else sought_patient(key)


def sought_patient(key: str) -> int | None:
    """A patient found here by searching, whoever the page was opened with."""
    text = st.text_input(
        _("Name, last four digits of the phone, or record number"),
        key=f"{key}_text",
        icon=":material/search:",
    )
    if not text:
        return None
    found = ask(find, text=text, limit=20)
    if not found:
        st.info(_("Nobody found. Check the spelling, or add the patient first."))
        st.page_link("staff/patients.py", label=_("Patients"), icon=":material/groups:")
        return None
    names = {p.id: f"{p.name} · {p.record_number} · {p.masked_phone}" for p in found}
    return st.radio(_("Patient"), list(names), format_func=names.__getitem__, key=f"{key}_radio")
