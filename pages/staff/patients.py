"""Patients: find one in a second, add one in under a minute."""

import streamlit as st

from core.people.patients import PatientBrief, add_patient, roster
from pages.ui.calls import ask, do, say
from pages.ui.frame import empty_state, open_page
from pages.ui.inputs import patient_fields
from pages.ui.text import _, _n, html

PAGE = 25


def line(patient: PatientBrief) -> None:
    with st.container(border=True):
        who, week, number, go = st.columns([3, 2, 3, 1.4], vertical_alignment="center")
        quiet = f" · {_('quiet')}" if patient.silenced else ""
        who.markdown(f"**{patient.name}**{quiet}")
        week.write(_("week {week}", week=patient.week_text) if patient.week_text else "—")
        numbers = html(f"{patient.record_number} · {patient.masked_phone}")
        number.markdown(f"<span class='pd-soft'>{numbers}</span>", unsafe_allow_html=True)
        if go.button(_("Open her file"), key=f"open_{patient.id}", width="stretch"):
            st.switch_page("staff/patient/page.py", query_params={"id": str(patient.id)})


def add() -> None:
    with st.form("add_patient"):
        values = patient_fields()
        sent = st.form_submit_button(_("Add patient"), type="primary")
    if not sent:
        return
    outcome = do(add_patient, "add_patient", **values)
    if outcome:
        say(
            _(
                "{name} is added. Explain a package and enrol her here, or go back to the list.",
                name=values["name"],
            )
        )
        st.switch_page("staff/patient/page.py", query_params={"id": str(outcome.value)})


who = open_page("patient.read", _("Patients"))
find, new = st.tabs([_("Find"), _("Add a patient")])
with new:
    add()
with find:
    text = st.text_input(
        _("Name, last four digits of the phone, or record number"),
        key="patient_text",
        icon=":material/search:",
    )
    page = ask(roster, text=text, page=int(st.session_state.get("patients_page", 1)), page_size=PAGE)
    if not page.total and text:
        empty_state(_("Nobody found. Check the spelling, or add the patient in the next tab."))
    elif not page.total:
        if who.may("patient.import"):
            empty_state(
                _("No patients yet. Add one in the next tab, or import a list from your hospital system."),
                "manager/imports/patients_page.py",
                _("Import patients"),
            )
        else:
            empty_state(_("No patients yet. Add one in the next tab."))
    else:
        st.caption(_n("{n} patient", "{n} patients", page.total))
        for patient in page.rows:
            line(patient)
        if page.pages > 1:
            st.number_input(_("Page (of {pages})", pages=page.pages), 1, page.pages, key="patients_page")
