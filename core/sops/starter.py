"""Where a new SOP begins: definitions, indicators, audit points and questions that fit any package.

They stand in `data/reference/sops/starter.json` in both languages; a department changes every line.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from core.sops.document import Own

FILE = Path(__file__).resolve().parents[2] / "data" / "reference" / "sops" / "starter.json"


@cache
def starter(language: str) -> Own:
    """The starting texts in a package's language ("zh" or "en")."""
    return Own.model_validate(json.loads(FILE.read_text(encoding="utf-8"))[language])
