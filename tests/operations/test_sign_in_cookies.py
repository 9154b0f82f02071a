"""The cookie holds a secret that only the database knows whose it is."""

from __future__ import annotations

import pytest

from core.foundation.access import PUBLIC
from core.operations import sign_in_cookies, workspaces
from core.people import sign_ins
from tests.conftest import World


@pytest.fixture(autouse=True)
def the_house(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "active_kind", lambda: "department")
    monkeypatch.setattr(workspaces, "desk", lambda _kind: world.desk)


def secret_of(world: World, username: str) -> str:
    made = world.desk.do(PUBLIC, sign_ins.begin, username=username)
    return str(world.desk.do(PUBLIC, sign_ins.take_ticket, ticket=made.ticket).secret)


def test_the_secret_is_its_person(world: World) -> None:
    found = sign_in_cookies.behind({"pilotdesk_department": secret_of(world, "nurse")})
    assert found is not None and found[1].username == "nurse"


def test_the_cookie_of_the_other_workspace_is_nobody(world: World) -> None:
    assert sign_in_cookies.behind({"pilotdesk_demo": secret_of(world, "nurse")}) is None


def test_anything_else_is_nobody(world: World) -> None:
    secret_of(world, "nurse")
    for wrong in ("", "x", "eyJhbGciOiJIUzI1NiJ9.e30.x", "秘密"):
        assert sign_in_cookies.member({"pilotdesk_department": wrong}) is None


def test_who_must_choose_a_password_first_is_nobody_outside_the_pages(world: World) -> None:
    from core.people.tables import StaffRow

    cookies = {"pilotdesk_department": secret_of(world, "nurse")}
    with world.desk.database.writing() as session:
        session.get_one(StaffRow, world.actors["nurse"].id).must_change_password = True
    assert sign_in_cookies.behind(cookies) is not None and sign_in_cookies.member(cookies) is None
