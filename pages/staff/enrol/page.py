"""Offer and enrol: explain the package, sell it, print receipt and card, in under a minute."""

from typing import Any

import streamlit as st

from core.care.sale.enrolments import PAYMENT_METHODS, enrol, next_receipt_number
from core.care.sale.going_live import gate
from core.packages.shelf import ShelfItem, shelf, version
from core.people.consents import CHANNELS, consents_of
from core.people.patients import PatientCard, card
from pages.staff.enrol.offering import offer
from pages.staff.papers import enrolment_papers
from pages.staff.seek import chosen_patient
from pages.ui.calls import actor, ask, do, say
from pages.ui.frame import empty_state, open_page
from pages.ui.inputs import consent_fields
from pages.ui.readiness import not_selling
from pages.ui.text import _, html, money


def anchor_fields(patient: PatientCard, item: ShelfItem) -> dict[str, Any]:
    if item.anchor != "last_period":
        return {"anchor_date": st.date_input(_("Anchor date (operation or discharge)"), None)}
    left, right = st.columns(2)
    return {
        "last_period": left.date_input(_("First day of the last period"), patient.last_period),
        "due_date": right.date_input(
            _("Due date, if corrected by ultrasound"), patient.due_date, help=_("A corrected due date wins.")
        ),
    }


def sell(patient: PatientCard, item: ShelfItem) -> None:
    with st.form("enrol"):
        anchor = anchor_fields(patient, item)
        left, middle, right = st.columns(3)
        method = left.selectbox(
            _("Payment"), list(PAYMENT_METHODS), format_func=lambda m: _(PAYMENT_METHODS[m])
        )
        amount = middle.number_input(_("Amount in yuan"), 0.0, 1_000_000.0, item.price_fen / 100, step=1.0)
        receipt = right.text_input(_("Receipt number"), placeholder=ask(next_receipt_number))
        given = {c.purpose: c.given for c in ask(consents_of, patient_id=patient.id)}
        consents = consent_fields(f"enrol_{patient.id}", given)
        channel = st.radio(
            _("How consent was given"),
            ["paper", "screen"],
            format_func=lambda c: _(CHANNELS[c]),
            horizontal=True,
        )
        sent = st.form_submit_button(
            _("Enrol and take payment"), type="primary", icon=":material/how_to_reg:"
        )
    if not sent:
        return
    outcome = do(
        enrol,
        f"enrol_{patient.id}",
        patient_id=patient.id,
        package_id=item.package_id,
        payment_method=method,
        amount_fen=0 if method == "free" else round(amount * 100),
        receipt_number=receipt,
        consents=consents,
        consent_channel=channel,
        **anchor,
    )
    if outcome:
        st.session_state["just_enrolled"] = (patient.id, outcome.value)
        say(_("{name} is enrolled. Print the receipt and the card with her QR code now.", name=patient.name))
        st.rerun()


open_page(
    "enrolment.write", _("Offer and enrol"), _("Explain the package, record the answer, enrol in one minute.")
)
items = ask(shelf)
if not items:
    if actor().may("package.write"):
        empty_state(_("No package is on sale yet."), "manager/packages/page.py", _("Packages"))
    else:
        empty_state(_("No package is on sale yet. Ask your manager to publish one."))
    st.stop()
fresh = st.session_state.get("just_enrolled")
if fresh:
    st.subheader(ask(card, patient_id=fresh[0]).name)
    enrolment_papers(*fresh)
    if st.button(_("Next patient"), icon=":material/arrow_forward:"):
        st.session_state.pop("just_enrolled")
        st.query_params.clear()
        st.rerun()
    st.stop()
gates = {item.package_id: ask(gate, package_id=item.package_id) for item in items}
waiting = [item for item in items if not gates[item.package_id].sells]
items = [item for item in items if gates[item.package_id].sells]
if not items:
    for item in waiting:
        not_selling(item.name, gates[item.package_id])
    st.stop()
patient_id = chosen_patient("enrol")
if patient_id is None:
    st.stop()
patient = ask(card, patient_id=patient_id)
week = f" · {_('week {week}', week=patient.week_text)}" if patient.week_text else ""
st.subheader(f"{patient.name} · {patient.record_number}{week}")
if patient.silenced_at:
    st.info(_("This patient is in quiet care: nothing is offered or sold."), icon=":material/spa:")
    st.stop()
item = st.selectbox(_("Package"), items, format_func=lambda i: f"{i.name} · {money(i.price_fen)}")
document = ask(version, version_id=item.version_id).document
with st.container(border=True):
    st.markdown(f"**{_('Read aloud')}**")
    st.markdown(f"<div class='pd-quote'>{html(document.sop.steps[0].wording)}</div>", unsafe_allow_html=True)
    st.caption(_("For whom: {audience}", audience=item.audience))
buy, later = st.tabs([_("Enrol"), _("Not today")])
with buy:
    sell(patient, item)
with later:
    offer(patient, item)
for each in waiting:
    not_selling(each.name, gates[each.package_id])
