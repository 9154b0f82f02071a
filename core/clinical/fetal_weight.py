"""Estimated fetal weight from ultrasound lengths.

Formulas are named by what they need: "Hadlock 1 to 4" is numbered differently by different machines.
A weight belongs on the standard that was made with its formula (`growth_standards.Standard.formula`);
putting it on another moves the centile, so the formula is stored with each result.
Equations and sources: `data/reference/clinical/fetal_weight.json`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.clinical import reference
from core.clinical.growth_standards import NAMES
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw

DEFAULT_FORMULA = "HADLOCK_HC_AC_FL"


@dataclass(eq=False)
class LengthNotPossible(Refusal):
    """A length that cannot be millimetres of a fetus from 14 weeks on."""

    measure: str
    mm: float
    lowest: float
    highest: float
    message = N_(
        "{measure}: {mm} mm is not possible ({lowest} to {highest} mm). Was it typed in cm? "
        "Please enter millimetres."
    )


@dataclass(eq=False)
class LengthMissing(Refusal):
    """The formula needs a length that was not given."""

    measure: str
    message = N_("{measure} is needed for this weight formula. Please enter it, or choose another formula.")


@dataclass(eq=False)
class UnknownFormula(Refusal):
    """A weight formula that is not in the reference file."""

    formula: str
    message = N_("There is no weight formula {formula}. Please choose one from the list.")


def estimated_weight(hc_mm: float, ac_mm: float, fl_mm: float) -> float:
    """Estimated fetal weight in grams from head, abdomen and femur in mm (Hadlock HC-AC-FL).

    Hadlock and others, Am J Obstet Gynecol 1985;151:333-337, doi:10.1016/0002-9378(85)90298-4. Refuses
    lengths that cannot be millimetres (HC 50-500, AC 50-600, FL 9-120): centimetres would give a few
    grams, silently. Belongs on the standard EFW_HADLOCK_2020.
    """
    return estimated_weight_by(DEFAULT_FORMULA, HC=hc_mm, AC=ac_mm, FL=fl_mm)


def estimated_weight_by(formula: str, **lengths_mm: float) -> float:
    """Estimated fetal weight in grams by a named formula from lengths in mm (`BPD=`, `HC=`, `AC=`, `FL=`).

    Sources per formula in the reference file (Hadlock 1984 and 1985, Stirnemann 2017). Lengths the formula
    does not need are ignored; a missing one, an impossible one or an unknown formula is refused.
    """
    entry = _formula(formula)
    unit = entry["length_unit_mm"]
    lengths = {name: _length(name, lengths_mm) / unit for name in entry["needs"]}
    logarithm = reference.sum_of_terms(entry["terms"], lengths)
    return math.exp(logarithm) if entry["logarithm"] == "natural" else 10.0**logarithm


def formulas() -> list[str]:
    """The names of all weight formulas."""
    return list(reference.read("fetal_weight")["formulas"])


def _formula(name: str) -> Raw:
    try:
        found: Raw = reference.read("fetal_weight")["formulas"][name]
    except KeyError:
        raise UnknownFormula(name) from None
    return found


def _length(name: str, lengths_mm: dict[str, float]) -> float:
    if name not in lengths_mm:
        raise LengthMissing(NAMES[name])
    mm = reference.measured(lengths_mm[name])
    lowest, highest = reference.read("fetal_weight")["limits_mm"][name]
    if not lowest <= mm <= highest:
        raise LengthNotPossible(NAMES[name], mm, lowest, highest)
    return mm
