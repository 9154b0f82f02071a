"""The published numbers, texts and word lists under `data/reference`, each beside its source: code holds none of them."""

from __future__ import annotations

import json
from functools import cache

from core.foundation.open_types import Raw
from core.foundation.settings import PROJECT

FOLDER = PROJECT / "data" / "reference"


@cache
def reference(name: str) -> Raw:
    """One file, read once, by its place there ("choice/criteria"); whoever is given it does not change it."""
    found: Raw = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
