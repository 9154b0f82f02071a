"""The look every 15 seconds: what a promise, a silence or a shift wants done by now.

Each part is asked before it is written, in a transaction of its own, and each promise alone: one that fails becomes an
incident and holds up no other. Two replicas may look at once; the rows they write are unique.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.dialogue.steps import ladder, silence, untaken_shifts
from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.foundation.incidents import report
from core.operations import workspaces
from core.settlement import amends

EVERY = 15.0  # seconds
# Silence is counted in hours: who has fallen silent is asked once in so many seconds, who was heard of every time.
SILENCE_EVERY = 120.0

_looking = threading.Lock()
_asked_silence: dict[str, float] = {}


def look_around(desk: Desk, *, silent: bool = True) -> None:
    """Do everything that is due in a workspace, once; without `silent` nobody new is found silent."""
    with _apart("ladder"):
        for run_id in desk.ask(SYSTEM, ladder.waiting):
            with _apart("ladder of one promise"):
                desk.do(SYSTEM, ladder.look, run_id=run_id)
    with _apart("amends"):
        for run_id in desk.ask(SYSTEM, amends.waiting):
            with _apart("amends for one promise"):
                desk.do(SYSTEM, amends.draft, run_id=run_id)
    with _apart("shifts nobody took"):
        if desk.ask(SYSTEM, untaken_shifts.untaken_due):
            desk.do(SYSTEM, untaken_shifts.tell_untaken)
    with _apart("silence"):
        for enrolment_id in desk.ask(SYSTEM, silence.waiting if silent else silence.heard_again):
            with _apart("silence of one course"):
                desk.do(SYSTEM, silence.look, enrolment_id=enrolment_id)


def look_once() -> bool:
    """Look around in the workspace in use; whether it was looked. Never two at once in one process."""
    if not _looking.acquire(blocking=False):
        return False
    try:
        kind = workspaces.active_kind()
        if kind is None or not workspaces.is_set_up(kind):
            return False
        look_around(workspaces.desk(kind), silent=_time_for_silence(kind))
        return True
    except Exception as error:  # the next look comes in 15 seconds
        report(error, "looking")
        return False
    finally:
        _looking.release()


def _time_for_silence(kind: str) -> bool:
    now = time.monotonic()
    if now - _asked_silence.get(kind, -SILENCE_EVERY) < SILENCE_EVERY:
        return False
    _asked_silence[kind] = now
    return True


def begin() -> Callable[[], None]:
    """Look every 15 seconds beside the served pages, in a thread that never keeps the process alive; returns what ends
    it."""
    ended = threading.Event()

    def rounds() -> None:
        while not ended.is_set():
            look_once()
            ended.wait(EVERY)

    threading.Thread(target=rounds, name="pilotdesk-looking", daemon=True).start()
    return ended.set


@contextmanager
def _apart(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # one that fails holds up no other
        report(error, what)
