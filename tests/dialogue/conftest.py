"""The dialogue's tests keep their own machine key, so that none is made in the project's folder."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_machine_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"7" * 64)
