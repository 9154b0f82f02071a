"""Weighted scores, what each criterion contributes, and whether the winner depends on one weight.

A total is the sum of weight × score with weights that sum to 1, so it lies on the same scale of 1 to 5 as the
scores. Pure: candidates are known by any key.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Weights = Mapping[str, float]
Scores = Mapping[str, int]

MOVE = 0.25
LEVEL = 1e-9  # totals nearer than this are the same: what is left is rounding of the machine


@dataclass(frozen=True)
class Movement:
    """One weight moved by `share` (0.25 is a quarter more) to `weight`, the others rescaled.

    `leaders` are the keys in first place, several when level; `lead` is the distance to the next one in points,
    0 when level and None when nobody is next.
    """

    code: str
    share: float
    weight: float
    leaders: tuple[Hashable, ...]
    lead: float | None


def shares(points: Mapping[str, float]) -> dict[str, float]:
    """Points as weights that sum to 1. ValueError where a point is negative or all are 0."""
    whole = sum(points.values())
    if whole <= 0 or any(value < 0 for value in points.values()):
        raise ValueError("weights need points of 0 or more, at least one above 0")
    return {code: value / whole for code, value in points.items()}


def contributions(weights: Weights, scores: Scores) -> dict[str, float]:
    """Weight × score of every criterion. KeyError where a score is missing."""
    return {code: weight * scores[code] for code, weight in weights.items()}


def total(weights: Weights, scores: Scores) -> float:
    """The weighted sum, 1 to 5."""
    return sum(contributions(weights, scores).values())


def totals(weights: Weights, table: Mapping[Key, Scores]) -> dict[Key, float]:
    """Every candidate's weighted sum, the highest first; level ones keep their order."""
    found = {key: total(weights, scores) for key, scores in table.items()}
    # Rounded first, or level candidates would change places by the last bit of a sum.
    return dict(sorted(found.items(), key=lambda item: -round(item[1], 9)))


def ranks(ordered: Mapping[Key, float]) -> dict[Key, int]:
    """Places from 1; level candidates share one, and the next place is skipped."""
    places: dict[Key, int] = {}
    for key, value in ordered.items():
        places[key] = 1 + sum(other > value + LEVEL for other in ordered.values())
    return places


def leaders(ordered: Mapping[Key, float]) -> tuple[Key, ...]:
    """Whoever shares the first place."""
    return tuple(key for key, place in ranks(ordered).items() if place == 1)


def lead(ordered: Mapping[Key, float]) -> float | None:
    """Points between the first and the second; 0 when level, None when there is no second."""
    values = sorted(ordered.values(), reverse=True)
    if len(values) < 2:
        return None
    distance = values[0] - values[1]
    return distance if distance > LEVEL else 0.0


def moved(weights: Weights, code: str, share: float) -> dict[str, float]:
    """The weights with one of them `share` larger (never above 1) and the others rescaled to fill the rest.

    Where one criterion had all the weight the others have no proportions to keep and share the rest equally.
    """
    target = min(1.0, weights[code] * (1 + share))
    rest = sum(weight for other, weight in weights.items() if other != code)
    others = len(weights) - 1
    if others == 0:
        return dict(weights)
    return {
        other: target
        if other == code
        else (weight * (1 - target) / rest if rest > LEVEL else (1 - target) / others)
        for other, weight in weights.items()
    }


def movements(weights: Weights, table: Mapping[Key, Scores], share: float = MOVE) -> list[Movement]:
    """What becomes of the first place when each weight in turn grows and shrinks by `share`."""
    found = []
    for code in weights:
        for step in (share, -share):
            new = moved(weights, code, step)
            ordered = totals(new, table)
            first = leaders(ordered)
            found.append(Movement(code, step, new[code], first, lead(ordered)))
    return found
