"""The staff: who may sign in, and as what. The sign-in itself: `core.people.signing_in`."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from core.department.places import short_code
from core.foundation.access import ROLES, Actor
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.images import CleanImage
from core.foundation.language import N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw
from core.people import guesses
from core.people.lockout import Answer, count_wrong, forget_wrong, pause_of
from core.people.passwords import check_rule, hashed, matches, one_time
from core.people.tables import SignInRow, StaffRow

ADDED = declare("staff.added", N_("Staff member added"), ("name", "username"))
CHANGED = declare("staff.changed", N_("Staff member changed"), ("name",))
DEACTIVATED = declare("staff.deactivated", N_("Staff member deactivated"))
REACTIVATED = declare("staff.reactivated", N_("Staff member reactivated"))
PASSWORD_RESET = declare("staff.password_reset", N_("One-time password set"))
PASSWORD_CHANGED = declare("staff.password_changed", N_("Password changed"))
PAYMENT_CODE = declare("staff.payment_code", N_("Payment code changed"))

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


@dataclass(eq=False)
class UsernameInvalid(Refusal):
    message = N_("A user name has 3 to 40 small letters, digits, dots or dashes, for example li.na.")
    field = "username"


@dataclass(eq=False)
class UsernameTaken(Refusal):
    username: str
    message = N_("The user name {username} is taken. Choose another one.")
    field = "username"


@dataclass(eq=False)
class StaffNameMissing(Refusal):
    message = N_("Please enter the person's name.")
    field = "name"


@dataclass(eq=False)
class UnknownRole(Refusal):
    message = N_("Choose one of the roles in the list.")
    field = "role"


@dataclass(eq=False)
class LastAdministrator(Refusal):
    message = N_("This is the last active administrator. Make somebody else administrator first.")


@dataclass(eq=False)
class PresentPasswordWrong(Refusal):
    message = N_("The present password is not right. Nothing was changed.")
    field = "old"


@dataclass(frozen=True)
class StaffMember:
    id: int
    username: str
    name: str
    title: str
    role: str
    active: bool
    must_change_password: bool
    praise_code: str
    payment_code_key: str | None

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.id, self.name, self.role)


# --- deeds -----------------------------------------------------------------------------------------------------------


@deed("staff.write", secret=True)
def add_staff(
    stamp: Stamp, *, username: str, name: str, role: str, title: str = "", password: str | None = None
) -> dict[str, str | int]:
    """Add a person. Without `password` a one-time password is made, returned once, and must be changed.

    Returns {"id", "password"}; refuses a bad or taken user name, a missing name, an unknown role, a weak password.
    """
    username = username.strip().lower()
    _checked(name, role)
    if not USERNAME.fullmatch(username):
        raise UsernameInvalid
    if stamp.session.scalar(select(StaffRow.id).where(StaffRow.username == username)):
        raise UsernameTaken(username)
    if password is not None:
        check_rule(password, username)
    once = one_time() if password is None else ""
    row = StaffRow(
        username=username,
        name=name.strip()[:40],
        title=title.strip()[:40],
        role=role,
        password_hash=hashed(once or password or ""),
        must_change_password=bool(once),
        valid_after=stamp.now.replace(microsecond=0),
        praise_code="S" + short_code(),
        created_at=stamp.now,
    )
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(ADDED, ("staff", row.id), after={"username": username, "name": row.name, "role": role})
    return {"id": row.id, "password": once}


@deed("staff.write")
def change_staff(
    stamp: Stamp, *, staff_id: int, name: str, role: str, title: str = "", read: Raw | None = None
) -> None:
    """Change name, title or role; the new role counts at the person's next click. `read` is what the form showed:
    refuses `ChangedMeanwhile`, a missing name, an unknown role, and that the last administrator becomes another."""
    row = stamp.session.get_one(StaffRow, staff_id, populate_existing=True)
    stored = {"name": row.name, "role": row.role, "title": row.title}
    name, role, title = merged({"name": name, "role": role, "title": title}, stored, read).values()
    _checked(name, role)
    if row.role == "administrator" and role != "administrator":
        _keep_an_administrator(stamp, staff_id)
    row.name, row.role, row.title = name.strip()[:40], role, title.strip()[:40]
    stamp.audit(CHANGED, ("staff", staff_id), stored, {"name": row.name, "role": role, "title": row.title})


@deed("staff.write")
def deactivate(stamp: Stamp, *, staff_id: int) -> None:
    """End a person's access: an open session ends at its next click."""
    row = stamp.session.get_one(StaffRow, staff_id)
    if row.role == "administrator":
        _keep_an_administrator(stamp, staff_id)
    row.active = False
    row.valid_after = stamp.now
    stamp.audit(DEACTIVATED, ("staff", staff_id))


@deed("staff.write")
def reactivate(stamp: Stamp, *, staff_id: int) -> None:
    row = stamp.session.get_one(StaffRow, staff_id)
    row.active = True
    guesses.forget(stamp, row.username)
    stamp.audit(REACTIVATED, ("staff", staff_id))


@deed("staff.write", secret=True)
def reset_password(stamp: Stamp, *, staff_id: int) -> dict[str, str]:
    """A one-time password, shown once; it must be changed at the next sign-in and ends open sessions."""
    row = stamp.session.get_one(StaffRow, staff_id)
    once = one_time()
    row.password_hash, row.must_change_password = hashed(once), True
    row.valid_after = stamp.now
    guesses.forget(stamp, row.username)
    stamp.audit(PASSWORD_RESET, ("staff", staff_id))
    return {"password": once}


@deed("own.account", secret=True)
def change_own_password(stamp: Stamp, *, old: str, new: str, address: str = "", sign_in: str = "") -> Answer:
    """Change one's own password; every other sign-in of this person ends, and with the cookie that of the code `sign_in`:
    it goes on in its window. Returns {"ticket"}, for its new cookie, when it is changed.

    A wrong present password counts like one at the sign-in, from this `address`: it is not raised but returned, as
    `lockout` says it. Refuses a weak new one.
    """
    row = stamp.session.get_one(StaffRow, stamp.actor.id)
    check_rule(new, row.username)
    guess = guesses.counter(stamp, row.username, address)
    if paused := pause_of(stamp, guess):
        return paused
    if not matches(old, row.password_hash):
        return count_wrong(stamp, guess)
    forget_wrong(guess)
    row.password_hash, row.must_change_password = hashed(new), False
    row.valid_after = stamp.now
    ticket = go_on(stamp, row.id, sign_in)
    stamp.audit(PASSWORD_CHANGED, ("staff", row.id))
    return {"ticket": ticket}


@deed("own.account")
def set_payment_code(stamp: Stamp, *, picture: CleanImage | None) -> None:
    """Keep (or with None remove) one's own payment code picture, shown to a patient who chose to tip."""
    row = stamp.session.get_one(StaffRow, stamp.actor.id)
    row.payment_code_key = stamp.media.put(picture.data, picture.suffix) if picture else None
    stamp.audit(PAYMENT_CODE, ("staff", row.id), after={"kept": bool(picture)})


def go_on(stamp: Stamp, staff_id: int, code: str) -> str:
    """Let one sign-in go on as if it began now, without the cookie it had; the ticket for its new one."""
    ticket = secrets.token_urlsafe(24)
    stamp.session.execute(
        update(SignInRow)
        .where(SignInRow.code == code, SignInRow.staff_id == staff_id, SignInRow.ended_at.is_(None))
        .values(began_at=stamp.now, secret_hash=None, ticket_hash=hashlib.sha256(ticket.encode()).hexdigest())
    )
    return ticket


# --- questions -------------------------------------------------------------------------------------------------------


@question("house.read")
def roster(look: Look, *, only_active: bool = False) -> list[StaffMember]:
    """The staff, active first, by name."""
    query = select(StaffRow).order_by(StaffRow.active.desc(), StaffRow.name)
    if only_active:
        query = query.where(StaffRow.active)
    return [shown(row) for row in look.session.scalars(query)]


def _checked(name: str, role: str) -> None:
    if not name.strip():
        raise StaffNameMissing
    if role not in ROLES:
        raise UnknownRole


def _keep_an_administrator(stamp: Stamp, staff_id: int) -> None:
    others = select(func.count()).where(
        StaffRow.role == "administrator", StaffRow.active, StaffRow.id != staff_id
    )
    if not stamp.session.scalar(others):
        raise LastAdministrator


def shown(row: Any) -> StaffMember:
    """A row, or the columns of one, as other rooms and pages see it."""
    return StaffMember(**{name: getattr(row, name) for name in StaffMember.__dataclass_fields__})
