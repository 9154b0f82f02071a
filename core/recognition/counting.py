"""Counting characters as a reader would: what is said counts, what merely fills does not.

The rule, in the order in which it is applied:

1. A character is what a person sees as one: a letter with its accents, a family emoji, a flag.
2. Letters of every script, digits and pictures (emoji) count one each: a Chinese character, and each letter
   of an English word. Spaces, line breaks, punctuation and mathematical signs never count.
3. The same character counts at most twice in a row ("谢谢", "good"; "哈哈哈哈" counts two), and so does a
   syllable inside a word ("hahahaha" counts four).
4. A phrase of two to five characters or words said again immediately counts once ("服务很好" ten times: four);
   a phrase of six or more said again anywhere counts once.
5. The same character or word counts at most eight times in a text.

A natural text of fifty characters is hardly touched by rules 3 to 5; a text made of filling stays far below.
`pages/patient/static/praise.js` counts by the same rule while somebody types; the server's count decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

LONGEST_NEAR_PHRASE = 5
FAR_PHRASE = LONGEST_NEAR_PHRASE + 1
MOST_OF_ONE = 8

_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
# Scripts written without spaces: each character is a token of its own, like a word elsewhere.
_UNSPACED = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def counted_characters(text: str) -> int:
    """How many characters of `text` count towards the required length, by the rule at the top of this module."""
    tokens = list(_tokens(text))
    once = _without_near_repeats(tokens, single=2, phrase=1)
    fresh = _without_far_repeats(once)
    seen: Counter[str] = Counter()
    total = 0
    for token in fresh:
        seen[token] += 1
        if seen[token] <= MOST_OF_ONE:
            total += len(_graphemes(token))
    return total


def same_text(text: str) -> str:
    """The text without case, spaces and punctuation: two praises with equal keys are the same praise."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if _is_said(c))


def _is_said(character: str) -> bool:
    category = unicodedata.category(character[0])
    return category[0] in "LN" or category == "So"


def _graphemes(text: str) -> list[str]:
    """The characters a person sees: marks, joiners, skin tones and the second half of a flag join the first."""
    found: list[str] = []
    for character in unicodedata.normalize("NFKC", text):
        point = ord(character)
        last = found[-1] if found else ""
        joins = (
            character == _JOINER
            or unicodedata.category(character)[0] == "M"
            or point in _SKIN_TONES
            or point in _TAGS
            or last.endswith(_JOINER)
            or (point in _FLAG_LETTERS and len(last) == 1 and ord(last) in _FLAG_LETTERS)
        )
        if joins and last:
            found[-1] += character
        else:
            found.append(character)
    return found


def _tokens(text: str) -> list[str]:
    """Words of spaced scripts, single characters of the others and emoji; in lower case, filling removed."""

    def belongs(grapheme: str) -> str:
        if not _is_said(grapheme):
            return "gap"
        alone = _UNSPACED.match(grapheme) or unicodedata.category(grapheme[0]) == "So"
        return "alone" if alone else "word"

    tokens: list[str] = []
    for kind, group in groupby(_graphemes(text.casefold()), belongs):
        if kind == "alone":
            tokens.extend(group)
        elif kind == "word":
            tokens.append(
                "".join(_without_far_repeats(_without_near_repeats(list(group), single=2, phrase=2)))
            )
    return tokens


def _without_near_repeats(tokens: list[str], single: int, phrase: int) -> list[str]:
    """Leave `single` of one token in a row, and `phrase` of a phrase of two to five tokens in a row."""
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        step = _repeats_here(kept, tokens, at, single, phrase)
        if not step:
            kept.append(tokens[at])
        at += step or 1
    return kept


def _repeats_here(kept: list[str], tokens: list[str], at: int, single: int, phrase: int) -> int:
    """How many tokens from `at` on say again what was just said often enough; 0 when something new begins."""
    for size in range(LONGEST_NEAR_PHRASE, 0, -1):
        allowed = single if size == 1 else phrase
        unit = tokens[at : at + size]
        if len(unit) == size and kept[-size * allowed :] == unit * allowed:
            return size
    return 0


def _without_far_repeats(tokens: Sequence[str]) -> list[str]:
    """Leave out every stretch of six or more tokens that already stood earlier in the text."""
    first: dict[tuple[str, ...], int] = {}
    repeated: set[int] = set()
    for at in range(len(tokens) - FAR_PHRASE + 1):
        stretch = tuple(tokens[at : at + FAR_PHRASE])
        if at - first.setdefault(stretch, at) >= FAR_PHRASE:
            repeated.update(range(at, at + FAR_PHRASE))
    return [token for at, token in enumerate(tokens) if at not in repeated]
