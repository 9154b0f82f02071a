"""Which terms the bank has, and what other terms would cost: decided by the department, kept for ever.

New terms hold from the day of the decision. An interest year keeps the terms of its first day, so nobody's
running year changes under her; lots keep the expiry they were given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import get_args

from sqlalchemy import func, insert, select

from core.bank.entries import terms_on
from core.bank.interest import (
    VARIANTS,
    BankTerms,
    Base,
    Compounding,
    InterestTerms,
    daily_balances,
    reckon,
    variants,
)
from core.bank.tables import ACCOUNTS, ENTRIES, BankTermsRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw
from core.people.tables import PatientRow

TERMS_CHANGED = declare("bank.terms_changed", N_("Terms of the health bank changed"))

YEAR = 365


@dataclass(eq=False)
class TermsOutOfRange(Refusal):
    field: str = ""  # type: ignore[misc]
    lowest: str = ""
    highest: str = ""
    message = N_("This must lie between {lowest} and {highest}.")


@dataclass(frozen=True)
class VariantCost:
    """What one set of terms would have posted over the last 365 days, in points: all accounts together, and how
    many accounts would have received anything."""

    code: str
    label: str
    terms: InterestTerms
    points: int
    accounts: int


@deed("settings.write")
def choose_terms(
    stamp: Stamp,
    *,
    threshold: int,
    strict: bool,
    base: Base,
    compounding: Compounding,
    rate: str,
    cap: int | None,
    lot_months: int | None,
    read: Raw | None = None,
) -> None:
    """Decide the terms from today on. `rate` is a share of a year as text ("0.10"), `threshold` and `cap` are
    points (`cap` None: no cap), `lot_months` the life of earned points (None: for ever).

    Refuses `TermsOutOfRange` with the field: threshold 0–1,000,000, rate 0–0.5, cap 1–1,000,000, months 1–120; and
    `ChangedMeanwhile` where others were decided since the form showed `read`.
    """
    before = terms_on(stamp.link, stamp.today)
    typed: Raw = {
        "threshold": threshold, "strict": strict, "base": base, "compounding": compounding, "rate": rate, "cap": cap,
        "lot_months": lot_months,
    }  # fmt: skip
    threshold, strict, base, compounding, rate, cap, lot_months = merged(
        typed, _fields(before), read
    ).values()
    try:
        share = Decimal(rate)
    except InvalidOperation:
        raise TermsOutOfRange("rate", "0", "0.5") from None
    if not share.is_finite():
        raise TermsOutOfRange("rate", "0", "0.5")
    _within("threshold", threshold, 0, 1_000_000)
    _within("rate", share, 0, Decimal("0.5"))
    _within("cap", cap, 1, 1_000_000)
    _within("lot_months", lot_months, 1, 120)
    if base not in get_args(Base) or compounding not in get_args(Compounding):
        raise ValueError((base, compounding))
    chosen = BankTerms(InterestTerms(threshold, strict, base, compounding, share, cap), lot_months)
    link = stamp.link
    link.execute(
        insert(BankTermsRow).values(
            valid_from=stamp.today, terms=chosen.to_json(), decided_by=stamp.staff_id, at=stamp.now
        )
    )
    stamp.audit(TERMS_CHANGED, ("bank", None), before.to_json(), chosen.to_json())


def _fields(held: BankTerms) -> Raw:
    """The terms as a form shows them."""
    interest = held.interest
    return {
        "threshold": interest.threshold, "strict": interest.strict, "base": interest.base,
        "compounding": interest.compounding, "rate": str(interest.rate.normalize()), "cap": interest.cap,
        "lot_months": held.lot_months,
    }  # fmt: skip


def _within(field: str, value: int | Decimal | None, lowest: int | Decimal, highest: int | Decimal) -> None:
    if value is not None and not lowest <= value <= highest:
        raise TermsOutOfRange(field, str(lowest), str(highest))


@question("package.read")
def terms(look: Look) -> BankTerms:
    """The terms in force today."""
    return terms_on(look.link, look.today)


@question("dashboard.read")
def compare_terms(look: Look) -> list[VariantCost]:
    """What each variant of the terms would have posted over the 365 days before today, computed from the real
    daily balances (which include the interest that really was posted). The terms in force come first."""
    ends = look.today
    begins = ends - timedelta(days=YEAR)
    options = variants(terms_on(look.link, look.today).interest)
    totals: dict[str, int] = defaultdict(int)
    paid: dict[str, int] = defaultdict(int)
    for whole, principal in _balances(look, begins, ends):
        for code, option in options.items():
            posted = reckon(whole if option.compounding == "annual" else principal, option).posted
            totals[code] += posted
            paid[code] += posted > 0
    return [VariantCost(c, VARIANTS[c][0], option, totals[c], paid[c]) for c, option in options.items()]


Balances = list[tuple[int, int]]


def _balances(look: Look, begins: date, ends: date) -> Iterable[tuple[Balances, Balances]]:
    """Per account the year's daily balances, with and without the interest posted before. What interest lots
    paid for is not followed here: the second is an estimate from below, good enough for a comparison."""
    rows = look.session.execute(
        select(
            ENTRIES.c.account_id,
            ENTRIES.c.day,
            func.sum(ENTRIES.c.points),
            func.sum(ENTRIES.c.points).filter(ENTRIES.c.kind == "interest"),
        )
        .join(ACCOUNTS, ACCOUNTS.c.id == ENTRIES.c.account_id)
        .join(PatientRow, PatientRow.id == ACCOUNTS.c.patient_id)
        .where(ENTRIES.c.day < ends, PatientRow.silenced_at.is_(None))
        .group_by(ENTRIES.c.account_id, ENTRIES.c.day)
        .order_by(ENTRIES.c.account_id)
    )
    for _account, days in groupby(rows, key=lambda row: row[0]):
        whole: dict[date, int] = {}
        principal: dict[date, int] = {}
        for _id, day, points, interest in days:
            whole[day] = int(points)
            principal[day] = int(points) - int(interest or 0)
        yield daily_balances(whole, begins, ends), daily_balances(principal, begins, ends)
