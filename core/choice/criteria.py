"""What a pilot department is chosen by: knock-outs, criteria with their anchors, and an example.

The texts stand in `data/reference/choice/criteria.json` in both languages, each constant with its source. A study
keeps a copy of the texts it was begun with (`Frame`), so that later editions never rewrite a decision.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from core.foundation.language import pick, translator
from core.foundation.open_types import Raw
from core.foundation.reference import reference

CRITERIA = "choice/criteria"
SCORES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Criterion:
    """One of the things a candidate is scored on, 1 (worst) to 5 (best); written anchors at 1, 3 and 5.

    `colour` is its colour in charts, `on` the colour of words written upon it.
    """

    code: str
    texts: Raw

    def name(self, language: str) -> str:
        return pick(language, self.texts["zh"], self.texts["en"])

    def short(self, language: str) -> str:
        """A name of one or two words, for narrow columns."""
        return pick(language, self.texts["short_zh"], self.texts["short_en"])

    def asks(self, language: str) -> str:
        return pick(language, self.texts["asks_zh"], self.texts["asks_en"])

    def anchor(self, score: int, language: str) -> str:
        """What a score means: the written anchor at 1, 3 and 5, "between … and …" at 2 and 4."""
        found = self.texts["anchors"].get(str(score))
        if found:
            return pick(language, found["zh"], found["en"])
        low, high = self.anchor(score - 1, language), self.anchor(score + 1, language)
        _ = translator(language)
        return _("between “{low}” and “{high}”", low=low, high=high)

    @property
    def colour(self) -> str:
        return str(self.texts["colour"])

    @property
    def on(self) -> str:
        return str(self.texts["on"])


@dataclass(frozen=True)
class Knockout:
    """A circumstance that rules a candidate out, whatever its scores."""

    code: str
    texts: Raw

    def name(self, language: str) -> str:
        return pick(language, self.texts["zh"], self.texts["en"])

    def why(self, language: str) -> str:
        return pick(language, self.texts["why_zh"], self.texts["why_en"])


@dataclass(frozen=True)
class Frame:
    """The knock-outs and criteria of one study, in their order."""

    knockouts: tuple[Knockout, ...]
    criteria: tuple[Criterion, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(criterion.code for criterion in self.criteria)

    @property
    def pairs(self) -> list[tuple[Criterion, Criterion]]:
        """Every two criteria once, the earlier one first."""
        return [(a, b) for n, a in enumerate(self.criteria) for b in self.criteria[n + 1 :]]

    def criterion(self, code: str) -> Criterion:
        """Raises KeyError for a code that is none of this study's."""
        for each in self.criteria:
            if each.code == code:
                return each
        raise KeyError(code)

    def knockout(self, code: str) -> Knockout:
        """Raises KeyError for a code that is none of this study's."""
        for each in self.knockouts:
            if each.code == code:
                return each
        raise KeyError(code)


def frame_document() -> Raw:
    """The present knock-outs and criteria as JSON, for a new study to keep."""
    found = reference(CRITERIA)
    return copy.deepcopy({"knockouts": found["knockouts"], "criteria": found["criteria"]})


def frame_of(document: Raw) -> Frame:
    """A kept frame read again."""
    return Frame(
        tuple(Knockout(each["code"], each) for each in document["knockouts"]),
        tuple(Criterion(each["code"], each) for each in document["criteria"]),
    )


def example() -> Raw:
    """The example study: invented candidates with figures and scores, and one set of comparisons."""
    return copy.deepcopy(reference(CRITERIA)["example"])


def random_index(count: int) -> float:
    """Saaty's mean consistency index of random comparisons of `count` things; ValueError outside 1 to 10."""
    found = reference(CRITERIA)["random_index"]["value"].get(str(count))
    if found is None:
        raise ValueError(f"no random index for {count} things")
    return float(found)


def consistency_limit() -> float:
    """The largest consistency ratio at which comparisons are used."""
    return float(reference(CRITERIA)["consistency_limit"]["value"])


def criterion_name(code: str, language: str) -> str:
    """The present name of a criterion; a code that is none is its own name."""
    for each in frame_of(reference(CRITERIA)).criteria:
        if each.code == code:
            return each.name(language)
    return code
