"""The run chart: a median and two tests that need no limits (Anhøj's rules).

Source: Anhøj J., Olesen A. V. (2014) Run charts revisited, PLoS ONE 9(11):e113825.
Formulas: docs/statistics.md.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from core.insight.reference import constants
from core.insight.spc.limits import Figure, NothingToChart, number
from core.insight.spc.signals import side


@dataclass(frozen=True)
class RunChart:
    """A median and two tests that need no limits. `useful`: points not on the median.

    `signals`: "long_run" when `longest_run` > `longest_run_max`, "few_crossings" when `crossings` <
    `crossings_min`. `trial`: fewer than 10 useful points.
    """

    values: tuple[float | None, ...]
    median: float
    useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int
    trial: bool

    @property
    def signals(self) -> frozenset[str]:
        found = {
            "long_run": self.longest_run > self.longest_run_max,
            "few_crossings": self.crossings < self.crossings_min,
        }
        return frozenset(name for name, true in found.items() if true)

    @property
    def signal(self) -> bool:
        return bool(self.signals)


def crossings_least(useful: int) -> int:
    """The 5th percentile of the number of crossings of `useful` points: binomial(useful - 1, 1/2)."""
    trials, passed = max(useful - 1, 0), 0
    for crossings in range(trials + 1):
        passed += math.comb(trials, crossings)
        if passed >= constants("spc")["crossings_quantile"] * 2**trials:
            return crossings
    return trials


def run_chart(values: Sequence[Figure]) -> RunChart:
    """Anhøj's rules: an unusually long run on one side of the median, or unusually few crossings of it.

    For measures whose spread is not to be trusted, and for a first look. Refuses nothing to chart,
    text and infinity. Source: Anhøj & Olesen 2014, PLoS ONE 9(11):e113825.
    """
    given = [number(value, i) for i, value in enumerate(values)]
    seen = [value for value in given if value is not None]
    if not seen:
        raise NothingToChart()
    median = statistics.median(seen)
    where = [at for at in (side(value, median) for value in seen) if at]
    crossings = sum(a != b for a, b in zip(where, where[1:], strict=False))
    longest = run = 0
    for i, at in enumerate(where):
        run = run + 1 if i and where[i - 1] == at else 1
        longest = max(longest, run)
    return RunChart(
        values=tuple(given),
        median=median,
        useful=len(where),
        longest_run=longest,
        longest_run_max=round(math.log2(max(len(where), 1))) + constants("spc")["run_length_extra"],
        crossings=crossings,
        crossings_min=crossings_least(len(where)),
        trial=len(where) < constants("spc")["runs_trial_below"],
    )
