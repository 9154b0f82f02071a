"""Who is signed in: the session or the cookie names a sign-in, the database says whose it is and whether it is good."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.foundation.access import PUBLIC
from core.foundation.doors import Desk, Look
from core.operations import sign_in_cookies, workspaces
from core.people import sign_ins, signing_in, staff
from pages.ui.browser import LANGUAGE, forget_person, signed_in

# Where the cookie is written and removed (`pages.entrance.cookie_door`).
DOOR = "/session"
DRAWN = 10.0  # seconds


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
    return sign_ins.member_of(look, code=held["code"])


def code() -> str:
    """The code of this window's sign-in."""
    held = signed_in()
    return str(held["code"]) if held else ""


def remember_from_cookie() -> None:
    """A fresh tab of a signed-in browser: take the sign-in from the cookie, unless just signed out."""
    if "signed_in" in st.session_state or st.session_state.get("logout"):
        return
    secret = st.context.cookies.get(sign_in_cookies.name())
    known = sign_in_cookies.behind({sign_in_cookies.name(): secret}) if isinstance(secret, str) else None
    if known is not None:
        hold(known[0], known[1].username)


def hold(code: str, username: str) -> None:
    """From here on this window is signed in by the sign-in of this code."""
    st.session_state.pop("just_left", None)
    forget_person()
    st.session_state["signed_in"] = {
        "code": code,
        "username": username,
        "kind": workspaces.active_kind(),
    }


def gate() -> Any:
    """streamlit-authenticator over our staff table, for its form; built only where somebody signs in.

    Its cookie messenger is an iframe that answers with a rerun of its own, under the hands of whoever is typing or
    clicking; `settle_cookie` does that work, so the messenger stays out.
    """
    import streamlit_authenticator as stauth
    from streamlit_authenticator.models import cookie_model

    cookie_model.stx.CookieManager = object
    gate = stauth.Authenticate(
        {"usernames": _desk().ask(PUBLIC, signing_in.credentials)},
        sign_in_cookies.name(),
        workspaces.signing_key().decode(),
        0,
        auto_hash=False,
        login_sleep_time=0,
    )
    gate.cookie_controller.set_cookie = lambda: None
    return gate


def sign_in_as(username: str) -> None:
    """Sign somebody in without a password: the first administrator just made, a demo role, or whose password fitted."""
    before = st.session_state.get("signed_in")
    if before is not None:
        _end()
        if before["username"] != username.strip().lower():
            _leave_nothing()
    st.session_state["username"] = username
    st.session_state["logout"] = None
    made: sign_ins.SignIn | None = _desk().do(PUBLIC, sign_ins.begin, username=username)
    if made is None:  # deactivated in this moment
        return
    hold(made.code, username.strip().lower())
    cookie_due(made.ticket)


def settle_cookie(place: Any) -> None:
    """Have the cookie written or removed where an act asked for it.

    `place` is an st.empty drawn in every run. A script hands a ticket that serves once to the door that writes the cookie;
    no script can read what that writes. It is drawn for some runs, because the next one may come before it has begun.
    """
    due = st.session_state.get("cookie_due")
    if due is None:
        return
    if time.monotonic() > due["until"]:
        del st.session_state["cookie_due"]
        return
    with place:
        _component()(key=f"cookie_{due['id']}", data={"door": DOOR, "id": due["id"], "ticket": due["ticket"]})


@cache
def _component() -> Callable[..., Any]:
    script = (Path(__file__).resolve().parent / "session.js").read_text(encoding="utf-8")
    mount: Callable[..., Any] = st.components.v2.component(
        "pilotdesk_session", js=script, isolate_styles=False
    )
    return mount


def cookie_due(ticket: str = "") -> None:
    """Have the next runs write the cookie for this ticket, or without one remove it."""
    st.session_state["cookie_due"] = {
        "id": secrets.token_hex(8),
        "ticket": ticket,
        "until": time.monotonic() + DRAWN,
    }


def forget() -> None:
    """Sign out: the sign-in ends on the server, the session forgets, the cookie goes with the next run."""
    _end()
    _leave_nothing()
    st.session_state["logout"] = True
    cookie_due()
    st.session_state["just_left"] = True


def _desk() -> Desk:
    return workspaces.desk(str(workspaces.active_kind()))


def _end() -> None:
    """End this window's sign-in: a copied cookie of it opens nothing any more."""
    held = st.session_state.get("signed_in")
    if held is not None and held["kind"] == workspaces.active_kind():
        _desk().do(PUBLIC, sign_ins.end, code=held["code"])


def _leave_nothing() -> None:
    """What one person was doing is not for the next one at the same screen: names, files, links, one-time passwords.

    Only the language stays, because the sign-in is read in it.
    """
    forget_person()
    for name in list(st.session_state):
        if name != LANGUAGE:
            del st.session_state[name]
