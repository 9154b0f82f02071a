"""Reasons and notes: what people write beside an act, so that the next one understands it.

One rule for all of them: spaces around go, an empty reason is refused, and so is one longer than its column.
Nothing is cut silently, because the cut words would be the ones that mattered.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.errors import Refusal
from core.foundation.language import N_

LONGEST = 200
LONGEST_NOTE = 300


@dataclass(eq=False)
class ReasonMissing(Refusal):
    message = N_("Please give the reason in a few words; the next colleague will need it.")
    field = "reason"


@dataclass(eq=False)
class ReasonTooShort(Refusal):
    least: int
    message = N_("Please write the reason, in at least {least} characters: it is read long after today.")
    field = "reason"


@dataclass(eq=False)
class TextTooLong(Refusal):
    field: str = "reason"  # type: ignore[misc]
    most: int = LONGEST
    message = N_("At most {most} characters fit. Please shorten it a little.")


def given(text: str, *, least: int = 1, most: int = LONGEST) -> str:
    """The reason as it is stored, `least` to `most` characters. Refuses `ReasonMissing`, `ReasonTooShort` and
    `TextTooLong`."""
    reason = remark(text, most=most)
    if not reason:
        raise ReasonMissing
    if len(reason) < least:
        raise ReasonTooShort(least)
    return reason


def remark(text: str, *, most: int = LONGEST, field: str = "reason") -> str:
    """A reason or note that may be left empty, as it is stored. Refuses `TextTooLong`, at the given field."""
    found = text.strip()
    if len(found) > most:
        raise TextTooLong(field, most)
    return found
