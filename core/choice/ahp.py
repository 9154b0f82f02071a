"""Weights from comparisons in pairs: the analytic hierarchy process.

Every two criteria are compared on Saaty's scale of 1 to 9; the weights are the principal eigenvector of the
matrix of answers, and the consistency ratio says how far the answers contradict each other. Source: T. L. Saaty,
The Analytic Hierarchy Process, McGraw-Hill 1980; constants in data/reference/choice/criteria.json. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.choice.criteria import consistency_limit, criterion_name, random_index
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.open_types import Value

Matrix = Sequence[Sequence[float]]
# A judgement is a whole number: 3 says the first counts 3 times as much, -3 the second, 1 both the same.
JUDGEMENTS = (9, 8, 7, 6, 5, 4, 3, 2, 1, -2, -3, -4, -5, -6, -7, -8, -9)
_STEPS = 10_000
_STILL = 1e-15


@dataclass(eq=False)
class ComparisonIncomplete(Refusal):
    done: int
    needed: int
    message = N_(
        "{done} of {needed} pairs are compared. Compare the others too, or set the weights by slider: an "
        "unanswered pair has no weight."
    )
    field = "judgements"


@dataclass(eq=False)
class InconsistentComparison(Refusal):
    """The answers contradict each other too much to be used.

    `first` and `second` are the codes of the pair that contradicts most, `stated` how many times as much the first
    was said to count (1 or more), `implied` how many times as much it counts by all answers together.
    """

    ratio: float
    first: str
    second: str
    stated: float
    implied: float
    message = N_(
        "The comparisons contradict each other: the consistency ratio is {ratio}, at most {limit} can be used. "
        "The pair that contradicts most is “{first}” against “{second}”: you said {stated}, all answers "
        "together imply about {implied}. Look at this pair again, then at the pairs around it."
    )
    field = "judgements"

    def text(self, language: str) -> str:
        return translator(language)(
            self.message,
            ratio=f"{self.ratio:.2f}" if self.ratio >= 0.105 else f"{self.ratio:.4f}",
            limit=f"{consistency_limit():.2f}",
            first=criterion_name(self.first, language),
            second=criterion_name(self.second, language),
            stated=ratio_text(self.stated),
            implied=ratio_text(self.implied),
        )


@dataclass(frozen=True)
class Comparison:
    """Weights by code (they sum to 1), the largest eigenvalue, Saaty's consistency index and ratio."""

    weights: dict[str, float]
    lambda_max: float
    index: float
    ratio: float


def ratio_text(ratio: float) -> str:
    """A ratio as people write it: 5.0 → "5 : 1", 0.4 → "1 : 2.5"."""
    large = f"{max(ratio, 1 / ratio):.1f}".removesuffix(".0")
    return f"{large} : 1" if ratio >= 1 else f"1 : {large}"


def pair_key(first: str, second: str) -> str:
    """Under which a judgement of two criteria is kept; `first` is the earlier one in the study."""
    return f"{first}:{second}"


def matrix_of(codes: Sequence[str], judgements: Mapping[str, int]) -> list[list[float]]:
    """The reciprocal matrix of judgements kept by `pair_key`. Refuses `ComparisonIncomplete`; ValueError off the
    scale."""
    keys = {(i, j): pair_key(codes[i], codes[j]) for i in range(len(codes)) for j in range(i + 1, len(codes))}
    done = sum(key in judgements for key in keys.values())
    if done < len(keys):
        raise ComparisonIncomplete(done, len(keys))
    matrix = [[1.0] * len(codes) for _ in codes]
    for (i, j), key in keys.items():
        judgement = judgements[key]
        if judgement not in JUDGEMENTS:
            raise ValueError(f"{judgement} is not on the scale")
        value = float(judgement) if judgement > 0 else 1 / -judgement
        matrix[i][j], matrix[j][i] = value, 1 / value
    return matrix


def principal(matrix: Matrix) -> tuple[list[float], float]:
    """The principal eigenvector of a positive matrix, summing to 1, and its eigenvalue.

    By power iteration, which converges for every positive matrix (Perron). ValueError where an entry is not
    positive or the matrix is not reciprocal.
    """
    size = range(len(matrix))
    for i in size:
        for j in size:
            if not matrix[i][j] > 0 or not math.isclose(matrix[i][j] * matrix[j][i], 1, rel_tol=1e-5):
                raise ValueError("a comparison matrix is positive and reciprocal")
    weights = [1 / len(matrix)] * len(matrix)
    for _ in range(_STEPS):
        product = [sum(matrix[i][j] * weights[j] for j in size) for i in size]
        whole = sum(product)
        moved = [value / whole for value in product]
        still = max(abs(moved[i] - weights[i]) for i in size) < _STILL
        weights = moved
        if still:
            break
    product = [sum(matrix[i][j] * weights[j] for j in size) for i in size]
    return weights, sum(product[i] / weights[i] for i in size) / len(matrix)


def consistency(lambda_max: float, count: int) -> tuple[float, float]:
    """Consistency index and ratio of `count` things compared; one or two cannot contradict each other."""
    if count <= 2:
        return 0.0, 0.0
    index = max(0.0, (lambda_max - count) / (count - 1))
    return index, index / random_index(count)


def most_contradicting(matrix: Matrix, weights: Sequence[float]) -> tuple[int, int]:
    """The pair whose answer lies farthest, as a ratio, from the ratio of its two weights; the side said to count
    more comes first, and of equal pairs the first one."""

    def distance(pair: tuple[int, int]) -> float:
        i, j = pair
        # Rounded, or pairs that contradict equally would be told apart by the last bit.
        return round(abs(math.log(matrix[i][j] * weights[j] / weights[i])), 9)

    pairs = [(i, j) for i in range(len(matrix)) for j in range(i + 1, len(matrix))]
    i, j = max(pairs, key=distance)
    return (i, j) if matrix[i][j] >= 1 else (j, i)


def compare(codes: Sequence[str], matrix: Matrix) -> Comparison:
    """Weights and consistency of a matrix over `codes`. Refuses `InconsistentComparison` above a ratio of 0.10."""
    weights, lambda_max = principal(matrix)
    index, ratio = consistency(lambda_max, len(codes))
    if ratio > consistency_limit():
        i, j = most_contradicting(matrix, weights)
        raise InconsistentComparison(ratio, codes[i], codes[j], matrix[i][j], weights[i] / weights[j])
    return Comparison(dict(zip(codes, weights, strict=True)), lambda_max, index, ratio)


def weigh(codes: Sequence[str], judgements: Mapping[str, Value]) -> Comparison:
    """Weights from kept judgements. Refuses `ComparisonIncomplete` and `InconsistentComparison`."""
    return compare(codes, matrix_of(codes, judgements))
