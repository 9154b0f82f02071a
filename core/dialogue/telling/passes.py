"""One-time links for the person on duty: made in the moment of sending, good for one opening with that person's own
password, for one case.

Of a link and of the session behind it only SHA-256 is kept: a copied database opens no page. A session shows its one
case for two hours at most; it ends when it is closed, when the page is switched off, when its person's sign-ins were
ended, and when she is no longer on duty, unless she has the case.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from core.dialogue.cases.cases import UNSETTLED
from core.dialogue.clocks.tables import PromiseRunRow, PromiseStepRow
from core.dialogue.duty import duty
from core.dialogue.tables import CaseRow
from core.dialogue.telling import duty_page
from core.dialogue.telling.tables import DutyPassRow
from core.foundation.access import PUBLIC, Actor
from core.foundation.audit import declare
from core.foundation.doors import Desk, Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people import signing_in
from core.people.tables import StaffRow

OPENED = declare("duty_pass.opened", N_("Duty page opened outside the house"))
CLOSED = declare("duty_pass.closed", N_("Duty page closed"))

LINK_LASTS = timedelta(hours=4)
SESSION_LASTS = timedelta(hours=2)


@dataclass(eq=False)
class PassNotValid(Refusal):
    message = N_("This link does not open anything any more. A newer message has a newer link.")


@dataclass(eq=False)
class PassUsed(Refusal):
    message = N_("This link was opened already, and each opens once. A newer message has a newer link.")


@dataclass(eq=False)
class PassOfAnother(Refusal):
    message = N_("This link was made for a colleague. Nothing was counted as a wrong password.")


@dataclass(eq=False)
class NotOnDuty(Refusal):
    message = N_("This opens only for whoever is on duty now.")


@dataclass(eq=False)
class OwnPasswordFirst(Refusal):
    message = N_("You have a one-time password. Choose your own inside the house first.")


@dataclass(frozen=True)
class DutySession:
    """Who opened which case. `actor` does what is done on the page, with her own role."""

    pass_id: int
    case_id: int
    actor: Actor
    ends_at: datetime


# --- for sending ------------------------------------------------------------------------------------


def mint(stamp: Stamp, case_id: int, staff_id: int) -> tuple[int, str]:
    """A new pass for one person and one case: its number and the token for the link, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    row = DutyPassRow(
        token_hash=_hash(token), case_id=case_id, staff_id=staff_id, created_at=stamp.now,
        expires_at=stamp.now + LINK_LASTS,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    return row.id, token


def void(stamp: Stamp, pass_id: int) -> None:
    """The message with this link surely did not leave: it opens nothing."""
    stamp.session.execute(
        update(DutyPassRow)
        .where(DutyPassRow.id == pass_id, DutyPassRow.opened_at.is_(None))
        .values(ended_at=stamp.now)
    )


# --- opening ----------------------------------------------------------------------------------------


def open_pass(desk: Desk, *, token: str, username: str, password: str, address: str = "") -> str:
    """Open a link with its person's user name and password; returns the secret of the session.

    Refuses a link that is unknown, over, used or somebody else's, a person who is not on duty now, and wrong
    passwords from `address` by the very count of the staff's sign-in (`SignInFailed`, `SignInLocked`).
    """
    desk.ask(PUBLIC, check_pass, token=token, username=username)
    answer = signing_in.sign_in(desk, username=username, password=password, address=address)
    refused = signing_in.refusal_of(answer)
    if refused:
        raise refused
    secret: str = desk.do(PUBLIC, _open, token=token, username=username)
    return secret


@question("public")
def check_pass(look: Look, *, token: str, username: str | None = None) -> str:
    """Whether a link may be opened (by this person, where a user name is given): the code of its case."""
    row = _pass_of(look, token)
    if username is not None:
        _check_person(look, row, username)
    return str(look.session.get_one(CaseRow, row.case_id).code)


@deed("public", secret=True)
def _open(stamp: Stamp, *, token: str, username: str) -> str:
    row = _pass_of(stamp, token)
    person = _check_person(stamp, row, username)
    secret = secrets.token_urlsafe(32)
    # Conditional, because of two who open it at once one is let in.
    opened = stamp.session.execute(
        update(DutyPassRow)
        .where(DutyPassRow.id == row.id, DutyPassRow.opened_at.is_(None), DutyPassRow.ended_at.is_(None))
        .values(opened_at=stamp.now, session_hash=_hash(secret))
    )
    if opened.rowcount != 1:  # type: ignore[attr-defined]
        raise PassUsed
    # In the trail it is she who did it.
    own = Stamp(stamp.session, _actor(person), stamp.now, stamp.media)
    own.audit(OPENED, ("case", row.case_id), after=_where(stamp, row))
    return secret


@question("public")
def session_of(look: Look, *, secret: str) -> DutySession | None:
    """The session behind a cookie, or None when it has ended."""
    row = look.session.scalar(select(DutyPassRow).where(DutyPassRow.session_hash == _hash(secret)))
    if row is None or row.opened_at is None or row.ended_at is not None or not duty_page.is_open(look):
        return None
    person = look.session.get_one(StaffRow, row.staff_id)
    ends_at = row.opened_at + SESSION_LASTS
    if ends_at <= look.now or not person.active or row.opened_at < person.valid_after:
        return None
    case = look.session.get_one(CaseRow, row.case_id)
    if case.taken_by != person.id and not may_answer(look, case, person):
        return None
    return DutySession(row.id, row.case_id, _actor(person), ends_at)


@deed("reply.write")
def close_pass(stamp: Stamp, *, pass_id: int) -> None:
    """End a session; closing it twice changes nothing."""
    row = stamp.session.get(DutyPassRow, pass_id)
    if row is None or row.staff_id != stamp.staff_id or row.ended_at is not None:
        raise PassNotValid
    row.ended_at = stamp.now
    stamp.audit(CLOSED, ("case", row.case_id), after=_where(stamp, row))


# --- inner ------------------------------------------------------------------------------------------


def may_answer(look: Look, case: CaseRow, person: StaffRow) -> bool:
    """Whether somebody answers for this case now: on duty for her role or standing behind; a manager once the
    ladder of this case has reached her."""
    if not person.active or not _actor(person).may("reply.write"):
        return False
    on_duty = [duty.on_now(look, role) for role in duty.ROLES]
    if any(one is not None and person.id in (one.staff_id, one.backup_id) for one in on_duty):
        return True
    return _told_as_manager(look, case.id, person)


def _told_as_manager(look: Look, case_id: int, person: StaffRow) -> bool:
    if person.role not in ("manager", "administrator"):
        return False
    told = look.session.scalars(
        select(PromiseStepRow.told)
        .join(PromiseRunRow, PromiseRunRow.id == PromiseStepRow.run_id)
        .where(PromiseRunRow.case_id == case_id)
    )
    return any(person.id in each for each in told)


def _pass_of(look: Look, token: str) -> DutyPassRow:
    row = look.session.scalar(select(DutyPassRow).where(DutyPassRow.token_hash == _hash(token)))
    if row is None or not duty_page.is_open(look):
        raise PassNotValid
    if row.opened_at is not None:
        raise PassUsed
    settled = look.session.get_one(CaseRow, row.case_id).state not in UNSETTLED
    if row.ended_at is not None or row.expires_at <= look.now or settled:
        raise PassNotValid
    return row


def _check_person(look: Look, row: DutyPassRow, username: str) -> StaffRow:
    person = look.session.get_one(StaffRow, row.staff_id)
    if person.username != username.strip().lower():
        raise PassOfAnother
    if person.must_change_password:
        raise OwnPasswordFirst
    if not may_answer(look, look.session.get_one(CaseRow, row.case_id), person):
        raise NotOnDuty
    return person


def _where(look: Look, row: DutyPassRow) -> dict[str, int | str]:
    case = look.session.get_one(CaseRow, row.case_id)
    return {"patient_id": case.patient_id, "code": case.code}


def _actor(person: StaffRow) -> Actor:
    return Actor("staff", person.id, person.name, person.role)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
