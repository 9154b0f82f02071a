"""What may be answered to a task: which kinds, which numbers. What is implausible is asked back, never silently taken."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from core.foundation import reasons
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.answer_rules import Measure
from core.packages.parts import Task

# What an answer is called, by the evidence its task asks for.
KIND_OF = {"report": "words"}
LONGEST_WORDS = 500
MOST_PHOTOS = 4
HIGHEST_SCORE = 10
# A count without a dose: four digits are a slip of the finger.
MOST_COUNT = 9_999
# Ten times the day's dose has a nought too many.
DOSE_FACTOR = 10
# A value without a range (a package sold before there were any): a number people measure.
MOST_VALUE = 1_000_000.0


@dataclass(eq=False)
class NotAskedHere(Refusal):
    message = N_("This task does not ask for that. Please reload the page.")


@dataclass(eq=False)
class NumberMissing(Refusal):
    message = N_("Please enter the number in digits, for example 36.6.")
    field = "number"


@dataclass(eq=False)
class Implausible(Refusal):
    """`given` is what was typed, `low` and `high` what is possible, with their unit."""

    given: str
    low: str
    high: str
    message = N_("{given} lies outside {low} to {high}. Please look again and enter it once more.")
    field = "number"


@dataclass(eq=False)
class PerhapsMeant(Refusal):
    """As `Implausible`, where a forgotten or a lost decimal point explains it: "366" → "36.6"."""

    given: str
    low: str
    high: str
    meant: str
    message = N_("{given} lies outside {low} to {high}. Did you mean {meant}? Please enter it once more.")
    field = "number"


@dataclass(eq=False)
class UnknownItem(Refusal):
    message = N_("This list has changed. Please reload the page and tick once more.")
    field = "ticks"


@dataclass(eq=False)
class PhotoMissing(Refusal):
    message = N_("Please choose a photo first.")
    field = "photos"


@dataclass(eq=False)
class WordsNeeded(Refusal):
    message = N_("Please write a few words.")
    field = "words"


def kinds_of(task: Task) -> frozenset[str]:
    """The kinds of answers a task takes: the one it asks for, a few words, and photos where it allows them."""
    more = {"photo"} if task.photos else set()
    return frozenset({main_kind(task), "words"} | more)


def main_kind(task: Task) -> str:
    """The kind of answer that makes the task done."""
    return KIND_OF.get(task.evidence, task.evidence)


def most_photos(task: Task) -> int:
    """How many photos may come with a task; one that asks for photos and says no number takes four."""
    return task.photos or (MOST_PHOTOS if task.evidence == "photo" else 0)


def number_of(typed: str | float | None) -> float | None:
    """A number as people type it ("36.6", "36,6", "３６．６", "36。6"); None for nothing. Refuses `NumberMissing`."""
    if typed is None or typed == "":
        return None
    text = unicodedata.normalize("NFKC", str(typed)).strip().replace(",", ".").replace("。", ".")
    try:
        number = float(text) if len(text) <= 20 else math.nan
    except ValueError as error:
        raise NumberMissing from error
    if not math.isfinite(number):
        raise NumberMissing
    return number


def checked(
    task: Task,
    measure: Measure | None,
    kind: str,
    number: float | None,
    ticks: Iterable[int] | None,
    words: str,
) -> tuple[float | None, list[int] | None, str]:
    """The answer as it is stored. Refuses a kind the task does not ask for, a number that is missing or cannot be
    (`Implausible`, `PerhapsMeant`), items the list does not have, words too long or missing."""
    if kind not in kinds_of(task):
        raise NotAskedHere
    words = reasons.remark(words, most=LONGEST_WORDS, field="words")
    if kind == "words" and not words:
        raise WordsNeeded
    if kind in ("count", "scale", "value"):
        if number is None:
            raise NumberMissing
        _plausible(task, measure, kind, number)
    elif kind not in ("photo", "video"):
        number = None
    return number, _items(task, kind, ticks), words


def bounds(task: Task, measure: Measure | None, kind: str) -> tuple[float, float]:
    """The range a number of this kind must lie in, both ends included."""
    if kind == "scale":
        return 0, HIGHEST_SCORE
    if measure is not None:
        return measure.low, measure.high
    if kind == "count":
        return 0, max(task.dose.total * DOSE_FACTOR, 100) if task.dose else MOST_COUNT
    return -MOST_VALUE, MOST_VALUE


def _plausible(task: Task, measure: Measure | None, kind: str, number: float) -> None:
    low, high = bounds(task, measure, kind)
    whole = kind in ("scale", "count") and (measure is None or not measure.decimals)
    if low <= number <= high and not (whole and number != int(number)):
        return
    unit = f" {measure.unit}" if measure and kind == "value" else ""
    shown = f"{number:g}{unit}", f"{low:g}{unit}", f"{high:g}{unit}"
    guesses = [number * shift for shift in (0.1, 0.01, 10, 100) if low <= number * shift <= high]
    if kind == "value" and measure is not None and len(guesses) == 1:
        raise PerhapsMeant(*shown, f"{round(guesses[0], 2):g}{unit}")
    raise Implausible(*shown)


def _items(task: Task, kind: str, ticks: Iterable[int] | None) -> list[int] | None:
    if ticks is None:
        if kind == "checklist":
            raise UnknownItem
        return None
    if not task.checklist:
        return None
    found = sorted(set(ticks))
    if found and (found[0] < 1 or found[-1] > len(task.checklist)):
        raise UnknownItem
    return found
