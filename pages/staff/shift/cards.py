"""The cards of one's shifts: what a colleague hands over to me, and my own with the act that fits now."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.dialogue.cases.cases import KIND_NAMES, LEVEL_NAMES
from core.dialogue.duty.duty import ROLE_NAMES
from core.dialogue.duty.shift_list import OpenCase, Shift, takers
from core.dialogue.duty.shifts import LONGEST_NOTE, hand_over, receive, take_shift
from core.foundation.language import N_
from pages.ui.calls import actor, ask, do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.sections import fold
from pages.ui.shifts import hours
from pages.ui.text import _, clock, html, moment, unmarked


def confirm(shift: Shift) -> None:
    """What a colleague hands over to me, and the yes that makes it mine."""
    zone = the_house().zone
    with st.container(border=True, key=f"confirm_{shift.span_id}"):
        st.markdown(
            _(
                "**{name} hands over to you** · {role}, {hours}",
                name=unmarked(shift.name),
                role=_(ROLE_NAMES[shift.role]),
                hours=hours(shift.starts_at, shift.ends_at, zone),
            )
        )
        if shift.note:
            st.markdown(f"<p>{html(shift.note)}</p>", unsafe_allow_html=True)
        st.caption(what_is_open(shift.open_cases))
        form = Form()
        with st.form(f"receive_{shift.span_id}", border=False):
            phone = form.field(
                "phone",
                st.text_input,
                _("My telephone (optional if it is known)"),
                key=f"receive_phone_{shift.span_id}",
            )
            sent = st.form_submit_button(_("I take over"), type="primary", icon=":material/handshake:")
        if sent and do(receive, f"receive_{shift.span_id}", place=form, span_id=shift.span_id, phone=phone):
            say(_("You have taken over. What is open is in Replies."))
            st.rerun()


def what_is_open(cases: tuple[OpenCase, ...]) -> str:
    """The cases that were open when it was written, by their codes; what was settled since is left out."""
    left = [one for one in cases if one.state in ("open", "answered")]
    if not left:
        return _("Nothing was open, or it is settled by now.")
    named = [
        " ".join(
            part
            for part in (_(LEVEL_NAMES[one.level]) if one.level else "", _(KIND_NAMES[one.kind]), one.code)
            if part
        )
        for one in left
    ]
    return _("Open: {cases}", cases=" · ".join(named))


def cards(shifts: list[Shift]) -> None:
    for each in shifts:
        _card(each)


def _card(shift: Shift) -> None:
    """One shift of mine, with the act that fits it now."""
    zone = the_house().zone
    mine, title = (
        shift.staff_id == actor().id,
        f"**{hours(shift.starts_at, shift.ends_at, zone)}** · {_(ROLE_NAMES[shift.role])}",
    )
    with st.container(border=True, key=f"my_shift_{shift.span_id}"):
        words, act = st.columns([3, 1.4], vertical_alignment="center")
        words.markdown(f"{title}  \n{state_of(shift, mine)}")
        if shift.taken_at is None:
            label = _("I take the shift") if mine else _("I take it for {name}", name=unmarked(shift.name))
            pressed = act.button(
                label, key=f"take_{shift.span_id}", type="primary" if mine else "secondary", width="stretch"
            )
            if pressed and do(take_shift, f"take_{shift.span_id}", span_id=shift.span_id):
                say(_("The shift is yours. You are told when something waits."))
                st.rerun()
        if mine and shift.received_at is None:
            fold(
                _("I hand over"),
                f"hand_fold_{shift.span_id}",
                lambda: _hand(shift),
                icon=":material/handshake:",
            )


def state_of(shift: Shift, mine: bool) -> str:
    zone = the_house().zone
    if shift.received_at:
        return _(
            "handed to {name}, confirmed {time}",
            name=unmarked(shift.handed_to),
            time=clock(shift.received_at, zone),
        )
    if shift.handed_at:
        yours = N_("handed to {name}; yours until confirmed")
        return _(yours if mine else N_("handed to {name}, not confirmed yet"), name=unmarked(shift.handed_to))
    if shift.taken_at:
        return _("taken {time}", time=moment(shift.taken_at, zone))
    return (
        _("nobody has taken it yet") if mine else _("{name} has not taken it yet", name=unmarked(shift.name))
    )


def _hand(shift: Shift) -> None:
    people = {one.id: one.name for one in ask(takers, role=shift.role) if one.id != actor().id}
    if not people:
        st.caption(_("Nobody else may do this duty."))
        return
    form: Any = Form()
    with st.form(f"hand_{shift.span_id}", border=False):
        to = form.field(
            "to", st.selectbox, _("Who takes over"), list(people), format_func=people.__getitem__,
            key=f"hand_to_{shift.span_id}",
        )  # fmt: skip
        note = form.field(
            "note", st.text_area, _("What the next one must know"), max_chars=LONGEST_NOTE, key=f"hand_note_{shift.span_id}",
            help=_("What is open is added by itself."),
        )  # fmt: skip
        sent = st.form_submit_button(_("Hand over"), type="primary")
    if sent and do(hand_over, f"hand_{shift.span_id}", place=form, span_id=shift.span_id, to=to, note=note):
        say(_("Handed over. It stays yours until {name} confirms.", name=unmarked(people[to])))
        st.rerun()
