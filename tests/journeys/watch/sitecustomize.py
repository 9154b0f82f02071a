"""Loaded by Python itself in the server under test: notes and refuses every attempt to reach another machine.

An audit hook cannot be taken out again and sees every library's sockets, so "nothing is fetched from the internet"
is asked of the interpreter, not of the code that might fetch.
"""

import os
import sys

LOG = os.environ.get("PILOTDESK_WATCH_LOG", "")
HOME = ("127.", "localhost", "::1", "0.0.0.0", "::")


def note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if not name.startswith(HOME):
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(f"{event} {name}\n")
        raise OSError("another machine")


if LOG:
    sys.addaudithook(note)

CLOCK = os.environ.get("PILOTDESK_WATCH_CLOCK", "")


def move_clock() -> None:
    """Let the one clock of the house run so many seconds ahead as the file says: a night begins at noon."""
    sys.path.insert(0, os.getcwd())
    from datetime import UTC, datetime, timedelta

    from core.foundation import clock

    def now(_self: object) -> datetime:
        with open(CLOCK, encoding="utf-8") as file:
            return datetime.now(UTC) + timedelta(seconds=float(file.read() or 0))

    clock.SystemClock.now = now  # type: ignore[method-assign]


if CLOCK and os.path.exists(CLOCK):
    move_clock()
