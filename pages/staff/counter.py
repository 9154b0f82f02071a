"""Points counter: redeem a code, take a reward for a patient, read a statement, correct by reversal."""

from functools import partial

import streamlit as st

from core.bank.account import account_of, statement
from core.bank.ledger import reverse_entry
from core.bank.rewards import ShelfItem, shelf_for
from core.bank.vouchers import (
    Voucher,
    cancel_voucher,
    redeem_voucher,
    take_reward_for,
    voucher_at_counter,
    vouchers_of,
)
from core.documents.voucher import VoucherSlip, voucher_pdf
from core.foundation.errors import Refusal
from core.people.masking import masked_name
from core.people.patients import card
from pages.ui.address import logo_path
from pages.ui.calls import actor, ask, do, later, say
from pages.ui.corrections import adjustments
from pages.ui.frame import empty_state, facts, open_page
from pages.ui.seek import chosen_patient
from pages.ui.text import _, _n, day, language, money, refusal

STATES = {"issued": ":green-badge[{}]", "redeemed": ":gray-badge[{}]", "cancelled": ":gray-badge[{}]"}


def redeem() -> None:
    """Type the code, see what it is, use it once."""
    code = st.text_input(_("Code on the patient's phone or slip"), key="voucher_code", max_chars=20)
    if not code.strip():
        st.caption(_("Eight characters; capitals and spaces do not matter."))
        return
    try:
        voucher: Voucher = ask(voucher_at_counter, code=code)
    except Refusal as problem:
        st.error(refusal(problem), icon=":material/info:")
        return
    with st.container(border=True):
        st.markdown(f"**{voucher.name}** · {masked_name(voucher.patient_name)}")
        st.write(voucher.terms)
        st.caption(_("Valid until {day}", day=day(voucher.valid_until)))
        if voucher.state == "redeemed":
            st.info(
                _(
                    "This voucher was used on {day}.",
                    day=day(voucher.redeemed_at and voucher.redeemed_at.date()),
                )
            )
        elif st.button(_("Redeem now"), type="primary", icon=":material/redeem:") and do(
            redeem_voucher, f"redeem_{voucher.id}", code=code
        ):
            say(_("Redeemed: {name}.", name=voucher.name))
            st.session_state.pop("voucher_code", None)
            st.rerun()


def take(patient_id: int, item: ShelfItem) -> None:
    with st.container(border=True):
        about, act = st.columns([3.4, 1.4], vertical_alignment="center")
        worth = f" · {money(item.value_fen)}" if item.value_fen else ""
        about.markdown(
            f"**{item.name}** · {_n('{n} point', '{n} points', item.cost_points)}{worth}  \n{item.terms}"
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
    names = {"issued": _("valid"), "redeemed": _("used"), "cancelled": _("cancelled")}
    for voucher in ask(vouchers_of, patient_id=patient_id):
        with st.container(border=True):
            about, slip, undo = st.columns([3, 1, 1], vertical_alignment="center")
            state = STATES[voucher.state].format(names[voucher.state])
            about.markdown(
                f"{state} **{voucher.name}** · `{voucher.shown_code}` · {_('valid until {day}', day=day(voucher.valid_until))}"
            )
            if voucher.state != "issued":
                continue
            slip.download_button(
                _("Print"),
                later(partial(slip_pdf, voucher)),
                file_name="voucher.pdf",
                mime="application/pdf",
                key=f"slip_{voucher.id}",
            )
            if actor().may("points.correct"):
                with undo.popover(_("Cancel")):
                    reason = st.text_input(_("Reason"), key=f"cancel_reason_{voucher.id}")
                    if st.button(_("Cancel “{name}” and give the points back", name=voucher.name),
                                 key=f"cancel_{voucher.id}", type="primary") and do(
                        cancel_voucher, f"cancel_{voucher.id}", voucher_id=voucher.id, reason=reason
                    ):  # fmt: skip
                        say(_("The voucher is cancelled."))
                        st.rerun()


def slip_pdf(voucher: Voucher) -> bytes:
    house = facts()
    return voucher_pdf(
        VoucherSlip(
            hospital=house.hospital,
            department=house.department,
            title=voucher.name,
            worth_text=money(voucher.value_fen) if voucher.value_fen else "",
            code=voucher.shown_code,
            holder=masked_name(voucher.patient_name),
            issued_on=voucher.issued_at.astimezone(house.zone).date(),
            expires_on=voucher.valid_until,
            terms=voucher.terms,
            logo_path=logo_path(house),
            simulated=house.simulated,
        ),
        house.print_language,
    )


def lines(patient_id: int) -> None:
    entries = ask(statement, patient_id=patient_id, language=language())
    st.dataframe(
        [
            {
                _("Day"): day(e.day),
                _("Entry"): e.title,
                _("Points"): f"{e.points:+d}",
                _("Balance"): e.balance,
                _("How"): " ".join(e.details),
                _("Reason"): e.reason,
                _("By"): e.by,
            }
            for e in entries
        ],
        hide_index=True,
        width="stretch",
    )
    correctable = {e.entry_id: f"{day(e.day)} · {e.title} · {e.points:+d}" for e in entries if e.correctable}
    if actor().may("points.correct") and correctable:
        with st.popover(_("Correct an entry"), icon=":material/undo:"):
            st.caption(_("Entries are never edited: a reversal with your name and reason is added."))
            entry = st.selectbox(_("Entry"), list(correctable), format_func=correctable.__getitem__)
            reason = st.text_input(_("Reason"), key="reverse_reason")
            if st.button(_("Reverse this entry"), type="primary") and do(
                reverse_entry, f"reverse_{entry}", entry_id=entry, reason=reason
            ):
                say(_("The entry is reversed."))
                st.rerun()


open_page(
    "points.read", _("Points counter"), _("Vouchers by code; a patient's points, statement and rewards.")
)
names = [_("A patient's account")]
if actor().may("points.redeem"):
    names.insert(0, _("Redeem a code"))
if actor().may("points.correct"):
    names.append(_("Adjustments"))
view = st.segmented_control(_("View"), names, default=names[0], label_visibility="collapsed") or names[0]
if view == _("Redeem a code"):
    redeem()
elif view == _("Adjustments"):
    adjustments()
else:
    patient_id = chosen_patient("counter")
    if patient_id is not None:
        patient, account = ask(card, patient_id=patient_id), ask(account_of, patient_id=patient_id)
        st.subheader(f"{patient.name} · {patient.record_number}")
        if account.at_rest:
            empty_state(_("This patient is in quiet care: her account rests, nothing is shown or taken."))
            st.stop()
        st.metric(_("Points"), account.balance)
        if account.expiring_on:
            st.caption(_("{n} points expire on {day}.", n=account.expiring, day=day(account.expiring_on)))
        rewards, vouchers, entries = st.tabs([_("Rewards"), _("Vouchers"), _("Statement")])
        with rewards:
            for offer in ask(shelf_for, patient_id=patient_id) if actor().may("points.redeem") else []:
                take(patient_id, offer)
        with vouchers:
            held(patient_id)
        with entries:
            lines(patient_id)
