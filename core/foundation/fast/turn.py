"""A lock that serves threads in the order they came.

`threading.Lock` lets the thread that just let go take it again at once, so that one of eight writers may wait
for dozens of the others' deeds. Handing over in order bounds the wait by the length of the queue.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turn:
    """`with turn:` waits behind everybody who came before."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> Turn:
        with self._guard:
            if not self._taken:
                self._taken = True
                return self
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()  # let go by the one before us, who leaves the turn taken
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
