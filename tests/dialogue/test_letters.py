"""E-mail and webhooks: what arrives, and what is known when nothing comes back."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from core.dialogue.telling import letters, robots
from core.dialogue.telling.robots import Outcome
from tests.dialogue.capture import Answer, Capture, capture_server

TITLE, TEXT = "警报 K7Q2：还没有人接手", "警报 K7Q2：还没有人接手\n请打开“答复台”。"


class Postbox:
    """Keeps what arrives; `after` seconds of silence before it says so, `refuses` with a permanent error."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.after, self.refuses = 0.0, False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(envelope)
        time.sleep(self.after)
        return "550 no" if self.refuses else "250 OK"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, dict[str, str]]]:
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=(port := free_port()))
    server.start()
    yield box, {
        "host": "127.0.0.1", "port": str(port), "mode": "insecure", "user": "", "password": "",
        "sender": "pilot@hospital.example", "to": "night@hospital.example,lead@hospital.example",
    }  # fmt: skip
    server.stop()


def test_one_letter_reaches_all_of_its_readers(postbox: tuple[Postbox, dict[str, str]]) -> None:
    box, address = postbox
    assert letters.send("mail", address, TITLE, TEXT) == Outcome("sent")
    (envelope,) = box.letters
    assert envelope.rcpt_tos == ["night@hospital.example", "lead@hospital.example"]
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert (str(letter["subject"]), str(letter["from"])) == (TITLE, "pilot@hospital.example")
    assert b"Apprise" not in envelope.content
    assert letter.get_body().get_content().split() == TEXT.split()  # type: ignore[union-attr]


def test_user_and_password_are_given_as_they_were_entered(postbox: tuple[Postbox, dict[str, str]]) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        seen.append((given.login, given.password))
        return AuthResult(success=True)

    box = Postbox()
    server = Controller(
        box,
        hostname="127.0.0.1",
        port=(port := free_port()),
        authenticator=check,
        auth_required=True,
        auth_require_tls=False,
    )
    server.start()
    address = postbox[1] | {"port": str(port), "user": "pilot@hospital.example", "password": "p@ss: /w#%41"}
    found = letters.send("mail", address, TITLE, TEXT)
    server.stop()
    assert found == Outcome("sent")
    assert seen == [(b"pilot@hospital.example", b"p@ss: /w#%41")]


def test_a_refused_letter_is_a_failure(postbox: tuple[Postbox, dict[str, str]]) -> None:
    box, address = postbox
    box.refuses = True
    assert letters.send("mail", address, TITLE, TEXT) == Outcome("failed", robots.REFUSED)


def test_a_mail_server_that_answers_too_late_has_the_letter_perhaps(
    postbox: tuple[Postbox, dict[str, str]],
) -> None:
    box, address = postbox
    box.after = 1.2
    assert letters.send("mail", address, TITLE, TEXT, seconds=0.5) == Outcome("unclear", robots.NO_ANSWER)
    assert len(box.letters) == 1


def test_a_mail_server_that_is_not_there_is_a_failure(postbox: tuple[Postbox, dict[str, str]]) -> None:
    with capture_server() as gone:
        port = gone.address.rpartition(":")[2]
    assert letters.send("mail", postbox[1] | {"port": port}, TITLE, TEXT) == Outcome(
        "failed", robots.NO_CONNECTION
    )


@pytest.fixture
def hook() -> Iterator[Capture]:
    with capture_server() as found:
        yield found


def to_hook(server: Capture, seconds: float = 5.0) -> Outcome:
    address = {
        "address": f"https://{server.address.removeprefix('http://')}/hooks/secret-path%2541?room=7%20b&x=%2541%26"
    }
    return letters.send("webhook", address, TITLE, TEXT, seconds=seconds, insecure=True)


def test_a_webhook_gets_title_and_text(hook: Capture) -> None:
    assert to_hook(hook) == Outcome("sent")
    path, body = hook.seen[0]
    assert path == "/hooks/secret-path%2541?room=7+b&x=%2541%26"
    assert {key: body[key] for key in ("title", "message")} == {"title": TITLE, "message": TEXT}


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses_is_a_failure_and_nobody_is_sent_elsewhere(hook: Capture, status: int) -> None:
    hook.says(Answer("no", status=status))
    assert to_hook(hook) == Outcome("failed", robots.REFUSED)
    assert len(hook.seen) == 1


def test_a_webhook_that_answers_too_late_is_unclear(hook: Capture) -> None:
    hook.says(Answer(after=1.2))
    assert to_hook(hook, seconds=0.5) == Outcome("unclear", robots.NO_ANSWER)
    assert len(hook.seen) == 1


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://chat.hospital.example/hook", True),
        ("https://chat.hospital.example:8443/hook?x=1", True),
        ("http://chat.hospital.example/hook", False),
        ("https://", False),
        ("https://a:99999/", False),
        ("ftp://a", False),
        ("", False),
    ],
)
def test_a_webhook_is_https(address: str, safe: bool) -> None:
    assert letters.is_safe(address) is safe


def test_no_line_of_the_log_carries_an_address_or_a_text(
    hook: Capture, postbox: tuple[Postbox, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    box, address = postbox
    for status in (200, 500):
        hook.says(Answer("no", status=status))
        to_hook(hook)
    for box.refuses in (False, True):
        letters.send("mail", address, TITLE, TEXT)
    ours = [record for record in caplog.records if not record.name.startswith(("mail.", "asyncio"))]
    assert len(hook.seen) == 2 and len(box.letters) == 2
    for secret in ("secret-path", "K7Q2", "night@hospital.example"):
        assert not [record for record in ours if secret in record.getMessage()]
