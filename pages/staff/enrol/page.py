"""Offer and enrol: explain the package, sell it, print receipt and card, in under a minute."""

import streamlit as st

from core.care.sale.fitting import offerings
from core.people.patients import PatientCard, card
from pages.staff.enrol.offering import chosen_package, closed, may_be_excluded, offer
from pages.staff.enrol.selling import sales_made, sell
from pages.staff.papers import enrolment_papers
from pages.staff.seek import addressed, chosen_patient, heading
from pages.ui.calls import ask, show_said
from pages.ui.frame import open_page
from pages.ui.text import _, html, unmarked


def just_enrolled() -> tuple[int, int] | None:
    """Patient and enrolment of the sale just made, until somebody goes on to the next patient."""
    made = sales_made()
    if made and addressed() not in (None, made[-1][0]):
        made.clear()
    return made[-1] if made else None


def papers(patient_id: int, enrolment_id: int) -> None:
    """Receipt and card of the sale just made."""
    st.subheader(unmarked(ask(card, patient_id=patient_id).name), anchor=False)
    show_said("enrolled")
    enrolment_papers(patient_id, enrolment_id)
    with st.container(horizontal=True):
        if st.button(_("Next patient"), icon=":material/arrow_forward:"):
            sales_made().clear()
            st.query_params.clear()
            st.rerun()
        if st.button(_("Open her file"), icon=":material/person:"):
            sales_made().clear()
            st.switch_page("staff/patient/page.py", query_params={"id": str(patient_id)})


def serve(patient: PatientCard) -> None:
    """From the package to the sale, or to the offer that came to nothing yet."""
    heading(patient)
    if patient.silenced_at:
        st.info(_("This patient is in quiet care: nothing is offered or sold."), icon=":material/spa:")
        return
    offered = ask(offerings, patient_id=patient.id)
    if closed(offered):
        return
    item = chosen_package(patient, offered)
    if item is None:
        return
    if may_be_excluded(patient, item):
        return
    with st.container(border=True):
        st.markdown(f"**{_('Read aloud')}**")
        st.html(f"<div class='pd-quote'>{html(item.wording)}</div>")
    buy, later = st.tabs([_("Enrol"), _("Not today")])
    with buy:
        sell(patient, item)
    with later:
        offer(patient, item)


open_page(
    "enrolment.write", _("Offer and enrol"), _("Explain the package, record the answer, enrol in one minute.")
)
fresh = just_enrolled()
if fresh:
    papers(*fresh)
elif addressed() is not None:
    found = chosen_patient("enrol")
    if found is not None:
        serve(found)
elif not closed(ask(offerings, patient_id=None)):
    chosen_patient("enrol")
