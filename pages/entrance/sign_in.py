"""Signing in: streamlit-authenticator's form over our staff table, locks counted in the database."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.foundation.house import House
from core.operations import workspaces
from core.people import signing_in, staff
from core.people.passwords import RULE
from pages.ui import session
from pages.ui.browser import sender
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.text import _, language_switch, refusal, unmarked


def show(place: Any) -> staff.StaffMember | None:
    """Draw the form at `place` (an st.empty); the person once the password fits, in the same run."""
    answers: list[dict[str, Any]] = []
    with place.container():
        __, middle, __ = st.columns([1, 1.6, 1])
        with middle:
            _heading(the_house())
            if st.session_state.get("just_left"):
                st.success(_("You are signed out. See you soon."), icon=":material/check_circle:")
            language_switch(st, "language_entrance")
            _authenticate(answers)
            answer = answers[-1] if answers else {}
            problem = signing_in.refusal_of(answer)
            if problem:
                st.error(refusal(problem), icon=":material/info:")
            st.caption(_("Forgotten your password? Your administrator can give you a one-time password."))
    if not answers or "id" not in answers[-1]:
        return None
    session.sign_in_as(str(st.session_state["username"]))
    place.empty()
    return session.member()


def _heading(house: House) -> None:
    st.title(unmarked(house.hospital))
    st.caption(f"{unmarked(house.department)} · {_('PilotDesk service pilot')}")
    if house.simulated:
        st.markdown(f"<span class='pd-sim'>{_('Simulated data')}</span>", unsafe_allow_html=True)
        _demo_door()


def _demo_door() -> None:
    """The demo's people have no password to know; one click signs in as manager."""
    if st.button(_("Enter the demo as manager"), type="primary", icon=":material/login:"):
        session.sign_in_as("demo.manager")
        st.rerun()


def _authenticate(answers: list[dict[str, Any]]) -> None:
    """The library's form; the check itself is our deed, which counts failures and locks."""
    st.session_state["logout"] = True  # an old cookie must not fill the form's place
    gate = session.gate()
    desk = workspaces.desk(str(workspaces.active_kind()))

    def check(username: str, password: str) -> bool:
        answers.append(signing_in.sign_in(desk, username=username, password=password, address=sender()))
        return "id" in answers[-1]

    gate.authentication_controller.authentication_model.check_credentials = check
    st.session_state["authentication_status"] = None
    fields = {
        "Form name": _("Sign in"),
        "Username": _("User name"),
        "Password": _("Password"),
        "Login": _("Sign in"),
    }
    gate.login(fields=fields, key="sign_in")


def change_one_time_password() -> None:
    """A one-time password opens exactly one door: choosing one's own."""
    st.title(_("Choose your own password"))
    st.caption(_("You signed in with a one-time password. Please choose your own before you go on."))
    password_form()


def password_form() -> None:
    form = Form()
    with st.form("own_password"):
        old = form.field("old", st.text_input, _("Present password"), type="password")
        new = form.field("password", st.text_input, _("New password"), type="password", help=_(RULE))
        again = form.field("again", st.text_input, _("New password again"), type="password")
        st.caption(_(RULE))
        sent = st.form_submit_button(_("Change password"), type="primary")
    if not sent:
        return
    if new != again:
        form.say("again", _("The two new passwords differ. Please type them again."))
        return
    changed = do(
        staff.change_own_password, place=form, old=old, new=new, address=sender(), sign_in=session.code()
    )
    if not changed:
        return
    match changed.value.get("refused"):
        case "failed":
            form.refuse(staff.PresentPasswordWrong())
        case "locked":
            form.refuse(signing_in.SignInLocked(int(changed.value["minutes"])))
        case None:
            say(_("Your password is changed. Other open sessions have ended."))
            session.cookie_due(changed.value["ticket"])
            st.rerun()
