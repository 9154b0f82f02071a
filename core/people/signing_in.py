"""Signing in: the password compared, wrong ones counted by name and address (`guesses`, `lockout`). What follows from a
right one is a sign-in (`sign_ins`)."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import select

from core.foundation.access import PUBLIC
from core.foundation.audit import declare
from core.foundation.doors import Desk, Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.senders import sender_of
from core.people.guesses import counter
from core.people.lockout import Answer, count_wrong, forget_wrong, pause_of
from core.people.passwords import matches
from core.people.tables import StaffRow

LOCKED = declare("staff.locked", N_("Sign-in locked after failed attempts"))

# Whoever is unknown is compared, too: the time taken tells nothing. The hash of a password nobody has.
_DECOY = "$2b$12$C6UzMDM.H6dfI/f/IKcEe.2uQF7xJ9m8bqPpJYWbDmvZ1YIzj0u1e"

# After so many wrong guesses within a quarter of an hour, from one sender or at one name, every further try waits, a little
# longer each time. It waits only: a ward behind one address goes on working, and nobody can keep a colleague out.
FREE, STEP, LONGEST_WAIT, REMEMBERED = 10, 0.5, 5.0, 900.0


class _Wrong:
    """Wrong passwords by sender whatever the names, or by name wherever from: in memory, because it slows down and locks
    nobody out."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[float]] = OrderedDict()
        self._turn = threading.Lock()

    def earned(self, key: str) -> float:
        """How many seconds the next try waits; nothing is known of an empty sender (this very machine)."""
        with self._turn:
            since = time.monotonic() - REMEMBERED
            recent = sum(at > since for at in self._times.get(key, ()))
        return min(LONGEST_WAIT, STEP * max(0, recent - FREE))

    def count(self, key: str) -> None:
        if not key:
            return
        with self._turn:
            times = self._times.pop(key, [])[-int(FREE + LONGEST_WAIT / STEP) :]
            self._times[key] = [*times, time.monotonic()]
            if len(self._times) > 10_000:
                self._times.popitem(last=False)


_FROM, _AT = _Wrong(), _Wrong()  # by sender, by name


@dataclass(eq=False)
class SignInFailed(Refusal):
    left: int
    message = N_("User name or password is not right. Attempts left before a pause of 15 minutes: {left}.")


@dataclass(eq=False)
class SignInLocked(Refusal):
    minutes: int
    message = N_("Too many failed attempts. Please try again in {minutes} min, or ask your administrator.")


# --- deeds ----------------------------------------------------------------------------------------


def sign_in(desk: Desk, *, username: str, password: str, address: str = "") -> Answer:
    """Check a sign-in from `address`. Returns {"id"} when it fits, otherwise what `lockout` answers.

    Comparing takes a quarter of a second by design and happens between the doors: on SQLite nobody else could
    write meanwhile.
    """
    sender, name = sender_of(address), username.strip().lower()[:80]
    if wait := max(_FROM.earned(sender), _AT.earned(name)):
        time.sleep(wait)
    kept = desk.ask(PUBLIC, password_hash_of, username=username)
    fits = matches(password, kept or _DECOY)
    answer: Answer = desk.do(
        PUBLIC, count_attempt, username=username, fitted=kept if fits else None, address=address
    )
    if "id" not in answer:
        _FROM.count(sender)
        _AT.count(name)
    return answer


@deed("public", secret=True)
def count_attempt(stamp: Stamp, *, username: str, fitted: str | None, address: str = "") -> Answer:
    """Let in or count a failure; answers as `sign_in`, to a name nobody bears as to any other.

    `fitted`: the hash the password was found to fit, or None. It must still be the person's: a password changed
    in between lets nobody in. A lock that fell in between holds for the right password too.
    """
    row = stamp.session.scalar(
        select(StaffRow).where(StaffRow.username == username.strip().lower(), StaffRow.active)
    )
    guess = counter(stamp, username, address)
    if paused := pause_of(stamp, guess):
        return paused
    if row is not None and fitted is not None and fitted == row.password_hash:
        forget_wrong(guess)
        return {"id": row.id}
    answer = count_wrong(stamp, guess)
    if answer["refused"] == "locked" and row is not None:
        stamp.audit(LOCKED, ("staff", row.id))
    return answer


# --- questions ------------------------------------------------------------------------------------


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
