"""Two scales nurses record: pain 0 to 10 (NRS) and the Barthel index of daily living.

Different houses cut the same total into different bands, so the set of bands is part of every result.
Sources and numbers: `data/reference/clinical/scales.json`. A band says how much help
is needed, not what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.clinical import reference
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.open_types import Raw

PAIN = {
    "none": N_("No pain"),
    "mild": N_("Mild pain"),
    "moderate": N_("Moderate pain"),
    "severe": N_("Severe pain"),
}
HELP = {
    "total": N_("Fully dependent"),
    "heavy": N_("Severely dependent"),
    "medium": N_("Moderately dependent"),
    "slight": N_("Slightly dependent"),
    "independent": N_("Independent"),
}
ITEMS = {
    "feeding": N_("Feeding"),
    "bathing": N_("Bathing"),
    "grooming": N_("Grooming"),
    "dressing": N_("Dressing"),
    "bowels": N_("Bowel control"),
    "bladder": N_("Bladder control"),
    "toilet": N_("Using the toilet"),
    "transfer": N_("Moving between bed and chair"),
    "walking": N_("Walking on the level"),
    "stairs": N_("Climbing stairs"),
}


@dataclass(eq=False)
class PainOutsideScale(Refusal):
    """A pain score that is not a whole number of the scale."""

    score: float
    highest: int
    message = N_("Pain is a whole number from 0 to {highest}; {score} is not one.")


@dataclass(eq=False)
class WrongNumberOfItems(Refusal):
    """A Barthel form with items missing or too many."""

    given: int
    needed: int
    message = N_(
        "The Barthel index has {needed} items and {given} were answered. Please answer each one once."
    )


@dataclass(eq=False)
class NotAnOption(Refusal):
    """A score the Barthel item does not offer."""

    item: str
    score: float
    options: str
    message = N_("{item}: {score} points is not an answer here ({options}).")


@dataclass(eq=False)
class UnknownBandSet(Refusal):
    """A way of banding the Barthel total that is not in the reference file."""

    band_set: str
    message = N_("The band set {band_set} is not known. Please choose one from the list.")


@dataclass(frozen=True)
class Band:
    """One band of a scale; `lowest` and `highest` are the scores it is for, both included."""

    code: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class Score:
    """A total with its band and the set of bands that was used; store all three together."""

    scale: str
    total: int
    band: Band
    band_set: str

    def label(self, language: str) -> str:
        """The band in words."""
        return translator(language)((PAIN if self.scale == "nrs" else HELP)[self.band.code])


@dataclass(frozen=True)
class BarthelItem:
    """One of the ten activities and the points it can be given, most first."""

    code: str
    options: tuple[int, ...]

    @property
    def name(self) -> str:
        """The activity, a catalogue text."""
        return ITEMS[self.code]


def nrs(score: int) -> Score:
    """Pain on the numeric rating scale, a whole number 0 to 10; bands 0, 1-3, 4-6, 7-10 (LOINC 72514-3).

    Bands as in the Chinese cancer pain guideline of 2018. Refuses anything else (`PainOutsideScale`).
    """
    entry = reference.read("scales")["nrs"]
    bands = _bands(entry["bands"])
    if not reference.whole(score) or not 0 <= score <= bands[-1].highest:
        raise PainOutsideScale(score, bands[-1].highest)
    return Score("nrs", score, _band_of(score, bands), entry["band_set"])


def barthel(scores: Sequence[int], band_set: str | None = None) -> Score:
    """The Barthel index, 0 to 100 points, from ten items in the order of `barthel_items()` (LOINC 96761-2).

    Mahoney and Barthel, Md State Med J 1965;14:61-65; bands of WS/T 431-2013 unless another set is named
    (`barthel_band_sets`). Refuses a missing item, a score an item does not offer and an unknown band set.
    """
    entry = reference.read("scales")["barthel"]
    chosen = entry["default_band_set"] if band_set is None else band_set
    if chosen not in entry["band_sets"]:
        raise UnknownBandSet(chosen)
    items = barthel_items()
    if len(scores) != len(items):
        raise WrongNumberOfItems(len(scores), len(items))
    for item, score in zip(items, scores, strict=True):
        if not reference.whole(score) or score not in item.options:
            raise NotAnOption(item.name, score, ", ".join(map(str, item.options)))
    total = sum(scores)
    return Score("barthel", total, _band_of(total, _bands(entry["band_sets"][chosen]["bands"])), chosen)


def barthel_items() -> list[BarthelItem]:
    """The ten items in form order (Mahoney and Barthel 1965)."""
    entries = reference.read("scales")["barthel"]["items"]
    return [BarthelItem(entry["code"], tuple(entry["options"])) for entry in entries]


def barthel_band_sets() -> dict[str, str]:
    """The known ways to band the total and where each comes from; the first is the default."""
    sets = reference.read("scales")["barthel"]["band_sets"]
    return {name: entry["source"] for name, entry in sets.items()}


def _bands(entries: list[Raw]) -> list[Band]:
    lowest, bands = 0, []
    for entry in entries:
        bands.append(Band(entry["code"], lowest, entry["up_to"]))
        lowest = entry["up_to"] + 1
    return bands


def _band_of(score: int, bands: list[Band]) -> Band:
    return next(band for band in bands if score <= band.highest)
