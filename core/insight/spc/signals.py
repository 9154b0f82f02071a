"""What happened on a control chart: detection, apart from whether it is welcome.

Four rules, as NHSRplotthedots 0.2.2 defines them. Each works on plain lists of observed points
(no gaps) and says for every point whether it belongs to the pattern. Judging comes last and
knows nothing about how a signal was found. Sources and deviations: docs/statistics.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.insight.reference import constants

PRIORITY = ("outside", "trend", "two_of_three", "shift")
IMPROVES = ("increase", "decrease", "neither")


@dataclass(frozen=True)
class Limits:
    """Mean and limits of one point, in the unit of the measure.

    Where no spread was seen (one point, or a baseline that never changed) all five are equal.
    """

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float

    @property
    def known(self) -> bool:
        """Whether there is a spread to judge by. Limits without width would call the first ordinary
        week after a constant baseline "outside", so they judge nobody."""
        return self.upper > self.lower


def side(value: float, line: float) -> int:
    """1 above the line, -1 below it, 0 on it.

    Rounding errors of the last binary digits count as "on": a measure that never changes must
    not be called a shift because its mean was rounded.
    """
    if math.isclose(value, line, rel_tol=1e-9, abs_tol=1e-12):
        return 0
    return 1 if value > line else -1


def sides(values: Sequence[float], limits: Sequence[Limits]) -> list[int]:
    """The side of the mean on which each point lies."""
    return [side(value, each.mean) for value, each in zip(values, limits, strict=True)]


def outside(values: Sequence[float], limits: Sequence[Limits]) -> list[bool]:
    """Points strictly beyond a process limit."""
    return [
        each.known and (side(value, each.upper) > 0 or side(value, each.lower) < 0)
        for value, each in zip(values, limits, strict=True)
    ]


def near(values: Sequence[float], limits: Sequence[Limits]) -> list[bool]:
    """Points strictly beyond a near limit and not beyond the process limit."""
    beyond = outside(values, limits)
    return [
        each.known and not out and (side(value, each.near_upper) > 0 or side(value, each.near_lower) < 0)
        for value, each, out in zip(values, limits, beyond, strict=True)
    ]


def _windows(flags: list[int], length: int) -> list[bool]:
    """Members of a run of at least `length` equal, non-zero flags."""
    member = [False] * len(flags)
    for start in range(len(flags) - length + 1):
        window = flags[start : start + length]
        if window[0] and len(set(window)) == 1:
            member[start : start + length] = [True] * length
    return member


def shift(where: list[int]) -> list[bool]:
    """Runs of seven points strictly on one side of the mean; a point on the mean breaks the run."""
    return _windows(where, constants("spc")["shift_length"])


def steps(values: Sequence[float]) -> list[int]:
    """The direction from each point to the next; one shorter than the values."""
    return [side(after, before) for before, after in zip(values, values[1:], strict=False)]


def trend(values: Sequence[float]) -> list[bool]:
    """Seven points each strictly higher (or each lower) than the one before; ties break it."""
    length = constants("spc")["trend_length"]
    member = [False] * len(values)
    rising = steps(values)
    for start in range(len(values) - length + 1):
        window = rising[start : start + length - 1]
        if window[0] and len(set(window)) == 1:
            member[start : start + length] = [True] * length
    return member


def two_of_three(close: list[bool], where: list[int]) -> list[bool]:
    """Near-limit points of which two or more lie among three consecutive points on one side of the mean."""
    length, hits = constants("spc")["near_window"], constants("spc")["near_hits"]
    member = [False] * len(close)
    for start in range(len(close) - length + 1):
        here = range(start, start + length)
        if abs(sum(where[i] for i in here)) == length and sum(close[i] for i in here) >= hits:
            for i in here:
                member[i] = member[i] or close[i]
    return member


def detect(values: Sequence[float], limits: Sequence[Limits]) -> list[frozenset[str]]:
    """Every rule each point breaks, as a set of the names in `PRIORITY`."""
    where = sides(values, limits)
    found = {
        "outside": outside(values, limits),
        "trend": trend(values),
        "two_of_three": two_of_three(near(values, limits), where),
        "shift": shift(where),
    }
    return [frozenset(rule for rule in PRIORITY if found[rule][i]) for i in range(len(values))]


def leading(signals: frozenset[str]) -> str:
    """The rule that speaks for a point that breaks several; "" for none."""
    return next((rule for rule in PRIORITY if rule in signals), "")


def directions(values: Sequence[float], limits: Sequence[Limits], found: list[frozenset[str]]) -> list[str]:
    """ "high" or "low" for every point with a signal, else "".

    A trend speaks by its slope, every other rule by the side of the mean. A point inside a trend
    takes the step to its right when its neighbour there belongs to a trend as well, else the step to its left
    (the convention of NHSRplotthedots 0.2.2).
    """
    where, slope = sides(values, limits), steps(values)
    result = []
    for i, signals in enumerate(found):
        sign = where[i]
        if leading(signals) == "trend":
            onward = i + 1 < len(found) and "trend" in found[i + 1]
            sign = slope[i] if onward else slope[i - 1]
        result.append(("high" if sign > 0 else "low") if signals else "")
    return result


def judge(direction: str, improves: str) -> str:
    """What a signal means: "improvement", "concern", "neutral", or "common_cause" where there is none."""
    if not direction:
        return "common_cause"
    if improves == "neither":
        return "neutral"
    return "improvement" if (direction == "high") == (improves == "increase") else "concern"
