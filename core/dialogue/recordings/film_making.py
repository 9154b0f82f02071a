"""Films and recordings are opened in a child process that may little (`film_child`): here it is started and waited for.

It gets no more of this machine's environment than it needs to start, a time to end by, and its last word is judged like
anything else that comes from outside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from core.foundation.open_types import Raw
from core.foundation.settings import PROJECT

# Seconds of processor time, and of the clock: a copy takes less than one, three minutes of 1080p HEVC about 150.
LOOK = (40, 120)
CONVERT = (3000, 5400)
VOICE = (30, 60)
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def look_at(source: Path, target: Path) -> Raw:
    """What a film is: {"done": "copied", "seconds", "width", "height"} with a film in `target` that plays everywhere,
    {"done": "convert", …} where it must be converted, {"refused": reason} otherwise. About a second."""
    return _run("look", LOOK, str(source), str(target))[0]


def convert(source: Path, target: Path) -> Raw:
    """Convert a film to H.264 720p with AAC; answers as `look_at` does. Minutes."""
    return _run("convert", CONVERT, str(source), str(target))[0]


def make_voice(data: bytes) -> tuple[Raw, bytes]:
    """A recording as M4A with {"done", "seconds"}, or {"refused": reason} and nothing."""
    return _run("voice", VOICE, data=data)


def _run(work: str, limits: tuple[int, int], *paths: str, data: bytes = b"") -> tuple[Raw, bytes]:
    cpu, clock = limits
    command = [sys.executable, "-m", "core.dialogue.recordings.film_child", work, str(cpu), *paths]
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        answer = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=PROJECT, timeout=clock,
            env=known | {"PYTHONDONTWRITEBYTECODE": "1"}, check=False,
        ).stdout  # fmt: skip
        line, _, rest = answer.partition(b"\n")
        facts = json.loads(line)
    except (subprocess.TimeoutExpired, json.JSONDecodeError, UnicodeDecodeError):
        # Killed at a limit, or by the film itself.
        return {"refused": "too_hard"}, b""
    return (facts, rest) if isinstance(facts, dict) else ({"refused": "too_hard"}, b"")
