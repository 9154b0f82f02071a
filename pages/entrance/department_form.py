"""The form that founds a department: its names, its zone, its first administrator."""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from core.department.profile import set_up
from core.foundation.access import SYSTEM
from core.foundation.doors import Stamp
from core.foundation.errors import Refusal
from core.foundation.images import CleanImage, clean_logo
from core.operations import setting_up, workspaces
from core.people.passwords import RULE
from core.people.staff import add_staff
from pages.ui import session
from pages.ui.form import Form
from pages.ui.text import _, language

ZONES = [
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Macau",
    "Asia/Taipei",
    "Asia/Singapore",
    "UTC",
]

BEGIN = "setup"


def department_form() -> None:
    """Fields that are kept on this machine as they are left, but for passwords and picture: a reload or a restart
    finds them again."""
    form = Form()
    with st.container(border=True, key="set_up_box"):
        hospital = form.field(
            "hospital",
            st.text_input,
            _("Hospital"),
            placeholder=_("for example Anhe Hospital"),
            **_kept("hospital"),
        )
        department = form.field(
            "department",
            st.text_input,
            _("Department"),
            placeholder=_("for example Obstetrics"),
            **_kept("department"),
        )
        zones = ZONES + sorted(available_timezones() - set(ZONES))
        zone = st.selectbox(_("Time zone"), zones, **_kept_zone(zones))
        logo = form.field(
            "logo",
            st.file_uploader,
            _("Logo (optional; PNG or JPEG)"),
            type=["png", "jpg", "jpeg"],
            key="setup_logo",
        )
        st.divider()
        st.markdown(f"**{_('First administrator')}**")
        name = form.field("name", st.text_input, _("Your name"), **_kept("name"))
        username = form.field(
            "username", st.text_input, _("User name"), help=_("3 to 40 small letters, digits, dots or dashes"),
            **_kept("username"),
        )  # fmt: skip
        with st.form("set_up", border=False):
            password = form.field("password", st.text_input, _("Password"), type="password")
            again = form.field("again", st.text_input, _("Password again"), type="password")
            st.caption(_(RULE))
            sent = st.form_submit_button(_("Create my department"), type="primary")
    if st.button(_("Back"), icon=":material/arrow_back:"):
        begin(False)
        st.rerun()
    if not sent:
        return
    if password != again:
        form.say("again", _("The two passwords differ. Please type them again."))
        return
    try:
        if workspaces.active_kind() is not None:
            raise workspaces.ChosenMeanwhile
        _found(
            hospital,
            department,
            str(zone),
            clean_logo(logo.getvalue()) if logo else None,
            name,
            username,
            password,
        )
    except Refusal as problem:
        form.refuse(problem)
        return
    begin(False)
    setting_up.forget()
    workspaces.activate("department")
    session.sign_in_as(username.strip().lower())
    st.rerun()


def begin(on: bool) -> None:
    """The form is part of the address, so that a reload finds it open."""
    if on:
        st.query_params[BEGIN] = "1"
    else:
        st.query_params.pop(BEGIN, None)


def _kept(name: str) -> dict[str, Any]:
    """Key, first text and callback of a field that is kept as it is left. What was kept is its first text, not its
    state: a browser that comes back after a restart keeps what is being typed into it just then."""
    key = f"setup_{name}"
    first = st.session_state.setdefault(f"{key}:first", setting_up.typed().get(name, ""))
    return {
        "value": first,
        "key": key,
        "on_change": lambda: setting_up.keep(name, str(st.session_state[key] or "")),
    }


def _kept_zone(zones: list[str]) -> dict[str, Any]:
    """The same of the time zone."""
    kept = _kept("zone")
    first = kept.pop("value")
    return {**kept, "index": zones.index(first) if first in zones else 0}


def _found(
    hospital: str,
    department: str,
    zone: str,
    logo: CleanImage | None,
    name: str,
    username: str,
    password: str,
) -> None:
    """House and first administrator in one transaction: either both are there or neither."""

    def both(stamp: Stamp) -> None:
        set_up(
            stamp,
            hospital=hospital,
            department=department,
            time_zone=zone,
            print_language=language(),
            logo=logo,
        )
        add_staff(stamp, username=username, name=name, role="administrator", password=password)

    workspaces.desk("department").do(SYSTEM, both, secrets.token_hex(8))
