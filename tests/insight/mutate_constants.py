"""Change one constant a little and ask the published figures whether they notice.

Real numbers move by one per cent, whole numbers by one. A constant that no figure watches could be
wrong without anybody knowing.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.foundation.errors import Refusal
from core.insight.reference import constants


def mutants(name: str) -> list[tuple[str, float]]:
    """Every constant of a reference file with each of its two changed values."""
    changed: list[tuple[str, float]] = []
    for key, value in constants(name).items():
        whole = isinstance(value, int)
        changed += [(key, value + 1 if whole else value * 1.01), (key, value - 1 if whole else value * 0.99)]
    return changed


def noticed(
    monkeypatch: pytest.MonkeyPatch, name: str, key: str, value: float, checks: list[Callable[[], None]]
) -> bool:
    """Whether any check fails while the constant has another value."""
    with monkeypatch.context() as changed:
        changed.setitem(constants(name), key, value)
        for check in checks:
            try:
                check()
            except (AssertionError, Refusal, pytest.fail.Exception):
                return True
    return False
