"""How often what happens in the demo, and what a scan measures. Pure.

The shares are the demo's own inventions, modest on purpose: fewer missed visits with the package, an answer more
often, satisfaction a little higher than before but not enough to be sure. None of them is a finding, and none is
taken from an article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from statistics import NormalDist

from core.care.plan.planning import Plan
from core.clinical.fetal_growth import doubts, value_at
from core.packages.document import PackageDocument
from core.packages.refund_rules import Course, Reckoning, reckon

AHEAD = timedelta(days=24)
MISSED = {"before": 0.15, "without": 0.135, "with": 0.08}
CALLED_OFF = 0.06
ANSWERS = {"before": 0.1, "without": 0.1, "with": 0.2}
SATISFIED = {"before": 0.78, "without": 0.79, "with": 0.85}
OFFERED = 0.86
LATEST_OFFER = 31 * 7
MEASURED = ("P03", "P05", "P07", "P09", "P10", "P13")
RESTS = 0.03
LATE = 0.07
PRAISED = 0.16
PRICES = (("PARKING", 100), ("CLASS_SEAT", 200), ("LACTATION", 300), ("ROOM", 800))


@dataclass(frozen=True)
class Praise:
    """A wish to praise; which words it takes is decided when all are known."""

    day: date
    who: int


@dataclass(frozen=True)
class Answer:
    """The one question answered at an instant; how happily is dealt when all are known."""

    at: datetime
    who: int
    side: str


def scan(number: int, age: int, rng: Random) -> dict[str, float]:
    """HC, AC and FL in mm at a gestational age in days (14+0 to 40+0), around the medians of the standards in
    `core.clinical.fetal_growth`; each patient keeps to her own line."""
    own = Random(f"{number}:growth").gauss(0, 0.6)
    z = {name: own + rng.gauss(0, 0.25) for name in ("HC", "AC", "FL")}
    lengths: dict[str, float] = {}
    for nearer in (1, 0.6, 0.3):
        # A measurement the room would ask back about is not typed: nearer to the middle, then.
        lengths = {
            name: round(value_at(name, age, 100 * NormalDist().cdf(nearer * each)), 1)
            for name, each in z.items()
        }
        if not doubts(lengths, age):
            break
    return lengths


def refund(document: PackageDocument, plan: Plan, day: date, done: frozenset[str]) -> Reckoning:
    """What is paid back at her own wish in the middle of a package, by its rule; `done` are the missions done by then."""
    assert document.refund is not None, "the demo's package has its refund rule as fields"
    planned = [task for task in plan.tasks if task.state != "not_applicable"]
    course = Course(
        day=day, enrolled_on=plan.enrolled_on, anchor_date=plan.anchor_date, paid_fen=document.price_fen,
        planned=len(planned), unopened=sum(task.opens_on > day and task.code not in done for task in planned),
        done=done,
    )  # fmt: skip
    return reckon(document.refund, course, "wish")
