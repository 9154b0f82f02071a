"""Patients: who needs somebody, find one in a second, add one in under a minute."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.care.work.patient_lines import PatientLine
from core.care.work.patient_list import KINDS, PAGE, STATES, patient_list
from core.foundation.paging import COUNTED_TO
from core.people.patients import add_patient
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.inputs import patient_fields
from pages.ui.rows import (
    HER_FILE,
    Column,
    Line,
    State,
    filters,
    open_patient,
    page_of,
    pages,
    remembered,
    rows,
    search,
)
from pages.ui.sections import fold
from pages.ui.text import _, _n, moment, unmarked

TONES = {
    "today": "now",
    "overdue": "late",
    "quiet": "hush",
    "not_enrolled": "none",
    "undated": "late",
    "enrolled": "done",
    "completed": "none",
    "run_out": "none",
}


def line(patient: PatientLine, zone: ZoneInfo) -> Line:
    when = _("week {week}", week=patient.week_text) if patient.week_text else ""
    if patient.day_number is not None:
        when = _("day {n}", n=patient.day_number)
    state = State(_(STATES[patient.state]), TONES[patient.state])
    return Line(
        str(patient.id),
        (
            patient.name,
            when,
            state,
            moment(patient.next_visit, zone),
            patient.own_nurse,
            patient.record_number,
            patient.masked_phone,
        ),
    )


def add() -> None:
    form = Form()
    with st.form("add_patient"):
        values = patient_fields(form)
        sent = st.form_submit_button(_("Add patient"), type="primary")
    if not sent:
        return
    outcome = do(add_patient, "add_patient", place=form, **values)
    if outcome:
        say(
            _(
                "{name} is added. Explain a package and enrol her here, or go back to the list.",
                name=unmarked(values["name"]),
            )
        )
        open_patient(outcome.value)


def nobody(searched: bool, may_import: bool) -> None:
    if searched:
        empty_state(_("Nobody found. Check the spelling, or add the patient above."))
    elif may_import:
        empty_state(
            _("No patients yet. Add one above, or import a list from your hospital system."),
            "manager/imports/patients_page.py",
            _("Import patients"),
        )
    else:
        empty_state(_("No patients yet. Add one above."))


who = open_page("patient.read", _("Patients"))
if who.may("patient.write"):
    fold(_("Add a patient"), "add_patient_fold", add, icon=":material/person_add:")
text, chosen = search("patient_text"), remembered("patient_kind")
found = ask(patient_list, text=text, only=chosen, page=page_of("patients", text, chosen), page_size=PAGE)
if not found.everybody:
    nobody(bool(text), who.may("patient.import"))
    st.stop()
filters({kind: _(name) for kind, name in KINDS.items()}, found.counts, "patient_kind", most=COUNTED_TO)
st.caption(_n("{n} patient", "{n} patients", found.total))
if not found.rows:
    empty_state(_("Nobody here right now."))
columns = [
    Column(_("Patient"), 1.3),
    Column(_("Week or day")),
    Column(_("State"), 1.2),
    Column(_("Next visit"), 1.2),
    Column(_("Own nurse")),
    Column(_("Record number")),
    Column(_("Mobile phone"), 1.1),
]
zone = the_house().zone
opened = rows(_("Patients"), columns, [line(each, zone) for each in found.rows], "patients", HER_FILE)
pages("patients", found.page, found.pages, PAGE, found.total)
if opened:
    open_patient(opened)
