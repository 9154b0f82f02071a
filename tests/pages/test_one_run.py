"""Who asks is found once in a run of a page; a deed looks anew, and after it everybody does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.foundation.access import PUBLIC
from core.foundation.doors import Look
from core.people import signing_in
from core.people.staff import deactivate, set_payment_code
from pages.ui import calls, session
from pages.ui.browser import one_run
from tests.pages.conftest import Served


def who(look: Look) -> str:
    return look.actor.name or look.actor.kind


@pytest.fixture
def nurse(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    held = {"username": "nurse", "since": datetime.now(UTC), "kind": "department"}
    monkeypatch.setattr(session, "signed_in", lambda: held)
    return served


def test_a_run_finds_its_person_once_and_a_deed_anew(nurse: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    found = signing_in.session_of
    monkeypatch.setattr(
        signing_in, "session_of", lambda look, **more: looked.append("") or found(look, **more)
    )
    with one_run() as run:
        run.kind, run.member = "department", session.member()
        name = calls.ask(who)
        assert calls.ask(who) == name and calls.actor().name == name and len(looked) == 1
        nurse.world.do("administrator", deactivate, staff_id=nurse.world.actors["nurse"].id)
        assert calls.doer() == PUBLIC, "whoever is deactivated does nothing more"
        assert not calls.do(set_payment_code, picture=None) and calls.ask(who) == "public", (
            "and asks nothing more after a deed"
        )
    assert calls.ask(who) == "public"
