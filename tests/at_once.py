"""Several at the same instant: what each was answered."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from core.foundation.errors import Refusal


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of them at the same moment; what each returned, or the refusal or the fault it raised."""
    start = threading.Barrier(len(deeds))
    answers: list[Any] = [None] * len(deeds)

    def one(number: int) -> None:
        start.wait(30)
        try:
            answers[number] = deeds[number]()
        except Exception as error:  # what a person would see: judged by the test
            answers[number] = error

    crew = [threading.Thread(target=one, args=(number,)) for number in range(len(deeds))]
    for each in crew:
        each.start()
    for each in crew:
        each.join(60)
    return answers


def faults(answers: Sequence[Any]) -> list[Any]:
    """What no person should be shown."""
    return [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refusal)]


def told(answers: Sequence[Any]) -> Counter[str]:
    """How many went through ("done"), how many were refused by what, and which fault showed."""
    return Counter(
        one.code if isinstance(one, Refusal) else repr(one)[:200] if isinstance(one, Exception) else "done"
        for one in answers
    )
