"""Choosing a patient: by the address, or by searching. Nobody is chosen before somebody chose."""

from __future__ import annotations

import streamlit as st

from core.care.plan.pregnancy import Pregnancy, pregnancy
from core.foundation.errors import Refusal
from core.people.patients import PatientCard, UnknownPatient, card, find
from pages.ui.calls import ask
from pages.ui.inputs import today
from pages.ui.text import _, refusal, unmarked


def addressed() -> int | None:
    """The patient's number in the page's address, None where there is none; 0 is nobody's."""
    given = st.query_params.get("id", "")
    if not given:
        return None
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 12 else 0


def chosen_patient(key: str) -> PatientCard | None:
    """The patient of this page: the one it was opened with, or one found here; None until then."""
    number = addressed()
    if number is not None:
        try:
            found: PatientCard = ask(card, patient_id=number)
        except Refusal as problem:
            nobody(problem)
            return None
        return found
    wanted = sought_patient(key)
    if wanted is not None:
        # Kept in the address, so that a reload finds her again.
        st.query_params["id"] = str(wanted)
        st.rerun()
    return None


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
        to_the_list()
        return None
    names = {p.id: unmarked(f"{p.name} · {p.record_number} · {p.masked_phone}") for p in found}
    return st.radio(
        _("Who is it?"), list(names), index=None, format_func=names.__getitem__, key=f"{key}_radio"
    )


def heading(patient: PatientCard) -> None:
    """Who is being served, and the way to somebody else."""
    carried: Pregnancy | None = ask(pregnancy, patient_id=patient.id)
    weeks = carried.week(today()) if carried else ""
    week = f" · {_('week {week}', week=weeks)}" if weeks else ""
    with st.container(horizontal=True, vertical_alignment="center", key="who"):
        st.subheader(unmarked(f"{patient.name} · {patient.record_number}{week}"), anchor=False)
        if st.button(
            _("Another patient"), key="another_patient", type="tertiary", icon=":material/person_search:"
        ):
            st.query_params.clear()
            st.rerun()


def nobody(problem: Refusal | None = None) -> None:
    """The address names nobody of ours: said kindly, with the way to the list."""
    st.info(refusal(problem or UnknownPatient()), icon=":material/person_off:")
    to_the_list()


def to_the_list() -> None:
    st.page_link("staff/patients.py", label=_("Patients"), icon=":material/groups:")
