"""The house's own work on films that have come: each is checked at once, conversions follow one at a time.

Woken when a film has come and when the house starts; what it does follows from the rows alone, so that it may be woken
too often, by several processes, or again after a power cut. Of all processes one checks and one converts: whoever holds
the lock file, which the system lets go of when a process ends.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.dialogue.films import films
from core.dialogue.recordings import film_making
from core.dialogue.recordings.recordings import FILM, UnknownRecording, drop_unheld
from core.foundation.access import SYSTEM
from core.foundation.doors import Desk, Stamp
from core.foundation.incidents import report
from core.foundation.open_types import Raw

STATES = ("checking", "converting")
PATIENCE = 0.5

_turn = threading.Lock()
_wanted: set[tuple[Path, str]] = set()
_at_work: set[tuple[Path, str]] = set()


def wake(desk: Desk) -> None:
    """See to the films that wait, in threads of their own: one that checks and one that converts."""
    for state in STATES:
        work = (desk.media.spool, state)
        with _turn:
            _wanted.add(work)
            if work in _at_work:
                continue
            _at_work.add(work)
        threading.Thread(target=_work, args=(desk, work), daemon=True, name=f"films {state}").start()


def see_to(desk: Desk, state: str) -> int:
    """Do what waits in one state, the oldest first, until nothing does; returns how many films were seen to."""
    count = 0
    with _alone(desk.media.spool / f".{state}.lock"):
        while found := next((each for each in desk.ask(SYSTEM, films.waiting) if each.state == state), None):
            _see_to(desk, found.recording_id, state)
            count += 1
    return count


def _work(desk: Desk, work: tuple[Path, str]) -> None:
    while True:
        with _turn:
            if work not in _wanted:
                _at_work.discard(work)
                return
            _wanted.discard(work)
        try:
            count = see_to(desk, work[1])
        except Exception as error:  # a full disk, a database that went: tried again at the next waking
            report(error, "films that wait")
            continue
        if count and work[1] == "checking":
            wake(desk)


def _see_to(desk: Desk, recording_id: int, state: str) -> None:
    spool = desk.media.spool
    source, target = spool / f"{recording_id}.film", spool / f"{recording_id}.mp4"
    with suppress(UnknownRecording):  # deleted meanwhile
        if not source.exists():
            desk.do(SYSTEM, films.refuse, recording_id=recording_id, fault="lost")
        else:
            make = film_making.look_at if state == "checking" else film_making.convert
            facts = make(source, target)
            if facts.get("done") == "convert":
                desk.do(SYSTEM, films.begin_converting, recording_id=recording_id)
                return
            _settle(desk, recording_id, target, facts)
    for path in (source, target):
        path.unlink(missing_ok=True)


def _settle(desk: Desk, recording_id: int, target: Path, facts: Raw) -> None:
    if "done" not in facts or not target.exists():
        desk.do(SYSTEM, films.refuse, recording_id=recording_id, fault=str(facts.get("refused", "too_hard")))
        return
    key = desk.media.put_file(target, FILM)
    known = {name: facts[name] for name in ("seconds", "width", "height")}
    try:
        size = target.stat().st_size
        desk.do(SYSTEM, films.be_ready, recording_id=recording_id, key=key, size=size, **known)
    except UnknownRecording:
        desk.do(SYSTEM, _drop, key=key)
        raise


def _drop(stamp: Stamp, *, key: str) -> None:
    drop_unheld(stamp, [key])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else on this machine is in here. The file stays; what counts is the lock on it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _locked(handle):
            time.sleep(PATIENCE)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
