"""A brake on floods, per sender and in memory: by address first, because it costs nothing to read.

A whole ward shares one address. When it has had its share, phones we know and cards that are good are let in one by
one, each with a share of its own (`endpoints.admit`); only strangers wait. Core has limits of its own on what matters
(wrong digits, praise); this one keeps the machine free.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from core.foundation.senders import sender_of


class Brake:
    """At most `most` calls per sender (an address, or a mark of ours) within `seconds`; remembers `senders` of them at a time."""

    def __init__(self, most: int, seconds: float, senders: int = 10_000) -> None:
        self.most, self.seconds, self.senders = most, seconds, senders
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._turn = threading.Lock()

    def admits(self, sender: str) -> bool:
        sender = sender_of(sender)
        now = time.monotonic()
        with self._turn:
            begun, count = self._seen.pop(sender, (now, 0))
            if now - begun > self.seconds:
                begun, count = now, 0
            self._seen[sender] = (begun, count + 1)
            if len(self._seen) > self.senders:
                self._seen.popitem(last=False)
            return count < self.most


POSTS = Brake(most=240, seconds=60)
OWN_POSTS = Brake(most=60, seconds=60)
