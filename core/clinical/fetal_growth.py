"""Fetal growth: where a measurement lies among others of the same gestational age. A number, never a verdict.

This is the door to the standards; how they are stored and solved is in `growth_standards`, weights are in
`fetal_weight`, questions about an entry in `plausibility`, drawings in `growth_chart`.

| measure | unit | weeks | source |
| --- | --- | --- | --- |
| HC, BPD, OFD, AC, FL | mm | 14+0 to 40+0 | Papageorghiou 2014, Lancet, doi:10.1016/S0140-6736(14)61490-2 |
| SFH | cm, as published | 16+0 to 42+0 | Papageorghiou 2016, BMJ, doi:10.1136/bmj.i5662 |
| EFW_2017 | g | 22+0 to 40+0 | Stirnemann 2017, UOG, doi:10.1002/uog.17347 |
| EFW_HADLOCK_2020 | g | 18+0 to 41+0 | Stirnemann 2020, UOG, doi:10.1002/uog.22000 |
| EFW_HADLOCK_1991 | g | 10+0 to 40+0 | Hadlock 1991, Radiology, doi:10.1148/radiology.181.1.1887021 |
| CRL | mm | 8+2 to 15+0 | Papageorghiou 2014, UOG, doi:10.1002/uog.13448 |
"""

from __future__ import annotations

import math

from core.clinical import reference
from core.clinical.fetal_weight import estimated_weight, estimated_weight_by, formulas
from core.clinical.growth_standards import (
    NAMES,
    NORMAL,
    CentileOutOfReach,
    NotACentile,
    OutsideStandard,
    Standard,
    UnknownMeasure,
    standard,
    standards,
)
from core.clinical.plausibility import Doubt, doubts
from core.clinical.reference import NotAMeasurement
from core.foundation.language import N_, translator

__all__ = [
    "MEASURES", "NAMES", "CentileOutOfReach", "Doubt", "NotACentile", "NotAMeasurement", "OutsideStandard",
    "Standard", "UnknownMeasure", "centile_of", "centile_text", "doubts", "estimated_weight",
    "estimated_weight_by", "formulas", "standard", "standards", "value_at", "z_score",
]  # fmt: skip

MEASURES = tuple(NAMES)


def value_at(measure: str, days: float, centile: float) -> float:
    """The value at a centile (above 0, below 100) for a gestational age in days, in the standard's own unit.

    mm for lengths, g for weights, cm for SFH (its published unit). Sources and ranges: the table above.
    Refuses an age outside the published range (`OutsideStandard`), a centile outside (0, 100)
    (`NotACentile`) and one the equation cannot reach (`CentileOutOfReach`). Not rounded.
    """
    curve = standard(measure)
    if not reference.real(centile) or not 0 < centile < 100:
        raise NotACentile(centile)
    share = float(centile) / 100
    if share == 0:
        raise CentileOutOfReach(centile)
    value = curve.value(days, NORMAL.inv_cdf(share))
    # "not >" also catches not-a-number, which the log-weight curves give far out in the tails.
    if not value > 0:
        raise CentileOutOfReach(centile)
    return value


def z_score(measure: str, days: float, value: float) -> float:
    """Standard deviations from the median, for a value in the standard's unit (mm, g; SFH cm), age in days.

    Sources and ranges: the table above. Refuses an age outside the range, and a value that is not a finite
    number above zero (`NotAMeasurement`; for weights also 1 g or less, where the published transformation
    has no meaning).
    """
    curve = standard(measure)
    return curve.z(days, reference.measured(value))


def centile_of(measure: str, days: float, value: float) -> float:
    """The centile, 0 to 100, of a value in the standard's unit (mm, g; SFH cm) at a gestational age in days.

    Sources, ranges and refusals as `z_score`. Far out in the tails the result rounds to 0 or 100:
    show it with `centile_text`, which never does.
    """
    return 50 * math.erfc(-z_score(measure, days, value) / math.sqrt(2))


def centile_text(centile: float, language: str) -> str:
    """A centile as people read it: "centile 48"; beyond the ends "below centile 1", "above centile 99"."""
    _ = translator(language)
    if centile < 1:
        return _(N_("below centile 1"))
    if centile > 99:
        return _(N_("above centile 99"))
    return _(N_("centile {n}"), n=math.floor(centile + 0.5))
