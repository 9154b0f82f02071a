"""The account's row and its immutable entries: the few statements every movement of points goes through.

Deeds take turns (`core.foundation.database`), so two movements of one account follow each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, case, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.bank.interest import DEFAULT, BankTerms, anniversary_after
from core.bank.tables import ACCOUNTS, ENTRIES, NEVER, BankTermsRow
from core.foundation.doors import Look, Stamp
from core.foundation.errors import Refusal
from core.foundation.fast.statements import Hot
from core.foundation.language import N_
from core.foundation.one_by_one import apart
from core.foundation.open_types import Raw, Value
from core.people.tables import PatientRow

KIND_NAMES = {
    "earn": N_("Earned"),
    "redeem": N_("Redeemed"),
    "expire": N_("Points expired"),
    "interest": N_("Interest"),
    "adjust": N_("Adjusted"),
    "reverse": N_("Corrected"),
}


@dataclass(eq=False)
class PatientUnknown(Refusal):
    message = N_("This patient is not known here. Search again.")
    field = "patient_id"


@dataclass(eq=False)
class AccountAtRest(Refusal):
    message = N_(
        "This patient's points are resting. Nothing is earned or spent until a clinician lifts the rest."
    )


@dataclass(frozen=True)
class Account:
    """An account as it stood when its row was read; points whole, days of the department."""

    id: int
    patient_id: int
    balance: int
    opened_on: date
    settled_to: date
    next_due_on: date


_COLUMNS = (
    ACCOUNTS.c.id, ACCOUNTS.c.patient_id, ACCOUNTS.c.balance,
    ACCOUNTS.c.opened_on, ACCOUNTS.c.settled_to, ACCOUNTS.c.next_due_on,
)  # fmt: skip
_BY_PATIENT = select(*_COLUMNS).where(ACCOUNTS.c.patient_id == bindparam("patient_id"))
_BY_ID = select(*_COLUMNS).where(ACCOUNTS.c.id == bindparam("account_id"))
_BLANK: Raw = {
    "rule": "", "source": None, "reverses_id": None, "approver_id": None, "reason": "", "package_id": None,
}  # fmt: skip
_WRITE = Hot(
    insert(ENTRIES).returning(ENTRIES.c.id),
    ("account_id", "kind", "points", "day", "at", "actor_id", *_BLANK),
)
_RESTING = Hot(
    select(PatientRow.silenced_at, PatientRow.erased_at).where(PatientRow.id == bindparam("patient_id"))
)
_CREDIT = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.id == bindparam("account"))
    .values(
        balance=ACCOUNTS.c.balance + bindparam("points"),
        next_due_on=case(
            (ACCOUNTS.c.next_due_on > bindparam("due"), bindparam("due")), else_=ACCOUNTS.c.next_due_on
        ),
    )
)


def resting(link: Connection, patient_id: int) -> bool:
    """Whether nothing is earned or spent: quiet care, or her data were erased. Refuses `PatientUnknown`."""
    found = _RESTING.one(link, patient_id=patient_id)
    if found is None:
        raise PatientUnknown
    return found[0] is not None or found[1] is not None


def is_erased(link: Connection, patient_id: int) -> bool:
    """Whether this person has left for good: her account only runs out. Refuses `PatientUnknown`."""
    found = _RESTING.one(link, patient_id=patient_id)
    if found is None:
        raise PatientUnknown
    return found[1] is not None


def peek(look: Look, patient_id: int) -> Account | None:
    """A patient's account; None before her first movement."""
    found = look.link.execute(_BY_PATIENT, {"patient_id": patient_id}).first()
    return Account(*found) if found else None


def account_by_id(look: Look, account_id: int) -> Account:
    return Account(*look.link.execute(_BY_ID, {"account_id": account_id}).one())


def opened(stamp: Stamp, patient_id: int) -> Account:
    """The account, opened today if this is the patient's first movement. Refuses `PatientUnknown`."""
    found = peek(stamp, patient_id)
    if found is not None:
        return found
    first = anniversary_after(stamp.today, stamp.today)
    try:
        with apart(stamp):
            stamp.link.execute(
                insert(ACCOUNTS).values(
                    patient_id=patient_id,
                    balance=0,
                    opened_on=stamp.today,
                    settled_to=stamp.today,
                    next_due_on=first,
                )
            )
    except IntegrityError:
        raise PatientUnknown from None
    return opened(stamp, patient_id)


def write(
    stamp: Stamp, account_id: int, kind: str, points: int, day: date | None = None, **facts: Value
) -> int:
    """Append one line (`rule`, `source`, `reverses_id`, `approver_id`, `reason`, `package_id` as facts) and
    return its id. The balance is the caller's business."""
    on = day or stamp.today
    line = {
        "account_id": account_id,
        "kind": kind,
        "points": points,
        "day": on,
        "at": stamp.now,
        "actor_id": stamp.staff_id,
        **_BLANK,
        **facts,
    }
    stamp.touch(on)
    return int(_WRITE.one(stamp.link, **line)[0])


def credit(stamp: Stamp, account_id: int, points: int, expires_on: date = NEVER) -> None:
    """Add points to the balance; a lot expiring on `expires_on` may be the next thing that falls due."""
    stamp.link.execute(_CREDIT, {"account": account_id, "points": points, "due": expires_on})


def terms_on(link: Connection, day: date) -> BankTerms:
    """The terms of the bank that were in force on a day; the default before a department decided."""
    stored = link.execute(
        select(BankTermsRow.terms)
        .where(BankTermsRow.valid_from <= day)
        .order_by(BankTermsRow.valid_from.desc(), BankTermsRow.id.desc())
        .limit(1)
    ).scalar()
    return BankTerms.from_json(stored) if stored else DEFAULT
