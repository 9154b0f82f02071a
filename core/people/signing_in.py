"""Signing in: the password compared, wrong ones counted (`lockout`), and until when a sign-in is good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from core.foundation.access import PUBLIC
from core.foundation.audit import declare
from core.foundation.doors import Desk, Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.fast.statements import Hot
from core.foundation.language import N_
from core.people.lockout import TRIES, Answer, count_wrong, forget_wrong, pause_of
from core.people.passwords import matches
from core.people.staff import StaffMember, shown
from core.people.tables import StaffRow

LOCKED = declare("staff.locked", N_("Sign-in locked after failed attempts"))

LONGEST_SIGN_IN = timedelta(hours=12)
# Whoever is unknown is compared, too: the time taken tells nothing. The hash of a password nobody has.
_DECOY = "$2b$12$C6UzMDM.H6dfI/f/IKcEe.2uQF7xJ9m8bqPpJYWbDmvZ1YIzj0u1e"

# Every question and every deed of a page begins with this one.
_SIGNED_IN = Hot(
    select(
        *(getattr(StaffRow, name) for name in StaffMember.__dataclass_fields__), StaffRow.valid_after
    ).where(StaffRow.username == bindparam("username"))
)


@dataclass(eq=False)
class SignInFailed(Refusal):
    left: int
    message = N_("User name or password is not right. Attempts left before a pause of 15 minutes: {left}.")


@dataclass(eq=False)
class SignInLocked(Refusal):
    minutes: int
    message = N_("Too many failed attempts. Please try again in {minutes} min, or ask your administrator.")


# --- deeds ----------------------------------------------------------------------------------------


def sign_in(desk: Desk, *, username: str, password: str) -> Answer:
    """Check a sign-in. Returns {"id"} when it fits, otherwise what `lockout` answers.

    Comparing takes a quarter of a second by design and happens between the doors: on SQLite nobody else could
    write meanwhile.
    """
    kept = desk.ask(PUBLIC, password_hash_of, username=username)
    fits = matches(password, kept or _DECOY)
    answer: Answer = desk.do(PUBLIC, count_attempt, username=username, fitted=kept if fits else None)
    return answer


@deed("public", secret=True)
def count_attempt(stamp: Stamp, *, username: str, fitted: str | None) -> Answer:
    """Let in or count a failure; answers as `sign_in`.

    `fitted`: the hash the password was found to fit, or None. It must still be the person's: a password changed
    in between lets nobody in. A lock that fell in between holds for the right password too.
    """
    row = stamp.session.scalar(select(StaffRow).where(StaffRow.username == username.strip().lower()))
    if row is None or not row.active:
        return {"refused": "failed", "left": TRIES - 1}
    if paused := pause_of(stamp, row):
        return paused
    if fitted is not None and fitted == row.password_hash:
        forget_wrong(row)
        return {"id": row.id}
    answer = count_wrong(stamp, row)
    if answer["refused"] == "locked":
        stamp.audit(LOCKED, ("staff", row.id))
    return answer


# --- questions ------------------------------------------------------------------------------------


@question("public")
def session_of(look: Look, *, username: str, since: datetime) -> StaffMember | None:
    """The person behind a sign-in made at `since`, or None when it is no longer good (one indexed SELECT)."""
    rows = _SIGNED_IN.typed(look.link, _SIGNED_IN.all(look.link, username=username))
    if not rows or not rows[0].active or since < rows[0].valid_after:
        return None
    return shown(rows[0]) if look.now - since <= LONGEST_SIGN_IN else None


@question("public")
def password_hash_of(look: Look, *, username: str) -> str | None:
    """The bcrypt hash a sign-in is compared with; None for somebody unknown or no longer active."""
    return look.session.scalar(
        select(StaffRow.password_hash).where(StaffRow.username == username.strip().lower(), StaffRow.active)
    )


@question("public")
def credentials(look: Look) -> dict[str, dict[str, str]]:
    """Active people as streamlit-authenticator wants them: {username: {name, password (bcrypt), email}}."""
    rows = look.session.execute(
        select(StaffRow.username, StaffRow.name, StaffRow.password_hash).where(StaffRow.active)
    )
    return {username: {"name": name, "password": secret, "email": ""} for username, name, secret in rows}


def refusal_of(answer: Answer) -> Refusal | None:
    """The refusal behind a `sign_in` answer, or None when the person is in."""
    match answer.get("refused"):
        case "failed":
            return SignInFailed(int(answer["left"]))
        case "locked":
            return SignInLocked(int(answer["minutes"]))
    return None
