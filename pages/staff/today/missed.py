"""Who did not come and is to be called back, above the list of today."""

from __future__ import annotations

import streamlit as st

from core.care.work.missed import OUTCOMES, MissedVisit
from pages.staff.missed import call_back, how_it_stands
from pages.ui.calls import say
from pages.ui.frame import the_house
from pages.ui.rows import Column, Line, close, heading, open_here, open_patient, rows
from pages.ui.sections import fold
from pages.ui.text import _, moment, number

MISSED = "missed"  # the address's name for the visit that lies open


def missed_list(found: list[MissedVisit]) -> None:
    """A line each, folded away as long as nobody looks; nothing where everybody came."""
    if found:
        title = _("Did not come, to be called back ({n})", n=len(found))
        fold(title, "missed_fold", lambda: _choose(title, found), icon=":material/phone_missed:")


def _choose(title: str, found: list[MissedVisit]) -> None:
    zone = the_house().zone
    columns = [
        Column(_("Patient")), Column(_("Visit"), 1.6), Column(_("When"), 0.9), Column(_("Calls"), 0.5),
        Column(_("Last call")),
    ]  # fmt: skip
    lines = [
        Line(
            str(one.appointment_id),
            (
                one.patient_name, one.title, moment(one.at, zone), number(one.tries),
                _(OUTCOMES[one.outcome]) if one.outcome else _("not called yet"),
            ),
        )
        for one in found
    ]  # fmt: skip
    if chosen := rows(title, columns, lines, "missed_rows"):
        open_here(MISSED, chosen)


def open_missed(found: list[MissedVisit], number_of: str) -> bool:
    """One missed visit in the place of the list; False where it waits no longer."""
    one = next((each for each in found if str(each.appointment_id) == number_of), None)
    if one is None:
        return False
    heading(f"{one.patient_name} · {one.title}", _("All tasks of today"), MISSED, "today")
    st.caption(how_it_stands(one))
    if st.button(_("Open her file"), key="missed_file", icon=":material/person:"):
        open_patient(one.patient_id)
    if done := call_back(one):
        say(done)
        close(MISSED, "today")
    return True
