"""Where a new SOP begins: definitions, indicators, audit points and questions that fit any package.

They stand in `data/reference/sops/starter.json` in both languages; a department changes every line.
"""

from __future__ import annotations

from functools import cache

from core.foundation.reference import reference
from core.sops.document import Own


@cache
def starter(language: str) -> Own:
    """The starting texts in a package's language ("zh" or "en")."""
    return Own.model_validate(reference("sops/starter")[language])
