"""The cookie names who signed in and when, signed with this workspace's key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from core.operations import sign_in_cookies
from core.operations.sign_in_cookies import read, written

SINCE = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_cookies.workspaces, "signing_key", lambda: b"1" * 64)


def test_what_was_written_is_read() -> None:
    token, end = written("nurse", SINCE)
    assert end == SINCE + timedelta(days=1) and read(token) == ("nurse", SINCE)


def test_anything_else_is_nobody() -> None:
    other = jwt.encode({"username": "nurse", "exp_date": 1.0}, "2" * 64, algorithm="HS256")
    endless = jwt.encode({"username": "nurse"}, "1" * 64, algorithm="HS256")
    odd = jwt.encode({"username": "nurse", "exp_date": "x"}, "1" * 64, algorithm="HS256")
    for token in ("", "x", other, endless, odd):
        assert read(token) is None
