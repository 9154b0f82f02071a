"""A lock that serves threads in the order they came.

`threading.Lock` lets the thread that just let go take it again at once, so that one of eight writers may wait
for dozens of the others' deeds. Handing over in order bounds the wait by the length of the queue.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType


class Turn:
    """`with turn:` waits behind everybody who came before."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> Turn:
        self._take(-1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._let_go()

    @contextmanager
    def within(self, seconds: float) -> Iterator[bool]:
        """Wait at most so long; whether the turn came."""
        came = self._take(seconds)
        try:
            yield came
        finally:
            if came:
                self._let_go()

    def _take(self, seconds: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):  # let go by the one before us, who leaves the turn taken
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # handed over in this very moment

    def _let_go(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
