"""Limits of control charts: what a measure does when nothing has changed.

A baseline of rows is turned into a function that gives the limits of any row: the same limits for every row
of an XmR chart, wider ones for small totals on p and u charts. Formulas and sources: docs/statistics.md.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import SupportsFloat

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.insight.reference import constants
from core.insight.spc.signals import Limits


@dataclass(eq=False)
class NothingToChart(Refusal):
    message = N_("There is no value to chart yet. Come back after the first week with a count.")


@dataclass(eq=False)
class NotACount(Refusal):
    position: int
    message = N_(
        "Entry {position} cannot be charted: it must be a number, not negative where it is a count, "
        "and no larger than its total. Correct the entry."
    )


@dataclass(eq=False)
class UnequalLengths(Refusal):
    events: int
    totals: int
    message = N_("There are {events} counts and {totals} totals. Give one total for every count.")


@dataclass(eq=False)
class BaselineTooShort(Refusal):
    given: int
    least: int
    message = N_(
        "Limits can be fixed on {least} points or more, not on {given}. Leave the limits open for now."
    )


@dataclass(eq=False)
class BaselineWithoutValues(Refusal):
    given: int
    message = N_("None of the first {given} points has a value, so the limits cannot be fixed on them.")


@dataclass(eq=False)
class RebaseOutside(Refusal):
    position: int
    points: int
    message = N_("The limits cannot start again at point {position}: the chart has {points} points.")


# A row is (value, events, total); a limiter turns the rows of a baseline into limits for any row.
Row = tuple[float | None, float | None, float | None]
# A cell of a table as it comes: a number of whatever kind, or nothing; text is refused.
Figure = SupportsFloat | str | None
Limiter = Callable[[Row], Limits]
Fit = Callable[[list[Row]], tuple[Limiter, float | None]]


def number(value: Figure, place: int) -> float | None:
    """A finite number, or None for a missing one (None, not-a-number); refuses text and infinity."""
    if value is None:
        return None
    try:
        given = math.inf if isinstance(value, str) else float(value)
    except (TypeError, ValueError) as wrong:
        raise NotACount(place + 1) from wrong
    if math.isinf(given):
        raise NotACount(place + 1)
    return None if math.isnan(given) else given


def observed(rows: Sequence[Row]) -> list[Row]:
    """The rows that are points: weeks with a value."""
    return [row for row in rows if row[0] is not None]


def values_of(rows: Sequence[Row]) -> list[float]:
    """The values of the rows that are points."""
    return [row[0] for row in rows if row[0] is not None]


def _mean_moving_range(values: Sequence[float], screen: bool) -> float:
    """Mean distance between neighbours; screened, those from 3.267 times the first mean on are dropped."""
    ranges = [abs(after - before) for before, after in zip(values, values[1:], strict=False)]
    mean = statistics.mean(ranges) if ranges else 0.0
    if not screen or mean == 0:
        return mean
    return statistics.mean([each for each in ranges if each < constants("spc")["moving_range_screen"] * mean])


def xmr_fit(screen: bool) -> Fit:
    """Limits of single values: mean ± 2.66 mean moving ranges, the same for every row."""

    def fit(baseline: list[Row]) -> tuple[Limiter, float | None]:
        values = values_of(baseline)
        # statistics.mean is exact, so a measure that never changes lies on its mean
        mean, average_range = statistics.mean(values), _mean_moving_range(values, screen)
        far = constants("spc")["xmr_limit"] * average_range
        near = constants("spc")["xmr_near_limit"] * average_range
        limits = Limits(mean, mean - far, mean + far, mean - near, mean + near)
        return (lambda row: limits), None

    return fit


def rate_fit(deviation: Callable[[float, float], float], ceiling: float, laney: bool) -> Fit:
    """Limits of p and u charts; `deviation(mean, total)` is the standard deviation by chance alone."""

    def fit(baseline: list[Row]) -> tuple[Limiter, float | None]:
        mean = sum(row[1] or 0 for row in baseline) / sum(row[2] or 0 for row in baseline)
        spread = _laney_spread(baseline, mean, deviation)
        factor = spread if laney and spread is not None else 1.0

        def limiter(row: Row) -> Limits:
            one = deviation(mean, row[2] or 1) * factor
            far, near = constants("spc")["sigma_limit"] * one, constants("spc")["sigma_near_limit"] * one
            return Limits(
                mean,
                max(0.0, mean - far),
                min(ceiling, mean + far),
                max(0.0, mean - near),
                min(ceiling, mean + near),
            )

        return limiter, spread

    return fit


def _laney_spread(rows: list[Row], mean: float, deviation: Callable[[float, float], float]) -> float | None:
    """Laney's sigma_z: 1 for chance alone, 2 for twice that; None where it cannot be known."""
    if len(rows) < 2 or deviation(mean, 1) == 0:
        return None
    scores = [((row[0] or 0) - mean) / deviation(mean, row[2] or 1) for row in rows]
    ranges = [abs(after - before) for before, after in zip(scores, scores[1:], strict=False)]
    return statistics.mean(ranges) / float(constants("spc")["d2"])


def baseline_rows(rows: list[Row], baseline: int | None) -> list[Row]:
    """The points the limits are made from: all of a segment, or those in its first `baseline` places."""
    chosen = observed(rows if baseline is None else rows[:baseline])
    if not chosen:
        raise BaselineWithoutValues(baseline or 0)
    return chosen


def _impossible(count: float | None, of: float | None, share: bool) -> bool:
    if (count or 0) < 0 or (of or 0) < 0:
        return True
    return bool(count) and of is not None and (of == 0 or (share and (count or 0) > of))


def rate_rows(events: Sequence[Figure], totals: Sequence[Figure], share: bool) -> list[Row]:
    """Counts and totals as rows; a total of zero or a missing figure makes a gap. `share`: events are among
    the total, so they cannot outnumber it."""
    if len(events) != len(totals):
        raise UnequalLengths(len(events), len(totals))
    rows: list[Row] = []
    for i, (happened, total) in enumerate(zip(events, totals, strict=True)):
        count, of = number(happened, i), number(total, i)
        if _impossible(count, of, share):
            raise NotACount(i + 1)
        rows.append((None, None, None) if count is None or not of else (count / of, count, of))
    return rows
