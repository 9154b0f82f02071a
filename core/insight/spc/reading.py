"""Control charts: is this week different, or only this week's luck?

XmR, p and u charts with the rules of NHSRplotthedots 0.2.2, and the run chart with Anhøj's rules.
The steps are small and pure: segments → limits → detection (`core.insight.spc.signals`) → judgement.
Formulas, sources and the few deviations: docs/statistics.md. Constants: data/reference/insight/spc.json.

A week without a value (None, not-a-number, or a total of zero) is no point: it keeps its place in
`points`, is left out of every calculation, and never counts as a signal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.insight.reference import constants
from core.insight.spc.limits import (
    BaselineTooShort,
    Figure,
    Fit,
    Limiter,
    NothingToChart,
    RebaseOutside,
    Row,
    baseline_rows,
    number,
    observed,
    rate_fit,
    rate_rows,
    values_of,
    xmr_fit,
)
from core.insight.spc.runs import RunChart, run_chart
from core.insight.spc.signals import IMPROVES, Limits, detect, directions, judge, leading

__all__ = ["ControlChart", "Point", "RunChart", "p_chart", "run_chart", "u_chart", "xmr"]


@dataclass(frozen=True)
class Point:
    """One place on the chart. `value` is None for a week without a value.

    `signals`: what happened ("outside", "trend", "two_of_three", "shift"), empty for nothing.
    `judgement`: what it means ("improvement", "concern", "neutral", "common_cause").
    `direction`: "high", "low" or "". `segment`: counts up where limits start again.
    `events`, `total`: numerator and denominator of p and u charts.
    """

    value: float | None
    limits: Limits | None = None
    signals: frozenset[str] = frozenset()
    direction: str = ""
    judgement: str = "common_cause"
    segment: int = 0
    events: float | None = None
    total: float | None = None

    @property
    def rule(self) -> str:
        """The rule that speaks for the point, "" for none."""
        return leading(self.signals)


@dataclass(frozen=True)
class ControlChart:
    """A chart ready to draw or to put into words. All figures are in the unit of the measure.

    `mean … near_upper` are those of the last observed point (limits of p and u charts differ
    from point to point: read `points[i].limits`); they are all equal while no spread was seen.
    `trial`: fewer than 13 points since the limits last started. `fixed`: limits come from a baseline
    that ends before the last point. `spread`: Laney's sigma_z of p and u charts, else None.
    """

    kind: str
    points: tuple[Point, ...]
    improves: str
    target: float | None
    trial: bool
    fixed: bool
    spread: float | None = None

    @property
    def last(self) -> Point:
        """The last observed point."""
        return next(point for point in reversed(self.points) if point.value is not None)

    @property
    def limits(self) -> Limits:
        """Those in force at the last observed point."""
        limits = self.last.limits
        assert limits is not None  # every observed point is given limits
        return limits

    @property
    def variation(self) -> str:
        """The judgement of the last observed point."""
        return self.last.judgement

    @property
    def assurance(self) -> str:
        """Will the target be met as things are? "pass" or "fail" when all normal variation lies on one
        side of it, "inconsistent" when it can go either way, "none" without target, direction or spread."""
        current = self.last.segment
        seen = sum(point.segment == current and point.value is not None for point in self.points)
        if self.target is None or self.improves == "neither" or seen < 2:
            return "none"
        if self.target > self.limits.upper:
            return "fail" if self.improves == "increase" else "pass"
        if self.target < self.limits.lower:
            return "pass" if self.improves == "increase" else "fail"
        return "inconsistent"


def _segments(length: int, rebase_at: Sequence[int]) -> list[range]:
    for at in rebase_at:
        if not 0 <= at < length:
            raise RebaseOutside(at, length)
    # the same place given twice, or place 0, starts nothing new
    edges = sorted({0, *rebase_at}) + [length]
    return [range(start, end) for start, end in zip(edges, edges[1:], strict=False)]


def _segment_points(rows: list[Row], segment: int, limiter: Limiter, improves: str) -> list[Point]:
    seen = observed(rows)
    limits, values = [limiter(row) for row in seen], values_of(seen)
    found = detect(values, limits)
    ways = directions(values, limits, found)
    ready = iter(
        Point(value, each, signals, way, judge(way, improves), segment, events, total)
        for (value, events, total), each, signals, way in zip(seen, limits, found, ways, strict=True)
    )
    return [next(ready) if row[0] is not None else Point(None, segment=segment) for row in rows]


def _chart(
    kind: str,
    rows: list[Row],
    fit: Fit,
    improves: str,
    target: float | None,
    baseline: int | None,
    rebase_at: Sequence[int],
) -> ControlChart:
    """Segments → limits → detection → judgement, for every kind of chart."""
    if improves not in IMPROVES:
        raise ValueError(f"improves must be one of {IMPROVES}, not {improves!r}")
    if not observed(rows):
        raise NothingToChart()
    least = constants("spc")["baseline_least"]
    if baseline is not None and baseline < least:
        raise BaselineTooShort(baseline, least)
    chart = ControlChart(kind, (), improves, target, trial=True, fixed=False)
    for segment, places in enumerate(_segments(len(rows), rebase_at)):
        mine = [rows[i] for i in places]
        if not observed(mine):
            chart = replace(chart, points=chart.points + tuple(Point(None, segment=segment) for _ in mine))
            continue
        limiter, spread = fit(baseline_rows(mine, baseline))
        chart = replace(
            chart,
            points=chart.points + tuple(_segment_points(mine, segment, limiter, improves)),
            trial=len(observed(mine)) < constants("spc")["trial_below"],
            fixed=baseline is not None and baseline < len(mine),
            spread=spread,
        )
    return chart


def xmr(
    values: Sequence[Figure],
    improves: str = "increase",
    target: float | None = None,
    screen: bool = True,
    baseline: int | None = None,
    rebase_at: Sequence[int] = (),
) -> ControlChart:
    """The chart of single values: one number per week, in any unit.

    `improves`: the direction that is welcome: "increase", "decrease" or "neither". `screen`: leave extreme
    jumps out of the spread. `baseline=12` fixes the limits on the first twelve places of each
    segment. `rebase_at`: places (from 0) at which new limits begin.
    Refuses: nothing to chart; text or infinity; a baseline below 12 or without values; a new start outside
    the chart. Source: NHSRplotthedots 0.2.2.
    """
    rows: list[Row] = [(number(value, i), None, None) for i, value in enumerate(values)]
    return _chart("xmr", rows, xmr_fit(screen), improves, target, baseline, rebase_at)


def p_chart(
    events: Sequence[Figure],
    totals: Sequence[Figure],
    improves: str = "neither",
    target: float | None = None,
    baseline: int | None = None,
    rebase_at: Sequence[int] = (),
    laney: bool = False,
) -> ControlChart:
    """The chart of shares (0 to 1): `events` of `totals` each week; limits widen where a total is small.

    A week with a total of zero is a gap. `laney=True` widens the limits by `spread`, for large totals
    whose weeks differ more than chance. Refuses what `xmr` refuses, negative counts, events without a total,
    more events than the total, and lists of unequal length.
    Source: Montgomery, Introduction to Statistical Quality Control; Laney 2002.
    """
    fit = rate_fit(lambda mean, total: math.sqrt(mean * (1 - mean) / total), 1.0, laney)
    return _chart("p", rate_rows(events, totals, True), fit, improves, target, baseline, rebase_at)


def u_chart(
    events: Sequence[Figure],
    exposures: Sequence[Figure],
    improves: str = "neither",
    target: float | None = None,
    baseline: int | None = None,
    rebase_at: Sequence[int] = (),
    laney: bool = False,
) -> ControlChart:
    """The chart of rates: `events` per unit of `exposures` (complaints per encounter, say); one
    exposure may bear several events. Everything else as for `p_chart`."""
    fit = rate_fit(lambda mean, total: math.sqrt(mean / total), math.inf, laney)
    return _chart("u", rate_rows(events, exposures, False), fit, improves, target, baseline, rebase_at)
