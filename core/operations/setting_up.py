"""What was typed on the first visit, kept on this machine until the department stands.

There is no database yet: a file in the data folder holds it, readable by its owner only. Passwords never reach it.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from core.foundation.settings import settings

FIELDS = ("hospital", "department", "zone", "name", "username")
LONGEST = 200


def typed() -> dict[str, str]:
    """The fields typed so far; nothing where nobody has begun, or the file cannot be read."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    held = found if isinstance(found, dict) else {}
    return {name: str(held[name]) for name in FIELDS if name in held}


def keep(field: str, value: str) -> None:
    """Keep one field of FIELDS as it was left; others stay as they are."""
    if field not in FIELDS:
        raise KeyError(field)
    path, held = _file(), typed() | {field: value[:LONGEST]}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".setting-up-", dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(held, file, ensure_ascii=False)
    os.replace(draft, path)


def forget() -> None:
    """The department stands: what was typed is in its database now."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return settings().data_dir / "setting-up.json"
