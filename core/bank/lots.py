"""Lots: what is left of each earning, taken soonest-to-expire first and given back where it came from.

Called only by the deeds of the ledger, which have locked the account's row before: the lots of one account
change under that one lock. A lot's `left` is always its `points` less its `lot_uses`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, insert, select, text, update

from core.bank.interest import BankTerms, months_after
from core.bank.tables import ENTRIES, LOT_USES, LOTS, NEVER
from core.foundation.fast.statements import Hot

# Points that come back after their lot has expired, or that could not be spent in quiet care, get this long again: nobody
# loses them to our correction or to a silence.
GRACE_DAYS = 30

# Written out, not bound: SQLite uses the partial index only for this very condition.
_LIVE = text('lots."left" > 0')

_SOONEST = Hot(
    select(LOTS.c.id, LOTS.c.left)
    .where(LOTS.c.account_id == bindparam("account_id"), _LIVE)
    .order_by(LOTS.c.expires_on, LOTS.c.id)
    .limit(4)
)
_TAKE = Hot(
    update(LOTS)
    .where(LOTS.c.id == bindparam("lot"), LOTS.c.left >= bindparam("taken"))
    .values(left=LOTS.c.left - bindparam("taken"))
)
_OPEN = insert(LOTS)
_USE = Hot(insert(LOT_USES).inline(), ("entry_id", "lot_id", "points"))


class LotsDisagree(RuntimeError):
    """The lots do not hold what the balance promises: a fault of the programme, never of the person."""


@dataclass(frozen=True)
class Lot:
    id: int
    left: int
    expires_on: date


def expiry_of(terms: BankTerms, day: date) -> date:
    """The day at whose start points earned on `day` expire."""
    return NEVER if terms.lot_months is None else months_after(day, terms.lot_months)


def open_lot(link: Connection, account_id: int, entry_id: int, points: int, expires_on: date) -> None:
    """A new lot holding the points that this entry brought."""
    link.execute(
        _OPEN,
        {
            "account_id": account_id,
            "entry_id": entry_id,
            "points": points,
            "left": points,
            "expires_on": expires_on,
        },
    )


def take(link: Connection, account_id: int, entry_id: int, points: int, first: int | None = None) -> None:
    """Pay for an entry: from lot `first` where given, then soonest-to-expire first."""
    missing = points
    if first is not None:
        left = link.execute(select(LOTS.c.left).where(LOTS.c.id == first)).scalar_one()
        missing -= _take_from(link, entry_id, first, min(left, missing))
    while missing:
        found = _SOONEST.all(link, account_id=account_id)
        if not found:
            raise LotsDisagree(f"account {account_id} lacks {missing} points in its lots")
        for lot, left in found:
            missing -= _take_from(link, entry_id, lot, min(left, missing))
            if not missing:
                break


def _take_from(link: Connection, entry_id: int, lot: int, points: int) -> int:
    if points:
        if _TAKE.change(link, lot=lot, taken=points) != 1:
            raise LotsDisagree(f"lot {lot} no longer holds {points} points")
        _USE.change(link, entry_id=entry_id, lot_id=lot, points=points)
    return points


def give_back(link: Connection, taken_by: int, entry_id: int, today: date) -> int:
    """Return to each living lot what entry `taken_by` took from it; the points whose lot has expired
    meanwhile are the answer (they need a new lot). A lot whose expiry was booked is over, whatever day the clock says."""
    homeless = 0
    of_lot = LOT_USES.alias("of_lot")
    booked = (
        select(of_lot.c.id)
        .join(ENTRIES, ENTRIES.c.id == of_lot.c.entry_id)
        .where(of_lot.c.lot_id == LOTS.c.id, ENTRIES.c.kind == "expire")
        .exists()
    )
    taken = link.execute(
        select(LOT_USES.c.lot_id, LOT_USES.c.points, LOTS.c.expires_on, booked.label("is_over"))
        .join(LOTS, LOTS.c.id == LOT_USES.c.lot_id)
        .where(LOT_USES.c.entry_id == taken_by)
        .order_by(LOT_USES.c.lot_id)
    ).all()
    for lot, points, expires_on, is_over in taken:
        if is_over or expires_on <= today:
            homeless += points
            continue
        link.execute(update(LOTS).where(LOTS.c.id == lot).values(left=LOTS.c.left + points))
        _USE.change(link, entry_id=entry_id, lot_id=lot, points=-points)
    return homeless


def soonest(link: Connection, account_id: int) -> date | None:
    """The day on which the next lot of the account expires."""
    return link.execute(
        select(LOTS.c.expires_on)
        .where(LOTS.c.account_id == account_id, _LIVE)
        .order_by(LOTS.c.expires_on, LOTS.c.id)
        .limit(1)
    ).scalar()


def prolong(link: Connection, account_id: int, after: date, until: date) -> None:
    """Let what would expire after `after` and before `until` live until then."""
    link.execute(
        update(LOTS)
        .where(LOTS.c.account_id == account_id, _LIVE, LOTS.c.expires_on > after, LOTS.c.expires_on < until)
        .values(expires_on=until)
    )


def expiring(link: Connection, account_id: int, by: date) -> list[Lot]:
    """The lots that still hold points and expire on or before `by`, soonest first."""
    found = link.execute(
        select(LOTS.c.id, LOTS.c.left, LOTS.c.expires_on)
        .where(LOTS.c.account_id == account_id, _LIVE, LOTS.c.expires_on <= by)
        .order_by(LOTS.c.expires_on, LOTS.c.id)
    )
    return [Lot(*row) for row in found]
