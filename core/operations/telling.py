"""The sender beside the served pages: what waits in the outbox leaves within seconds, and a slow robot holds up nothing
but itself."""

from __future__ import annotations

import threading
from collections.abc import Callable

from core.dialogue.telling.sending import send_due
from core.foundation.incidents import report
from core.operations import workspaces

EVERY = 3.0  # seconds

_sending = threading.Lock()


def send_once() -> bool:
    """Send what is due in the workspace in use; whether it was tried. Never two at once in one process."""
    if not _sending.acquire(blocking=False):
        return False
    try:
        kind = workspaces.active_kind()
        if kind is None or not workspaces.is_set_up(kind):
            return False
        send_due(workspaces.desk(kind))
        return True
    except Exception as error:  # the next round comes in seconds
        report(error, "telling staff")
        return False
    finally:
        _sending.release()


def begin() -> Callable[[], None]:
    """Send every few seconds in a thread that never keeps the process alive; returns what ends it."""
    ended = threading.Event()

    def rounds() -> None:
        while not ended.is_set():
            send_once()
            ended.wait(EVERY)

    threading.Thread(target=rounds, name="pilotdesk-telling", daemon=True).start()
    return ended.set
