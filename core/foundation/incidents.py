"""A bug becomes an incident: a number that people can name, and a line in the log that says where it happened.

The log holds kind, files and lines, never a value: an exception's own text may be a patient's name.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path

from core.foundation.settings import PROJECT
from core.foundation.troubles import Trouble, note

log = logging.getLogger("pilotdesk")


def report(error: BaseException, during: str) -> str:
    """Log an incident and return its number. `during` says what was being done, in the programme's own words."""
    number = secrets.token_hex(3).upper()
    if isinstance(error, Trouble):
        # The machine's, not the programme's: where it was met says nothing, and what runs every few seconds meets it again.
        note(error)
        return number
    places = [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error("incident %s, %s: %s\n  %s", number, during, type(error).__name__, "\n  ".join(places))
    return number


def _short(filename: str) -> str:
    """Our own files from the product's folder on, so that a log reads the same on every machine."""
    path = Path(filename)
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else filename
