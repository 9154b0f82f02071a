"""The ledger of the health bank: earn, redeem, adjust, reverse. Lines are added, never changed.

The balance on the account's row changes only together with an entry, by a conditional UPDATE whose row count
is checked: reading first and writing then oversold every race. Four things hold at every commit: the balance
is the sum of the entries, it is the sum of the living lots, it is not negative, and nothing was done twice
(a request key per click, a source per earning event, one reversal per entry).

Other rooms call `earn`, `redeem` and `reverse` inside their own deeds, which write the audit entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select, update

from core.bank import lots
from core.bank.entries import (
    Account,
    AccountAtRest,
    account_by_id,
    credit,
    opened,
    peek,
    resting,
    terms_on,
    write,
)
from core.bank.lots import GRACE_DAYS, expiry_of
from core.bank.settling import settle
from core.bank.tables import ACCOUNTS, ENTRIES, LotRow, LotUseRow, VoucherRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.fast.statements import Hot
from core.foundation.language import N_
from core.foundation.open_types import Raw

REDEEMED = declare("points.redeemed", N_("Points redeemed"), personal=("reason",))
REVERSED = declare("points.reversed", N_("Points entry reversed"), personal=("reason",))


@dataclass(eq=False)
class PointsNotPositive(Refusal):
    message = N_("Enter a whole number of points above 0.")
    field = "points"


@dataclass(eq=False)
class InsufficientPoints(Refusal):
    held: int
    asked: int
    message = N_("You have {held} points and this needs {asked}. Nothing was taken.")


@dataclass(eq=False)
class EntryUnknown(Refusal):
    message = N_("There is no such entry.")


@dataclass(eq=False)
class AlreadyReversed(Refusal):
    day: date
    message = N_("This entry was already reversed on {day}. An entry is reversed once.")


@dataclass(eq=False)
class NotReversible(Refusal):
    message = N_("A reversal is not reversed again. Propose an adjustment instead.")


@dataclass(eq=False)
class ExpiredMeanwhile(Refusal):
    message = N_("These points have expired meanwhile, so there is nothing to take back.")


@dataclass(eq=False)
class VoucherStandsForIt(Refusal):
    voucher: str
    message = N_("These points bought voucher {voucher}. Cancel the voucher; its points come back with it.")


_TAKE = Hot(
    update(ACCOUNTS)
    .where(
        ACCOUNTS.c.patient_id == bindparam("patient"),
        ACCOUNTS.c.balance >= bindparam("points"),
        ACCOUNTS.c.next_due_on > bindparam("today"),
    )
    .values(balance=ACCOUNTS.c.balance - bindparam("points"))
    .returning(ACCOUNTS.c.id)
)
_TAKE_BACK = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.id == bindparam("account"), ACCOUNTS.c.balance >= bindparam("points"))
    .values(balance=ACCOUNTS.c.balance - bindparam("points"))
)


@deed("points.redeem")
def redeem_points(stamp: Stamp, *, patient_id: int, points: int, reason: str) -> int:
    """Take points at the counter for something that is not on the shelf; returns the entry's id.

    Refuses `InsufficientPoints`, `PointsNotPositive`, `ReasonMissing`, `AccountAtRest`.
    """
    reason = reasons.given(reason)
    if resting(stamp.link, patient_id):
        raise AccountAtRest
    entry = redeem(stamp, patient_id, points, reason)
    stamp.audit(REDEEMED, ("patient", patient_id), after={"entry": entry, "points": points, "reason": reason})
    return entry


@deed("points.correct")
def reverse_entry(stamp: Stamp, *, entry_id: int, reason: str) -> int:
    """Correct one entry by its opposite, exactly once; returns the new entry's id.

    Refuses `ReasonMissing`, `EntryUnknown`, `AlreadyReversed`, `NotReversible`, `ExpiredMeanwhile`,
    `VoucherStandsForIt`, and `InsufficientPoints` when the points are spent.
    """
    reason = reasons.given(reason)
    voucher = stamp.session.scalar(select(VoucherRow.code).where(VoucherRow.entry_id == entry_id))
    if voucher:
        raise VoucherStandsForIt(voucher)
    patient_id, entry = reverse(stamp, entry_id, reason)
    stamp.audit(
        REVERSED,
        ("patient", patient_id),
        before={"entry": entry_id},
        after={"entry": entry, "reason": reason},
    )
    return entry


def earn(
    stamp: Stamp,
    patient_id: int,
    points: int,
    rule: str,
    source: str,
    reason: str = "",
    package_id: int | None = None,
) -> int | None:
    """Add earned points as a lot of their own. The same `source` (the event that earned) earns once: a repeat
    returns the first entry. A silenced patient earns nothing (None). Refuses `PointsNotPositive`.

    The reason is the rule's own text, which may be longer than a line of the ledger; nobody's words are lost.
    """
    if points < 1:
        raise PointsNotPositive
    link = stamp.link
    if resting(link, patient_id):
        return None
    account = settle(stamp, opened(stamp, patient_id))
    known = link.execute(select(ENTRIES.c.id).where(ENTRIES.c.source == source)).scalar()
    if known is not None:
        return int(known)
    entry = write(
        stamp, account.id, "earn", points, rule=rule, source=source, reason=reason[: reasons.LONGEST],
        package_id=package_id,
    )  # fmt: skip
    _add_lot(stamp, account, entry, points, expiry_of(terms_on(link, stamp.today), stamp.today))
    return entry


def redeem(
    stamp: Stamp, patient_id: int, points: int, reason: str, rule: str = "", package_id: int | None = None
) -> int:
    """Take points, soonest-to-expire lots first; returns the entry's id. Refuses `InsufficientPoints` with what
    is really held, and `PointsNotPositive`. Whether the patient may redeem is the caller's question."""
    if points < 1:
        raise PointsNotPositive
    link = stamp.link
    asked = {"patient": patient_id, "points": points, "today": stamp.today}
    taken = _TAKE.one(link, **asked)
    if taken is None:
        held = _settled_balance(stamp, patient_id)
        taken = _TAKE.one(link, **asked) if held >= points else None
        if taken is None:
            raise InsufficientPoints(held, points)
    account_id = int(taken[0])
    entry = write(stamp, account_id, "redeem", -points, rule=rule, reason=reason, package_id=package_id)
    lots.take(link, account_id, entry, points)
    return entry


def adjust(
    stamp: Stamp, patient_id: int, points: int, reason: str, proposed_by: int, approved_by: int
) -> int:
    """Add (above 0) or take (below 0) points for a reason nobody foresaw; two different people stand for it, and
    the database itself refuses one. Refuses `InsufficientPoints`."""
    account = settle(stamp, opened(stamp, patient_id))
    link = stamp.link
    if points < 0:
        _take_back(stamp, account, -points)
    entry = write(
        stamp, account.id, "adjust", points, reason=reason, actor_id=proposed_by, approver_id=approved_by
    )
    if points < 0:
        lots.take(link, account.id, entry, -points)
    else:
        _add_lot(stamp, account, entry, points, expiry_of(terms_on(link, stamp.today), stamp.today))
    return entry


def reverse(stamp: Stamp, entry_id: int, reason: str) -> tuple[int, int]:
    """Write the opposite of an entry and move its points back; returns the patient's id and the new entry's."""
    link = stamp.link
    line = link.execute(select(ENTRIES).where(ENTRIES.c.id == entry_id)).first()
    if line is None:
        raise EntryUnknown
    if line.kind == "reverse":
        raise NotReversible
    account = account_by_id(stamp, line.account_id)
    if not resting(link, account.patient_id):
        account = settle(stamp, account)
    before = link.execute(select(ENTRIES.c.day).where(ENTRIES.c.reverses_id == entry_id)).scalar()
    if before is not None:
        raise AlreadyReversed(before)
    facts: Raw = {
        "reverses_id": entry_id,
        "reason": reason,
        "rule": line.rule,
        "package_id": line.package_id,
    }
    if line.points > 0:
        return account.patient_id, _take_gain_back(stamp, account, entry_id, line.points, facts)
    entry = write(stamp, account.id, "reverse", -line.points, **facts)
    homeless = lots.give_back(link, entry_id, entry, stamp.today)
    credit(stamp, account.id, -line.points - homeless)
    if homeless:
        _add_lot(stamp, account, entry, homeless, stamp.today + timedelta(days=GRACE_DAYS))
    # The lots that came back may expire before anything else the account waits for.
    credit(stamp, account.id, 0, lots.soonest(link, account.id) or account.next_due_on)
    return account.patient_id, entry


def _take_gain_back(stamp: Stamp, account: Account, entry_id: int, points: int, facts: Raw) -> int:
    link = stamp.link
    lot = link.execute(select(LotRow.id, LotRow.expires_on).where(LotRow.entry_id == entry_id)).one()
    expired = link.execute(
        select(LotUseRow.id)
        .join(ENTRIES, ENTRIES.c.id == LotUseRow.entry_id)
        .where(LotUseRow.lot_id == lot.id, ENTRIES.c.kind == "expire")
        .limit(1)
    ).first()
    if expired or lot.expires_on <= stamp.today:
        raise ExpiredMeanwhile
    _take_back(stamp, account, points)
    entry = write(stamp, account.id, "reverse", -points, **facts)
    lots.take(link, account.id, entry, points, first=lot.id)
    return entry


def _add_lot(stamp: Stamp, account: Account, entry: int, points: int, expires_on: date) -> None:
    lots.open_lot(stamp.link, account.id, entry, points, expires_on)
    credit(stamp, account.id, points, expires_on)


def _take_back(stamp: Stamp, account: Account, points: int) -> None:
    taken = stamp.link.execute(_TAKE_BACK, {"account": account.id, "points": points})
    if taken.rowcount != 1:
        raise InsufficientPoints(account.balance, points)


def _settled_balance(stamp: Stamp, patient_id: int) -> int:
    account = peek(stamp, patient_id)
    return settle(stamp, account).balance if account else 0
