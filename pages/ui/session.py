"""Who is signed in: a signed cookie names the person, the database says whether that is still good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from core.foundation.access import PUBLIC
from core.foundation.doors import Look
from core.operations import sign_in_cookies, workspaces
from core.people import signing_in, staff
from pages.ui.browser import LANGUAGE, forget_person, signed_in


def member() -> staff.StaffMember | None:
    """The signed-in person, or None; one indexed SELECT."""
    kind = workspaces.active_kind()
    found: staff.StaffMember | None = (
        workspaces.desk(kind).ask(PUBLIC, member_in, kind=kind) if kind else None
    )
    return found


def member_in(look: Look, *, kind: str) -> staff.StaffMember | None:
    """The signed-in person as this look at the workspace `kind` finds them, or None."""
    held = signed_in()
    if held is None or held["kind"] != kind:
        return None
    return signing_in.session_of(look, username=held["username"], since=held["since"])


def remember_from_cookie() -> None:
    """A fresh tab of a signed-in browser: take the person from the cookie, unless just signed out."""
    if "signed_in" in st.session_state or st.session_state.get("logout"):
        return
    token = st.context.cookies.get(sign_in_cookies.name())
    known = sign_in_cookies.read(token) if isinstance(token, str) else None
    if known is not None:
        hold(*known)


def hold(username: str, since: datetime | None = None) -> None:
    st.session_state.pop("just_left", None)
    forget_person()
    st.session_state["signed_in"] = {
        "username": username,
        "since": since or _now(),
        "kind": workspaces.active_kind(),
    }


def _now() -> datetime:
    """The workspace's own clock: the one by which a sign-in's age is judged."""
    return workspaces.desk(str(workspaces.active_kind())).clock.now()


def gate() -> Any:
    """streamlit-authenticator over our staff table, for its form; built only where somebody signs in.

    Its cookie messenger is an iframe that answers with a rerun of its own, under the hands of whoever is typing or
    clicking; `settle_cookie` does that work, so the messenger stays out.
    """
    import streamlit_authenticator as stauth
    from streamlit_authenticator.models import cookie_model

    cookie_model.stx.CookieManager = object
    desk = workspaces.desk(str(workspaces.active_kind()))
    gate = stauth.Authenticate(
        {"usernames": desk.ask(PUBLIC, signing_in.credentials)},
        sign_in_cookies.name(),
        workspaces.signing_key().decode(),
        sign_in_cookies.DAYS,
        auto_hash=False,
        login_sleep_time=0,
    )
    gate.cookie_controller.set_cookie = lambda: None
    return gate


def sign_in_as(username: str) -> None:
    """Sign somebody in without a password: the first administrator just made, or a demo role."""
    before = st.session_state.get("signed_in")
    if before is not None and before["username"] != username:
        _leave_nothing()
    st.session_state["username"] = username
    st.session_state["logout"] = None
    hold(username)
    st.session_state["cookie_due"] = True


def settle_cookie(place: Any) -> None:
    """Write or remove the cookie where the last act asked for it.

    `place` is an st.empty drawn in every run.

    By a line of script in the page itself: an iframe of its own may be taken away by the next run before it has
    loaded (seen in the browser: a reload then asked for the password again).
    """
    if not st.session_state.pop("cookie_due", False):
        return
    held = st.session_state.get("signed_in")
    token, seconds = "", 0
    if held is not None:
        token, end = sign_in_cookies.written(held["username"], held["since"])
        seconds = max(0, int((end - _now()).total_seconds()))
    place.html(
        f"<script>document.cookie = '{sign_in_cookies.name()}={token}; Path=/; Max-Age={seconds}; SameSite=Strict'"
        " + (location.protocol === 'https:' ? '; Secure' : '')</script>",
        unsafe_allow_javascript=True,
    )


def forget() -> None:
    """Sign out: the session forgets, the cookie goes with the next run."""
    _leave_nothing()
    st.session_state["logout"] = True
    st.session_state["cookie_due"] = True
    st.session_state["just_left"] = True


def _leave_nothing() -> None:
    """What one person was doing is not for the next one at the same screen: names, files, links, one-time passwords.

    Only the language stays, because the sign-in is read in it.
    """
    forget_person()
    for name in list(st.session_state):
        if name != LANGUAGE:
            del st.session_state[name]
