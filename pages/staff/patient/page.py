"""One patient: what she holds, her missions, consents, curve, phone; and the gentle stop."""

import streamlit as st

from core.care.quiet_care import REASON_NAMES, stop_of
from core.care.sale.enrolled import STATUS_NAMES, EnrolmentCard, enrolment, roster
from core.people.patients import card
from pages.staff.papers import enrolment_papers, patient_card
from pages.staff.patient.course import end_course, move_anchor
from pages.staff.patient.details import change, consents, phone
from pages.staff.patient.earning import more_points
from pages.staff.patient.growth import growth
from pages.staff.patient.privacy import end_link, erase
from pages.staff.patient.quiet import gentle_stop_form, quiet_state
from pages.staff.seek import chosen_patient
from pages.staff.task_card import BANDS
from pages.ui.calls import actor, ask
from pages.ui.frame import empty_state, facts, open_page
from pages.ui.text import _, day, full_day, money


def journey(held: EnrolmentCard, quiet: bool) -> None:
    """The package she holds with every task."""
    line = held.line
    status = _(STATUS_NAMES[line.status])
    st.markdown(
        f"**{line.package_name}** · {_('version {number}', number=line.version)} · {status} · {money(line.amount_fen)} · "
        + _("since {when}", when=full_day(line.enrolled_on))
    )
    if line.badge_target:
        share = min(1.0, line.badges_earned / line.badge_target)
        st.progress(share, text=_("{n} of {target} badges", n=line.badges_earned, target=line.badge_target))
    st.dataframe(
        [
            {
                _("State"): _(BANDS[task.band].name),
                _("Task"): task.title,
                _("From"): day(task.opens_on),
                _("To"): day(task.closes_on),
                _("Done on"): day(task.done_on),
                _("Note"): _(REASON_NAMES.get(task.reason, task.reason)) or task.evidence,
            }
            for task in held.tasks
        ],
        hide_index=True,
        width="stretch",
    )
    if not quiet:
        more_points(line.id)
    if actor().may("enrolment.write"):
        with st.expander(_("Receipt and card")):
            enrolment_papers(line.patient_id, line.id)
        if line.status == "active":
            with st.expander(_("Correct the due date")):
                move_anchor(held)
        if line.status == "completed":
            end_course(held, quiet)
        else:
            with st.expander(_("Complete, cancel or refund")):
                end_course(held, quiet)


open_page("patient.read", _("Patient"))
patient_id = chosen_patient("patient")
if patient_id is None:
    st.stop()
patient = ask(card, patient_id=patient_id)
week = f" · {_('week {week}', week=patient.week_text)}" if patient.week_text else ""
st.subheader(f"{patient.name} · {patient.record_number}{week}")
st.caption(
    " · ".join(part for part in (patient.masked_phone, full_day(patient.birth_date), patient.note) if part)
)
stopped = ask(stop_of, patient_id=patient_id)
if stopped:
    quiet_state(patient, stopped)
lines = ask(roster, status="", patient_id=patient_id).rows
names = [_("Journey"), _("Phone"), _("Growth curve"), _("Consents"), _("Details")]
if actor().may("enrolment.stop") and not stopped:
    names.append(_("Quiet care"))
tab = st.segmented_control(_("View"), names, default=names[0], label_visibility="collapsed") or names[0]
if tab == names[0]:
    if not lines:
        empty_state(_("No package yet. Explain one and enrol her."))
        if actor().may("enrolment.write") and st.button(_("Offer and enrol"), type="primary"):
            st.switch_page("staff/enrol/page.py", query_params={"id": str(patient_id)})
    for line in lines:
        journey(ask(enrolment, enrolment_id=line.id), quiet=stopped is not None)
elif tab == names[1]:
    left, right = st.columns([1.1, 1])
    with left:
        phone(patient)
    with right:
        patient_card(patient_id, lines[0].package_name if lines else facts().department)
        end_link(patient)
elif tab == names[2]:
    growth(patient, quiet=stopped is not None)
elif tab == names[3]:
    consents(patient)
elif tab == names[4]:
    change(patient)
    erase(patient)
else:
    gentle_stop_form(patient)
