"""The few things made most recently, kept for whoever asks for the same again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Recent(Generic[Thing]):
    """At most `most` things by their keys; the one longest unasked goes first. For several threads."""

    def __init__(self, most: int) -> None:
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()
        self._most, self._turn = most, threading.Lock()

    def get(self, key: Hashable) -> Thing | None:
        with self._turn:
            found = self._things.get(key)
            if found is not None:
                self._things.move_to_end(key)
            return found

    def clear(self) -> None:
        with self._turn:
            self._things.clear()

    def put(self, key: Hashable, thing: Thing) -> Thing:
        with self._turn:
            self._things[key] = thing
            if len(self._things) > self._most:
                self._things.popitem(last=False)
        return thing
