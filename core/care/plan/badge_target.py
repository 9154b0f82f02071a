"""How many badges earn the promised voucher: the target of a package, adapted to whoever enrols late. Pure."""

from __future__ import annotations


def adapted_target(target: int, available: int, full: int) -> int | None:
    """The badge target for a patient who can still earn `available` of `full` badges.

    In proportion, rounded up, at most `available` and at most `target`: 10 of 16 becomes 7 of 11.
    None when no badge can be earned, so that nobody is given an impossible aim.
    """
    if available <= 0 or full <= 0:
        return None
    return min(available, target, -(-target * available // full))
