"""Where in an SOP the answer to a question stands: what is read again after a wrong answer. Pure.

Nobody writes down which step a question is about, so it is the passage that shares most pairs of letters with the question
and its right answer; a question that names a level is about the line of that level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.foundation.language import translator
from core.packages.parts import Escalation
from core.sops.document import LEVEL_NAMES, QuizQuestion, SopDocument, Step

LEAST = 0.12  # of the answer's pairs; below it the passage speaks of something else
_WORDS = re.compile(r"[^\W_]+")

Passage = Step | Escalation


def passage_of(document: SopDocument, asked: QuizQuestion) -> Passage | None:
    """The step, or the line about what to do when something is wrong, that answers a question; None where none does."""
    wanted = _pairs(f"{asked.question} {asked.right}")
    found: tuple[float, Passage] | None = None
    for passage, text in _passages(document):
        share = len(wanted & _pairs(text)) / (len(wanted) or 1)
        if isinstance(passage, Escalation) and _level(document, passage) in asked.question.casefold():
            share += 1
        if share >= LEAST and (found is None or share > found[0]):
            found = share, passage
    return found[1] if found else None


def _passages(document: SopDocument) -> Iterator[tuple[Passage, str]]:
    for line in document.escalation:
        yield line, f"{line.signs} {line.action}"
    for step in document.steps:
        yield step, f"{step.action} {step.standard} {step.wording} {step.exception}"


def _level(document: SopDocument, line: Escalation) -> str:
    """The level's own word: "red" of "Red: 120 first"."""
    return str(_WORDS.findall(translator(document.language)(LEVEL_NAMES[line.level]).casefold())[0])


def _pairs(text: str) -> set[str]:
    return {word[at : at + 2] for word in _WORDS.findall(text.casefold()) for at in range(len(word) - 1)}
