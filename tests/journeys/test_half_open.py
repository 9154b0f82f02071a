"""Half a request keeps no line and no memory, on any route; and a start asks nobody outside. Raw sockets, no browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.scenes import department
from tests.journeys.serving import Server

PATIENCE = 3
# What is waited at most, on a machine however loaded: it ends, or the test does.
AT_MOST = 60
ROUTES = {
    "a form of the phone": "POST /p/t/ABCDEF",
    "a photo from the phone": "POST /p/me/today/1",
    "a film": "POST /p/me/upload?at=0",
    "a film of a plain form": "POST /p/me/film/any",
    "an upload of the staff": "PUT /_stcore/upload_file/a-session/a-file",
    "the door of cookies": "POST /session",
    "a piece of a backup": "PUT /backup_files/arriving?turn=any&at=0",
    "a page": "GET /today",
    "no route at all": "POST /p/nowhere",
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(
        tmp_path_factory.mktemp("half-open") / "data", environment={"PILOTDESK_PATIENCE": str(PATIENCE)}
    )
    department(running).database.dispose()
    yield running.start()
    running.stop()


def line_to(server: Server) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.port), timeout=AT_MOST)
    line.settimeout(AT_MOST)
    return line


def head(server: Server, request: str, length: int) -> bytes:
    site = f"127.0.0.1:{server.port}"
    kind = "multipart/form-data; boundary=x" if "film" in request else FORM
    return (
        f"{request} HTTP/1.1\r\nHost: {site}\r\nOrigin: http://{site}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def ends(line: socket.socket) -> bytes:
    """What was answered until the server hung up; fails when it does not."""
    said = b""
    try:
        while data := line.recv(65536):
            said += data
    except ConnectionResetError:
        pass
    return said


def drip(line: socket.socket, drop: bytes) -> None:
    """A byte now and then, for as long as the server takes them."""
    try:
        for _ in range(AT_MOST * 2):
            line.sendall(drop)
            time.sleep(0.5)
    except OSError:
        return


def test_a_line_that_asks_nothing_is_closed(server: Server) -> None:
    silent, half, dripping = (line_to(server) for _ in range(3))
    half.sendall(b"GET /p/ HTTP/1.1\r\nHost: 127")
    dripping.sendall(b"GET /p/ HTTP/1.1\r\n")
    threading.Thread(target=drip, args=(dripping, b"X: y\r\n"), daemon=True).start()
    assert ends(silent) == ends(half) == ends(dripping) == b""


def test_half_a_body_ends_on_every_route(server: Server) -> None:
    """All at once: each is answered, or hung up, and closed."""
    lines = {name: line_to(server) for name in ROUTES}
    for name, line in lines.items():
        line.sendall(head(server, ROUTES[name], 1000) + b"half")
    said = {name: ends(line) for name, line in lines.items()}
    assert all(answer.startswith(b"HTTP/1.1 ") for answer in said.values()), said
    assert not any(b" 500 " in answer.split(b"\r\n")[0] for answer in said.values()), said
    assert said["a form of the phone"].startswith(b"HTTP/1.1 408")


def test_a_body_by_drops_ends_on_every_route(server: Server) -> None:
    lines = {name: line_to(server) for name in ROUTES}
    for name, line in lines.items():
        line.sendall(head(server, ROUTES[name], 1000))
        threading.Thread(target=drip, args=(line, b"x"), daemon=True).start()
    for line in lines.values():
        ends(line)
    assert "Exception in ASGI application" not in server.log


def test_a_line_that_goes_on_dripping_after_its_answer_is_closed(server: Server) -> None:
    line = line_to(server)
    line.sendall(head(server, "GET /p/nowhere", 1000))
    threading.Thread(target=drip, args=(line, b"x"), daemon=True).start()
    assert ends(line).startswith(b"HTTP/1.1 404")


def test_a_slow_body_that_comes_is_read_to_its_end(server: Server) -> None:
    """Twice as long as the patience, in pieces: a telephone on a bad line."""
    line, body = line_to(server), b"text=" + b"x" * 40_000
    line.sendall(head(server, "POST /p/t/ABCDEF", len(body)))
    for at in range(0, len(body), 2000):
        line.sendall(body[at : at + 2000])
        time.sleep(2 * PATIENCE / 20)
    answer = line.recv(4096)
    assert answer.startswith(b"HTTP/1.1 4") and not answer.startswith(b"HTTP/1.1 408"), answer


def test_a_start_asks_nobody_outside(server: Server) -> None:
    """The watch refuses each try and notes it (`watch/sitecustomize.py`)."""
    assert server.strangers == ""
    assert Path(server.data / "server.log").exists()
    assert "Traceback" not in server.log
