"""A request under a foreign name gets no page, neither from the staff's server nor from the phones'."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.department.web_address import confirm_web_address
from core.foundation.language import translator
from core.foundation.settings import settings
from core.foundation.troubles import DatabaseAway
from core.operations import workspaces
from pages.patient import phone
from pages.patient.app import app as phones
from pages.wire import own_names
from pages.wire.own_names import FOREIGN, OwnNames
from tests.pages.conftest import Served

CARE = "care.hospital.example"


async def _live(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


@pytest.fixture
def desk_server(served: Served) -> TestClient:
    app = Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", _live),
            Route("/{path:path}", lambda request: PlainTextResponse(f"here {request.url.path}")),
        ],
        middleware=[Middleware(OwnNames)],
    )
    return TestClient(app)


@pytest.fixture
def confirmed(served: Served) -> Served:
    served.world.do("manager", confirm_web_address, web_address=f"https://{CARE}")
    return served


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch, served: Served) -> Iterator[None]:
    monkeypatch.setenv("PILOTDESK_PUBLIC_URL", f"https://{CARE}")
    settings.cache_clear()
    yield
    settings.cache_clear()


def status(server: TestClient, host: str, path: str = "/today", **headers: str) -> int:
    return server.get(path, headers={"host": host, **headers}).status_code


PATHS = ("/", "/today", "/static/js/index.js", "/_stcore/health", "/p/me", "/recordings/1", "/session")


@pytest.mark.parametrize("path", PATHS)
def test_after_a_name_is_confirmed_a_foreign_one_gets_nothing(
    confirmed: Served, desk_server: TestClient, path: str
) -> None:
    for host in ("evil.example", "evil.example:8501", f"{CARE}.evil.example", "8.8.8.8", "pilotdesk"):
        assert status(desk_server, host, path) == 421
    for host in (
        CARE,
        f"{CARE}:8443",
        CARE.upper(),
        "localhost:8501",
        "127.0.0.1:8501",
        "10.0.0.5",
        "[::1]:8501",
    ):
        assert status(desk_server, host, path) == 200


def test_a_pinned_name_counts_like_a_confirmed_one(pinned: None, desk_server: TestClient) -> None:
    assert (status(desk_server, CARE), status(desk_server, "evil.example")) == (200, 421)


def test_the_refusal_is_said_in_both_languages_and_names_nobody(
    confirmed: Served, desk_server: TestClient
) -> None:
    answer = desk_server.get("/today", headers={"host": "evil.example"})
    assert translator("zh")(FOREIGN) in answer.text and FOREIGN in answer.text
    assert "evil" not in answer.text and "安和" not in answer.text and CARE not in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


def test_no_live_connection_opens_under_a_foreign_name(confirmed: Served, desk_server: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        desk_server.websocket_connect("/_stcore/stream", headers={"host": "evil.example"}),
    ):
        pass
    with desk_server.websocket_connect("/_stcore/stream", headers={"host": CARE}) as socket:
        assert socket.receive()["type"] == "websocket.close"


def test_what_a_proxy_says_beside_the_name_counts_for_nothing(
    confirmed: Served, desk_server: TestClient
) -> None:
    said = {"x-forwarded-host": CARE, "forwarded": f"host={CARE}", "x-forwarded-server": CARE}
    assert status(desk_server, "evil.example", **said) == 421
    assert status(desk_server, CARE, **{"x-forwarded-host": "evil.example"}) == 200


def test_until_a_name_is_known_the_house_itself_passes(desk_server: TestClient) -> None:
    for host in ("localhost:8501", "192.168.1.20:8501", "pilotdesk", "desk.local"):
        assert status(desk_server, host) == 200
    assert status(desk_server, "evil.example") == 421


def test_a_name_counts_from_the_moment_in_which_it_is_confirmed(
    served: Served, desk_server: TestClient
) -> None:
    assert status(desk_server, CARE) == 421
    served.world.do("manager", confirm_web_address, web_address=f"https://{CARE}")
    assert status(desk_server, CARE) == 200


def test_a_name_that_was_taken_back_passes_no_longer_than_seconds(
    confirmed: Served, desk_server: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status(desk_server, CARE) == 200
    confirmed.world.do("manager", confirm_web_address, web_address="https://other.example")
    monkeypatch.setattr(own_names.time, "monotonic", lambda: float("inf"))
    assert status(desk_server, CARE) == 421


def test_who_confirmed_a_wrong_name_comes_back_by_the_machine_itself(
    served: Served, desk_server: TestClient
) -> None:
    served.world.do("manager", confirm_web_address, web_address="https://wrong.example")
    assert status(desk_server, "localhost:8501") == status(desk_server, "192.168.1.20:8501") == 200


def test_a_request_must_say_one_name_and_only_the_health_check_may_say_none(
    confirmed: Served, desk_server: TestClient
) -> None:
    async def ask(path: str, *hosts: str) -> int:
        sent = []

        async def send(message: dict[str, object]) -> None:
            sent.append(message.get("status"))

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", host.encode()) for host in hosts], "scheme": "http", "http_version": "1.1",
        }  # fmt: skip
        await desk_server.app(scope, receive, send)  # type: ignore[arg-type]
        return int(str(sent[0]))

    assert anyio.run(ask, "/today") == 421
    assert anyio.run(ask, "/_stcore/health") == 200
    assert anyio.run(ask, "/today", CARE, "evil.example") == 421


def test_while_the_database_does_not_answer_the_names_it_told_last_count(
    confirmed: Served, desk_server: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status(desk_server, CARE) == 200

    def gone(_kind: str) -> None:
        raise OSError

    monkeypatch.setattr(workspaces, "desk", gone)
    monkeypatch.setattr(own_names, "KEPT_SECONDS", 0.0)
    assert status(desk_server, "evil.example") == 421
    assert status(desk_server, CARE) == 200


def test_while_a_database_that_told_no_name_yet_is_away_everybody_may_read_so(
    confirmed: Served, desk_server: TestClient
) -> None:
    def gone(_kind: str) -> None:
        raise DatabaseAway

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspaces, "desk", gone)
        assert status(desk_server, CARE) == 200
    assert (status(desk_server, "evil.example"), status(desk_server, CARE)) == (421, 200)


def test_the_phones_server_judges_by_the_same_names(
    confirmed: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone, "current_desk", lambda: confirmed.world.desk)
    server = TestClient(phones)
    for path in ("/p/me", "/me", "/p/static/phone.css"):
        assert status(server, "evil.example", path) == 421
        assert status(server, CARE, path) in (200, 401, 404)
