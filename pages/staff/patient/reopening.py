"""A package that was ended by mistake: what reopening brings back is named, and asked once."""

from __future__ import annotations

import streamlit as st

from core.care.sale.enrolled import EnrolmentCard
from core.care.sale.reopening import reopen, reopening
from core.foundation import reasons
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, _n, full_day, money


def reopen_course(held: EnrolmentCard) -> None:
    """The way back for thirty days; nothing where there is none."""
    back = ask(reopening, enrolment_id=held.id)
    if back is None:
        return

    def form_of_it() -> None:
        named = [
            _n("{n} task comes back", "{n} tasks come back", back.tasks),
            _n("{n} visit comes back", "{n} visits come back", back.visits),
        ]
        if back.refund_fen:
            named.append(
                _("the refund of {amount} is reversed: take it in again", amount=money(back.refund_fen))
            )
        st.write(" · ".join(named))
        st.caption(
            _("Possible until {day}. What passed meanwhile stays called off.", day=full_day(back.until))
        )
        form = Form()
        with st.form(f"reopen_{held.id}"):
            reason = form.field("reason", st.text_input, _("Reason"), max_chars=reasons.LONGEST)
            sent = st.form_submit_button(_("Reopen the package"))
        if sent and do(reopen, f"reopen_{held.id}", place=form, enrolment_id=held.id, reason=reason):
            say(_("The package goes on."), at=f"course_{held.id}")
            st.rerun()

    fold(_("Ended by mistake?"), f"reopening_{held.id}", form_of_it)
