"""What the log may say of a bug, and who may say it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from core.foundation.incidents import report

HOME = Path(__file__).resolve().parents[2]


def broken(name: str) -> None:
    raise ValueError(f"{name} 13800138000")


def test_an_incident_names_kind_and_places_and_no_value(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        try:
            broken("张三")
        except ValueError as error:
            number = report(error, "a test")
    assert re.fullmatch(r"[0-9A-F]{6}", number)
    assert f"incident {number}, a test: ValueError" in caplog.text
    assert re.search(r"tests/foundation/test_incidents\.py:\d+ broken", caplog.text)
    assert "张三" not in caplog.text and "13800138000" not in caplog.text
    assert str(HOME) not in caplog.records[-1].getMessage()


def test_bugs_are_reported_in_one_place() -> None:
    """A second reporter would one day log the exception's own text, which may be a patient's."""
    found = [
        path.relative_to(HOME).as_posix()
        for room in ("core", "pages")
        for path in (HOME / room).rglob("*.py")
        if re.search(r"import traceback|\.exception\(|exc_info|log\.error\(", path.read_text("utf-8"))
    ]
    # Troubles log a sentence of their own, never the error's.
    assert sorted(found) == ["core/foundation/incidents.py", "core/foundation/troubles.py"]
