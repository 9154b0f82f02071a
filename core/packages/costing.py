"""What one patient of a package costs the house, what remains, and how many must be sold to earn the start back.

An estimate from the department's own figures: minutes and materials per SOP step, wages per hour, the cost of a
redeemed reward. Nothing is assumed: a step without minutes or a role without a wage is named as missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from core.packages.fields import Part
from core.packages.parts import SopStep

if TYPE_CHECKING:
    from core.packages.document import PackageDocument

Fen = int
HOUR = 60


class Costs(Part):
    """The figures an estimate needs; money in fen, wages per hour. `reward_percent` of the buyers are expected
    to redeem the badge reward, which then costs `reward_fen`; `fixed_fen` was spent once to begin."""

    nurse: Fen = Field(default=0, ge=0, le=100_000_000)
    doctor: Fen = Field(default=0, ge=0, le=100_000_000)
    front_desk: Fen = Field(default=0, ge=0, le=100_000_000)
    cashier: Fen = Field(default=0, ge=0, le=100_000_000)
    manager: Fen = Field(default=0, ge=0, le=100_000_000)
    other_fen: Fen = Field(default=0, ge=0, le=100_000_000)
    reward_fen: Fen = Field(default=0, ge=0, le=100_000_000)
    reward_percent: int = Field(default=0, ge=0, le=100)
    fixed_fen: Fen = Field(default=0, ge=0, le=10_000_000_000)

    def wage(self, actor: str) -> Fen:
        """Fen per hour of an actor; the patient's own time costs the house nothing."""
        return 0 if actor == "patient" else int(getattr(self, actor))


@dataclass(frozen=True)
class StepCost:
    """One step for one patient: `minutes` in all, wages and materials in fen."""

    no: int
    actor: str
    minutes: int
    labour_fen: int
    material_fen: int

    @property
    def total_fen(self) -> int:
        return self.labour_fen + self.material_fen


@dataclass(frozen=True)
class CostSheet:
    """The estimate for one patient, in fen. `margin_fen` is the price less all costs; `break_even` how many must
    be sold until the start is earned back (0: nothing was spent; None: never, the margin is not positive).
    `unmeasured` are the steps of staff without minutes, `unpaid` the roles with minutes but no wage."""

    price_fen: int
    steps: tuple[StepCost, ...]
    labour_fen: int
    material_fen: int
    other_fen: int
    reward_fen: int
    fixed_fen: int
    unmeasured: tuple[int, ...]
    unpaid: tuple[str, ...]

    @property
    def total_fen(self) -> int:
        return self.labour_fen + self.material_fen + self.other_fen + self.reward_fen

    @property
    def margin_fen(self) -> int:
        return self.price_fen - self.total_fen

    @property
    def margin_share(self) -> float | None:
        return self.margin_fen / self.price_fen if self.price_fen else None

    @property
    def break_even(self) -> int | None:
        if self.fixed_fen == 0:
            return 0 if self.margin_fen >= 0 else None
        return -(-self.fixed_fen // self.margin_fen) if self.margin_fen > 0 else None

    @property
    def complete(self) -> bool:
        return not self.unmeasured and not self.unpaid


def cost_sheet(package: PackageDocument, steps: Sequence[SopStep]) -> CostSheet:
    """The estimate for one patient of `package`, whose SOP has `steps`."""
    costs = package.costs
    lines = tuple(_step(step, costs) for step in steps)
    return CostSheet(
        price_fen=package.price_fen,
        steps=lines,
        labour_fen=sum(line.labour_fen for line in lines),
        material_fen=sum(line.material_fen for line in lines),
        other_fen=costs.other_fen,
        reward_fen=_rounded(costs.reward_fen * costs.reward_percent, 100),
        fixed_fen=costs.fixed_fen,
        unmeasured=tuple(step.no for step in steps if step.actor != "patient" and not step.minutes),
        unpaid=tuple(
            dict.fromkeys(
                step.actor
                for step in steps
                if step.minutes and step.actor != "patient" and not costs.wage(step.actor)
            )
        ),
    )


def _step(step: SopStep, costs: Costs) -> StepCost:
    minutes = step.minutes * step.times
    return StepCost(
        no=step.no,
        actor=step.actor,
        minutes=minutes,
        labour_fen=_rounded(minutes * costs.wage(step.actor), HOUR),
        material_fen=step.material_fen * step.times,
    )


def _rounded(dividend: int, divisor: int) -> int:
    """A quotient to the nearest whole fen, half upwards, in whole numbers only."""
    return (2 * dividend + divisor) // (2 * divisor)
