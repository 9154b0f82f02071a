"""The cookie of a signed-in colleague: its name, and who is behind it. Read by the staff's pages and by what is served
beside them (films). It holds a secret that says nothing; whether its sign-in is still good the database says each time."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundation.access import PUBLIC
from core.operations import workspaces
from core.people import sign_ins
from core.people.staff import StaffMember


def name() -> str:
    """The cookie's name; the demo has its own."""
    return f"pilotdesk_{workspaces.active_kind()}"


def behind(cookies: Mapping[str, str]) -> tuple[str, StaffMember] | None:
    """The sign-in's code and the colleague whose browser sent these cookies; None when nobody is signed in by them."""
    kind, secret = workspaces.active_kind(), cookies.get(name(), "")
    if kind is None or not secret:
        return None
    found: tuple[str, StaffMember] | None = workspaces.desk(kind).ask(
        PUBLIC, sign_ins.member_behind, secret=secret
    )
    return found


def member(cookies: Mapping[str, str]) -> StaffMember | None:
    """The colleague behind the cookies, with a password of her own; else None."""
    found = behind(cookies)
    return None if found is None or found[1].must_change_password else found[1]
