"""Telling staff who are not looking: what a step of a promise hands over to the channels of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.dialogue.tables import CaseRow
from core.foundation.doors import Stamp


def tell(
    stamp: Stamp,
    *,
    occasion: str,
    case: CaseRow | None,
    step: str,
    staff_ids: Sequence[int],
    roles: Sequence[str],
    due_at: datetime,
) -> None:
    """Hand over what a step has to say; without any channel everything stands on the screens. `case` is None for a
    shift that nobody took (`step` "shift")."""
