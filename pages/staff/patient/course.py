"""Changing a running course: correct the anchor, complete, cancel with a refund."""

from __future__ import annotations

import streamlit as st

from core.care.sale.courses import change_anchor, complete
from core.care.sale.enrolled import EnrolmentCard
from core.clinical.dating import due_date
from core.foundation import reasons
from core.packages.refund_rules import CAUSE_NAMES
from core.settlement.refunds import cancel_and_refund, record_refund
from pages.staff.patient.kept_vouchers import used_vouchers
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.text import _, full_day, money


def move_anchor(held: EnrolmentCard) -> None:
    """A corrected due date plans the open tasks anew; what is done stays done."""
    pregnancy = held.anchor_kind in ("last_period", "due_date")
    form = Form()
    with st.form(f"anchor_{held.id}"):
        if pregnancy:
            st.caption(_("Present due date: {day}", day=full_day(due_date(held.anchor_date))))
            # Whichever of the two is asked: what is refused is the day that the tasks are counted from.
            values = {
                "due_date": form.field(
                    "anchor_date", st.date_input, _("Corrected due date"), due_date(held.anchor_date)
                )
            }
        else:
            values = {
                "anchor_date": form.field("anchor_date", st.date_input, _("Corrected date"), held.anchor_date)
            }
        reason = form.field(
            "reason",
            st.text_input,
            _("Reason, for example “ultrasound in week 12”"),
            max_chars=reasons.LONGEST,
        )
        sent = st.form_submit_button(_("Plan anew"), type="primary")
    if sent and do(
        change_anchor,
        f"anchor_{held.id}",
        place=form,
        enrolment_id=held.id,
        reason=reason,
        **values,
    ):
        _said(held.id, _("The open tasks are planned anew; the old plan is kept in the audit trail."))
        st.rerun()


def end_course(held: EnrolmentCard, quiet: bool) -> None:
    """Complete, or cancel with the refund; for a patient in quiet care no album is offered."""
    if held.status == "active":
        st.write(_("The journey is over and went its way: complete it, then her album can be made."))
        if st.button(_("Complete the journey"), key=f"complete_{held.id}", type="primary") and do(
            complete, f"complete_{held.id}", enrolment_id=held.id
        ):
            _said(held.id, _("The journey is complete. Her album can be made now."))
            st.rerun()
        st.divider()
    if held.status == "completed":
        if not quiet and st.button(
            _("Make the album"), key=f"to_album_{held.id}", icon=":material/photo_album:"
        ):
            st.switch_page("staff/albums/page.py", query_params={"enrolment": str(held.id)})
        return
    if held.refund_fen:
        st.write(
            _("{amount} refunded on {day}.", amount=money(held.refund_fen), day=full_day(held.refunded_on))
        )
        return
    used_vouchers(held.id)
    form = Form()
    with st.form(f"cancel_{held.id}"):
        amount = form.field(
            "refund_fen",
            st.number_input,
            _("Refund in yuan"),
            0.0,
            held.amount_fen / 100,
            None,
            step=1.0,
            placeholder=_("at most {amount}", amount=money(held.amount_fen)),
        )
        cause = form.field(
            "cause",
            st.selectbox,
            _("Why"),
            list(CAUSE_NAMES),
            index=None,
            format_func=lambda code: _(CAUSE_NAMES[code]),
            placeholder=_("Choose from the list"),
        )
        reason = form.field("reason", st.text_input, _("Reason"), max_chars=reasons.LONGEST)
        label = _("Cancel the package and refund") if held.status == "active" else _("Record the refund")
        sent = st.form_submit_button(label)
    # Nothing typed is no refund of nothing: the deed asks for the amount.
    refund = -1 if amount is None else round(amount * 100)
    deed = cancel_and_refund if held.status == "active" else record_refund
    if sent and do(
        deed,
        f"cancel_{held.id}",
        place=form,
        enrolment_id=held.id,
        cause=cause or "",
        reason=reason,
        refund_fen=refund,
    ):
        _said(held.id, _("Recorded: {amount} to pay back.", amount=money(refund)))
        st.rerun()


def _said(enrolment_id: int, text: str) -> None:
    say(text, at=f"course_{enrolment_id}")
