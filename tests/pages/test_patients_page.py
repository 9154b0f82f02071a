"""The import page judges the file that lies before it, never the one before."""

from __future__ import annotations

from typing import Any

import pytest

from core.exchange.reading import read_table
from pages.manager.imports import parts
from pages.ui.form import Form


class Bar:
    def progress(self, share: float) -> None: ...
    def empty(self) -> None: ...


def test_a_verdict_belongs_to_the_content_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    table = read_table("姓名,病历号\n王芳,A1\n".encode(), "a.csv", None)
    judged: list[dict[str, int]] = []

    def preview(_table: Any, columns: dict[str, int], *_more: Any, **_known: Any) -> int:
        judged.append(columns)
        return len(judged)

    state: dict[str, Any] = {"import_table": ("digest of a", None, table)}
    monkeypatch.setattr(parts.st, "session_state", state)
    monkeypatch.setattr(parts.st, "progress", lambda *_args, **_known: Bar())
    monkeypatch.setattr(parts, "ask", lambda *_args, **_known: None)
    monkeypatch.setattr(parts, "preview", preview)
    columns = {"name": 0, "record_number": 1}
    assert (parts.judged(Form(), table, columns), parts.judged(Form(), table, columns)) == (1, 1)
    # Another file whose table happens to lie at the same address.
    state["import_table"] = ("digest of b", None, table)
    assert parts.judged(Form(), table, columns) == 2
    assert parts.judged(Form(), table, {"name": 1, "record_number": 0}) == 3
