"""The sender beside the served pages: it runs by itself, and a fault of one round ends nothing."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from core.operations import telling, workspaces
from tests.conftest import World


@pytest.fixture
def served(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(workspaces, "active_kind", lambda: "department")
    monkeypatch.setattr(workspaces, "is_set_up", lambda kind: True)
    monkeypatch.setattr(workspaces, "desk", lambda kind: world.desk)
    return world


def test_it_sends_for_the_workspace_in_use(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(telling, "send_due", asked.append)
    assert telling.send_once()
    assert asked == [served.desk]


def test_before_the_first_set_up_it_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "active_kind", lambda: None)
    assert not telling.send_once()


def test_a_fault_becomes_an_incident_and_the_next_round_comes(
    served: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_desk: Any) -> None:
        raise ValueError("https://robot.example/?key=secret")

    monkeypatch.setattr(telling, "send_due", fails)
    assert not telling.send_once()
    assert "telling staff" in caplog.text and "secret" not in caplog.text
    monkeypatch.setattr(telling, "send_due", lambda _desk: 0)
    assert telling.send_once()


def test_it_goes_on_until_it_is_ended(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[float] = []
    monkeypatch.setattr(telling, "EVERY", 0.01)
    monkeypatch.setattr(telling, "send_due", lambda _desk: rounds.append(time.monotonic()))
    end = telling.begin()
    until = time.monotonic() + 10
    while len(rounds) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    end()
    assert len(rounds) >= 3
    for thread in threading.enumerate():
        if thread.name == "pilotdesk-telling":
            thread.join(5)
    assert not [one for one in threading.enumerate() if one.name == "pilotdesk-telling"]
