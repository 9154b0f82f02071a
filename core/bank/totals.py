"""The bank as a whole: points issued, redeemed and outstanding, and whether everything still adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Table, func, select

from core.bank.tables import ACCOUNTS, ENTRIES, LOT_USES, LOTS
from core.foundation.doors import Look, question


@dataclass(frozen=True)
class PointsTotals:
    """Points of a range of days, both ends included; all counts are positive points.

    `issued` (earned and interest), `redeemed` and `expired` are what was booked in those days less what was
    reversed of the same kind in those days; `adjusted` is net and may be negative. `outstanding` is what all
    accounts held at the end of the last day.
    """

    first: date
    last: date
    issued: int
    redeemed: int
    expired: int
    adjusted: int
    outstanding: int


@dataclass(frozen=True)
class Integrity:
    """Whether balance = entries = living lots for every account; `wrong` lists the accounts where not."""

    accounts: int
    entries: int
    points: int
    wrong: tuple[int, ...]

    @property
    def sound(self) -> bool:
        return not self.wrong


@question("dashboard.read")
def points_totals(look: Look, *, first: date, last: date) -> PointsTotals:
    """What was issued, redeemed and expired from `first` to `last`, and what was outstanding then."""
    origin = ENTRIES.alias("origin")
    kind = func.coalesce(origin.c.kind, ENTRIES.c.kind)
    rows = look.session.execute(
        select(kind, func.sum(ENTRIES.c.points))
        .outerjoin(origin, origin.c.id == ENTRIES.c.reverses_id)
        .where(ENTRIES.c.day >= first, ENTRIES.c.day <= last)
        .group_by(kind)
    )
    net = {name: int(points) for name, points in rows}
    now = look.session.scalar(select(func.sum(ACCOUNTS.c.balance))) or 0
    since = look.session.scalar(select(func.sum(ENTRIES.c.points)).where(ENTRIES.c.day > last)) or 0
    return PointsTotals(
        first=first,
        last=last,
        issued=net.get("earn", 0) + net.get("interest", 0),
        redeemed=-net.get("redeem", 0),
        expired=-net.get("expire", 0),
        adjusted=net.get("adjust", 0),
        outstanding=int(now) - int(since),
    )


@question("dashboard.read")
def integrity_check(look: Look) -> Integrity:
    """Compare every account's balance with the sum of its entries and of its living lots, and every lot with its
    uses. Reads the whole ledger: for the nightly job and for doubts."""
    return check(look)


def check(look: Look, account_id: int | None = None) -> Integrity:
    """`integrity_check`, of one account when given."""
    entries = _sums(look, ENTRIES, "points", account_id)
    living = _sums(look, LOTS, "left", account_id)
    accounts = select(ACCOUNTS.c.id, ACCOUNTS.c.balance)
    if account_id is not None:
        accounts = accounts.where(ACCOUNTS.c.id == account_id)
    balances = {row.id: row.balance for row in look.session.execute(accounts)}
    known = {*balances, *entries, *living}
    wrong = {
        one
        for one in known
        if not balances.get(one, -1) == entries.get(one, (0, 0))[0] == living.get(one, (0, 0))[0]
    }
    wrong |= _torn_lots(look, account_id)
    lines = sum(count for _points, count in entries.values())
    return Integrity(len(balances), lines, sum(balances.values()), tuple(sorted(wrong)))


def _sums(look: Look, table: Table, points: str, account_id: int | None) -> dict[int, tuple[int, int]]:
    column = table.c.account_id
    grouped = select(column, func.sum(table.c[points]), func.count()).group_by(column)
    if account_id is not None:
        grouped = grouped.where(column == account_id)
    return {row[0]: (int(row[1] or 0), int(row[2])) for row in look.session.execute(grouped)}


def _torn_lots(look: Look, account_id: int | None) -> set[int]:
    used = func.coalesce(func.sum(LOT_USES.c.points), 0)
    torn = (
        select(LOTS.c.account_id)
        .outerjoin(LOT_USES, LOT_USES.c.lot_id == LOTS.c.id)
        .group_by(LOTS.c.id, LOTS.c.account_id, LOTS.c.points, LOTS.c.left)
        .having(LOTS.c.left != LOTS.c.points - used)
    )
    if account_id is not None:
        torn = torn.where(LOTS.c.account_id == account_id)
    return set(look.session.scalars(torn))
