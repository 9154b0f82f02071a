"""The cookie of a sign-in: scripts cannot read it, foreign pages cannot have it written, and it ends with the sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.foundation.access import PUBLIC
from core.foundation.troubles import DatabaseBusy
from core.operations import sign_in_cookies
from core.people import sign_ins
from pages.entrance.cookie_door import route
from pages.ui.session import DOOR
from tests.pages.conftest import Served
from tests.troubled import troubled

OURS = "https://care.example.org"


def browser(address: str = OURS) -> TestClient:
    return TestClient(Starlette(routes=[route]), base_url=address, headers={"origin": OURS})


def ticket(served: Served) -> str:
    made: Any = served.world.desk.do(PUBLIC, sign_ins.begin, username="nurse")
    return str(made.ticket)


def test_a_ticket_becomes_a_cookie_that_scripts_and_foreign_sites_never_see(served: Served) -> None:
    nurse = browser()
    answer = nurse.post(DOOR, content=ticket(served))
    assert answer.status_code == 204
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said and "samesite=strict" in said and "secure" in said and "max-age=43200" in said
    found = sign_in_cookies.member(dict(nurse.cookies))
    assert found is not None and found.username == "nurse"


def test_in_a_house_without_https_the_cookie_still_comes_back(served: Served) -> None:
    nurse = TestClient(Starlette(routes=[route]), base_url="http://10.0.0.5:8501")
    answer = nurse.post(DOOR, content=ticket(served), headers={"origin": "http://10.0.0.5:8501"})
    assert answer.status_code == 204 and "secure" not in answer.headers["set-cookie"].lower()


def test_behind_a_proxy_that_speaks_plainly_the_cookie_is_for_https_alone(served: Served) -> None:
    nurse = TestClient(Starlette(routes=[route]), base_url="http://care.example.org")
    answer = nurse.post(DOOR, content=ticket(served), headers={"origin": OURS})
    assert answer.status_code == 204 and "secure" in answer.headers["set-cookie"].lower()


def test_a_used_forged_or_endless_ticket_writes_nothing(served: Served) -> None:
    once = ticket(served)
    nurse = browser()
    assert nurse.post(DOOR, content=once).status_code == 204
    for wrong, status in ((once, 403), ("x", 403), ("", 403), ("é" * 40, 403), ("x" * 5_000_000, 413)):
        answer = browser().post(DOOR, content=wrong.encode())
        assert answer.status_code == status and "set-cookie" not in answer.headers


def test_a_foreign_page_can_neither_sign_in_nor_out(served: Served) -> None:
    nurse = browser()
    nurse.post(DOOR, content=ticket(served))
    for foreign in ("https://evil.example", "null", ""):
        for answer in (
            nurse.post(DOOR, content=ticket(served), headers={"origin": foreign}),
            nurse.delete(DOOR, headers={"origin": foreign}),
        ):
            assert answer.status_code == 403 and "set-cookie" not in answer.headers
    assert sign_in_cookies.member(dict(nurse.cookies)) is not None


def test_signing_out_ends_the_copied_cookie(served: Served) -> None:
    nurse = browser()
    nurse.post(DOOR, content=ticket(served))
    copied = dict(nurse.cookies)
    assert nurse.delete(DOOR).status_code == 204
    assert not dict(nurse.cookies) and sign_in_cookies.member(copied) is None


def test_a_ticket_that_met_a_busy_database_is_good_for_the_next_try(served: Served) -> None:
    nurse, hers = browser(), ticket(served)
    with pytest.MonkeyPatch.context() as patch:
        troubled(patch, "do", DatabaseBusy)
        assert nurse.post(DOOR, content=hers).status_code == 503
    assert nurse.post(DOOR, content=hers).status_code == 204
