"""When an answer is a sign: what may be measured, and the rules of a task, picked from lists; nothing is a formula."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from core.foundation.language import N_
from core.packages.fields import Level, Part, Remark

Test = Literal["at_least", "at_most", "between", "unticked", "rose_by", "days_without"]
TEST_NAMES: dict[str, str] = {
    "at_least": N_("the value is at least"),
    "at_most": N_("the value is at most"),
    "between": N_("the value lies between"),
    "unticked": N_("an item is left open"),
    "rose_by": N_("it rose since the day before by"),
    "days_without": N_("days in a row without it"),
}
# What an answer must hold for a test to be met ever: a number, a list; days without it need nothing.
NUMBERED = ("count", "scale", "value")
_OF_NUMBERS = ("at_least", "at_most", "between", "rose_by")
SCALE = (0.0, 10.0)


def fitting_tests(evidence: str, has_list: bool) -> tuple[str, ...]:
    """The tests that can be met by an answer of this kind (a key of `parts.EVIDENCE_NAMES`), in the order of the list."""
    fits = {
        *(_OF_NUMBERS if evidence in NUMBERED else ()),
        *(("unticked",) if has_list else ()),
        "days_without",
    }
    return tuple(test for test in TEST_NAMES if test in fits)


class Measure(Part):
    """What is measured: the unit and the range that is plausible; what lies outside is asked back, never taken."""

    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12)]
    low: float
    high: float = Field(validate_default=True)
    decimals: int = Field(default=0, ge=0, le=2)

    @field_validator("high")
    @classmethod
    def _range_runs_up(cls, high: float, info: ValidationInfo) -> float:
        low = info.data.get("low")
        if low is not None and high <= low:
            raise PydanticCustomError("range_backwards", "the range is empty", {"low": low, "high": high})
        return high


class AnswerRule(Part):
    """When an answer is a sign. `value` is the limit of the test (°C, score, count; days for `days_without`), `upper`
    the other end of `between`, both included; `items` are the positions (from 1) of the checklist items that `unticked`
    looks at, none for every item that is always offered. `advice` is what she reads at once."""

    test: Test
    value: float | None = Field(default=None, validate_default=True)
    upper: float | None = Field(default=None, validate_default=True)
    items: tuple[Annotated[int, Field(ge=1, le=100)], ...] = ()
    level: Level
    advice: Remark = ""

    @field_validator("value")
    @classmethod
    def _limit_is_there(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is None and info.data.get("test") not in (None, "unticked"):
            raise PydanticCustomError("rule_without_limit", "the rule needs its limit")
        return value

    @field_validator("upper")
    @classmethod
    def _between_has_two_ends(cls, upper: float | None, info: ValidationInfo) -> float | None:
        value = info.data.get("value")
        if info.data.get("test") == "between" and (upper is None or (value is not None and upper < value)):
            raise PydanticCustomError("rule_between_one", "between needs its second end")
        return upper
