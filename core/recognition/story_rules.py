"""What may not stand on the story wall: the writer's name, numbers that lead to a person, words of illness and cure.

Source of the rule: Measures for the Administration of Medical Advertisements, art. 7 (see
`data/reference/recognition/story_words.yaml`, which holds the words). Pure: text in, refusals out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from core.foundation.errors import Refusal
from core.foundation.language import N_

WORDS = Path(__file__).resolve().parents[2] / "data" / "reference" / "recognition" / "story_words.yaml"
LONGEST_STORY = 600

KIND_NAMES = {
    "disease": N_("illness"),
    "cure": N_("cure or effect"),
    "rate": N_("success rates"),
    "technique": N_("medical techniques and drugs"),
    "sex": N_("a baby's sex"),
}
# Seven digits in a row, however they are spaced, are a telephone, a record or an identity number.
_NUMBER = re.compile(r"\d(?:[\s\-–—.()]*\d){6,}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?:微信|wechat|vx|qq)\s*[::号]?\s*[\w-]{5,}", re.IGNORECASE)


@dataclass(eq=False)
class StoryEmpty(Refusal):
    message = N_("The story is empty. Write what may stand on the wall, or keep the praise private.")
    field = "story"


@dataclass(eq=False)
class StoryTooLong(Refusal):
    most: int
    message = N_("A story on the wall has at most {most} characters; people read it standing.")
    field = "story"


@dataclass(eq=False)
class StoryNamesWriter(Refusal):
    word: str
    message = N_(
        "“{word}” is the writer's name or number. Please leave it out, for example “a mother-to-be”."
    )
    field = "story"


@dataclass(eq=False)
class StoryHoldsNumber(Refusal):
    word: str
    message = N_("“{word}” looks like a telephone, record or account number. Please leave it out.")
    field = "story"


@dataclass(eq=False)
class StoryWordNotAllowed(Refusal):
    word: str
    kind: str
    message = N_(
        "“{word}” speaks of {kind}. A wall with the hospital's name may not (Measures for Medical Advertisements, "
        "art. 7, and house rules); please say it without."
    )
    field = "story"


@dataclass(frozen=True)
class _Word:
    word: str
    kind: str
    pattern: re.Pattern[str]


@cache
def _words() -> tuple[tuple[_Word, ...], re.Pattern[str]]:
    """The forbidden words, longest first so that the one shown is the most telling, and the harmless ones."""
    lists = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    allowed = re.compile("|".join(re.escape(word) for word in lists.pop("allowed")))
    found = [
        _Word(
            word,
            kind,
            re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])" if language == "en" else re.escape(word)),
        )
        for kind, languages in lists.items()
        for language, words in languages.items()
        for word in words
    ]
    return tuple(sorted(found, key=lambda w: -len(w.word))), allowed


def check_story(story: str, name: str = "", phone: str = "", record_number: str = "") -> None:
    """Refuse a story that must not be shown: `StoryEmpty`, `StoryTooLong`, `StoryNamesWriter`, `StoryHoldsNumber`,
    `StoryWordNotAllowed`. `name`, `phone`, `record_number` are the writer's, where the house knows them.
    """
    plain = unicodedata.normalize("NFKC", story).casefold()
    if not plain.strip():
        raise StoryEmpty
    if len(story) > LONGEST_STORY:
        raise StoryTooLong(LONGEST_STORY)
    for mark in _marks(name, phone, record_number):
        if mark.casefold() in plain:
            raise StoryNamesWriter(mark)
    if found := _NUMBER.search(plain) or _ADDRESS.search(plain):
        raise StoryHoldsNumber(found.group(0).strip())
    words, allowed = _words()
    rest = allowed.sub(lambda match: "〇" * len(match.group(0)), plain)
    for word in words:
        if word.pattern.search(rest):
            raise StoryWordNotAllowed(word.word, KIND_NAMES[word.kind])


def _marks(name: str, phone: str, record_number: str) -> list[str]:
    """By what a reader could know the writer: full name, given name of two characters, the numbers."""
    name = unicodedata.normalize("NFKC", name).strip()
    marks = [name, phone, record_number]
    if re.fullmatch("[\u3400-\u9fff]{3,4}", name):
        marks.append(name[-2:])
    elif " " in name:
        marks.extend(part for part in name.split() if len(part) > 2)
    return [mark for mark in marks if len(mark) >= 2]
