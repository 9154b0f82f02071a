"""Sign-ins: one row for each, ended by signing out, by a new password, by deactivation, or after 12 hours.

Three names, for three readers. The `code` stands in the session the server keeps for a browser window, and opens
nothing elsewhere. The `ticket` passes once, within two minutes, from that window to the route that writes the cookie: a
page's own connection cannot write one that its scripts are not to read. The `secret` is the cookie. Of ticket and secret
only SHA-256 is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.fast.statements import Hot
from core.foundation.language import N_
from core.people import guesses
from core.people.staff import StaffMember, shown
from core.people.tables import SignInRow, StaffRow

LONGEST = timedelta(hours=12)
TICKET_LASTS = timedelta(minutes=2)
# By so much the clocks of two machines that serve one house may differ.
APART = timedelta(minutes=1)
# Nobody asks for an ended one again; the trail of deeds is the audit's.
KEPT = timedelta(days=2)


@dataclass(eq=False)
class TicketUsed(Refusal):
    message = N_("This sign-in has been completed or has waited too long. Please sign in again.")


@dataclass(frozen=True)
class SignIn:
    """A sign-in just made: its code for the session, its ticket for the cookie."""

    code: str
    ticket: str


@dataclass(frozen=True)
class Cookie:
    """What the browser keeps, until when."""

    secret: str
    ends_at: datetime


_FACTS = (
    *(getattr(StaffRow, name) for name in StaffMember.__dataclass_fields__),
    StaffRow.valid_after, SignInRow.code, SignInRow.began_at, SignInRow.ended_at,
)  # fmt: skip
_MADE = select(*_FACTS).join(SignInRow, SignInRow.staff_id == StaffRow.id)
# Every question and every deed of a page begins with the first of these.
_BY_CODE = Hot(_MADE.where(SignInRow.code == bindparam("code")))
_BY_SECRET = Hot(_MADE.where(SignInRow.secret_hash == bindparam("secret_hash")))


# --- deeds ----------------------------------------------------------------------------------------


@deed("public", secret=True)
def begin(stamp: Stamp, *, username: str) -> SignIn | None:
    """Sign somebody in whose password fitted, or who needs none (the first administrator, the demo's people); None for
    nobody active of this name."""
    staff = stamp.session.scalar(
        select(StaffRow).where(StaffRow.username == username.strip().lower(), StaffRow.active)
    )
    if staff is None:
        return None
    made = SignIn(secrets.token_urlsafe(16), secrets.token_urlsafe(24))
    # Behind the password it was made with, even where another machine, whose clock is ahead, set that a moment ago.
    began = max(stamp.now, min(staff.valid_after, stamp.now + APART))
    row = SignInRow(code=made.code, staff_id=staff.id, began_at=began, ticket_hash=_hash(made.ticket))
    stamp.session.add(row)
    return made


@deed("public", secret=True)
def take_ticket(stamp: Stamp, *, ticket: str) -> Cookie:
    """The cookie for a ticket; refuses with `TicketUsed` the second time and when it is too late."""
    secret = secrets.token_urlsafe(32)
    # Conditional, because of two that come at once one gets the cookie.
    taken = stamp.session.execute(
        update(SignInRow)
        .where(
            SignInRow.ticket_hash == _hash(ticket),
            SignInRow.began_at >= stamp.now - TICKET_LASTS,
            SignInRow.ended_at.is_(None),
        )
        .values(ticket_hash=None, secret_hash=_hash(secret))
        .returning(SignInRow.began_at)
    ).scalar()
    if taken is None:
        raise TicketUsed
    return Cookie(secret, taken + LONGEST)


@deed("public")
def end(stamp: Stamp, *, code: str = "", secret: str = "") -> None:
    """End a sign-in by the session's code or the cookie's secret; ending it twice changes nothing."""
    known = SignInRow.code == code if code else SignInRow.secret_hash == _hash(secret)
    stamp.session.execute(
        update(SignInRow).where(known, SignInRow.ended_at.is_(None)).values(ended_at=stamp.now)
    )


@deed("settings.write")
def forget_old(stamp: Stamp) -> None:
    """Drop sign-ins that ended long ago, and counters of wrong passwords that nobody touched for a day."""
    stamp.session.execute(delete(SignInRow).where(SignInRow.began_at < stamp.now - KEPT))
    guesses.forget_old(stamp)


def forget_all(stamp: Stamp) -> None:
    """Everybody signs in again."""
    stamp.session.execute(delete(SignInRow))


# --- questions ------------------------------------------------------------------------------------


@question("public")
def member_of(look: Look, *, code: str) -> StaffMember | None:
    """The person behind the session's sign-in, or None when it is no longer good (one statement)."""
    return _member(look, _BY_CODE.all(look.link, code=code))


@question("public")
def member_behind(look: Look, *, secret: str) -> tuple[str, StaffMember] | None:
    """The code and the person behind a cookie, or None when its sign-in is no longer good."""
    rows = _BY_SECRET.all(look.link, secret_hash=_hash(secret))
    found = _member(look, rows)
    return None if found is None else (_BY_SECRET.typed(look.link, rows)[0].code, found)


# --- inner ----------------------------------------------------------------------------------------


def _member(look: Look, rows: list[object]) -> StaffMember | None:
    if not rows:
        return None
    (row,) = _BY_CODE.typed(look.link, rows)
    over = row.ended_at is not None or not row.active or row.began_at < row.valid_after
    # One from further in the future was made by a clock that went wrong: nobody knows when it would end.
    return None if over or not -APART <= look.now - row.began_at <= LONGEST else shown(row)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
