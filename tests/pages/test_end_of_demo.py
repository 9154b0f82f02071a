"""Whoever ends the demo hears for how many it ends and what goes; the others hear that it was ended."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.foundation.house import HouseRow
from core.operations import workspaces
from core.people.patients import add_patient
from pages.entrance import onlookers
from tests.pages.conftest import Served, press, shown

END = "Delete the demo and start again"


@pytest.fixture
def demo(served: Served) -> Served:
    with served.world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).simulated = True
    return served


def ending(app: AppTest) -> Any:
    return next(each for each in app.main.button if each.label == END)


def test_alone_one_click_ends_it(demo: Served) -> None:
    app = demo.open("home.py", language="en")
    assert "for everybody" in shown(app) and "other window" not in shown(app)
    press(app, END)
    assert workspaces.active_kind() is None
    words = shown(app)
    assert "看看演示" in words and "另一个窗口" not in words, "the language went with the rest of the session"


def test_what_people_did_in_it_is_counted(demo: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "chosen_at", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    for number in range(3):
        demo.world.do("nurse", add_patient, name="张三", record_number=f"R-{number}")
    assert "3 acts" in shown(demo.open("home.py", language="en"))


def test_with_others_looking_it_is_asked_once_more(demo: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onlookers, "others", lambda: 9)
    app = demo.open("home.py", language="en")
    assert "**9** other windows" in shown(app) and ending(app).disabled
    app.main.checkbox[-1].check().run()
    press(app, END)
    assert workspaces.active_kind() is None


def test_the_others_are_told_that_it_was_ended(demo: Served) -> None:
    app = demo.app("nurse", "en")
    app.session_state["signed_in"] = {"code": "any", "username": "demo.nurse", "kind": "demo"}
    workspaces.activate(None)
    app.run()
    assert "was ended in another window" in shown(app)


def test_only_windows_with_a_live_connection_count(monkeypatch: pytest.MonkeyPatch) -> None:
    living, windows = {"one", "two"}, iter(["one", "two", "gone", "here", "here", "here"])
    server = SimpleNamespace(is_active_session=lambda window: window in living | {"here"})
    monkeypatch.setattr(onlookers, "_known", set())
    monkeypatch.setattr(onlookers.runtime, "exists", lambda: True)
    monkeypatch.setattr(onlookers.runtime, "get_instance", lambda: server)
    monkeypatch.setattr(
        onlookers, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id=next(windows))
    )
    kind = "department"
    monkeypatch.setattr(workspaces, "active_kind", lambda: kind)
    onlookers.look()
    assert not onlookers._known, "a department asks nobody, and would never clear up"
    kind = "demo"
    for _window in range(4):
        onlookers.look()
    assert onlookers.others() == 2
    living.remove("two")
    assert onlookers.others() == 1
