"""The published fetal growth standards as objects: name, unit, range, and both ways through a curve.

Three kinds of curve are in use. "normal": mean and standard deviation. "lms of log weight": the LMS
transformation applied to ln(grams), not to grams. "normal, spread as a share of the median": Hadlock 1991.
Equations and sources: `data/reference/clinical/fetal_growth.json`; proof: docs/numbers.md.
All standards are for one fetus; none asks for its sex.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any

from core.clinical import reference
from core.clinical.dating import GestationalAge
from core.foundation.errors import Refusal
from core.foundation.language import N_

NAMES = {
    "HC": N_("Head circumference"),
    "BPD": N_("Biparietal diameter"),
    "OFD": N_("Occipito-frontal diameter"),
    "AC": N_("Abdominal circumference"),
    "FL": N_("Femur length"),
    "SFH": N_("Fundal height"),
    "EFW_2017": N_("Estimated weight (INTERGROWTH 2017)"),
    "EFW_HADLOCK_2020": N_("Estimated weight"),
    "EFW_HADLOCK_1991": N_("Estimated weight (Hadlock 1991)"),
    "CRL": N_("Crown-rump length"),
}
NOTES = {
    "BPD": N_("Callipers outer edge to outer edge; a value measured outer to inner is about 3% smaller."),
    "EFW_2017": N_("For weights calculated by INTERGROWTH from AC and HC only."),
    "EFW_HADLOCK_2020": N_("For weights calculated by Hadlock from HC, AC and FL only."),
    "EFW_HADLOCK_1991": N_(
        "For weights calculated by a Hadlock formula only. The publication gives three spreads."
    ),
}
NORMAL = NormalDist()


@dataclass(eq=False)
class UnknownMeasure(Refusal):
    """A measure that has no standard here."""

    measure: str
    message = N_("There is no growth standard for {measure}. Please choose one from the list.")


@dataclass(eq=False)
class OutsideStandard(Refusal):
    """A gestational age for which the standard was not published; nothing is extended beyond its ends."""

    measure: str
    week: str
    first: str
    last: str
    message = N_(
        "{measure} has a published standard from {first} to {last} weeks; this is {week}. "
        "Please check the date."
    )


@dataclass(eq=False)
class NotACentile(Refusal):
    """A centile that is not strictly between 0 and 100."""

    centile: float
    message = N_("A centile is above 0 and below 100; {centile} is not one.")


@dataclass(eq=False)
class CentileOutOfReach(Refusal):
    """A centile so extreme that the equation gives no positive value for it."""

    centile: float
    message = N_(
        "The standard gives no value for centile {centile}. Please ask for one nearer to the middle."
    )


@dataclass(frozen=True)
class Standard:
    """One published growth standard; days of gestation, both ends of the range included.

    `source` is the full citation, `label` its short form for a chart; `formula` is the weight formula the
    standard was made with.
    """

    measure: str
    unit: str
    first_day: int
    last_day: int
    source: str
    label: str
    formula: str | None
    equations: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The measure's name, a catalogue text."""
        return NAMES[self.measure]

    @property
    def note(self) -> str:
        """What must be known before a value is put on this standard, a catalogue text; "" if nothing."""
        return NOTES.get(self.measure, "")

    def covers(self, days: float) -> bool:
        """Whether the standard was published for this gestational age."""
        return self.first_day <= days <= self.last_day

    def value(self, days: float, z: float) -> float:
        """The value `z` standard deviations from the median, in the standard's unit.

        For absurd z it may be zero, negative or not a number; callers outside this room never see those.
        """
        at = self._at(days)
        if "lambda" not in self.equations:
            mean, spread = self._mean_and_spread(at)
            return mean + z * spread
        power, median, spread = self._lms(at)
        if abs(power) < NEARLY_ZERO:
            return math.exp(median * math.exp(spread * z))
        inside = 1 + power * spread * z
        return math.exp(median * inside ** (1 / power)) if inside > 0 else math.nan

    def z(self, days: float, value: float) -> float:
        """Standard deviations from the median for a value in the standard's unit."""
        at = self._at(days)
        if "lambda" not in self.equations:
            mean, spread = self._mean_and_spread(at)
            return (value - mean) / spread
        if value <= 1:
            raise reference.NotAMeasurement(value)
        power, median, spread = self._lms(at)
        share = math.log(value) / median
        if abs(power) < NEARLY_ZERO:
            return math.log(share) / spread
        return float((share**power - 1) / (spread * power))

    def _at(self, days: float) -> dict[str, float]:
        if not reference.real(days) or not math.isfinite(days):
            raise reference.NotAMeasurement(days)
        if not self.covers(days):
            raise OutsideStandard(self.name, _week(days), _week(self.first_day), _week(self.last_day))
        return {name: days / divisor for name, divisor in self.equations["variables"].items()}

    def _mean_and_spread(self, at: Mapping[str, float]) -> tuple[float, float]:
        mean = reference.solve(self.equations["mu"], at)
        if "share" in self.equations:
            return mean, mean * self.equations["share"]
        return mean, reference.solve(self.equations["sigma"], at)

    def _lms(self, at: Mapping[str, float]) -> tuple[float, float, float]:
        return (
            reference.solve(self.equations["lambda"], at),
            reference.solve(self.equations["mu"], at),
            reference.solve(self.equations["sigma"], at),
        )


# Below this power the LMS transformation is the logarithm to within rounding.
NEARLY_ZERO = 1e-8


@cache
def standards() -> dict[str, Standard]:
    """All growth standards by measure, in the order of the reference file."""
    return {
        measure: Standard(
            measure=measure,
            unit=entry["unit"],
            first_day=entry["days"][0],
            last_day=entry["days"][1],
            source=entry["source"],
            label=entry["label"],
            formula=entry.get("formula"),
            equations=entry,
        )
        for measure, entry in reference.read("fetal_growth")["standards"].items()
    }


def standard(measure: str) -> Standard:
    """The standard of one measure; refuses an unknown one (`UnknownMeasure`)."""
    try:
        return standards()[measure]
    except KeyError:
        raise UnknownMeasure(measure) from None


def _week(days: float) -> str:
    whole = math.floor(days)
    return str(GestationalAge(whole)) if whole >= 0 else f"{whole / 7:.1f}"
