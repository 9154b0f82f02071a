"""What a programme knows of its rooms as soon as it opens a database."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

CORE = Path(__file__).resolve().parents[2] / "core"
KNOWN = "from core.operations import wiring; from core.foundation.audit import KINDS; print(*sorted(KINDS))"
ALL = (
    "import pkgutil, importlib, core\n"
    "for room in pkgutil.walk_packages(core.__path__, 'core.'):\n"
    "    if not room.name.startswith('core.migrations'):\n"
    "        importlib.import_module(room.name)\n"
    "from core.foundation.audit import KINDS\n"
    "print(*sorted(code for code in KINDS if not code.startswith('backup.')))"
)


def printed(program: str) -> set[str]:
    """What a new process prints: in this one the other tests have imported everything."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CORE.parent, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_an_erasure_knows_the_audit_kinds_of_deeds_nobody_has_done_yet() -> None:
    """Otherwise the personal details of a gentle stop would outlive an erasure in the same morning."""
    assert printed(ALL) - printed(KNOWN) == set()


def test_handlers_are_registered_in_listening_modules_only() -> None:
    registers = re.compile(r"^\s*@?on_(?:erasure|withdrawn|published|task_done|task_undone)\b", re.MULTILINE)
    found = {path.name for path in CORE.rglob("*.py") if registers.search(path.read_text("utf-8"))}
    assert found == {"listening.py"}
