"""The helper process of `apart`: takes one piece of work after another from its parent, with limits on each.

    python -m core.foundation.foreign.apart_child SECONDS

It never sees the database or the settings: it gets bytes and answers with data. It ends when its parent does, and
when nothing was asked of it for some minutes.
"""

from __future__ import annotations

import importlib
import os
import pickle
import sys
from contextlib import suppress
from dataclasses import fields
from typing import BinaryIO

from core.foundation.errors import Refusal

# Bytes of memory. The largest picture needs 700 MB while it is turned, the largest workbook about as much.
MEMORY = 1_500_000_000
IDLE_SECONDS = 300


def main(seconds: int) -> None:
    """Serve until the parent goes. What a library prints must not be taken for an answer: stdout is led away."""
    into, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    while _asked_in_time(into):
        size = int.from_bytes(into.read(8), "big")
        question = into.read(size)
        if not size or len(question) != size:
            return
        out.write(b"+")
        out.flush()
        _limit_time(seconds)
        answer = _answered(question)
        out.write(len(answer).to_bytes(8, "big") + answer)
        out.flush()


def _answered(question: bytes) -> bytes:
    try:
        # The parent's own words: it is the one that reads without trust.
        name, given = pickle.loads(question)
        module, _, function = name.partition(":")
        return _packed(("done", getattr(importlib.import_module(module), function)(*given)))
    except Refusal as refusal:
        known = {one.name: getattr(refusal, one.name) for one in fields(refusal)}
        return _packed(("refused", type(refusal).__module__, type(refusal).__qualname__, known))
    except (MemoryError, RecursionError):
        return _packed(("memory",))
    except Exception as error:  # a forged file may raise anything
        # Its kind and place, never its words, which may be a patient's.
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        place = f"{os.path.basename(last.tb_frame.f_code.co_filename)}:{last.tb_lineno}" if last else ""
        return _packed(("wrong", type(error).__name__, place))


def _packed(answer: object) -> bytes:
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def _asked_in_time(into: BinaryIO) -> bool:
    """Whether something comes before it has been idle for too long; where pipes cannot be waited for (Windows), it
    waits for its parent's end."""
    with suppress(ImportError, OSError, ValueError):
        import select

        return bool(select.select([into], [], [], IDLE_SECONDS)[0])
    return True


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # It writes no file.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_time(seconds: int) -> None:
    """So much processor time from now on; the system ends the process beyond it."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 1 + seconds, most))


if __name__ == "__main__":
    main(int(sys.argv[1]))
