"""What follows from a study: weights, ranking, contributions, and how much the winner depends on one weight.

Knocked-out candidates are never ranked; a candidate with a score missing waits until it has all. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.choice import scoring
from core.choice.ahp import Comparison, weigh
from core.choice.criteria import Knockout
from core.choice.study import Candidate, Study
from core.foundation.errors import Refusal
from core.foundation.language import N_


@dataclass(eq=False)
class NothingCounts(Refusal):
    message = N_("Every weight is 0, so nothing would count. Move at least one slider to the right.")
    field = "points"


@dataclass(frozen=True)
class Standing:
    """A ranked candidate: place (level ones share it), total 1–5 and what each criterion contributes to it;
    `unchecked` knock-outs may still rule it out."""

    candidate: Candidate
    place: int
    total: float
    parts: dict[str, float]
    unchecked: int


@dataclass(frozen=True)
class Result:
    """`comparison` is None where sliders weigh. `leaders` are the candidates in first place; `lead` and `movements`
    as in `core.choice.scoring`, keys being candidate ids."""

    weights: dict[str, float]
    comparison: Comparison | None
    standings: tuple[Standing, ...]
    out: tuple[tuple[Candidate, tuple[Knockout, ...]], ...]
    waiting: tuple[tuple[Candidate, int], ...]  # with the number of scores missing
    lead: float | None
    movements: tuple[scoring.Movement, ...]

    @property
    def leaders(self) -> tuple[Candidate, ...]:
        return tuple(each.candidate for each in self.standings if each.place == 1)

    @property
    def flips(self) -> tuple[scoring.Movement, ...]:
        """The movements after which somebody else stands first."""
        mine = {each.id for each in self.leaders}
        return tuple(each for each in self.movements if set(each.leaders) != mine)


def weights_of(study: Study) -> tuple[dict[str, float], Comparison | None]:
    """Weights that sum to 1, by the study's method. Refuses `NothingCounts`, `ComparisonIncomplete` and
    `InconsistentComparison`."""
    if study.method == "pairwise":
        found = weigh(study.frame.codes, study.judgements)
        return found.weights, found
    points = {code: float(study.points.get(code, 0)) for code in study.frame.codes}
    if not any(points.values()):
        raise NothingCounts
    return scoring.shares(points), None


def result_of(study: Study) -> Result:
    """The ranking of a study as it stands. Refuses what `weights_of` refuses."""
    weights, comparison = weights_of(study)
    out = [(each, tuple(each.out_by(study.frame))) for each in study.candidates]
    staying = [each for each, reasons in out if not reasons]
    table = {each.id: each.scores for each in staying if _missing(study, each) == 0}
    ordered = scoring.totals(weights, table)
    places = scoring.ranks(ordered)
    return Result(
        weights=weights,
        comparison=comparison,
        standings=tuple(
            Standing(
                candidate := study.candidate(key),
                places[key],
                value,
                scoring.contributions(weights, candidate.scores),
                len(candidate.unchecked(study.frame)),
            )
            for key, value in ordered.items()
        ),
        out=tuple((each, reasons) for each, reasons in out if reasons),
        waiting=tuple((each, _missing(study, each)) for each in staying if each.id not in table),
        lead=scoring.lead(ordered),
        movements=tuple(scoring.movements(weights, table)) if table else (),
    )


def _missing(study: Study, candidate: Candidate) -> int:
    return sum(code not in candidate.scores for code in study.frame.codes)
