"""A machine in trouble: the doors of the house meet it instead of the database."""

from __future__ import annotations

from typing import Any

import pytest

from core.foundation.doors import Desk
from core.foundation.troubles import Trouble


def troubled(patch: pytest.MonkeyPatch, door: str, trouble: type[Trouble], only: str = "") -> None:
    """From now on the questions ("ask") or deeds ("do") of the house meet this trouble; `only` names one of them."""
    right = getattr(Desk, door)

    def act(desk: Desk, actor: Any, what: Any, *arguments: Any, **named: Any) -> Any:
        if only in ("", getattr(what, "__name__", "")):
            raise trouble
        return right(desk, actor, what, *arguments, **named)

    patch.setattr(Desk, door, act)
