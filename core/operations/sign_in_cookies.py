"""The signed cookie of a signed-in colleague: written and read here alone, by the staff's pages and by what is served
beside them (films). It names a person; whether the sign-in is still good the database says each time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import jwt

from core.foundation.access import PUBLIC
from core.operations import workspaces
from core.people import signing_in
from core.people.staff import StaffMember

DAYS = 1


def name() -> str:
    """The cookie's name; the demo has its own."""
    return f"pilotdesk_{workspaces.active_kind()}"


def written(username: str, since: datetime) -> tuple[str, datetime]:
    """The token of a sign-in made at `since`, and when it ends."""
    end = since + timedelta(days=DAYS)
    claims = {"username": username, "exp_date": end.timestamp()}
    return jwt.encode(claims, workspaces.signing_key().decode(), algorithm="HS256"), end


def read(token: str) -> tuple[str, datetime] | None:
    """Who signed in and when; None for a token that is none of ours."""
    try:
        claims = jwt.decode(token, workspaces.signing_key().decode(), algorithms=["HS256"])
        since = datetime.fromtimestamp(claims["exp_date"], UTC) - timedelta(days=DAYS)
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError):
        return None
    return str(claims.get("username", "")), since


def member(cookies: Mapping[str, str]) -> StaffMember | None:
    """The colleague whose browser sent these cookies, signed in still and with a password of her own; else None."""
    kind, known = workspaces.active_kind(), read(cookies.get(name(), ""))
    if kind is None or known is None:
        return None
    username, since = known
    found: StaffMember | None = workspaces.desk(kind).ask(
        PUBLIC, signing_in.session_of, username=username, since=since
    )
    return None if found is None or found.must_change_password else found
