"""Work on a foreign file done in a process of its own, which may end, hang or swell without harm to the house.

`apart(read, data)` calls the function `read` of a module with plain arguments in a helper process: poor (memory and
processor time are limited), knowing little of this machine, and replaced when it broke. One helper of each kind of work
stays warm for the next file; an idle one goes by itself after some minutes. What it answers is taken for data:
only the named classes are made of it, and a refusal becomes the same refusal here.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.language import N_
from core.foundation.open_types import Value
from core.foundation.settings import PROJECT

Answer = TypeVar("Answer")

# Seconds of processor time for one file. 50,000 rows of 20 columns take about ten, the largest picture one.
SECONDS = 25
# On a machine that is busy with other things an honest file waits for its turn.
CLOCK = 60
# Two cores are what the house has; a third file waits.
AT_ONCE = 2
LARGEST_ANSWER = 600_000_000
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TZ")
_PLAIN = {("datetime", name) for name in ("datetime", "date", "time", "timedelta", "timezone")}


@dataclass(eq=False)
class FileTooHard(Refusal):
    message = N_(
        "Reading this file takes more time or memory than a file of its kind needs, so it was stopped. Save it anew with "
        "only what is needed, and send it again."
    )


@dataclass(eq=False)
class FileUnreadable(Refusal):
    message = N_(
        "This file cannot be read. Open it in the programme it comes from, save it anew and send that file."
    )


class _Gone(Exception):
    """The helper had gone before it took the work."""


class _Ended(Exception):
    """The helper was ended by the file: at a limit, or by a crash."""


class _WentWrong(Exception):
    """The work raised something that is no refusal; only its kind and place are told."""


@dataclass(eq=False)
class _Helper:
    """One helper process and its two pipes."""

    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls) -> _Helper:
        known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-m", "core.foundation.foreign.apart_child", str(SECONDS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=PROJECT,
            env=known | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        )  # fmt: skip
        return cls(process)

    def ask(self, question: bytes, allowed: set[tuple[str, str]]) -> tuple[Value, ...]:
        clock = threading.Timer(CLOCK, self.process.kill)
        clock.daemon = True
        clock.start()
        try:
            out, into = self.process.stdin, self.process.stdout
            assert out is not None and into is not None
            try:
                out.write(len(question).to_bytes(8, "big") + question)
                out.flush()
            except OSError:
                raise _Gone from None
            if into.read(1) != b"+":
                raise _Gone
            size = int.from_bytes(into.read(8), "big")
            answer = into.read(size) if 0 < size <= LARGEST_ANSWER else b""
            if not answer or len(answer) != size:
                raise _Ended
            return tuple(_Plain(io.BytesIO(answer), allowed).load())
        finally:
            clock.cancel()

    def end(self) -> None:
        with suppress(OSError):
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError, AttributeError):
                pipe.close()  # type: ignore[union-attr]
        self.process.wait()


class _Plain(pickle.Unpickler):
    """Only plain values, days and the classes that were named: what a broken helper writes starts nothing here."""

    def __init__(self, file: io.BytesIO, allowed: set[tuple[str, str]]) -> None:
        super().__init__(file)
        self._allowed = allowed

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._allowed | _PLAIN:
            raise _Ended
        return getattr(sys.modules[module], name)


@dataclass(eq=False)
class _Lane:
    """The helpers of one kind of work: at most `AT_ONCE` busy, one kept warm."""

    turn: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    lock: threading.Lock = field(default_factory=threading.Lock)
    idle: list[_Helper] = field(default_factory=list)

    @contextmanager
    def helper(self, *, fresh: bool) -> Iterator[_Helper]:
        with self.turn:
            with self.lock:
                found = self.idle.pop() if self.idle and not fresh else None
            found = found or _Helper.start()
            try:
                yield found
            except BaseException:
                found.end()
                raise
            with self.lock:
                kept = not self.idle
                if kept:
                    self.idle.append(found)
            if not kept:
                found.end()


_lanes: dict[str, _Lane] = {}
_lanes_lock = threading.Lock()


def apart(work: Callable[..., Answer], *given: Value, made_of: tuple[type, ...] = ()) -> Answer:
    """What `work(*given)` returns, done in a helper process. `work` is a function at the top of its module; its answer
    consists of plain values, days and the classes `made_of`.

    Refuses what `work` refuses, `FileTooHard` where the file ended the helper or used up its time (seconds of processor
    time: `SECONDS`) or memory, `FileUnreadable` where `work` raised anything else, which becomes an incident.
    """
    name = f"{work.__module__}:{work.__qualname__}"
    question = pickle.dumps((name, given), pickle.HIGHEST_PROTOCOL)
    allowed = {(one.__module__, one.__qualname__) for one in made_of}
    with _lanes_lock:
        lane = _lanes.setdefault(name, _Lane())
    try:
        kind, *rest = _asked(lane, question, allowed)
    except (
        _Ended,
        EOFError,
        pickle.UnpicklingError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
    ) as error:
        report(error, f"reading a foreign file apart ({name})")
        raise FileTooHard from None
    if kind == "done":
        answer: Answer = rest[0]
        return answer
    if kind == "refused":
        raise _refusal(*rest)
    if kind == "memory":
        raise FileTooHard
    report(_WentWrong(), f"reading a foreign file apart ({name}): {rest[0]} at {rest[1]}")
    raise FileUnreadable


def _asked(lane: _Lane, question: bytes, allowed: set[tuple[str, str]]) -> tuple[Value, ...]:
    """An idle helper may just have gone; a fresh one that goes before it took the work was ended by its question."""
    try:
        with lane.helper(fresh=False) as helper:
            return helper.ask(question, allowed)
    except _Gone:
        pass
    try:
        with lane.helper(fresh=True) as helper:
            return helper.ask(question, allowed)
    except _Gone:
        raise _Ended from None


def _refusal(module: str, name: str, values: dict[str, Value]) -> Refusal:
    kind = getattr(sys.modules.get(module), name, None)
    if isinstance(kind, type) and issubclass(kind, Refusal):
        return kind(**values)
    return FileUnreadable()


@atexit.register
def _end_all() -> None:
    for lane in _lanes.values():
        while lane.idle:
            lane.idle.pop().end()
