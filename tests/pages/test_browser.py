"""Who asks is found once in a run of a page; a deed looks anew, and after it everybody does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.foundation.access import PUBLIC
from core.foundation.doors import Look
from core.people import sign_ins
from core.people.staff import deactivate, set_payment_code
from pages.ui import calls, session
from pages.ui.browser import one_run
from pages.ui.frame import the_house
from pages.ui.inputs import today
from tests.pages.conftest import Served, signed_in


def who(look: Look) -> str:
    return look.actor.name or look.actor.kind


@pytest.fixture
def nurse(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    held = signed_in(served.world.desk, "nurse")
    monkeypatch.setattr(session, "signed_in", lambda: held)
    return served


def test_a_run_finds_its_person_once_and_a_deed_anew(nurse: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    found = sign_ins.member_of
    monkeypatch.setattr(sign_ins, "member_of", lambda look, **more: looked.append("") or found(look, **more))
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


def test_a_run_keeps_day_and_house_until_a_deed(nurse: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    found = nurse.world.desk.ask
    monkeypatch.setattr(
        type(nurse.world.desk),
        "ask",
        lambda _desk, *what, **more: asked.append("") or found(*what, **more),
    )
    first = nurse.world.today
    with one_run() as run:
        run.kind, run.member = "department", session.member()
        asked.clear()
        assert {today() for _line in range(3)} == {first} and len(asked) == 1
        assert the_house() == the_house() and len(asked) == 2
        nurse.world.clock.advance(timedelta(days=1))
        assert not calls.do(deactivate, staff_id=1) and today() == first + timedelta(days=1)
    nurse.world.clock.advance(timedelta(days=1))
    assert today() == first + timedelta(days=2), "outside of a run it is asked each time"
