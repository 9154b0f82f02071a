"""A machine in trouble: the doors of the house meet it instead of the database."""

from __future__ import annotations

from typing import Any

import pytest

from core.foundation.doors import Desk
from core.foundation.troubles import Trouble


def troubled(
    patch: pytest.MonkeyPatch, door: str, trouble: type[Trouble], only: str = "", times: int | None = None
) -> None:
    """From now on the questions ("ask") or deeds ("do") of the house meet this trouble; `only` names one of them, and after so
    many `times` the machine is well again."""
    right, met = getattr(Desk, door), 0

    def act(desk: Desk, actor: Any, what: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal met
        if only in ("", getattr(what, "__name__", "")) and (times is None or met < times):
            met += 1
            raise trouble
        return right(desk, actor, what, *arguments, **named)

    patch.setattr(Desk, door, act)
