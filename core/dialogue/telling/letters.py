"""E-mail and webhooks, sent by `apprise`, which says only whether it worked.

It runs in a thread of its own, because it would block whoever calls it, and its logger is silent, because its lines
carry addresses and texts. A failure that took as long as the waiting lasts is no failure: the message may have
arrived. A server that cannot be reached at all is found out beforehand.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from urllib.request import getproxies

from core.dialogue.telling.robots import (
    ANSWER_SECONDS,
    CONNECT_SECONDS,
    NO_ANSWER,
    NO_CONNECTION,
    REFUSED,
    Outcome,
)

for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

PORTS = {"starttls": 587, "ssl": 465, "insecure": 25}
SURELY = 0.8  # of the waiting time: what failed earlier was refused


def is_safe(address: str) -> bool:
    """Whether a webhook's address is https, with a host."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and (parts.port or 443) > 0
    except ValueError:
        return False


def send(
    kind: str, address: dict[str, str], title: str, text: str, *, seconds: float = ANSWER_SECONDS,
    insecure: bool = False,
) -> Outcome:  # fmt: skip
    """Send a text by "mail" or "webhook". `insecure` (tests only) speaks to a webhook without TLS."""
    where = _mail(address) if kind == "mail" else _webhook(address, insecure)
    # Mail knows one time only and takes the first; that it is reached at all is seen beforehand.
    where |= {"cto": seconds if kind == "mail" else CONNECT_SECONDS, "rto": seconds}
    if not _reachable(str(where["host"]), int(where["port"]), kind):
        return Outcome("failed", NO_CONNECTION)
    answers: list[bool] = []

    def notify() -> None:
        import apprise  # half a second, for those who send mail

        ours = apprise.AppriseAsset(app_id="PilotDesk", app_desc="PilotDesk", app_url="")
        hub = apprise.Apprise(asset=ours)
        try:
            plugin = apprise.Apprise.instantiate(where, asset=ours, suppress_exceptions=True)
            answers.append(bool(plugin and hub.add(plugin) and hub.notify(body=text, title=title)))
        except Exception:  # whatever a plugin raises holds the address
            answers.append(False)

    began = time.monotonic()
    # A thread that never comes back must not hold the house up when it closes.
    worker = threading.Thread(target=notify, daemon=True)
    worker.start()
    worker.join(CONNECT_SECONDS + 2 * seconds)
    if answers and answers[0]:
        return Outcome("sent")
    slow = time.monotonic() - began >= SURELY * seconds
    return Outcome("unclear", NO_ANSWER) if slow or not answers else Outcome("failed", REFUSED)


def _mail(address: dict[str, str]) -> dict[str, Any]:
    mode, to = address["mode"], [each.strip() for each in address["to"].split(",")]
    return {
        "schema": "mailto" if mode == "insecure" else "mailtos", "smtp_host": address["host"],
        "host": address["host"], "port": int(address.get("port") or PORTS[mode]), "secure_mode": mode,
        "user": quote(address.get("user", "")) or None, "password": quote(address.get("password", "")) or None,
        "from_addr": address["sender"], "format": "text",
        # One message for all of them: of several one might arrive and another fail, and all would be sent again.
        "targets": to[:1], "cc": to[1:],
    }  # fmt: skip


def _webhook(address: dict[str, str], insecure: bool) -> dict[str, Any]:
    parts = urlsplit(address["address"])
    found: dict[str, Any] = {
        "schema": "json" if insecure else "jsons", "host": parts.hostname or "",
        "port": parts.port or (80 if insecure else 443), "fullpath": parts.path or "/", "redirect": "no",
        "user": parts.username, "password": parts.password,
    }  # fmt: skip
    if parts.query:
        found["params"] = dict(parse_qsl(parts.query))
    return found


def _reachable(host: str, port: int, kind: str) -> bool:
    """Whether somebody answers there; a house that sends everything through a proxy finds out in the sending."""
    if kind == "webhook" and getproxies():
        return True
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
