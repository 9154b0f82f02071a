"""What a patient costs, what remains, and when the start is earned back: reckoned by hand beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.packages.costing import Costs, CostSheet, cost_sheet
from core.packages.parts import SopStep


@dataclass
class Pack:
    price_fen: int = 19_900
    costs: Costs = field(default_factory=Costs)


def step(no: int, actor: str = "nurse", **more: Any) -> SopStep:
    words = dict.fromkeys(("action", "standard", "time_limit", "wording", "record", "exception"), "x")
    return SopStep.model_validate({"no": no, "actor": actor, **words, **more})


def sheet(*steps: SopStep, price_fen: int = 19_900, **costs: int) -> CostSheet:
    return cost_sheet(Pack(price_fen, Costs(**costs)), steps)


def test_wages_materials_and_rewards_are_taken_from_the_price() -> None:
    found = sheet(
        step(1, minutes=10),
        step(2, "doctor", minutes=5, times=4, material_fen=150),
        step(3, "patient", minutes=60),
        nurse=6_000, doctor=12_000, other_fen=300, reward_fen=10_000, reward_percent=25, fixed_fen=1_000_000,
    )  # fmt: skip
    # 10 min at 60 yuan an hour, 20 min at 120 yuan an hour, four materials, a quarter of a reward
    assert (found.labour_fen, found.material_fen, found.reward_fen) == (1_000 + 4_000, 600, 2_500)
    assert found.total_fen == 8_400 and found.margin_fen == 11_500
    assert found.break_even == 87  # 1,000,000 / 11,500 = 86.96
    assert found.complete


def test_a_margin_that_is_not_positive_never_earns_the_start_back() -> None:
    dear = sheet(step(1, minutes=60), nurse=20_000, fixed_fen=100)
    assert dear.margin_fen == -100 and dear.break_even is None
    assert sheet(step(1, minutes=1), nurse=6_000).break_even == 0


def test_what_is_missing_is_named_and_not_assumed() -> None:
    found = sheet(step(1, minutes=10), step(2, "doctor"), step(3, "patient"), step(4, "cashier", minutes=1))
    assert found.unmeasured == (2,) and found.unpaid == ("nurse", "cashier")
    assert not found.complete and found.labour_fen == 0


def test_a_free_package_has_no_share() -> None:
    assert sheet(step(1), price_fen=0).margin_share is None


@given(st.integers(0, 1440), st.integers(1, 100), st.integers(0, 1_000_000))
def test_a_step_costs_its_minutes_to_the_nearest_fen(minutes: int, times: int, wage: int) -> None:
    found = sheet(step(1, minutes=minutes, times=times), nurse=wage)
    assert abs(found.labour_fen - minutes * times * wage / 60) <= 0.5


@given(st.integers(1, 100_000), st.integers(1, 10_000_000))
def test_the_start_is_earned_back_by_exactly_that_many(price: int, fixed: int) -> None:
    found = sheet(step(1), price_fen=price, fixed_fen=fixed)
    assert found.break_even is not None
    assert found.break_even * price >= fixed > (found.break_even - 1) * price
