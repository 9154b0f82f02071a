"""No number of the bank is unguarded: each is changed by one per cent, and a published figure must notice.

The figures are those of `data/reference/bank/loyalty_vectors.json`, which the constants themselves do not come
from: threshold, rate, yearly cap, life of a lot, the points of each health behaviour, the days of a year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.bank import terms
from core.bank.interest import DEFAULT, BankTerms, months_after, reckon
from core.bank.terms import choose_terms, compare_terms
from core.packages.templates import load
from tests.bank.conftest import TODAY, Bank
from tests.bank.test_interest import RULES, VECTORS, years


def simple_years(bank: BankTerms) -> None:
    vector = VECTORS["A2"]
    assert years(vector["start"], replace(bank.interest, compounding="none"), 3) == vector["balances"]


def years_on_the_excess(bank: BankTerms) -> None:
    vector = VECTORS["A3"]
    assert years(vector["start"], replace(bank.interest, base="excess"), 3) == vector["balances"]


def weighted_year(bank: BankTerms) -> None:
    vector = VECTORS["B4"]
    year = reckon([tuple(stretch) for stretch in vector["segments_balance_days"]], bank.interest)
    assert (year.raw, year.posted) == (Decimal(vector["raw"]), vector["posted"])


def capped_year(bank: BankTerms) -> None:
    """The rules' default caps a year; ten thousand points a year would bring twice as much."""
    cap = RULES["interest"]["recommended_default"]["cap_points_per_year"]
    assert reckon([(20 * cap, 365)], bank.interest).posted == cap


def living_lots(bank: BankTerms) -> None:
    vector = VECTORS["D1"]
    assert bank.lot_months is not None
    [(earned, points, expires)] = vector["live"]
    assert months_after(date.fromisoformat(earned), bank.lot_months) == date.fromisoformat(expires)
    gone = [months_after(date.fromisoformat(day), bank.lot_months) for day, *_ in vector["lots"][:2]]
    assert max(gone) <= date.fromisoformat(vector["as_of"])


CHECKS: tuple[Callable[[BankTerms], None], ...] = (
    simple_years, years_on_the_excess, weighted_year, capped_year, living_lots,
)  # fmt: skip


def changed(name: str, by: int) -> BankTerms:
    """The terms with one constant a per cent off, whole numbers by one at least."""
    if name == "lot_months":
        return replace(DEFAULT, lot_months=(DEFAULT.lot_months or 0) + by)
    value = getattr(DEFAULT.interest, name)
    other = value * (1 + Decimal(by) / 100) if name == "rate" else value + by * max(1, value // 100)
    return replace(DEFAULT, interest=replace(DEFAULT.interest, **{name: other}))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_published_figures_are_reproduced(check: Callable[[BankTerms], None]) -> None:
    check(DEFAULT)


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("name", ["threshold", "rate", "cap", "lot_months"])
def test_a_term_one_per_cent_off_is_noticed(name: str, by: int) -> None:
    wrong, noticed = changed(name, by), []
    assert wrong != DEFAULT
    for check in CHECKS:
        try:
            check(wrong)
        except AssertionError:
            noticed.append(check.__name__)
    assert noticed, f"nothing watches {name}"


def published_points(earning: dict[str, int]) -> bool:
    return all(earning[rule["code"]] == rule["points"] for rule in RULES["earning"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_behaviour_earns_what_is_published_and_one_point_off_is_noticed(language: str) -> None:
    earning = {rule.code: rule.points for rule in load("health_bank", language).earning_rules}
    assert published_points(earning)
    for rule in RULES["earning"]:
        assert not published_points(earning | {rule["code"]: earning[rule["code"]] + 1})
        assert not published_points(earning | {rule["code"]: earning[rule["code"]] - 1})


def test_the_year_that_is_compared_has_365_days(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,050 points on its first day, 1,050 on the 364 others: (2,050 + 364 x 1,050) x 50 % / 365 = 526.37.

    A longer year begins with days of nothing, a shorter one misses the peak: neither posts the same.
    """
    patient = bank.patient()
    bank.go_to(TODAY)
    bank.grant(patient, 2050)
    bank.later(days=1)
    bank.redeem(patient, 1000)
    bank.later(days=364)

    def posted() -> int:
        [now, *_] = bank.world.ask("manager", compare_terms)
        return int(now.points)

    bank.world.do(
        "manager", choose_terms, threshold=1000, strict=True, base="whole", compounding="none", rate="0.5",
        cap=None, lot_months=None,
    )  # fmt: skip
    assert posted() == 526
    for wrong in (terms.YEAR + 4, terms.YEAR - 4):
        monkeypatch.setattr(terms, "YEAR", wrong)
        assert posted() != 526
