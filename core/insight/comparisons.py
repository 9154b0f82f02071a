"""Before and after: what may be said, and what may not be said yet.

A verdict is never given from fewer than 30 in either group, and it is meant to be read once, at the
date planned: looking every week is the control chart's work, and a 95 % interval that is looked at
every week is wrong more often than it says. Everything a page needs for comparing is named here; the
arithmetic lies in `core.insight.intervals`. Formulas and house rules: docs/statistics.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.foundation.language import N_, number_text, translator
from core.insight.intervals import (
    Difference,
    NetPromoterScore,
    Proportion,
    difference,
    nps,
    proportion,
    sample_size,
    suppressed,
    z_of_power,
)
from core.insight.reference import constants
from core.insight.spc.signals import IMPROVES

__all__ = [
    "Difference", "NetPromoterScore", "Proportion", "Verdict",
    "difference", "nps", "proportion", "sample_size", "suppressed", "verdict",
]  # fmt: skip

TEXTS = {
    "clear_improvement": N_("Clear improvement: {facts}."),
    "clear_worsening": N_("Clear worsening: {facts}. Find the cause before the next change."),
    "clear_change": N_("Clear change: {facts}."),
    "no_clear_change": N_(
        "No clear change: {facts}. Enough were counted to see a change of {points} points."
    ),
    "too_early": N_(
        "Too early to tell: about {more} more needed to see a change of {points} points. {counted}"
    ),
    "no_baseline": N_(
        "No baseline: at least {minimum} must have been counted before, there are {n_before}. {counted}"
    ),
}
# What is said instead where the baseline itself is too small, which no number of people after it can mend.
WEAK_BASELINE = {
    "no_clear_change": N_(
        "No clear change: {facts}. The baseline of {n_before} is too small to see a change of {points} "
        "points."
    ),
    "too_early": N_(
        "Too early to tell: about {more} more needed, and the baseline of {n_before} is small for seeing "
        "a change of {points} points. {counted}"
    ),
}


@dataclass(frozen=True)
class Verdict:
    """What may be said of a share before and after.

    `code`: "clear_improvement", "clear_worsening", "clear_change" (no direction is welcome),
    "no_clear_change", "too_early" or "no_baseline". `more`: how many more are needed after, rounded up to two
    digits. `minimum`: the least number in either group. `worthwhile`: the change that was looked for
    (0 to 1). `weak_baseline`: that change may stay unseen however many are counted after.
    `difference`: after minus before.
    """

    code: str
    before: Proportion | None
    after: Proportion | None
    difference: Difference | None
    more: int
    minimum: int
    worthwhile: float
    weak_baseline: bool = False

    @property
    def parameters(self) -> dict[str, int | float]:
        """The figures behind the sentence; shares from 0 to 1."""
        known: dict[str, int | float] = {"more": self.more, "minimum": self.minimum}
        known["worthwhile"] = self.worthwhile
        for name, share in (("before", self.before), ("after", self.after)):
            known |= {f"events_{name}": share.events, f"n_{name}": share.n} if share else {f"n_{name}": 0}
        if self.difference:
            apart = self.difference
            known |= {"estimate": apart.estimate, "low": apart.low, "high": apart.high}
        return known

    def text(self, language: str) -> str:
        """The verdict as one or two plain sentences with numerator, denominator and interval."""
        _ = translator(language)
        return _(
            (WEAK_BASELINE if self.weak_baseline else TEXTS)[self.code],
            facts=self._facts(language),
            counted=self._counted(language),
            more=number_text(self.more, language),
            minimum=number_text(self.minimum, language),
            n_before=number_text(self.before.n if self.before else 0, language),
            points=number_text(100 * self.worthwhile, language, "0.#"),
        )

    def _facts(self, language: str) -> str:
        if not (self.before and self.after and self.difference):
            return ""
        _ = translator(language)
        signed = [
            number_text(100 * each, language, "+0.0;-0.0")
            for each in (self.difference.estimate, self.difference.low, self.difference.high)
        ]
        return _(
            "{before} before, {after} after, {points} percentage points (95% interval {low} to {high})",
            before=_brief(self.before, language), after=_brief(self.after, language),
            points=signed[0], low=signed[1], high=signed[2],
        )  # fmt: skip

    def _counted(self, language: str) -> str:
        _ = translator(language)
        if self.after is None:
            return _("Nobody has been counted since the start.")
        after = _brief(self.after, language)
        if self.before is None:
            return _("Since the start: {after}.", after=after)
        before = _brief(self.before, language)
        return _("Before: {before}; since the start: {after}.", before=before, after=after)


def _brief(share: Proportion, language: str) -> str:
    _ = translator(language)
    return _(
        "{percent}% ({events} of {n})",
        percent=number_text(100 * share.estimate, language, "0.0"),
        events=number_text(share.events, language), n=number_text(share.n, language),
    )  # fmt: skip


def verdict(
    events_before: int | None,
    n_before: int | None,
    events_after: int | None,
    n_after: int | None,
    improves: str = "increase",
    minimum: int | None = None,
    worthwhile: float | None = None,
) -> Verdict:
    """What may be said of `events_after` of `n_after` against `events_before` of `n_before`.

    `improves`: "increase", "decrease" or "neither" is welcome. `minimum`: least number in either group,
    30 unless given. `worthwhile`: the smallest change worth seeing (0 to 1), 10 points unless given,
    and never more than half of the room that is left. None counts as zero. In this order: no baseline
    below the minimum; too early below the minimum; clear when the interval leaves out zero; else too early
    while more people could show the worthwhile change with 80 % power; else no clear change. Where the
    baseline is too small for that power, the number is that of two equal groups. Refuses impossible counts.
    """
    if improves not in IMPROVES:
        raise ValueError(f"improves must be one of {IMPROVES}, not {improves!r}")
    least = constants("comparisons")["minimum"] if minimum is None else minimum
    before = proportion(events_before or 0, n_before or 0) if n_before or events_before else None
    after = proportion(events_after or 0, n_after or 0) if n_after or events_after else None
    wanted = worthwhile_change(before.estimate, improves, worthwhile) if before else 0.0
    apart = difference(after.events, after.n, before.events, before.n) if before and after else None
    code, more, weak = _conclusion(before, after, apart, improves, least, wanted)
    return Verdict(code, before, after, apart, _about(more), least, abs(wanted), weak)


def _conclusion(
    before: Proportion | None,
    after: Proportion | None,
    apart: Difference | None,
    improves: str,
    least: int,
    wanted: float,
) -> tuple[str, int, bool]:
    """The code, how many more people are needed, and whether the baseline is too small."""
    if before is None or before.n < least:
        return "no_baseline", 0, False
    seen = after.n if after else 0
    if apart and (apart.low > 0 or apart.high < 0):
        if seen < least:
            return "too_early", least - seen, False
        return _clear(apart.estimate > 0, improves), 0, False
    needed = people_needed(before, wanted)
    weak = needed is None
    if needed is None:
        needed = sample_size(before.estimate, before.estimate + wanted)
    more = max(needed, least) - seen
    return ("too_early", more, weak) if more > 0 else ("no_clear_change", 0, weak)


def _clear(higher: bool, improves: str) -> str:
    if improves == "neither":
        return "clear_change"
    return "clear_improvement" if higher == (improves == "increase") else "clear_worsening"


def worthwhile_change(share: float, improves: str, given: float | None = None) -> float:
    """The signed change looked for: 10 points (or `given`), at most half of the room left in that direction.

    A complication rate of 6 % cannot fall by ten points; three points, half of it, are worth seeing.
    A share that cannot get any better can only be watched for getting worse.
    """
    known = constants("comparisons")
    upwards = share < 0.5 if improves == "neither" else improves == "increase"
    if share in (0, 1):
        upwards = share == 0
    room = 1 - share if upwards else share
    size: float = min(known["worthwhile"] if given is None else given, known["room_share"] * room)
    return size if upwards else -size


def people_needed(before: Proportion, wanted: float) -> int | None:
    """People needed after, the baseline being what it is, to show the change `wanted` with 80 % power.

    None where the baseline alone is too uncertain. Unpooled normal
    approximation: n = q(1-q) / ((w/(z+z_power))² - p(1-p)/n_before), q = p + w.
    """
    reach: float = (wanted / (constants("comparisons")["z"] + z_of_power())) ** 2
    left = reach - before.estimate * (1 - before.estimate) / before.n
    target = before.estimate + wanted
    return math.ceil(target * (1 - target) / left) if left > 0 else None


def _about(number: int) -> int:
    """Rounded up to two digits: 1,234 more people are "about 1,300"."""
    step: int = 10 ** max(len(str(number)) - 2, 0)
    return math.ceil(number / step) * step
