"""Points counter: redeem a code, take a reward for a patient, read a statement, correct by reversal."""

import streamlit as st

from core.bank.account import account_of, statement
from core.bank.ledger import reverse_entry
from core.bank.rewards import shelf_for
from core.foundation import reasons
from pages.staff.counter.corrections import adjustments
from pages.staff.counter.vouchers import held, redeem, take
from pages.staff.seek import chosen_patient, heading
from pages.ui.calls import actor, ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state, open_page
from pages.ui.text import _, _n, day, language


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
            # Of this entry of this patient: a reason never waits for another one's.
            form = Form(f"reverse_{entry}", adds=True)
            reason = form.kept("reason", st.text_input, _("Reason"), "", max_chars=reasons.LONGEST)
            if st.button(_("Reverse this entry"), key=f"reverse_{entry}", type="primary") and do(
                reverse_entry, f"reverse_{entry}", place=form, entry_id=entry, reason=reason
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
    patient = chosen_patient("counter")
    if patient is not None:
        patient_id = patient.id
        heading(patient)
        account = ask(account_of, patient_id=patient_id)
        if account.at_rest:
            empty_state(_("This patient is in quiet care: her account rests, nothing is shown or taken."))
            st.stop()
        st.metric(_("Points"), account.balance)
        if account.expiring_on:
            st.caption(
                _n(
                    "{n} point expires on {day}.",
                    "{n} points expire on {day}.",
                    account.expiring,
                    day=day(account.expiring_on),
                )
            )
        rewards, vouchers, entries = st.tabs([_("Rewards"), _("Vouchers"), _("Statement")])
        with rewards:
            for offer in ask(shelf_for, patient_id=patient_id) if actor().may("points.redeem") else []:
                take(patient_id, offer)
        with vouchers:
            held(patient_id)
        with entries:
            lines(patient_id)
