"""Interest is reckoned as written in the rules, in whole points, and says how."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bank.interest import (
    DEFAULT,
    BankTerms,
    InterestTerms,
    Reckoning,
    anniversary_after,
    daily_balances,
    explain,
    months_after,
    reckon,
    variants,
)
from core.bank.worth import deferred_yuan, liability_yuan

RULES = json.loads(
    (Path(__file__).parents[2] / "data/reference/bank/loyalty_vectors.json").read_text(encoding="utf-8")
)
VECTORS = {vector["id"]: vector for vector in RULES["vectors"]}
UNCAPPED = replace(InterestTerms(), cap=None)


def years(start: int, terms: InterestTerms, count: int) -> list[int]:
    """Balances after each whole year in which nothing else happened."""
    principal, balance, found = start, start, []
    for _ in range(count):
        base = balance if terms.compounding == "annual" else principal
        balance += reckon([(base, 365)], terms).posted
        found.append(balance)
    return found


def test_simple_interest_on_the_opening_principal() -> None:
    vector = VECTORS["A2"]
    assert years(vector["start"], replace(UNCAPPED, compounding="none"), 3) == vector["balances"]


def test_interest_on_the_excess_only_compounding() -> None:
    vector = VECTORS["A3"]
    assert years(vector["start"], replace(UNCAPPED, base="excess"), 3) == vector["balances"]


@pytest.mark.parametrize("name", ["B1", "B3", "B4", "B5"])
def test_time_weighted_years(name: str) -> None:
    vector = VECTORS[name]
    year = reckon(
        [tuple(stretch) for stretch in vector["segments_balance_days"]],
        replace(InterestTerms(), strict=vector["strict_threshold"]),
    )
    assert year.raw == Decimal(vector["raw"])
    assert year.posted == vector["posted"]


def test_a_year_pays_the_yearly_rate_and_neither_daily_compounding_nor_daily_flooring() -> None:
    posted = 1200 + reckon([(1200, 365)], UNCAPPED).posted
    assert posted == VECTORS["C2"]["value"] == 1320
    assert posted < VECTORS["C1"]["value"]
    assert int(Decimal(1200) / 10 / 365) == 0  # C3: floored daily it would pay nothing, ever


def test_the_default_terms_are_those_of_the_rules() -> None:
    rule, terms = RULES["interest"]["recommended_default"], DEFAULT.interest
    assert (terms.threshold, terms.strict, terms.base, terms.compounding, str(terms.rate), terms.cap) == (
        rule["threshold"], rule["strict"], rule["base"], rule["compounding"], rule["rate"],
        rule["cap_points_per_year"],
    )  # fmt: skip


@pytest.mark.parametrize(("strict", "posted"), [(True, 0), (False, 100)])
def test_exactly_the_threshold(strict: bool, posted: int) -> None:
    assert reckon([(1000, 365)], replace(InterestTerms(), strict=strict)).posted == posted


def test_topping_up_the_day_before_brings_one_day() -> None:
    assert reckon([(500, 364), (5000, 1)], InterestTerms()).posted == 1


def test_the_cap_holds() -> None:
    assert reckon([(9000, 365)], InterestTerms()).posted == 500
    assert reckon([(9000, 365)], UNCAPPED).posted == 900


def test_equal_neighbours_are_one_stretch() -> None:
    assert reckon([(1500, 100), (1500, 265)], InterestTerms()) == reckon([(1500, 365)], InterestTerms())


def test_an_anniversary_on_29_february_is_the_28th_in_common_years() -> None:
    opened = date(2024, 2, 29)
    found = [anniversary_after(opened, opened)]
    for _ in range(3):
        found.append(anniversary_after(opened, found[-1]))
    assert found == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_months_end_where_the_month_ends() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_after(date(2025, 12, 15), 24) == date(2027, 12, 15)


def test_a_year_is_explained_line_by_line() -> None:
    year = reckon([(900, 185), (1500, 180)], InterestTerms())
    english = explain(year, date(2026, 3, 5), date(2027, 3, 5), "en")
    assert english == (
        "From 5 March 2026 to 4 March 2027:",
        "185 days at 900 points: interest begins above 1,000",
        "180 days at 1,500 points",
        "Together 270,000 point-days × 10% ÷ 365 days = 73.97 points, rounded down to 73.",
    )
    chinese = explain(year, date(2026, 3, 5), date(2027, 3, 5), "zh")
    assert len(chinese) == len(english)
    assert "180" in chinese[2] and "1,500" in chinese[2] and "73" in chinese[3]
    assert not any(word in line for line in chinese for word in ("days", "points"))


def test_the_cap_and_the_excess_are_explained() -> None:
    capped = explain(reckon([(9000, 365)], InterestTerms()), date(2026, 1, 1), date(2027, 1, 1), "en")
    assert capped[-1] == "The yearly limit is 500 points."
    excess = replace(InterestTerms(), base="excess")
    assert explain(reckon([(1500, 365)], excess), date(2026, 1, 1), date(2027, 1, 1), "en")[1] == (
        "365 days at 1,500 points, of which 500 earn interest"
    )


def test_variants_differ_from_the_terms_in_force() -> None:
    options = variants(InterestTerms())
    assert {"in_force", "excess", "simple", "not_strict", "none"} <= set(options)
    assert len(set(options.values())) == len(options)


def test_terms_and_reckonings_survive_storage() -> None:
    terms = BankTerms(replace(InterestTerms(), rate=Decimal("0.075"), cap=None), None)
    assert BankTerms.from_json(json.loads(json.dumps(terms.to_json()))) == terms
    year = reckon([(900, 185), (1500, 180)], terms.interest)
    assert Reckoning.from_json(json.loads(json.dumps(year.to_json()))) == year


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(changes=st.dictionaries(DAYS, st.integers(-2000, 2000), max_size=40), terms=st.sampled_from(
    list(variants(InterestTerms()).values())
))  # fmt: skip
def test_stretches_are_the_days_one_by_one(changes: dict[date, int], terms: InterestTerms) -> None:
    begins, ends = date(2026, 3, 5), date(2027, 3, 5)
    year = reckon(daily_balances(changes, begins, ends), terms)
    exact, day = Decimal(0), begins
    while day < ends:
        balance = sum(points for when, points in changes.items() if when <= day)
        exact += terms.counted(balance) * terms.rate
        day += timedelta(days=1)
    assert year.days == 365
    assert year.raw == (exact / 365).quantize(Decimal("0.000001"))
    assert year.posted == min(exact // 365, 500 if terms.cap else exact)


def test_liability_and_deferred_revenue_of_the_rules() -> None:
    e1: dict[str, Any] = VECTORS["E1"]
    cost = liability_yuan(e1["outstanding"], Decimal(str(e1["breakage"])), Decimal(str(e1["unit_cost_yuan"])))
    assert cost == Decimal(str(e1["liability_yuan"]))
    deferred = deferred_yuan(Decimal(2000), 2000, Decimal("0.10"), Decimal("0.85"))
    assert deferred == Decimal(str(VECTORS["E2"]["deferred"]))
    assert 2000 - deferred == Decimal(str(VECTORS["E2"]["revenue_now"]))
    with pytest.raises(ValueError):
        liability_yuan(1, Decimal("1.5"), Decimal(1))
