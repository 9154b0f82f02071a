"""The constants of this room: read once from `data/reference/insight/`, each with its source."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from core.foundation.open_types import Raw

FOLDER = Path(__file__).resolve().parents[2] / "data" / "reference" / "insight"


@cache
def document(name: str) -> Raw:
    """One reference file as it stands, `name` without the ending."""
    found: Raw = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def constants(name: str) -> Raw:
    """The values of one reference file by name, without their sources."""
    return {key: entry["value"] for key, entry in document(name).items() if isinstance(entry, dict)}
