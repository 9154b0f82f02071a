"""How many statements a question costs: what reads in a loop shows by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from tests.conftest import World


def statements(world: World, *asks: Callable[[], Any]) -> int:
    """The statements these take together."""
    seen: list[str] = []
    engine = world.desk.database.engine

    def note(_link: object, _cursor: object, text: str, *_rest: object) -> None:
        seen.append(text)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for ask in asks:
            ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
