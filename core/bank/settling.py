"""What falls due by itself: expiring lots and interest years, posted in the order of their days.

Every movement of an account settles it first, and a nightly job settles the rest. Each line bears the day it
fell due, never the day somebody noticed; whatever happened later is later in the ledger too. So posting
twice, late, or after weeks of downtime gives the same lines. The account of a silenced patient is left alone:
it is caught up with when the rest is lifted, and what could not be spent in the rest then lives on for a while. An
erased person earns no interest any more; her points go as their lots do.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, func, insert, or_, select, update

from core.bank import events, lots
from core.bank.entries import Account, account_by_id, is_erased, peek, terms_on, write
from core.bank.interest import Reckoning, anniversary_after, daily_balances, reckon
from core.bank.lots import expiry_of
from core.bank.tables import ACCOUNTS, ENTRIES, INTEREST_YEARS, LOT_USES, LOTS, NEVER, VOUCHERS
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.language import N_
from core.foundation.one_by_one import one_by_one
from core.foundation.open_types import Raw
from core.people.tables import PatientRow

SETTLED = declare("bank.settled", N_("Expired points and interest posted"))


@deed("points.correct")
def settle_due(stamp: Stamp, *, limit: int = 500) -> Raw:
    """Settle up to `limit` accounts on which something has fallen due; the nightly job repeats it until
    `more` is false. Returns {"settled": accounts, "more": bool}. Repeating it changes nothing.

    An account that cannot be settled is reported by its number and passed over; it stays due.
    """
    settled, after, more = 0, 0, True
    while more and settled < limit:
        share = limit - settled
        found = _due_after(stamp, after, share + 1)
        chosen = found[:share]
        failed = one_by_one(
            stamp, chosen, lambda number: settle(stamp, account_by_id(stamp, number)), "settling of account"
        )
        settled, more = settled + len(chosen) - len(failed), len(found) > share
        after = chosen[-1] if chosen else after
    outcome = {"settled": settled, "more": more}
    if outcome["settled"]:
        stamp.audit(SETTLED, ("bank", None), after=outcome)
    return outcome


def wake(stamp: Stamp, patient_id: int, begun_on: date) -> None:
    """Quiet care is over: what could be spent when it began and could not be spent since gets the days of grace, points
    as well as unused vouchers that her phone did not show."""
    if begun_on >= stamp.today:
        return  # begun and lifted on one day: nothing was missed
    until = stamp.today + timedelta(days=lots.GRACE_DAYS)
    stamp.link.execute(
        update(VOUCHERS)
        .where(
            VOUCHERS.c.patient_id == patient_id, VOUCHERS.c.state == "issued",
            VOUCHERS.c.valid_until >= begun_on, VOUCHERS.c.valid_until < until,
        )
        .values(valid_until=until)
    )  # fmt: skip
    account = peek(stamp, patient_id)
    if account is not None:
        lots.prolong(stamp.link, account.id, begun_on, until)
        settle(stamp, account, not_before=until)


def _due_after(stamp: Stamp, after: int, most: int) -> list[int]:
    """Accounts on which something has fallen due, by their numbers; those in quiet care are left alone."""
    return list(
        stamp.session.scalars(
            select(ACCOUNTS.c.id)
            .join(PatientRow, PatientRow.id == ACCOUNTS.c.patient_id)
            .where(
                ACCOUNTS.c.next_due_on <= stamp.today,
                # An erased person is silent for ever: her points go as their lots do.
                or_(PatientRow.silenced_at.is_(None), PatientRow.erased_at.is_not(None)),
                ACCOUNTS.c.id > after,
            )
            .order_by(ACCOUNTS.c.id)
            .limit(most)
        )
    )


def settle(stamp: Stamp, account: Account, *, not_before: date | None = None) -> Account:
    """Post what has fallen due on a held account, and return it as it stands then. What is posted now expires not before
    the day given, where one is: after a rest nothing is gone before it could be spent."""
    if account.next_due_on > stamp.today and not_before is None:
        return account
    link = stamp.link
    settled_to = account.settled_to
    erased = is_erased(link, account.patient_id)
    while True:
        expiry = lots.soonest(link, account.id) or NEVER
        anniversary = NEVER if erased else anniversary_after(account.opened_on, settled_to)
        due = min(expiry, anniversary)
        if due > stamp.today:
            break
        if expiry <= anniversary:
            _expire(stamp, account.id, expiry)
        else:
            _pay_interest(stamp, account.id, settled_to, anniversary, not_before)
            settled_to = anniversary
    link.execute(
        update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(settled_to=settled_to, next_due_on=due)
    )
    return account_by_id(stamp, account.id)


def _expire(stamp: Stamp, account_id: int, day: date) -> None:
    link = stamp.link
    gone = lots.expiring(link, account_id, day)
    total = sum(lot.left for lot in gone)
    # Numbered: points may come to live until a day whose expiry was booked before (a clock or a time zone set right).
    source = events.of(link, f"expire:{account_id}:{day}").next_key
    entry = write(stamp, account_id, "expire", -total, day, source=source)
    for lot in gone:
        lots.take(link, account_id, entry, lot.left, first=lot.id)
    link.execute(
        update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(balance=ACCOUNTS.c.balance - total)
    )


def _pay_interest(
    stamp: Stamp, account_id: int, begins: date, ends: date, not_before: date | None = None
) -> None:
    link = stamp.link
    year, entry = interest_year(link, account_id, begins, ends), None
    if year.posted:
        entry = write(
            stamp, account_id, "interest", year.posted, ends, source=f"interest:{account_id}:{ends}"
        )
        expires_on = expiry_of(terms_on(link, ends), ends)
        lots.open_lot(link, account_id, entry, year.posted, max(expires_on, not_before or expires_on))
        link.execute(
            update(ACCOUNTS)
            .where(ACCOUNTS.c.id == account_id)
            .values(balance=ACCOUNTS.c.balance + year.posted)
        )
    link.execute(
        insert(INTEREST_YEARS).values(
            account_id=account_id,
            begins_on=begins,
            ends_on=ends,
            posted=year.posted,
            entry_id=entry,
            reckoning=year.to_json(),
        )
    )


def interest_year(link: Connection, account_id: int, begins: date, ends: date) -> Reckoning:
    """The reckoning of one interest year from the entries, under the terms in force on its first day."""
    terms = terms_on(link, begins).interest
    changes = day_changes(link, account_id, ends, interest_bearing=terms.compounding == "annual")
    return reckon(daily_balances(changes, begins, ends), terms)


def day_changes(link: Connection, account_id: int, ends: date, interest_bearing: bool) -> dict[date, int]:
    """Net points per day before `ends`. Without interest bearing interest, posted interest is left out for as
    long as its lot holds it."""
    found = link.execute(
        select(ENTRIES.c.day, func.sum(ENTRIES.c.points))
        .where(ENTRIES.c.account_id == account_id, ENTRIES.c.day < ends)
        .group_by(ENTRIES.c.day)
    )
    changes = {day: int(points) for day, points in found}
    if interest_bearing:
        return changes
    origin = ENTRIES.alias("origin")
    posted = link.execute(
        select(ENTRIES.c.day, ENTRIES.c.points).where(
            ENTRIES.c.account_id == account_id, ENTRIES.c.kind == "interest", ENTRIES.c.day < ends
        )
    )
    for day, points in posted:
        changes[day] -= points
    used = link.execute(
        select(ENTRIES.c.day, LOT_USES.c.points)
        .join(LOT_USES, LOT_USES.c.entry_id == ENTRIES.c.id)
        .join(LOTS, LOTS.c.id == LOT_USES.c.lot_id)
        .join(origin, origin.c.id == LOTS.c.entry_id)
        .where(ENTRIES.c.account_id == account_id, ENTRIES.c.day < ends, origin.c.kind == "interest")
    )
    for day, points in used:
        changes[day] += points
    return changes
