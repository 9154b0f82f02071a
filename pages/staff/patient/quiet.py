"""Quiet care: one act that silences everything for a patient and names who will call."""

from __future__ import annotations

import streamlit as st

from core.care.patient_file import PatientFile
from core.care.quiet_care import KINDS, StopState, end_silence, gentle_stop, lift_silence
from core.foundation import reasons
from core.foundation.access import Actor
from core.people.patients import PatientCard
from core.people.staff import roster
from core.settlement.refund_proposals import Proposal, proposed_in_quiet
from pages.ui.calls import actor, ask, do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, full_day, html, money, unmarked


def gentle_stop_form(patient: PatientCard) -> None:
    st.write(
        _(
            "One act: every message, badge, curve, poster, tip and offer for {name} stops at once, open tasks and "
            "visits are called off, and somebody calls her.",
            name=unmarked(patient.name),
        )
    )
    people = {m.id: m.name for m in ask(roster, only_active=True) if m.role in ("doctor", "nurse", "manager")}
    me = actor().id
    form = Form()
    with st.form("gentle_stop"):
        kind = form.field(
            "kind",
            st.selectbox,
            _("Why"),
            list(KINDS),
            index=None,
            format_func=lambda k: _(KINDS[k]),
            placeholder=_("Choose from the list"),
        )
        caller = form.field(
            "caller_id",
            st.selectbox,
            _("Who will call her"),
            list(people),
            index=list(people).index(me) if me in people else None,
            format_func=people.__getitem__,
            placeholder=_("Choose from the list"),
        )
        note = form.field(
            "note", st.text_input, _("Note for the caller (optional)"), max_chars=reasons.LONGEST_NOTE
        )
        refund = st.checkbox(_("Propose the refund"), value=True)
        sent = st.form_submit_button(
            _("Make everything quiet for {name}", name=unmarked(patient.name)), type="primary"
        )
    if sent and do(
        gentle_stop,
        f"stop_{patient.id}",
        place=form,
        patient_id=patient.id,
        kind=kind or "",
        caller_id=caller or 0,
        note=note,
        refund=refund,
    ):
        say(
            _("Everything is quiet now. {name} will call.", name=unmarked(people.get(caller or 0, ""))),
            at="strip",
        )
        st.rerun()


def quiet_state(held: PatientFile, who: Actor) -> None:
    """What her file opens with: why it is quiet, what is still to do, and how the silence ends."""
    stop = held.stop
    assert stop is not None
    with st.container(border=True):
        st.markdown(f"**{_('Quiet care')}** · {_(KINDS[stop.kind])} · {full_day(stop.day)}")
        if stop.note:
            st.html(f"<div class='pd-step'>{html(stop.note)}</div>")
        for each in ask(proposed_in_quiet, patient_ids=[held.patient.id]).get(held.patient.id, ()):
            st.write(proposed(each))
        if who.may("enrolment.stop"):
            _end(held, stop)


def proposed(one: Proposal) -> str:
    """What is to be paid back for a package, by its rule; without one at most what was paid."""
    if one.reckoning is None:
        return _("A refund of up to {amount} is proposed.", amount=money(one.left_fen))
    return _(
        "By the rule of “{package}” {amount} is paid back.",
        package=unmarked(one.package),
        amount=money(one.fen),
    )


def _end(held: PatientFile, stop: StopState) -> None:
    """A mistake of today is taken back whole; later only the patient's own wish ends the silence."""
    label = _("This was a mistake") if stop.may_be_lifted else _("She wishes to hear from us again")
    fold(label, f"end_of_quiet_{stop.stop_id}", lambda: _lift(held, stop), st.popover)


def _lift(held: PatientFile, stop: StopState) -> None:
    mistake, name = stop.may_be_lifted, unmarked(held.patient.name)
    if not mistake:
        st.caption(_("What was stopped stays stopped; a new package can be offered when she asks for it."))
    form = Form()
    reason = form.field(
        "reason", st.text_input, _("Reason"), key=f"lift_reason_{stop.stop_id}", max_chars=reasons.LONGEST
    )
    lift, done = _("Lift quiet care for {name}", name=name), _("Everything is as it was before.")
    if not mistake:
        lift, done = _("End quiet care for {name}", name=name), _("Quiet care has ended.")
    deed, key = (lift_silence, "lift") if mistake else (end_silence, "end_silence")
    if st.button(lift, type="primary") and do(
        deed, f"{key}_{stop.stop_id}", place=form, stop_id=stop.stop_id, reason=reason
    ):
        say(done, at="tasks")
        st.rerun()
