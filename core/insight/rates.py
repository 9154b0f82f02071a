"""Counts per hundred visits, before and after: for what one visit may bring several times.

A share would be wrong here, so the numbers of events are taken as Poisson counts. Score interval of one rate:
(x + z²/2 ± z·√(x + z²/4)) / exposure. Difference of two rates: the same way of joining two intervals as for
shares (Zou, Donner 2008, Statistics in Medicine 27:1693-1702).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.foundation.language import N_, number_text, translator
from core.insight.intervals import Difference, ImpossibleCount, NobodyCounted
from core.insight.reference import constants

PER = 100

TEXTS = {
    "clear_improvement": N_("Clear improvement: {facts}."),
    "clear_worsening": N_("Clear worsening: {facts}. Find the cause before the next change."),
    "clear_change": N_("Clear change: {facts}."),
    "not_clear": N_("No clear difference so far: {facts}."),
    "too_early": N_("Too early to tell: at least {minimum} visits are needed since the start, so far {n}."),
    "no_baseline": N_("No baseline: at least {minimum} visits must have been counted before, so far {n}."),
}


@dataclass(frozen=True)
class Rate:
    """Events per 100 visits with the 95 % interval, the events and the visits."""

    estimate: float
    low: float
    high: float
    events: int
    n: int


@dataclass(frozen=True)
class RateVerdict:
    """What may be said of a rate before and after; codes as those of `core.insight.comparisons.Verdict`, and
    "not_clear" where the interval holds zero.
    `difference` is in events per 100 visits, after minus before."""

    code: str
    before: Rate | None
    after: Rate | None
    difference: Difference | None
    minimum: int

    def text(self, language: str) -> str:
        """One plain sentence with both counts and the interval."""
        _ = translator(language)
        missing = self.after if self.code == "too_early" else self.before
        return _(
            TEXTS[self.code],
            facts=self._facts(language),
            minimum=self.minimum,
            n=number_text(missing.n, language) if missing else 0,
        )

    def _facts(self, language: str) -> str:
        if not (self.before and self.after and self.difference):
            return ""
        estimate, low, high = (
            number_text(each, language, "+0.0;-0.0")
            for each in (self.difference.estimate, self.difference.low, self.difference.high)
        )
        _ = translator(language)
        return _(
            "{before} before, {after} after, {estimate} per 100 visits (95% interval {low} to {high})",
            before=brief(self.before, language), after=brief(self.after, language),
            estimate=estimate, low=low, high=high,
        )  # fmt: skip


def brief(share: Rate, language: str) -> str:
    """A rate with its counts: "3.4 per 100 (34 in 1,000)"."""
    _ = translator(language)
    return _(
        "{rate} per 100 ({events} in {n})",
        rate=number_text(share.estimate, language, "0.0"),
        events=number_text(share.events, language),
        n=number_text(share.n, language),
    )


def rate(events: int, n: int) -> Rate:
    """`events` in `n` visits, per 100 visits, with the 95 % score interval. Refuses no visits and negative counts."""
    if events < 0 or n < 0:
        raise ImpossibleCount(events, n)
    if n == 0:
        raise NobodyCounted()
    z, unit = constants("comparisons")["z"], PER / n
    centre, half = events + z * z / 2, z * math.sqrt(events + z * z / 4)
    low = 0.0 if events == 0 else (centre - half) * unit
    return Rate(events * unit, low, (centre + half) * unit, events, n)


def rate_difference(a: Rate, b: Rate) -> Difference:
    """Rate a minus rate b, per 100 visits, with the 95 % interval."""
    apart = a.estimate - b.estimate
    below = math.hypot(a.estimate - a.low, b.high - b.estimate)
    above = math.hypot(a.high - a.estimate, b.estimate - b.low)
    return Difference(apart, apart - below, apart + above)


def rate_verdict(
    events_before: int, n_before: int, events_after: int, n_after: int, improves: str
) -> RateVerdict:
    """What may be said of a rate after against before; nothing from fewer than 30 visits on either side.

    `improves`: "increase", "decrease" or "neither" is welcome. Refuses negative counts.
    """
    least = int(constants("comparisons")["minimum"])
    before = rate(events_before, n_before) if n_before else None
    after = rate(events_after, n_after) if n_after else None
    apart = rate_difference(after, before) if before and after else None
    return RateVerdict(_conclusion(before, after, apart, improves, least), before, after, apart, least)


def _conclusion(
    before: Rate | None, after: Rate | None, apart: Difference | None, improves: str, least: int
) -> str:
    if before is None or before.n < least:
        return "no_baseline"
    if after is None or apart is None or after.n < least:
        return "too_early"
    if apart.low <= 0 <= apart.high:
        return "not_clear"
    if improves == "neither":
        return "clear_change"
    return "clear_improvement" if (apart.estimate > 0) == (improves == "increase") else "clear_worsening"
