"""Telling staff: the channels with their tests, the duty page, what became of the last messages."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.department.web_address import public_address
from core.dialogue.telling.channels import KIND_NAMES, Channel, channels, send_test, switch_channel
from core.dialogue.telling.duty_page import duty_page_on, switch_duty_page
from core.dialogue.telling.outbox import STATE_NAMES, recent
from core.dialogue.telling.place import confirm_sending, sends_elsewhere
from core.foundation.access import ROLE_NAMES
from core.settlement.amends import by_itself, send_by_itself
from pages.manager.settings.channel_form import channel_form
from pages.ui.calls import ask, desk, do, doer, say
from pages.ui.frame import the_house
from pages.ui.sections import fold
from pages.ui.text import _, _n, moment, unmarked


def telling() -> None:
    """The tab: what needs somebody first, then the channels, the duty page and the last messages."""
    st.caption(
        _(
            "Colleagues who are not looking at the screen are told by these channels when something waits. A message "
            "holds only the case code, its kind and the minutes left: never a name, never a symptom."
        )
    )
    if ask(sends_elsewhere):
        _confirm()
    known: list[Channel] = ask(channels)
    if not any(one.active for one in known):
        st.info(
            _(
                "No channel yet: everything works on the screens, but nobody is told who is not looking at them."
            ),
            icon=":material/notifications_off:",
        )
    for one in known:
        fold(unmarked(_title(one)), f"channel_{one.channel_id}", partial(_channel, one))
    fold(_("Add a channel"), "channel_new", partial(_new, len(known)), icon=":material/add_alert:")
    _duty_page()
    _apologies()
    _messages()


def _confirm() -> None:
    st.warning(
        _(
            "These data were restored or copied here. Nothing is sent until you say that this is the machine that "
            "sends: otherwise two machines might tell your colleagues the same."
        ),
        icon=":material/pause_circle:",
    )
    if st.button(_("Send from this machine"), type="primary"):
        done = do(confirm_sending)
        if done:
            say(
                _n(
                    "Sending again. {n} message goes out now.",
                    "Sending again. {n} messages go out now.",
                    done.value,
                )
            )
            st.rerun()


def _title(one: Channel) -> str:
    roles = "/".join(_(ROLE_NAMES[role]) for role in one.roles)
    parts = [one.name, _(KIND_NAMES[one.kind]), roles]
    if not one.active:
        parts.append(_("switched off"))
    elif not one.readable:
        parts.append(_("enter the address again"))
    return " · ".join(parts)


def _channel(one: Channel) -> None:
    if not one.readable:
        st.warning(
            _("The address was entered on another machine. Please enter it again."), icon=":material/key_off:"
        )
    if one.tested_at:
        st.write(
            _(
                "Last test {when}: {result}",
                when=moment(one.tested_at, the_house().zone),
                result=_(one.tested),
            )
        )
    left, right = st.columns(2)
    if left.button(
        _("Send me a test"), key=f"test_{one.channel_id}", icon=":material/send:", disabled=not one.readable
    ):
        with st.spinner(_("Waiting for the other side …")):
            send_test(desk(), doer(), one.channel_id)
        st.rerun()
    switch = _("Switch off") if one.active else _("Switch on")
    if right.button(switch, key=f"switch_{one.channel_id}") and do(
        switch_channel, channel_id=one.channel_id, on=not one.active
    ):
        say(_("Saved."))
        st.rerun()
    channel_form(one.kind, one)


def _new(known: int) -> None:
    kinds = {code: _(name) for code, name in KIND_NAMES.items()}
    kind = st.selectbox(_("Kind"), list(kinds), format_func=kinds.__getitem__)
    channel_form(kind, known=known)


def _duty_page() -> None:
    st.subheader(_("Duty page outside the house"))
    on = ask(duty_page_on)
    st.write(
        _(
            "A message then carries a link that opens once, for the person on duty, with her own password: she takes, "
            "answers and decides that one case on her phone. It is off until you switch it on."
        )
    )
    if not public_address(the_house()):
        st.caption(
            _(
                "No link can be sent yet: nobody has confirmed the address that phones reach (under “Department”)."
            )
        )
    st.write(_("It is switched on.") if on else _("It is switched off."))
    label = _("Switch the duty page off") if on else _("Switch the duty page on")
    if st.button(label, key="duty_page") and do(switch_duty_page, on=not on):
        say(_("Saved."))
        st.rerun()


def _apologies() -> None:
    st.subheader(_("When a promise was missed"))
    on = ask(by_itself)
    st.write(
        _(
            "Switched on, the apology written in the package goes to her phone as soon as the time has passed, with what goes "
            "with it, before anybody has read it; money is still paid by the front desk. Switched off, it waits on Replies "
            "until somebody sends it."
        )
    )
    st.write(_("Apologies are sent by themselves.") if on else _("Apologies wait for somebody's click."))
    label = _("Wait for a click again") if on else _("Send apologies by themselves")
    if st.button(label, key="amends_switch") and do(send_by_itself, on=not on):
        say(_("Saved."))
        st.rerun()


def _messages() -> None:
    st.subheader(_("Last messages"))
    lines = ask(recent)
    if not lines:
        st.caption(_("No message yet."))
        return
    zone = the_house().zone
    st.dataframe(
        [
            {
                _("When"): moment(line.sent_at or line.at, zone),
                _("Channel"): line.channel,
                _("Message"): line.words,
                _("State"): _(STATE_NAMES[line.state]),
                _("Why"): _(line.reason) if line.reason else "",
            }
            for line in lines
        ],
        hide_index=True,
        width="stretch",
    )
