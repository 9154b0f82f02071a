"""The second package of the demo department: eight knee patients at home around today, played by the deeds of real use.

A night in which the ladder worked, one alert answered too late, a film nobody commented in time, a silent patient, an
evening shift handed over, films, questions, yellow signs: all that has happened by the end of yesterday. What waits for
whoever looks at the demo came in the last hour before it was made, so that it is in time whenever that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.operations.demo.knee_cast import (
    ASKING,
    CAST,
    FILMED,
    LATE,
    NIGHT,
    RELATIVE,
    SILENT,
    WELL,
    YELLOW,
    Patient,
)
from core.operations.demo.knee_deeds import KneeWard
from core.operations.demo.knee_opening import BEFORE
from core.operations.demo.stage import Stage, moment

DAYS = 7
# Days before today on which the house looks every now and then.
WATCHED = 3
# Task, repetitions a day, first day.
EXERCISES = (("PUMP", 100, 1), ("QUAD", 30, 1), ("SLR", 30, 2), ("FLEX", 30, 3))
# What a nurse does or asks, on which day at home; a score where one is written down.
BY_NURSES = (
    ("VISIT1", 1, ""), ("BARTHEL1", 1, "70"), ("SLR_CLASS", 2, ""), ("BOOKED", 6, ""), ("BARTHEL7", 7, "95"),
    ("SUMMARY", 7, ""),
)  # fmt: skip
Deed = Callable[[KneeWard], Any]


@dataclass(frozen=True)
class Scene:
    """Something at an instant."""

    at: datetime
    deed: Deed


def script(stage: Stage, now: datetime) -> list[Scene]:
    """Everything of the knee ward in the order in which it happens; `now` is when the demo is made."""
    told = [*_beginning(stage), *_shifts(stage), *_days(stage), *_stories(stage), *_waiting(now)]
    return sorted(told, key=lambda one: one.at)


# --- inner ----------------------------------------------------------------------------------------


def _at(
    stage: Stage, ago: int, hour: int, minute: int, deed: Callable[..., Any], *what: Any, **more: Any
) -> Scene:
    """`deed` of the ward, so many days ago at a time of day."""
    day = stage.today - timedelta(days=ago)
    return Scene(moment(day, hour, minute), lambda ward: deed(ward, *what, **more))


def _beginning(stage: Stage) -> Iterator[Scene]:
    yield Scene(moment(stage.today - BEFORE, 9, 40), KneeWard.opened)
    for one in CAST:
        yield _at(stage, one.days, 10, 5 + one.number, KneeWard.discharged, one.number)


def _days(stage: Stage) -> Iterator[Scene]:
    """What she enters day by day; the first day at home is the day after the discharge."""
    for one in CAST:
        for day in range(1, min(DAYS, one.days - 1, one.quiet_after) + 1):
            yield from _day(stage, one, day)


def _day(stage: Stage, one: Patient, day: int) -> Iterator[Scene]:
    say = partial(_at, stage, one.days - day)
    for task, on, number in BY_NURSES:
        if day == on:
            yield say(10, 20 + one.number, KneeWard.nurse_marks, one.number, task, number)
    minute = (one.number * 7 + day * 3) % 40
    code = f".{day}"
    heat = _of(one.heat, day)
    yield say(8, minute, KneeWard.answers, one.number, f"TEMP{code}", number=f"{36 + heat / 10:.1f}")
    yield say(8, minute + 2, KneeWard.answers, one.number, f"MEDS{code}")
    yield say(8, minute + 4, KneeWard.answers, one.number, f"WOUND{code}", ticks=list(range(1, 9)))
    yield say(8, minute + 5, KneeWard.answers, one.number, f"CALF{code}", ticks=list(range(1, 6)))
    for place, (task, most, opens) in enumerate(EXERCISES):
        if day >= opens:
            # A little more each day, up to what was written on her card.
            number = str(min(most, most * (5 + day) // 9))
            yield say(
                16, minute + place, KneeWard.answers, one.number, f"{task}.{day - opens + 1}", number=number
            )
    yield say(18, minute, KneeWard.answers, one.number, f"NRS{code}", number=str(_of(one.pain, day)))


def _of(values: tuple[int, ...], day: int) -> int:
    return values[min(day, len(values)) - 1]


def _stories(stage: Stage) -> Iterator[Scene]:
    say = partial(_at, stage)
    yield from _nights(stage)
    # A yellow sign of somebody who is nearly through.
    yield say(4, 20, 2, KneeWard.reports, WELL, ("swelling",))
    yield say(4, 20, 20, KneeWard.takes, WELL, "demo.nurse")
    yield say(4, 20, 24, KneeWard.replies, WELL, "demo.nurse", "swelling")
    yield say(4, 20, 40, KneeWard.closes, WELL, "demo.nurse")
    # Questions of the evening.
    yield say(2, 20, 11, KneeWard.asks, ASKING, "shower")
    yield say(2, 20, 14, KneeWard.takes, ASKING, "demo.nurse")
    yield say(2, 20, 18, KneeWard.replies, ASKING, "demo.nurse", "shower_reply")
    yield say(2, 20, 25, KneeWard.asks, ASKING, "thanks", thanks=True)
    yield say(2, 20, 50, KneeWard.closes, ASKING, "demo.nurse")
    yield say(1, 20, 41, KneeWard.asks, RELATIVE, "stairs")
    yield say(1, 20, 52, KneeWard.takes, RELATIVE, "demo.nurse")
    yield say(1, 20, 55, KneeWard.replies, RELATIVE, "demo.nurse", "stairs_reply")
    yield say(1, 21, 0, KneeWard.closes, RELATIVE, "demo.nurse")
    # Films: one with its comment, one that nobody looked at in time.
    yield say(2, 18, 40, KneeWard.films, FILMED, "PUMP_VIDEO")
    yield say(2, 19, 20, KneeWard.takes, FILMED, "demo.nurse3")
    yield say(2, 19, 24, KneeWard.replies, FILMED, "demo.nurse3", "film_reply")
    yield say(2, 19, 26, KneeWard.closes, FILMED, "demo.nurse3")
    yield say(1, 8, 45, KneeWard.films, NIGHT, "PUMP_VIDEO")
    for hour in (18, 19):
        yield say(1, hour, 50, KneeWard.looks)
    # Silent since the first morning at home: the house asked, then a call is due, and was tried once.
    for ago, hour in ((3, 9), (2, 9), (2, 20), (1, 9)):
        yield say(ago, hour, 30, KneeWard.looks)
    yield say(1, 17, 15, KneeWard.calls, SILENT, "demo.nurse3", "no_answer")
    # Yesterday's evening shift, handed over with what was open; whoever took it answered it.
    yield say(1, 21, 5, KneeWard.films, LATE, "PUMP_VIDEO")
    yield say(1, 21, 30, KneeWard.answers, YELLOW, "NRS.1", number="5")
    yield say(1, 21, 40, KneeWard.hands_over, "demo.nurse", "demo.nurse2", "handover")
    for who, kind, words, minute in (
        (YELLOW, "sign", "pain_some_reply", 44),
        (LATE, "film", "film_reply", 50),
    ):
        yield say(1, 21, minute, KneeWard.takes, who, "demo.nurse2", kind)
        yield say(1, 21, minute + 4, KneeWard.replies, who, "demo.nurse2", words, kind)
        yield say(1, 21, minute + 5, KneeWard.closes, who, "demo.nurse2", kind=kind)


def _waiting(now: datetime) -> Iterator[Scene]:
    """What came just before the demo was made: nobody has it yet, and every promise still runs."""
    for minutes, deed in (
        (48, partial(KneeWard.films, who=RELATIVE, code="GAIT_VIDEO")),
        (25, partial(KneeWard.reports, who=FILMED, signs=("swelling",))),
        (9, partial(KneeWard.asks, who=YELLOW, words="sleep")),
        (4, partial(KneeWard.reports, who=ASKING, signs=("wound",))),
    ):
        yield Scene(now - timedelta(minutes=minutes), deed)


def _shifts(stage: Stage) -> Iterator[Scene]:
    """Whoever is on duty says so; today's evening is left to whoever looks at the demo."""
    for ago in range(WATCHED, 0, -1):
        for who in ("demo.nurse3", "demo.doctor2"):
            yield _at(stage, ago, 7, 45, KneeWard.takes_shift, who)
        for who in ("demo.nurse", "demo.doctor"):
            yield _at(stage, ago, 19, 45, KneeWard.takes_shift, who)
    for who in ("demo.nurse3", "demo.doctor2"):
        yield _at(stage, 1, 23, 15, KneeWard.takes_shift, who)


def _nights(stage: Stage) -> Iterator[Scene]:
    """Two nights: nobody was at the screen, and the ladder reached the second doctor; the other one came too late."""
    say = partial(_at, stage)
    yield say(2, 2, 10, KneeWard.reports, NIGHT, ("calf",), words="calf")
    for minute in (10, 30):
        yield say(2, 2, minute, KneeWard.looks)
    yield say(2, 2, 33, KneeWard.takes, NIGHT, "demo.doctor2")
    yield say(2, 2, 36, KneeWard.speaks, NIGHT, "demo.doctor2")
    yield say(2, 2, 38, KneeWard.decides, NIGHT, "demo.doctor2", "watch", "calf_advice")
    yield say(2, 8, 40, KneeWard.closes, NIGHT, "demo.doctor2")
    yield say(1, 3, 5, KneeWard.reports, LATE, ("pain",), words="pain")
    for minute in (5, 25, 30, 36):
        yield say(1, 3, minute, KneeWard.looks)
    yield say(1, 3, 52, KneeWard.takes, LATE, "demo.doctor")
    yield say(1, 3, 54, KneeWard.replies, LATE, "demo.doctor", "pain_reply")
    yield say(1, 3, 56, KneeWard.decides, LATE, "demo.doctor", "come_in", "pain_advice", on=stage.today)
