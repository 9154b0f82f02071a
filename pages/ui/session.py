"""Who is signed in: a signed cookie names the person, the database says whether that is still good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import streamlit as st

from core.foundation.access import PUBLIC
from core.operations import workspaces
from core.people import staff

COOKIE_DAYS = 1


def cookie_name() -> str:
    return f"pilotdesk_{workspaces.active_kind()}"


def member() -> staff.StaffMember | None:
    """The signed-in person, or None; one indexed SELECT."""
    kind = workspaces.active_kind()
    held = st.session_state.get("signed_in")
    if kind is None or held is None or held["kind"] != kind:
        return None
    found: staff.StaffMember | None = workspaces.desk(kind).ask(
        PUBLIC, staff.session_of, username=held["username"], since=held["since"]
    )
    return found


def remember_from_cookie() -> None:
    """A fresh tab of a signed-in browser: take the person from the cookie, unless just signed out."""
    if "signed_in" in st.session_state or st.session_state.get("logout"):
        return
    token = st.context.cookies.get(cookie_name())
    if not isinstance(token, str):
        return
    try:
        claims = jwt.decode(token, workspaces.signing_key().decode(), algorithms=["HS256"])
        since = datetime.fromtimestamp(claims["exp_date"], UTC) - timedelta(days=COOKIE_DAYS)
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError):
        return
    hold(str(claims.get("username", "")), since)


def hold(username: str, since: datetime | None = None) -> None:
    st.session_state["signed_in"] = {
        "username": username,
        "since": since or datetime.now(UTC),
        "kind": workspaces.active_kind(),
    }


def gate() -> Any:
    """streamlit-authenticator over our staff table; built only where somebody signs in or out."""
    import streamlit_authenticator as stauth

    desk = workspaces.desk(str(workspaces.active_kind()))
    return stauth.Authenticate(
        {"usernames": desk.ask(PUBLIC, staff.credentials)},
        cookie_name(),
        workspaces.signing_key().decode(),
        COOKIE_DAYS,
        auto_hash=False,
        login_sleep_time=0,
    )


def sign_in_as(username: str) -> None:
    """Sign somebody in without a password: the first administrator just made, or a demo role."""
    st.session_state["username"] = username
    st.session_state["logout"] = None
    st.session_state["cookie_due"] = True
    hold(username)


def store_cookie_if_due() -> None:
    """Set the cookie in a run that reaches the browser: a rerun right after setting it would lose it."""
    if st.session_state.pop("cookie_due", False):
        gate().cookie_controller.set_cookie()


def forget() -> None:
    """Sign out: the session forgets, the cookie goes."""
    authenticate = gate()
    authenticate.authentication_controller.logout()
    authenticate.cookie_controller.delete_cookie()
    st.session_state.pop("signed_in", None)
