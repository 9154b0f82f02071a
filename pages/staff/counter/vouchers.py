"""Vouchers at the counter: redeem a code, exchange points, print or cancel what is held."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.bank.rewards import ShelfItem
from core.bank.vouchers import (
    STATE_NAMES,
    Voucher,
    VoucherExpired,
    cancel_voucher,
    redeem_voucher,
    take_reward_for,
    voucher_at_counter,
    vouchers_of,
)
from core.documents.voucher import VoucherSlip, voucher_pdf
from core.foundation import reasons
from core.foundation.clock import day_of
from core.foundation.errors import Refusal
from core.people.masking import masked_name
from pages.ui.calls import actor, ask, do, later, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.paper import letterhead
from pages.ui.text import _, _n, day, full_day, money, refusal, unmarked

BADGES = {"issued": ":green-badge[{}]"}
PAST_BADGE = ":gray-badge[{}]"


def redeem() -> None:
    """Type the code, see what it is, use it once."""
    form = Form()
    code = form.field("code", st.text_input, _("Voucher code"), key="voucher_code", max_chars=20)
    if not code.strip():
        st.caption(_("On the patient's phone or slip: eight characters; capitals and spaces do not matter."))
        return
    try:
        voucher: Voucher = ask(voucher_at_counter, code=code)
    except Refusal as problem:
        form.refuse(problem)
        return
    with st.container(border=True):
        st.markdown(f"**{unmarked(voucher.name)}** · {unmarked(voucher.patient_name)}")
        st.write(unmarked(voucher.terms))
        st.caption(_("Valid until {day}", day=full_day(voucher.valid_until)))
        if voucher.quiet:
            st.info(_("Quiet care: hand it over without a word of badges or congratulation."))
        if voucher.redeemed_at:
            used_on = day_of(voucher.redeemed_at, the_house().zone)
            st.info(_("This voucher was used on {day}.", day=day(used_on)))
        elif voucher.state == "expired":
            st.info(refusal(VoucherExpired(voucher.valid_until)))
        elif st.button(_("Redeem now"), type="primary", icon=":material/redeem:") and do(
            redeem_voucher, f"redeem_{voucher.id}", place=form, code=code
        ):
            say(_("Redeemed: {name}.", name=unmarked(voucher.name)))
            st.session_state.pop("voucher_code", None)
            st.rerun()


def take(patient_id: int, item: ShelfItem) -> None:
    with st.container(border=True):
        about, act = st.columns([3.4, 1.4], vertical_alignment="center")
        worth = f" · {money(item.value_fen)}" if item.value_fen else ""
        about.markdown(
            f"**{unmarked(item.name)}** · {_n('{n} point', '{n} points', item.cost_points)}{worth}  \n{unmarked(item.terms)}"
        )
        if item.sold_out:
            act.caption(_("None left"))
        elif item.missing:
            act.caption(_n("{n} point missing", "{n} points missing", item.missing))
        elif act.button(_("Exchange"), key=f"take_{item.reward_id}", width="stretch"):
            outcome = do(
                take_reward_for, f"take_{patient_id}", patient_id=patient_id, reward_id=item.reward_id
            )
            if outcome:
                say(_("Exchanged. The code is {code}.", code=outcome.value["code"]))
                st.rerun()


def held(patient_id: int) -> None:
    for voucher in ask(vouchers_of, patient_id=patient_id):
        with st.container(border=True):
            about, slip, undo = st.columns([3, 1, 1], vertical_alignment="center")
            state = BADGES.get(voucher.state, PAST_BADGE).format(_(STATE_NAMES[voucher.state]))
            about.markdown(
                f"{state} **{unmarked(voucher.name)}** · `{voucher.shown_code}` · {_('valid until {day}', day=day(voucher.valid_until))}"
            )
            if voucher.state == "issued":
                slip.download_button(
                    _("Print"),
                    later(partial(slip_pdf, voucher)),
                    file_name="voucher.pdf",
                    mime="application/pdf",
                    key=f"slip_{voucher.id}",
                    on_click="ignore",
                )
            elif voucher.state != "expired":
                continue
            if actor().may("points.correct"):
                with undo.popover(_("Cancel")):
                    form = Form()
                    reason = form.field(
                        "reason", st.text_input, _("Reason"), key=f"cancel_reason_{voucher.id}",
                        max_chars=reasons.LONGEST,
                    )  # fmt: skip
                    if st.button(_("Cancel “{name}” and give the points back", name=unmarked(voucher.name)),
                                 key=f"cancel_{voucher.id}", type="primary") and do(
                        cancel_voucher, f"cancel_{voucher.id}", place=form, voucher_id=voucher.id, reason=reason
                    ):  # fmt: skip
                        say(_("The voucher is cancelled."))
                        st.rerun()


def slip_pdf(voucher: Voucher) -> bytes:
    return voucher_pdf(
        VoucherSlip(
            title=voucher.name,
            worth_text=money(voucher.value_fen) if voucher.value_fen else "",
            code=voucher.shown_code,
            holder=masked_name(voucher.patient_name),
            issued_on=day_of(voucher.issued_at, the_house().zone),
            expires_on=voucher.valid_until,
            terms=voucher.terms,
        ),
        letterhead(),
    )
