"""How the standing of an entitlement is said: left while the course runs, not used after it; nothing is hidden."""

from __future__ import annotations

from collections.abc import Sequence

from core.foundation.language import N_, translator
from core.settlement.entitlements import Right

LEFT = N_("{left} of {of} left")
NOT_USED = N_("{left} of {of} not used")
ALL_USED = N_("all {of} used")
ONE_NOT_USED = N_("not used")
ONE_USED = N_("used")
BEYOND = N_("{used} used, {of} included")


def standing(right: Right, *, ended: bool, language: str, beyond: bool = True) -> str:
    """ "5 of 7 left" and "all 7 used"; after the end "2 of 7 not used"; of one alone "used" and "not used". With `beyond`,
    where more was used than there is, "8 used, 7 included"."""
    _ = translator(language)
    if beyond and right.used > right.of:
        return _(BEYOND, used=right.used, of=right.of)
    if right.left == 0:
        return _(ALL_USED, of=right.of) if right.of > 1 else _(ONE_USED)
    if not ended:
        return _(LEFT, left=right.left, of=right.of)
    return _(NOT_USED, left=right.left, of=right.of) if right.of > 1 else _(ONE_NOT_USED)


def slip_lines(rights: Sequence[Right], language: str) -> tuple[tuple[str, str], ...]:
    """Name and standing of every entitlement of a course that has ended, for its refund slip."""
    return tuple((right.name, standing(right, ended=True, language=language)) for right in rights)
