"""The look every 15 seconds: beside the pages, never twice at once, stopped by its own hand."""

from __future__ import annotations

import threading
import time

import pytest

from core.operations import looking
from tests.conftest import World
from tests.dialogue.promised_ward import promised_ward


def test_it_looks_again_and_again_until_it_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    twice = threading.Event()

    def look() -> None:
        looks.append(threading.current_thread().name)
        if len(looks) >= 2:
            twice.set()

    monkeypatch.setattr(looking, "EVERY", 0.01)
    monkeypatch.setattr(looking, "look_once", look)
    end = looking.begin()
    assert twice.wait(5)
    end()
    time.sleep(0.05)
    count = len(looks)
    time.sleep(0.05)
    assert len(looks) == count and set(looks) == {"pilotdesk-looking"}
    assert "pilotdesk-looking" not in {each.name for each in threading.enumerate()}


def test_never_two_looks_at_once_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []
    monkeypatch.setattr(looking.workspaces, "active_kind", lambda: inside.append(looking.look_once()))
    assert looking.look_once() is False
    assert inside == [False]


def test_a_look_in_the_workspace_in_use_takes_what_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = promised_ward(world)
    case_id = ward.opens("alert", "orange")
    monkeypatch.setattr(looking.workspaces, "active_kind", lambda: "department")
    monkeypatch.setattr(looking.workspaces, "is_set_up", lambda _kind: True)
    monkeypatch.setattr(looking.workspaces, "desk", lambda _kind: world.desk)
    assert looking.look_once() is True
    assert [step for step, *_rest in ward.steps(case_id)] == ["told"]


def test_who_has_fallen_silent_is_asked_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_asked_silence", {})
    assert looking._time_for_silence("department") is True
    assert looking._time_for_silence("department") is False
    assert looking._time_for_silence("demo") is True
