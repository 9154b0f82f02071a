"""Questions about an entry: the wrong unit, the wrong week, a slip of the finger.

Nothing is refused or corrected here. A measurement far from the usual may be true, and then it is the
clinician who should see it first; so every doubt is a question to the person who typed.
The limits are our own rules, in `data/reference/clinical/plausibility.json`; the curves are the published
ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.clinical import reference
from core.clinical.dating import GestationalAge
from core.clinical.growth_standards import Standard, standard
from core.foundation.language import N_, translator
from core.foundation.open_types import Raw

UNIT = N_("{measure}: {value} {unit} would be unusual in week {week}. Is {suggested} {unit} meant?")
RANGE = N_(
    "{measure} has its curve from {first} to {last} weeks, and this says {week}. Are the date and "
    "the measure right?"
)
WEEK = N_(
    "{measure} {value} {unit} is usual in week {fits}, and this says week {week}. Are the date and "
    "the number right?"
)
ALL_WEEK = N_(
    "These measurements fit week {fits}, and this says week {week}. Are the date and the due date right?"
)
VALUE = N_("{measure} {value} {unit} is far from what is usual in week {week}. Is the number right?")


@dataclass(frozen=True)
class Doubt:
    """One question. `code`: "unit", "week", "range" or "value"; `measure`: its subject, "" for all."""

    code: str
    measure: str
    message: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The question in `language` ("zh" or "en")."""
        _ = translator(language)
        known = {k: _(v) if isinstance(v, str) and v else v for k, v in self.parameters.items()}
        return _(self.message, **known)


def doubts(measures: Mapping[str, float], days: float) -> list[Doubt]:
    """Questions about `measures` (measure → value in its standard's unit), entered for an age in days.

    Asks about a value that fits only in another unit (mm typed as cm, g as kg), about measurements that agree
    with each other on another week, about a measure whose standard does not reach this week, and about a
    number far from usual (beyond 3 standard deviations). An empty list means nothing to ask, not that all
    is well. Refuses what is no measurement (`NotAMeasurement`) and an unknown measure.
    """
    if not reference.real(days) or not math.isfinite(days):
        raise reference.NotAMeasurement(days)
    values = {name: reference.measured(value) for name, value in measures.items()}
    week = _wrong_week(values, days)
    if week:
        # One question answers for all lengths; what is left is of another kind, a weight for instance.
        explained = reference.read("plausibility")["wrong_week"]["biometry"]
        rest = {name: value for name, value in values.items() if name not in explained}
        return [week, *_each(rest, days)]
    return _each(values, days)


def usual_age(measure: str, value: float) -> float | None:
    """The gestational age in days at which `value` is the median of the standard; `None` outside its curve.

    For questions about an entry only: to date a pregnancy use `dating`.
    """
    curve = standard(measure)
    low, high = float(curve.first_day), float(curve.last_day)
    if not curve.value(low, 0) <= value <= curve.value(high, 0):
        return None
    while high - low > 0.01:
        middle = (low + high) / 2
        if curve.value(middle, 0) < value:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _each(values: Mapping[str, float], days: float) -> list[Doubt]:
    return [doubt for name, value in values.items() if (doubt := _single(standard(name), days, value))]


def _single(curve: Standard, days: float, value: float) -> Doubt | None:
    facts: Raw = {"measure": curve.name, "week": _week(days)}
    if not curve.covers(days):
        facts |= {"first": _week(curve.first_day), "last": _week(curve.last_day)}
        return Doubt("range", curve.measure, RANGE, facts)
    if _usual(curve, days, value):
        return None
    facts |= {"value": _plain(value), "unit": curve.unit}
    for factor in reference.read("plausibility")["unit_factors"][curve.unit]:
        if _usual(curve, days, value * factor):
            return Doubt("unit", curve.measure, UNIT, facts | {"suggested": _plain(value * factor)})
    age = usual_age(curve.measure, value)
    if age is None:
        return Doubt("value", curve.measure, VALUE, facts)
    return Doubt("week", curve.measure, WEEK, facts | {"fits": _week(age)})


def _usual(curve: Standard, days: float, value: float) -> bool:
    # A weight of a gram or less has no place on a curve of log weight; it is unusual, not an error.
    if curve.unit == "g" and value <= 1:
        return False
    return abs(curve.z(days, value)) <= float(reference.read("plausibility")["unusual_z"])


def _wrong_week(values: Mapping[str, float], days: float) -> Doubt | None:
    rules = reference.read("plausibility")["wrong_week"]
    ages = [usual_age(name, value) for name, value in values.items() if name in rules["biometry"]]
    known = [age for age in ages if age is not None]
    # One length alone cannot tell a wrong week from a wrong number; its own question asks about both.
    if len(known) < 2 or len(known) < len(ages):
        return None
    mean = sum(known) / len(known)
    disagree = max(known) - min(known) > rules["agree_within_days"]
    if disagree or abs(mean - days) < rules["differs_at_least_days"]:
        return None
    return Doubt("week", "", ALL_WEEK, {"fits": _week(mean), "week": _week(days)})


def _week(days: float) -> str:
    return str(GestationalAge(math.floor(days + 0.5)))


def _plain(value: float) -> str:
    return f"{value:.4g}" if value < 1000 else f"{value:.0f}"
