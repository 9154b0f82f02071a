"""Interest on points: the terms, the reckoning of one year, and the reckoning in words. Pure.

The article says "above 1,000 points, 10 % interest a year" and leaves five things open. The answers here are
those recommended in `data/reference/bank/loyalty_vectors.json`; each is a term a department can change:

1. A day counts when its balance lies above the threshold: strictly, so exactly 1,000 earns nothing.
2. On such a day the *whole* balance counts (`base="whole"`), or only what lies above (`"excess"`).
3. The balance is weighted by time: every day of the year with the balance it ended on. Topping up the day
   before posting therefore brings one day's interest, not a year's.
4. Posted once a year, on the anniversary of the account. Posted interest is part of the next year's balance
   (`compounding="annual"`), or not (`"none"`).
5. Interest is a lot of its own that expires like any other.

Nothing is rounded on the way: points and days are whole, so a year's point-days are an exact integer; they are
multiplied by the rate and divided by the days of the year once, and floored once, at posting. (Flooring each
day's interest would post nothing for ever: 1,200 points earn 0.33 a day.) A yearly cap comes last.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from core.foundation.language import N_, full_day_text, number_text, percent_text, plural, translator
from core.foundation.open_types import Raw

Base = Literal["whole", "excess"]
Compounding = Literal["annual", "none"]
BASE_NAMES: dict[str, str] = {
    "whole": N_("the whole balance"),
    "excess": N_("only what lies above the threshold"),
}
COMPOUNDING_NAMES: dict[str, str] = {
    "annual": N_("interest earns interest"),
    "none": N_("interest earns no interest"),
}


@dataclass(frozen=True)
class InterestTerms:
    """How a department pays interest. `rate` is a year's share (0.10 is 10 %; 0 pays none), `threshold` and
    `cap` are points (`cap` None: no cap)."""

    threshold: int = 1000
    strict: bool = True
    base: Base = "whole"
    compounding: Compounding = "annual"
    rate: Decimal = Decimal("0.10")
    cap: int | None = 500

    def counted(self, balance: int) -> int:
        """The points of one day that earn interest."""
        above = balance > self.threshold if self.strict else balance >= self.threshold
        if not above:
            return 0
        return balance if self.base == "whole" else balance - self.threshold


@dataclass(frozen=True)
class BankTerms:
    """The terms of the bank: interest, and after how many months earned points expire (None: never)."""

    interest: InterestTerms = field(default_factory=InterestTerms)
    lot_months: int | None = 24

    def to_json(self) -> Raw:
        interest = {**asdict(self.interest), "rate": str(self.interest.rate)}
        return {"interest": interest, "lot_months": self.lot_months}

    @classmethod
    def from_json(cls, stored: Raw) -> BankTerms:
        known = dict(stored["interest"])
        return cls(InterestTerms(**{**known, "rate": Decimal(known["rate"])}), stored["lot_months"])


DEFAULT = BankTerms()

# What a department may compare before it decides; each differs from the terms in force in one point only.
VARIANTS: dict[str, tuple[str, Raw]] = {
    "in_force": (N_("The terms in force"), {}),
    "excess": (N_("Interest only on what lies above the threshold"), {"base": "excess"}),
    "whole": (N_("Interest on the whole balance"), {"base": "whole"}),
    "simple": (N_("No interest on interest"), {"compounding": "none"}),
    "annual": (N_("Interest on interest, once a year"), {"compounding": "annual"}),
    "not_strict": (N_("Exactly the threshold counts too"), {"strict": False}),
    "strict": (N_("Exactly the threshold does not count"), {"strict": True}),
    "uncapped": (N_("No yearly cap"), {"cap": None}),
    "none": (N_("No interest"), {"rate": Decimal(0)}),
}


def variants(terms: InterestTerms) -> dict[str, InterestTerms]:
    """The terms in force and every variant that really differs from them."""
    found: dict[str, InterestTerms] = {}
    for code, (_label, change) in VARIANTS.items():
        variant = replace(terms, **change)
        if code == "in_force" or variant != terms:
            found[code] = variant
    return found


@dataclass(frozen=True)
class Stretch:
    """Consecutive days that ended on the same balance; `counted` of it earned interest."""

    days: int
    balance: int
    counted: int


@dataclass(frozen=True)
class Reckoning:
    """One interest year: its stretches, the exact interest to six decimals, and what is posted."""

    stretches: tuple[Stretch, ...]
    days: int
    raw: Decimal
    posted: int
    terms: InterestTerms

    def to_json(self) -> Raw:
        return {
            "stretches": [[s.days, s.balance, s.counted] for s in self.stretches],
            "days": self.days,
            "raw": str(self.raw),
            "posted": self.posted,
            "terms": {**asdict(self.terms), "rate": str(self.terms.rate)},
        }

    @classmethod
    def from_json(cls, stored: Raw) -> Reckoning:
        terms = dict(stored["terms"])
        return cls(
            tuple(Stretch(*stretch) for stretch in stored["stretches"]),
            stored["days"],
            Decimal(stored["raw"]),
            stored["posted"],
            InterestTerms(**{**terms, "rate": Decimal(terms["rate"])}),
        )


def reckon(balances: Iterable[tuple[int, int]], terms: InterestTerms) -> Reckoning:
    """The interest of one year from its `(balance, days)` stretches, in points.

    The days of all stretches together are the year: 365, or 366 with a 29 February in it.
    """
    stretches: list[Stretch] = []
    for balance, days in balances:
        if stretches and stretches[-1].balance == balance:
            stretches[-1] = replace(stretches[-1], days=stretches[-1].days + days)
        elif days:
            stretches.append(Stretch(days, balance, terms.counted(balance)))
    year = sum(stretch.days for stretch in stretches)
    point_days = sum(stretch.counted * stretch.days for stretch in stretches)
    exact = point_days * terms.rate / year if year else Decimal(0)
    posted = int(exact.to_integral_value(ROUND_FLOOR))
    if terms.cap is not None:
        posted = min(posted, terms.cap)
    return Reckoning(tuple(stretches), year, exact.quantize(Decimal("0.000001")), posted, terms)


def daily_balances(changes: Mapping[date, int], begins: date, ends: date) -> list[tuple[int, int]]:
    """`(balance, days)` from `begins` to the day before `ends`, given the net change of each day.

    A day has the balance it ended on; what changed before `begins` is the opening balance.
    """
    balance = sum(points for day, points in changes.items() if day < begins)
    found: list[tuple[int, int]] = []
    since = begins
    for day in sorted(day for day in changes if begins <= day < ends):
        if day > since:
            found.append((balance, (day - since).days))
        balance += changes[day]
        since = day
    found.append((balance, (ends - since).days))
    return found


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def anniversary_after(opened_on: date, day: date) -> date:
    """The first anniversary of an account after `day`. One opened on 29 February has it on the 28th otherwise."""
    years = max(1, day.year - opened_on.year)
    while (found := months_after(opened_on, 12 * years)) <= day:
        years += 1
    return found


def explain(year: Reckoning, begins: date, ends: date, language: str) -> tuple[str, ...]:
    """The reckoning of a year in sentences a patient can follow with a pocket calculator."""
    _ = translator(language)
    last = ends - timedelta(days=1)
    lines = [
        _(
            "From {first} to {last}:",
            first=full_day_text(begins, language),
            last=full_day_text(last, language),
        )
    ]
    lines += [_stretch_text(stretch, year.terms, language) for stretch in year.stretches]
    total = sum(s.counted * s.days for s in year.stretches)
    if total:
        lines.append(
            _(
                "Together {total} point-days × {rate} ÷ {days} days = {raw} points, rounded down to {floor}.",
                total=number_text(total, language),
                rate=_rate_text(year.terms.rate, language),
                days=year.days,
                raw=number_text(year.raw, language, "#,##0.00"),
                floor=number_text(int(year.raw), language),
            )
        )
    if year.posted < int(year.raw):
        lines.append(_("The yearly limit is {cap} points.", cap=number_text(year.posted, language)))
    return tuple(lines)


def _stretch_text(stretch: Stretch, terms: InterestTerms, language: str) -> str:
    _ = translator(language)
    balance, threshold = number_text(stretch.balance, language), number_text(terms.threshold, language)
    known = {"balance": balance, "threshold": threshold, "counted": number_text(stretch.counted, language)}
    n = stretch.days
    if not stretch.counted and terms.strict:
        return plural(
            language,
            "{n} day at {balance} points: interest begins above {threshold}",
            "{n} days at {balance} points: interest begins above {threshold}",
            n,
            **known,
        )
    if not stretch.counted:
        return plural(
            language,
            "{n} day at {balance} points: interest begins at {threshold}",
            "{n} days at {balance} points: interest begins at {threshold}",
            n,
            **known,
        )
    if stretch.counted != stretch.balance:
        return plural(
            language,
            "{n} day at {balance} points, of which {counted} earn interest",
            "{n} days at {balance} points, of which {counted} earn interest",
            n,
            **known,
        )
    return plural(language, "{n} day at {balance} points", "{n} days at {balance} points", n, **known)


def _rate_text(rate: Decimal, language: str) -> str:
    whole = rate * 100 == (rate * 100).to_integral_value()
    return percent_text(float(rate), language, 0 if whole else 2)
