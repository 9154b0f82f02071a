"""The group robots: exact payloads and signatures, limits in bytes, and what each answer means."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from core.dialogue.telling import robots
from core.dialogue.telling.robots import Outcome, fits, fitted, send
from tests.dialogue.capture import Answer, Capture, capture_server
from tests.dialogue.telling_scene import ADDRESSES

NOW = 1772683200.123  # 5 March 2026, 12:00 in Shanghai; the signatures below were made with openssl
KEYS = {"wecom": "key-1234", "dingtalk": "token-1234", "feishu": "hook-1234"}
GOOD = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0},
    "feishu": {"code": 0, "msg": "success"},
}
TEXT = "警报 K7Q2：还没有人接手 · 还剩 12 分钟"
ANKLE = "\u8e1d"


@pytest.fixture
def server() -> Iterator[Capture]:
    with capture_server() as found:
        yield found


def sent(
    server: Capture, kind: str = "wecom", secret: str = "", text: str = TEXT, seconds: float = 5.0
) -> Outcome:
    return send(kind, ADDRESSES[kind], secret, text, now=NOW, elsewhere=server.address, seconds=seconds)


def test_wecom_gets_a_plain_text(server: Capture) -> None:
    assert sent(server) == Outcome("sent")
    assert server.seen == [
        ("/cgi-bin/webhook/send?key=key-1234", {"msgtype": "text", "text": {"content": TEXT}})
    ]


def test_dingtalk_signs_with_milliseconds_in_the_address(server: Capture) -> None:
    assert sent(server, "dingtalk", "SEC-example") == Outcome("sent")
    assert server.seen == [
        (
            "/robot/send?access_token=token-1234&timestamp=1772683200123"
            "&sign=ePpq6tbJihz2%2F9HR2mdLZwq4kaxZMcWjp3FT226cvNU%3D",
            {"msgtype": "text", "text": {"content": TEXT}},
        )
    ]


def test_feishu_signs_with_seconds_in_the_body(server: Capture) -> None:
    server.says(Answer(GOOD["feishu"]))
    assert sent(server, "feishu", "example") == Outcome("sent")
    assert server.seen == [
        (
            "/open-apis/bot/v2/hook/hook-1234",
            {
                "timestamp": "1772683200",
                "sign": "RbvdUkj0EnepnCHaFtCmpiFObQPYCaCA9Uu/8MQtKwM=",
                "msg_type": "text",
                "content": {"text": TEXT},
            },
        )
    ]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_without_a_secret_nothing_is_signed(server: Capture, kind: str) -> None:
    server.says(Answer(GOOD[kind]))
    assert sent(server, kind) == Outcome("sent")
    assert "sign" not in json.dumps(server.seen)


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, robots.KEY_UNKNOWN),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, robots.TOO_OFTEN),
        ("wecom", {"errcode": 40058, "errmsg": "invalid"}, robots.REFUSED),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, robots.KEYWORD),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, robots.SIGNATURE),
        ("dingtalk", {"errcode": 310000, "errmsg": "invalid timestamp"}, robots.SIGNATURE),
        ("dingtalk", {"errcode": 310000, "errmsg": "description:机器人发送签名不匹配;"}, robots.SIGNATURE),
        ("dingtalk", {"errcode": 310000, "errmsg": "ip 1.2.3.4 not in whitelist"}, robots.SENDER),
        ("dingtalk", {"errcode": 300001, "errmsg": "token is not exist"}, robots.KEY_UNKNOWN),
        ("dingtalk", {"status": 1111, "wait": 5, "punish": "send too fast"}, robots.TOO_OFTEN),
        (
            "feishu",
            {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"},
            robots.KEY_UNKNOWN,
        ),
        (
            "feishu",
            {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"},
            robots.SIGNATURE,
        ),
        ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, robots.SENDER),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, robots.KEYWORD),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, robots.TOO_OFTEN),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, robots.REFUSED),
    ],
)
def test_an_error_code_behind_a_200_is_a_failure_with_its_reason(
    server: Capture, kind: str, body: dict[str, object], reason: str
) -> None:
    server.says(Answer(dict(body)))
    found = sent(server, kind)
    assert (found.state, found.reason) == ("failed", reason)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b""),
        Answer("<html>gateway</html>"),
        Answer({"errmsg": "ok"}),
        Answer({"errcode": None}),
        Answer({"errcode": "0"}),
        Answer({"errcode": False}),
        Answer("[0]"),
        Answer(b"\xff\xfe"),
        Answer('{"errcode":0}{"errcode":0}'),
        Answer(b"x" * 200_000),
        Answer("bad gateway", status=502),
        Answer({"errcode": 0}, status=500),
    ],
    ids=lambda answer: f"{answer.status}-{answer.raw[:20]!r}",
)
def test_an_answer_that_cannot_be_read_is_unclear(server: Capture, answer: Answer) -> None:
    server.says(answer)
    assert sent(server).state == "unclear"


@pytest.mark.parametrize(
    ("status", "reason"), [(404, robots.REFUSED), (429, robots.TOO_OFTEN), (302, robots.REFUSED)]
)
def test_a_refusal_by_status_is_a_failure_and_nobody_is_sent_elsewhere(
    server: Capture, status: int, reason: str
) -> None:
    server.says(Answer("no", status=status))
    assert sent(server) == Outcome("failed", reason, status)
    assert len(server.seen) == 1


def test_an_answer_that_comes_too_late_is_unclear_though_the_message_arrived(server: Capture) -> None:
    server.says(Answer(after=1.0))
    assert sent(server, seconds=0.2) == Outcome("unclear", robots.NO_ANSWER)
    assert len(server.seen) == 1


def test_a_connection_that_never_stood_is_a_failure() -> None:
    with capture_server() as gone:
        address = gone.address
    found = send("wecom", ADDRESSES["wecom"], "", TEXT, elsewhere=address)
    assert found == Outcome("failed", robots.NO_CONNECTION)


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
        "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=a",
        "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=a",
        "https://evil.example/cgi-bin/webhook/send?key=a",
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=a",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com/cgi-bin/other?key=a",
        "https://[",
        "",
    ],
)
def test_only_the_providers_own_address_is_spoken_to(address: str) -> None:
    assert not fits("wecom", address)
    assert send("wecom", address, "", TEXT).state == "failed"


def test_the_addresses_of_the_three_providers_fit_themselves_only() -> None:
    fitting = {(kind, of) for kind in ADDRESSES for of, address in ADDRESSES.items() if fits(kind, address)}
    assert fitting == {(kind, kind) for kind in ADDRESSES}


@pytest.mark.parametrize(
    ("characters", "size", "whole"), [(1, 3, True), (682, 2046, True), (683, 2049, False)]
)
def test_the_limit_is_counted_in_bytes_of_utf8(characters: int, size: int, whole: bool) -> None:
    text = ANKLE * characters
    assert len(text.encode()) == size
    assert (fitted(text) == text) is whole
    assert len(fitted(text).encode()) <= robots.MOST_BYTES


def test_a_text_that_is_too_long_keeps_its_link_whole(server: Capture) -> None:
    link = "https://care.example/p/duty/" + "t" * 43
    assert sent(server, text=f"{ANKLE * 900}\n{link}") == Outcome("sent")
    content = server.seen[0][1]["text"]["content"]
    assert content.endswith(f"…\n{link}") and len(content.encode()) <= robots.MOST_BYTES


@pytest.mark.parametrize("kind", list(ADDRESSES))
def test_no_line_of_the_log_carries_a_key(
    server: Capture, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (Answer(GOOD[kind]), Answer({"errcode": 93000, "code": 19001}), Answer("?")):
        server.says(answer)
        sent(server, kind, "signing-secret")
    assert len(server.seen) == 3
    for secret in (KEYS[kind], "signing-secret", TEXT):
        assert secret not in caplog.text


def test_the_facts_on_robots_are_the_documented_ones() -> None:
    """Text 2,048 bytes and 20 messages a minute: WeCom, document 90000/90136/91770."""
    assert (robots.MOST_BYTES, robots.A_MINUTE) == (2048, 20)
