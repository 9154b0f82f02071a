"""What the staff's server lets in and tells browsers, before any page runs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.foundation.access import PUBLIC
from core.operations import sign_in_cookies, workspaces
from core.people import sign_ins
from pages.entrance import doorkeeper
from pages.entrance.doorkeeper import MOST_BEFORE, MOST_OF_ONE, Doorkeeper, policy
from tests.pages.conftest import Served

UPLOAD = "/_stcore/upload_file/a-session/a-file"


async def _taken(request: Request) -> Response:
    try:
        return PlainTextResponse(str(len(await request.body())))
    except ClientDisconnect:
        return PlainTextResponse("cut", 413)


def _own_policy(_request: Request) -> Response:
    return PlainTextResponse("", headers={"Content-Security-Policy": "default-src 'none'"})


def browser(cookie: str = "") -> TestClient:
    app = Starlette(
        routes=[
            Route("/p/me", _own_policy),
            Route("/{path:path}", _taken, methods=["GET", "PUT"]),
        ]
    )
    found = TestClient(Doorkeeper(app))
    if cookie:
        found.cookies.set(sign_in_cookies.name(), cookie)
    return found


@pytest.fixture
def nurse(served: Served) -> TestClient:
    made: Any = served.world.desk.do(PUBLIC, sign_ins.begin, username="nurse")
    return browser(served.world.desk.do(PUBLIC, sign_ins.take_ticket, ticket=made.ticket).secret)


def test_who_is_not_signed_in_uploads_nothing(served: Served) -> None:
    assert browser().put(UPLOAD, content=b"x").status_code == 403
    assert browser("forged").put(UPLOAD, content=b"x" * 1000).status_code == 403


def test_who_is_signed_in_uploads(nurse: TestClient) -> None:
    answer = nurse.put(UPLOAD, content=b"x" * 1000)
    assert (answer.status_code, answer.text) == (200, "1000")


def test_a_foreign_cookie_of_the_same_host_keeps_nobody_out(nurse: TestClient) -> None:
    ours = "; ".join(f"{name}={value}" for name, value in nurse.cookies.items())
    answer = browser().put(UPLOAD, content=b"x", headers={"cookie": f'other={{"x":1}}; {ours}'})
    assert answer.status_code == 200


def test_the_first_form_takes_a_logo_and_no_more(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "active_kind", lambda: None)
    assert browser().put(UPLOAD, content=b"x" * MOST_BEFORE).status_code == 200
    assert browser().put(UPLOAD, content=b"x" * (MOST_BEFORE + 1)).status_code == 413


def test_one_window_and_all_together_hold_so_much(nurse: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, dict[str, Any]] = {}

    def hold(**sizes: int) -> None:
        held.clear()
        held.update({name: {"file": SimpleNamespace(data=range(size))} for name, size in sizes.items()})

    inside = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=held))
    monkeypatch.setattr(doorkeeper.runtime, "exists", lambda: True)
    monkeypatch.setattr(doorkeeper.runtime, "get_instance", lambda: inside)
    hold(**{"a-session": MOST_OF_ONE - 10})
    assert nurse.put(UPLOAD, content=b"x" * 10).status_code == 200
    assert nurse.put(UPLOAD, content=b"x" * 11).status_code == 413
    assert nurse.put(UPLOAD.replace("a-session", "another"), content=b"x" * 11).status_code == 200
    hold(one=doorkeeper.MOST_IN_ALL)
    assert nurse.put(UPLOAD, content=b"x").status_code == 403
    # Before anybody can sign in, too: many small logos are no way round.
    monkeypatch.setattr(workspaces, "active_kind", lambda: None)
    assert browser().put(UPLOAD, content=b"x").status_code == 403
    hold(**{"a-session": MOST_BEFORE - 10})
    assert browser().put(UPLOAD, content=b"x" * 11).status_code == 413


def test_the_servers_inside_is_closed(nurse: TestClient) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp"):
        assert nurse.get(path).status_code == 404


def test_every_page_says_what_browsers_refuse() -> None:
    said = browser().get("/today").headers
    assert said["content-security-policy"] == policy() and said["x-content-type-options"] == "nosniff"
    assert said["permissions-policy"].endswith("microphone=(self)")
    assert "'unsafe-eval'" not in policy() and "frame-ancestors 'self'" in policy()
    assert policy().count("'sha256-") >= 1, "Streamlit's own inline script runs"
    script = next(part for part in policy().split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in script


def test_a_page_with_a_stricter_policy_keeps_it() -> None:
    assert browser().get("/p/me").headers.get_list("content-security-policy") == ["default-src 'none'"]
