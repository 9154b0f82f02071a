"""The constants of this room from `data/reference/insight/`, each with its source there."""

from __future__ import annotations

from functools import cache

from core.foundation.open_types import Raw
from core.foundation.reference import reference


@cache
def constants(name: str) -> Raw:
    """The values of one reference file (`name` without the ending) by name, without their sources."""
    entries = reference(f"insight/{name}").items()
    return {key: entry["value"] for key, entry in entries if isinstance(entry, dict)}
