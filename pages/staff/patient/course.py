"""Changing a running course: correct the anchor, complete; stopping and paying back is `refund`."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.care.plan.pregnancy import DATED, same_pregnancy
from core.care.sale.courses import change_anchor, complete
from core.care.sale.enrolled import EnrolmentCard
from core.clinical.dating import due_date
from core.foundation import reasons
from core.packages.parts import ANCHOR_NAMES
from pages.staff.patient.refund import refund
from pages.staff.patient.what_goes import going
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, full_day, unmarked


def dated_beside(held: EnrolmentCard, cards: Iterable[EnrolmentCard]) -> list[str]:
    """The names of her other running packages that count the weeks of the same pregnancy."""
    return [
        one.package_name
        for one in cards
        if one.id != held.id and one.status == "active" and same_pregnancy(one, held)
    ]


def move_anchor(held: EnrolmentCard, beside: list[str]) -> None:
    """A corrected due date plans the open tasks anew; what is done stays done. `beside` is planned anew with it."""
    pregnancy = held.anchor_kind in DATED
    form = Form(f"moved_{held.id}")
    with st.form(form.turn):
        if pregnancy:
            st.caption(_("Present due date: {day}", day=full_day(due_date(held.anchor_date))))
            if beside:
                names = " · ".join(beside)
                st.caption(
                    _("Counted from the same date and planned anew with it: {names}", names=unmarked(names))
                )
            # Whichever of the two is asked: what is refused is the day that the tasks are counted from.
            values = {
                "due_date": form.kept(
                    "anchor_date", st.date_input, _("Corrected due date"), due_date(held.anchor_date)
                )
            }
        else:
            values = {
                "anchor_date": form.kept(
                    "anchor_date", st.date_input, _(ANCHOR_NAMES[held.anchor_kind]), held.anchor_date
                )
            }
        reason = form.kept(
            "reason",
            st.text_input,
            _("Reason, for example “ultrasound in week 12”"),
            "",
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


def end_course(held: EnrolmentCard, likely: str = "") -> None:
    """Complete, or stop with the refund; of one that has ended, what is still paid back."""
    if held.status == "active":
        st.write(_("The journey is over and went its way: complete it, then her album can be made."))
        fold(
            _("Complete the journey"), f"completing_{held.id}", lambda: _complete(held), st.popover,
            type="primary",
        )  # fmt: skip
        st.divider()
    refund(held, likely)


def to_album(held: EnrolmentCard) -> None:
    """The way to the album of a completed journey."""
    if st.button(_("Make the album"), key=f"to_album_{held.id}", icon=":material/photo_album:"):
        st.switch_page("staff/albums/page.py", query_params={"enrolment": str(held.id)})


def _complete(held: EnrolmentCard) -> None:
    """What goes is named, and asked once."""
    going(held.id, _("If you complete it today:"), _("Nothing is paid back by this."))
    if st.button(_("Yes, complete it"), key=f"complete_{held.id}", type="primary") and do(
        complete, f"complete_{held.id}", enrolment_id=held.id
    ):
        _said(held.id, _("The journey is complete. Her album can be made now."))
        st.rerun()


def _said(enrolment_id: int, text: str) -> None:
    say(text, at=f"course_{enrolment_id}")
