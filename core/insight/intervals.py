"""Shares, differences and scores, each with its uncertainty, and how many people a comparison needs.

Wilson and Newcombe intervals are a line of arithmetic each and are stated here directly: importing
statsmodels costs 1.5 s and 160 MB. The tests compare with it. Formulas, sources and house rules:
docs/statistics.md, data/reference/insight/comparisons.json.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from core.foundation.errors import Refusal
from core.foundation.language import N_, number_text, percent_text, translator
from core.insight.reference import constants


@dataclass(eq=False)
class NobodyCounted(Refusal):
    message = N_("Nobody has been counted yet, so there is no share to show.")


@dataclass(eq=False)
class ImpossibleCount(Refusal):
    events: float
    n: float
    message = N_("{events} of {n} cannot be: give whole numbers, the first no larger than the second.")


@dataclass(eq=False)
class NoDifferenceToFind(Refusal):
    message = N_(
        "Two equal shares cannot be told apart with any number of people. Enter the change you hope for."
    )


@dataclass(eq=False)
class ImpossibleShare(Refusal):
    given: float
    message = N_("{given} is no share: enter a figure between 0 and 1.")


@dataclass(eq=False)
class ImpossibleScore(Refusal):
    given: str
    message = N_("{given} is no answer to a 0 to 10 question. Correct it or leave it out.")


@dataclass(frozen=True)
class Proportion:
    """A share (0 to 1) with its 95 % interval, numerator and denominator."""

    estimate: float
    low: float
    high: float
    events: int
    n: int

    def text(self, language: str, public: bool = False) -> str:
        """The share with numerator, denominator and interval; `public=True` hides counts below 5."""
        _ = translator(language)
        if public and suppressed(self.events, self.n):
            return _("hidden: fewer than {least} people", least=constants("comparisons")["suppressed_below"])
        return _(
            "{share} ({events} of {n}; 95% interval {low} to {high})",
            share=percent_text(self.estimate, language),
            events=number_text(self.events, language), n=number_text(self.n, language),
            low=percent_text(self.low, language), high=percent_text(self.high, language),
        )  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Share a minus share b (-1 to 1) with its 95 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class NetPromoterScore:
    """Per cent promoters minus per cent detractors (-100 to 100) with its 95 % interval."""

    estimate: float
    low: float
    high: float
    n: int
    promoters: int
    detractors: int


def _counted(events: float, n: float) -> tuple[int, int]:
    if n == 0 and events == 0:
        raise NobodyCounted()
    # the range first: it also catches not-a-number, which int() would not survive
    if not 0 <= events <= n or math.isinf(n) or int(events) != events or int(n) != n:
        raise ImpossibleCount(events, n)
    return int(events), int(n)


def proportion(events: int, n: int) -> Proportion:
    """`events` of `n` as a share with Wilson's 95 % score interval; sensible at 0 and at n.

    Refuses: nobody counted, negative or fractional counts, more events than people.
    Source: Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857-872 (method 3).
    """
    events, n = _counted(events, n)
    z, share = constants("comparisons")["z"], events / n
    stretch = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / stretch
    half = z / stretch * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # the bounds meet 0 and 1 exactly where nobody or everybody is counted; rounding would miss them by 1e-17
    low = 0.0 if events == 0 else centre - half
    high = 1.0 if events == n else centre + half
    return Proportion(share, low, high, events, n)


def difference(events_a: int, n_a: int, events_b: int, n_b: int) -> Difference:
    """Share a minus share b of two independent groups, Newcombe's hybrid score interval (95 %).

    Refuses what `proportion` refuses. Source: Newcombe 1998, Statistics in Medicine 17:873-890 (method 10).
    """
    a, b = proportion(events_a, n_a), proportion(events_b, n_b)
    apart = a.estimate - b.estimate
    below = math.hypot(a.estimate - a.low, b.high - b.estimate)
    above = math.hypot(a.high - a.estimate, b.estimate - b.low)
    return Difference(apart, apart - below, apart + above)


def _share(given: float) -> float:
    if not 0 <= given <= 1:
        raise ImpossibleShare(given)
    return given


def z_of_power(power: float | None = None) -> float:
    """The normal quantile of a power (0.8 unless given): how far the truth must lie from the border."""
    chance = constants("comparisons")["power"] if power is None else power
    if not 0 < chance < 1:
        raise ImpossibleShare(chance)
    return NormalDist().inv_cdf(chance)


def sample_size(p_a: float, p_b: float, power: float | None = None) -> int:
    """People per group to tell share `p_a` from `p_b` (0 to 1): two-sided 5 % test, `power` 0.8 unless given.

    Normal approximation, pooled variance under no difference, no continuity correction, rounded up.
    Refuses equal shares, shares outside 0 to 1, a power of 0 or 1. Source: Fleiss, Levin, Paik 2003, ch. 4.
    """
    z_power = z_of_power(power)
    if _share(p_a) == _share(p_b):
        raise NoDifferenceToFind()
    middle = (p_a + p_b) / 2
    by_chance: float = constants("comparisons")["z"] * math.sqrt(2 * middle * (1 - middle))
    real = z_power * math.sqrt(p_a * (1 - p_a) + p_b * (1 - p_b))
    return math.ceil(((by_chance + real) / (p_a - p_b)) ** 2)


def _answers(scores: Sequence[float | str | None]) -> list[int]:
    given = [score for score in scores if score is not None and score == score]
    for score in given:
        if isinstance(score, str) or not 0 <= score <= 10 or int(score) != score:
            raise ImpossibleScore(str(score))
    return [int(score) for score in given]


def nps(scores: Sequence[float | str | None]) -> NetPromoterScore:
    """The net promoter score of answers 0 to 10 (blanks are left out), in points, with a 95 % interval.

    Interval: estimate ± z·sd/√n; below 30 answers, or where all belong to one group (sd 0, which
    would claim certainty), the adjusted Wald interval. Refuses no answers and answers off the scale.
    Source: Reichheld 2003; Rocks 2016, The American Statistician 70(4):365-372.
    """
    answers, known = _answers(scores), constants("comparisons")
    if not answers:
        raise NobodyCounted()
    n = len(answers)
    promoters = sum(score >= known["promoter_from"] for score in answers)
    detractors = sum(score <= known["detractor_to"] for score in answers)
    estimate = (promoters - detractors) / n
    centre, half = _net_interval(promoters, detractors, n)
    if n < known["nps_small"] or half == 0:
        each = known["nps_added_each"]
        centre, half = _net_interval(promoters + each, detractors + each, n + known["nps_added_total"])
    low, high = max(-1.0, centre - half), min(1.0, centre + half)
    return NetPromoterScore(100 * estimate, 100 * low, 100 * high, n, promoters, detractors)


def _net_interval(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    net = (promoters - detractors) / n
    variance = max((promoters + detractors) / n - net * net, 0.0)
    return net, constants("comparisons")["z"] * math.sqrt(variance / n)


def suppressed(events: int, n: int | None = None) -> bool:
    """Whether a count must be hidden where a person could be recognised: 1 to 4, on either side of the share.

    Zero recognises nobody. With `n`, the remainder is looked at as well ("all but two" names two people).
    """
    least: int = constants("comparisons")["suppressed_below"]
    rest = 0 if n is None else n - events
    if events < 0 or rest < 0:
        raise ImpossibleCount(events, n or 0)
    return 0 < events < least or 0 < rest < least
