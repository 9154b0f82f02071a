"""What an object makes once: made once, kept, and nobody waits for another object."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from core.foundation.fast.once import once
from core.foundation.settings import PROJECT


@dataclass(frozen=True)
class Held:
    may_go_on: threading.Event
    made: list[int] = field(default_factory=list)

    @once
    def value(self) -> int:
        """Waits, as for a connection of the database."""
        assert self.may_go_on.wait(20), "one object's value waited for another's"
        self.made.append(1)
        return len(self.made)


def test_a_value_is_made_once_and_kept() -> None:
    go = threading.Event()
    go.set()
    one, other = Held(go), Held(go)
    assert [one.value, one.value, other.value] == [1, 1, 1] and (one.made, other.made) == ([1], [1])
    assert Held.value.__doc__ == "Waits, as for a connection of the database."


def test_an_object_does_not_wait_for_another_of_its_class() -> None:
    waits, free = Held(threading.Event()), Held(threading.Event())
    free.may_go_on.set()
    first = threading.Thread(target=lambda: waits.value)
    first.start()
    done: list[int] = []
    second = threading.Thread(target=lambda: done.append(free.value))
    second.start()
    second.join(10)
    assert done == [1], "with a lock for the whole class this one would wait for the other"
    waits.may_go_on.set()
    first.join(10)
    assert waits.made == [1]


def test_nothing_of_the_house_shares_a_lock_for_what_it_keeps() -> None:
    """`functools.cached_property` would (up to Python 3.11), and two questions could wait for each other for ever."""
    own = PROJECT / "core/foundation/fast/once.py"
    paths: list[Path] = [p for top in ("core", "pages") for p in (PROJECT / top).rglob("*.py") if p != own]
    assert [path.name for path in paths if "cached_property" in path.read_text(encoding="utf-8")] == []
