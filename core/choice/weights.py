"""The weights of a study: sliders, or criteria compared in pairs. Both are kept; the method says which weighs."""

from __future__ import annotations

from dataclasses import dataclass

from core.choice.ahp import JUDGEMENTS, pair_key
from core.choice.candidates import UnknownCriterion
from core.choice.criteria import frame_of
from core.choice.result import NothingCounts
from core.choice.study import METHODS, open_study
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_

WEIGHED = declare("choice.weighed", N_("Weights of the study changed"))

POINTS_TOP = 10
POINTS_START = 5


@dataclass(eq=False)
class PointsOutOfRange(Refusal):
    top: int
    message = N_("A weight lies between 0 and {top}.")
    field = "points"


@dataclass(eq=False)
class JudgementOutOfScale(Refusal):
    judgement: int
    message = N_("{judgement} is not on the scale of 1 to 9.")
    field = "judgements"


@deed("package.write")
def choose_method(stamp: Stamp, *, study_id: int, method: str) -> None:
    """Weigh by "slider" or by "pairwise" comparison; what was set for the other one is kept."""
    if method not in METHODS:
        raise ValueError(method)
    row = open_study(stamp, study_id)
    before, row.method = row.method, method
    stamp.audit(WEIGHED, ("choice", study_id), {"method": before}, {"method": method})


@deed("package.write")
def set_points(stamp: Stamp, *, study_id: int, points: dict[str, int]) -> None:
    """Set sliders, 0 to 10 by criterion; those not named stay. Refuses numbers outside and all at 0."""
    row = open_study(stamp, study_id)
    codes = frame_of(row.frame).codes
    for code, value in points.items():
        if code not in codes:
            raise UnknownCriterion(code)
        if not 0 <= value <= POINTS_TOP:
            raise PointsOutOfRange(POINTS_TOP)
    before = dict(row.points)
    after = before | points
    if not any(after.values()):
        raise NothingCounts
    row.points = after
    stamp.audit(WEIGHED, ("choice", study_id), {k: before.get(k) for k in points}, points)


@deed("package.write")
def judge(stamp: Stamp, *, study_id: int, first: str, second: str, judgement: int | None) -> None:
    """Compare two criteria: 3 says the first counts 3 times as much, -3 the second, 1 both the same, None not
    compared yet. Contradictions are kept in a draft and refused when weights are made of them.

    Refuses a number off the scale of 1 to 9.
    """
    row = open_study(stamp, study_id)
    codes = frame_of(row.frame).codes
    for code in (first, second):
        if code not in codes:
            raise UnknownCriterion(code)
    if judgement is not None and judgement not in JUDGEMENTS:
        raise JudgementOutOfScale(judgement)
    if codes.index(first) > codes.index(second):
        first, second = second, first
        judgement = judgement if judgement in (None, 1) else -judgement
    key = pair_key(first, second)
    held = dict(row.judgements)
    before = held.pop(key, None)
    row.judgements = held if judgement is None else held | {key: judgement}
    stamp.audit(WEIGHED, ("choice", study_id), {key: before}, {key: judgement})
