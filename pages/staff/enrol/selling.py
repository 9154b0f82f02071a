"""The sale: the date it counts from, payment, consents, in one form that keeps what was typed when it is refused."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.care.plan.pregnancy import Pregnancy, pregnancy
from core.care.sale.enrolments import PAYMENT_METHODS, enrol
from core.care.sale.receipt_number import next_receipt_number
from core.foundation import reasons
from core.packages.parts import ANCHOR_NAMES
from core.packages.shelf import ShelfItem
from core.people.consents import consents_of
from core.people.patients import PatientCard
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.inputs import consent_fields
from pages.ui.text import _, full_day, unmarked


def sales_made() -> list[tuple[int, int]]:
    """Patient and enrolment of the sale just made, as the session's own list."""
    made: list[tuple[int, int]] = st.session_state.setdefault("just_enrolled", [])
    return made


def sell(patient: PatientCard, item: ShelfItem) -> None:
    """One form; a refusal stands beside the field it is about."""
    key = f"enrol_{patient.id}_{item.package_id}"
    form = Form(key)
    with st.form(key):
        anchor = _anchor(form, patient, item, key)
        method = form.field(
            "payment_method",
            st.segmented_control,
            _("Payment"),
            list(PAYMENT_METHODS),
            format_func=lambda m: _(PAYMENT_METHODS[m]),
            key=f"{key}_method",
        )
        left, right = st.columns(2)
        amount = form.field(
            "amount_fen",
            left.number_input,
            _("Amount in yuan"),
            0.0,
            1_000_000.0,
            item.price_fen / 100,
            step=1.0,
            key=f"{key}_amount",
        )
        receipt = form.field(
            "receipt_number",
            right.text_input,
            _("Receipt number"),
            placeholder=ask(next_receipt_number),
            key=f"{key}_receipt",
        )
        price_reason = ""
        if item.price_fen:
            price_reason = form.field(
                "price_reason",
                st.text_input,
                _("Reason, if less than the price is paid"),
                key=f"{key}_price_reason",
                max_chars=reasons.LONGEST,
            )
        given = {c.purpose: c.given for c in ask(consents_of, patient_id=patient.id)}
        consents, channel = consent_fields(form, given)
        sent = st.form_submit_button(
            _("Enrol and take payment"), type="primary", icon=":material/how_to_reg:"
        )
    if not sent:
        return
    # At hand before the deed: the second click of a double click breaks a run off where the session is written to, and
    # she would be enrolled without anybody being told.
    made = sales_made()
    outcome = do(
        enrol,
        key,
        place=form,
        patient_id=patient.id,
        package_id=item.package_id,
        payment_method=method or "",
        amount_fen=0 if method == "free" else round(amount * 100),
        receipt_number=receipt,
        consents=consents,
        consent_channel=channel,
        price_reason=price_reason,
        **anchor,
    )
    if outcome:
        made.append((patient.id, outcome.value))
        say(
            _(
                "{name} is enrolled. Print the receipt and the card with her QR code now.",
                name=unmarked(patient.name),
            ),
            at="enrolled",
        )
        st.rerun()


def _anchor(form: Form, patient: PatientCard, item: ShelfItem, key: str) -> dict[str, Any]:
    if item.anchor == "enrolment":
        return {}
    if item.anchor != "last_period":
        imported = patient.course_day(item.anchor)
        day = form.field(
            "anchor_date", st.date_input, _(ANCHOR_NAMES[item.anchor]), imported, key=f"{key}_anchor"
        )
        if imported:
            st.caption(
                _("From the hospital's table: {day}. Correct it if it is wrong.", day=full_day(imported))
            )
        return {"anchor_date": day}
    # The pregnancy under way, not the days that stand in her file: they may be of one that is over.
    carried: Pregnancy | None = ask(pregnancy, patient_id=patient.id)
    by_scan = carried is not None and carried.kind == "due_date"
    left, right = st.columns(2)
    form.room("anchor_date", st)
    return {
        "last_period": form.field(
            "last_period",
            left.date_input,
            _("First day of the last period"),
            carried.anchor if carried and not by_scan else None,
            key=f"{key}_period",
        ),
        "due_date": form.field(
            "due_date",
            right.date_input,
            _("Due date, if corrected by ultrasound"),
            carried.due_on if carried and by_scan else None,
            help=_("A corrected due date wins."),
            key=f"{key}_due",
        ),
    }
