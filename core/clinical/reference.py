"""Where the published numbers come from, `data/reference/clinical/*.json`, and how an equation is solved.

Constants live in those files, each beside its source, never in code. An equation is a list of
terms, and a term is plain data: `{"c": -0.397485, "w": 2, "ln w": 1}` means −0.397485 · w² · ln(w).
Nothing is ever evaluated as code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw, Value
from core.foundation.reference import reference


@dataclass(eq=False)
class NotAMeasurement(Refusal):
    """A number that is missing, infinite, zero or negative where a measured one is needed."""

    value: float
    message = N_("{value} cannot be a measurement. Please enter a number above zero.")


def read(name: str) -> Raw:
    """The reference file `name` (without ".json") as plain data; the caller does not change it."""
    return reference(f"clinical/{name}")


def measured(value: float) -> float:
    """`value` when it is a finite number above zero; anything else is refused (`NotAMeasurement`)."""
    if not real(value) or not math.isfinite(value) or value <= 0:
        raise NotAMeasurement(value)
    return float(value)


def real(value: object) -> bool:
    """Whether `value` is a number (of Python, numpy or a database), which true and false are not."""
    return isinstance(value, (Real, Decimal)) and not isinstance(value, bool)


def whole(value: object) -> bool:
    """Whether `value` is a whole number (of Python or numpy), which true and false are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def sum_of_terms(terms: list[dict[str, float]], variables: Mapping[str, float]) -> float:
    """The sum of c · x^p · (ln y)^q … over `terms`; the variables carry the units the publication uses."""
    total = 0.0
    for term in terms:
        part = term["c"]
        for name, power in term.items():
            if name != "c":
                part *= _base(name, variables) ** power
        total += part
    return total


def solve(equation: Mapping[str, Value], variables: Mapping[str, float]) -> float:
    """An equation of the reference files: (link of) the sum of its terms, times its factor if it has one."""
    total = sum_of_terms(equation["terms"], variables) * equation.get("times", 1.0)
    return math.exp(total) if equation.get("link") == "exp" else total


def _base(name: str, variables: Mapping[str, float]) -> float:
    return math.log(variables[name[3:]]) if name.startswith("ln ") else variables[name]
