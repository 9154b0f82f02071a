"""Group robots of WeCom, DingTalk and Feishu: one message sent, and what their answer means.

They answer 200 to a wrong key, so the code inside the answer counts. Without a readable code, or without an answer in
time, nobody knows: that is "unclear" and not tried again. Refusals and failed connections are.
Sources: the providers' robot documents (WeCom 90000/90136/91770; DingTalk custom robot; Feishu custom bot guide).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from core.foundation.language import N_
from core.foundation.open_types import Raw

MOST_BYTES = 2048  # WeCom's limit for a text, in bytes of UTF-8; the others take more
A_MINUTE = 20  # messages of one robot
# How long a robot that was spoken to too often is left alone; DingTalk is deaf for ten minutes.
TOO_OFTEN_SECONDS = {"dingtalk": 600}
TOO_OFTEN_ELSE = 60
# Feishu takes five a second.
BETWEEN_SECONDS = {"feishu": 0.25}
LARGEST_ANSWER = 64 * 1024
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0

# Our own lines in the log would carry the addresses, which are keys.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

KEY_UNKNOWN = N_("The other side does not know this address. Please enter it again.")
TOO_OFTEN = N_("Too many messages in a minute. It is tried again later.")
SIGNATURE = N_("The signing secret does not fit, or this machine's clock is wrong.")
KEYWORD = N_(
    "The robot asks for a keyword. Please choose “signature” or “IP address” in its security settings."
)
SENDER = N_("The robot does not accept this machine's network address.")
REFUSED = N_("The other side refused the message.")
NO_CONNECTION = N_("No connection. It is tried again later.")
NO_ANSWER = N_("No answer in time. It may have arrived.")
NO_CODE = N_("The answer could not be read. It may have arrived.")

# Codes are the providers'; what is not here is said as "refused" with the code.
MEANINGS: dict[str, dict[int, str]] = {
    "wecom": {93000: KEY_UNKNOWN, 45009: TOO_OFTEN},
    "dingtalk": {300001: KEY_UNKNOWN, 400101: KEY_UNKNOWN, 130101: TOO_OFTEN, 1111: TOO_OFTEN},
    "feishu": {
        19001: KEY_UNKNOWN, 19021: SIGNATURE, 19022: SENDER, 19024: KEYWORD, 11232: TOO_OFTEN, 9499: REFUSED,
    },
}  # fmt: skip
# DingTalk says several things with one code, in English or in Chinese: keyword, time stamp, signature, white list.
DINGTALK_SAYS = {
    "keyword": KEYWORD, "\u5173\u952e\u8bcd": KEYWORD, "timestamp": SIGNATURE, "\u65f6\u95f4\u6233": SIGNATURE,
    "sign": SIGNATURE, "\u7b7e\u540d": SIGNATURE, "whitelist": SENDER, "\u767d\u540d\u5355": SENDER,
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """`state` is "sent", "unclear" or "failed"; `reason` a source text of the catalogue, `code` the provider's number."""

    state: str
    reason: str = ""
    code: int | None = None


@dataclass(frozen=True)
class Robot:
    """How one provider's robot is spoken to. `path` and `key` say what an address of it looks like."""

    host: str
    path: str
    key: str  # name of the query field that carries the key; "" where it ends the path
    code: tuple[str, ...]
    body: Callable[[str, str, float], Raw]
    signed: Callable[[str, str, float], str]


def _plain(text: str, _secret: str, _now: float) -> Raw:
    return {"msgtype": "text", "text": {"content": text}}


def _feishu(text: str, secret: str, now: float) -> Raw:
    body: Raw = {"msg_type": "text", "content": {"text": text}}
    if secret:
        seconds = str(int(now))
        # Its rule: key = time and secret, message empty.
        body = {"timestamp": seconds, "sign": _mac(f"{seconds}\n{secret}".encode(), b""), **body}
    return body


def _unsigned(address: str, _secret: str, _now: float) -> str:
    return address


def _dingtalk(address: str, secret: str, now: float) -> str:
    if not secret:
        return address
    milliseconds = str(int(now * 1000))
    sign = quote(_mac(secret.encode(), f"{milliseconds}\n{secret}".encode()), safe="")
    return f"{address}&timestamp={milliseconds}&sign={sign}"


def _mac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


ROBOTS: dict[str, Robot] = {
    "wecom": Robot(
        "qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key", ("errcode",), _plain, _unsigned
    ),
    "dingtalk": Robot("oapi.dingtalk.com", "/robot/send", "access_token", ("errcode", "status"), _plain, _dingtalk),
    "feishu": Robot("open.feishu.cn", "/open-apis/bot/v2/hook/", "", ("code", "StatusCode"), _feishu, _unsigned),
}  # fmt: skip


def fits(kind: str, address: str) -> bool:
    """Whether an address is one of this provider's robots: https, its own host, its own path, with a key."""
    robot = ROBOTS[kind]
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme != "https" or parts.netloc != robot.host or parts.fragment:
        return False
    if robot.key:
        return parts.path == robot.path and bool(parse_qs(parts.query).get(robot.key))
    return parts.path.startswith(robot.path) and len(parts.path) > len(robot.path) and not parts.query


def fitted(text: str, most: int = MOST_BYTES) -> str:
    """The text within `most` bytes of UTF-8: the end of its first line goes, links further down stay whole."""
    over = len(text.encode()) - most
    if over <= 0:
        return text
    first, line, rest = text.partition("\n")
    kept = first.encode()[: max(0, len(first.encode()) - over - len("…".encode()))].decode(errors="ignore")
    return f"{kept}…{line}{rest}".encode()[:most].decode(errors="ignore")


def send(
    kind: str, address: str, secret: str, text: str, *, now: float | None = None, elsewhere: str = "",
    seconds: float = ANSWER_SECONDS,
) -> Outcome:  # fmt: skip
    """Send a text to a robot. `now` in seconds since 1970 (the machine's own time without it: providers compare it
    with theirs). `elsewhere` (tests only) is reached in the place of the provider's host."""
    robot = ROBOTS[kind]
    if not fits(kind, address):
        return Outcome("failed", KEY_UNKNOWN)
    import httpx  # a second, for those who have a robot

    now = time.time() if now is None else now
    target = robot.signed(address, secret, now)
    if elsewhere:
        target = urlunsplit((*urlsplit(elsewhere)[:2], *urlsplit(target)[2:]))
    try:
        status, answer = _posted(target, robot.body(fitted(text), secret, now), seconds)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol):
        return Outcome("failed", NO_CONNECTION)
    except (httpx.HTTPError, TimeoutError):
        # It was on its way: what became of it, nobody knows.
        return Outcome("unclear", NO_ANSWER)
    return outcome(kind, status, answer)


def outcome(kind: str, status: int, answer: bytes) -> Outcome:
    """What an answer means: its code where it has one, else its status."""
    code, said = _read(kind, answer)
    if code is None:
        if status == 429:
            return Outcome("failed", TOO_OFTEN, status)
        return Outcome("failed", REFUSED, status) if 300 <= status < 500 else Outcome("unclear", NO_CODE)
    if code == 0:
        return Outcome("sent") if status == 200 else Outcome("unclear", NO_CODE)
    told = REFUSED
    if code == 310000:
        told = next((text for mark, text in DINGTALK_SAYS.items() if mark in said.lower()), REFUSED)
    return Outcome("failed", MEANINGS[kind].get(code, told), code)


def _read(kind: str, answer: bytes) -> tuple[int | None, str]:
    """The code of an answer, the first that is not 0 where it carries several, and what it says beside it; None where
    there is none to read."""
    try:
        body = json.loads(answer)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(body, dict):
        return None, ""
    found = [body.get(name) for name in ROBOTS[kind].code]
    codes = [each for each in found if isinstance(each, int) and not isinstance(each, bool)]
    code = next((each for each in codes if each), codes[0]) if codes else None
    return code, str(body.get("errmsg", ""))


def _posted(target: str, body: Raw, seconds: float) -> tuple[int, bytes]:
    """Status and body of the answer, which must be whole within the time."""
    import httpx

    last = time.monotonic() + CONNECT_SECONDS + seconds
    answer = b""
    limits = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
    with (
        httpx.Client(timeout=limits, follow_redirects=False) as client,
        client.stream("POST", target, json=body) as response,
    ):
        for piece in response.iter_bytes():
            answer += piece
            if len(answer) > LARGEST_ANSWER or time.monotonic() > last:
                raise TimeoutError
        return response.status_code, answer
