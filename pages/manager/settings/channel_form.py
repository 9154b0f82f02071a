"""One channel as a form: where it leads, who reads it. The address is typed and never shown again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.dialogue.telling.channels import (
    MODE_NAMES,
    READERS,
    Channel,
    add_channel,
    change_channel,
)
from core.dialogue.telling.robots import ROBOTS
from core.foundation.access import ROLE_NAMES
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.text import _

SIGNED = ("dingtalk", "feishu")


def channel_form(kind: str, channel: Channel | None = None, known: int = 0) -> None:
    """Change a channel, or add one of a kind beside the `known` ones."""
    form, roles = (
        Form(f"channel_{channel.channel_id}" if channel else ""),
        {role: _(ROLE_NAMES[role]) for role in READERS},
    )
    with st.form(f"channel_form_{channel.channel_id if channel else f'{kind}_{known}'}"):
        values: dict[str, Any] = {
            "name": form.kept(
                "name", st.text_input, _("Name"), channel.name if channel else "",
                placeholder=_("for example: night shift group"),
            ),
            "roles": form.kept(
                "roles", st.multiselect, _("Who reads it"), sorted(channel.roles) if channel else ["doctor"],
                options=list(roles), format_func=roles.__getitem__,
            ),
        }  # fmt: skip
        if channel is not None:
            st.caption(_("The address is kept locked and not shown. Leave it empty to keep it."))
        if kind == "mail":
            values["mail"] = _mail_fields(form)
        else:
            values |= _address_fields(form, kind)
        sent = st.form_submit_button(_("Save") if channel else _("Add this channel"), type="primary")
    if not sent:
        return
    if (
        do(change_channel, place=form, channel_id=channel.channel_id, **values)
        if channel
        else do(add_channel, place=form, kind=kind, **values)
    ):
        say(_("Saved. Please send a test now."))
        st.rerun()


def _address_fields(form: Form, kind: str) -> dict[str, str]:
    found = {
        "address": form.field(
            "address", st.text_input, _("Address of the robot") if kind in ROBOTS else _("Address"), "",
            type="password", autocomplete="off",
            placeholder=f"https://{ROBOTS[kind].host}/…" if kind in ROBOTS else "https://…",
            help=_("In the group: add a custom robot and copy its webhook address.") if kind in ROBOTS else None,
        )
    }  # fmt: skip
    if kind in SIGNED:
        found["secret"] = form.field(
            "secret", st.text_input, _("Signing secret, if the robot has one"), "", type="password",
            autocomplete="off",
        )  # fmt: skip
    return found


def _mail_fields(form: Form) -> dict[str, str]:
    left, right = st.columns(2)
    modes = {mode: _(name) for mode, name in MODE_NAMES.items()}
    return {
        "host": form.field("host", left.text_input, _("Mail server"), "", placeholder="smtp.…"),
        "port": form.field("port", right.text_input, _("Port (empty: the usual one)"), ""),
        "mode": right.selectbox(_("Encryption"), list(modes), format_func=modes.__getitem__),
        "user": form.field("user", left.text_input, _("User name at the mail server"), "", autocomplete="off"),
        "password": form.field(
            "password", left.text_input, _("Password at the mail server"), "", type="password",
            autocomplete="new-password",
        ),
        "sender": form.field("sender", right.text_input, _("Sender"), ""),
        "to": form.field("to", st.text_input, _("Recipients, with commas between them"), ""),
    }  # fmt: skip
