"""The door of the staff's server: what browsers are told to refuse, who may upload, and what is closed.

Pure ASGI and judged before a body is read: an upload is kept in memory, so whoever is not signed in must not begin one.
The phones' pages and the films for staff have doors of their own and say more than is said here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from core.operations import sign_in_cookies, workspaces

MEGABYTE = 1024 * 1024
UPLOADS = "/_stcore/upload_file/"
# Figures of this server's inside, and a second way to drive its pages.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
# Before the department is set up the form takes its logo, and nobody can be signed in yet.
MOST_BEFORE = 5 * MEGABYTE
# What one window may hold at a time (ten large photos of an album), and all of them together.
MOST_OF_ONE, MOST_IN_ALL = 200 * MEGABYTE, 600 * MEGABYTE


class Doorkeeper:
    """Around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(CLOSED):
            await PlainTextResponse("", 404)(scope, receive, send)
            return
        if path.startswith(UPLOADS) and scope["method"] == "PUT":
            most = await to_thread.run_sync(_room_for, scope)
            if most <= 0:
                await PlainTextResponse("", 403)(scope, receive, send)
                return
            receive = _at_most(most, receive)
        await self.app(scope, receive, _with_policy(send))


@cache
def policy() -> str:
    """The staff's Content-Security-Policy. Streamlit's page has inline scripts, allowed by their hashes; its components
    come as `blob:`, its recorder reads one; styles are written into the page everywhere."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self' blob: {hashes}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' blob:; media-src 'self' blob:; worker-src 'self' blob:; frame-src 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )


# --- inner ------------------------------------------------------------------------------------------


def _with_policy(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name.lower() for name, _value in message["headers"]}
            said = (
                (b"content-security-policy", policy().encode()),
                (b"x-content-type-options", b"nosniff"),
                (b"referrer-policy", b"same-origin"),
                (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self)"),
            )
            message["headers"] = [*message["headers"], *(one for one in said if one[0] not in known)]
        await send(message)

    return told


def _room_for(scope: Scope) -> int:
    """How many bytes this upload may have; 0 for whoever must not."""
    most = MOST_OF_ONE
    if workspaces.active_kind() is None:
        most = MOST_BEFORE
    elif sign_in_cookies.behind(Request(scope).cookies) is None:
        return 0
    held = _held()
    session = scope["path"].removeprefix(UPLOADS).split("/")[0]
    return min(most - held.get(session, 0), MOST_IN_ALL - sum(held.values()))


def _held() -> dict[str, int]:
    """How many bytes each window's uploads take at present."""
    if not runtime.exists():
        return {}
    storage: dict[str, dict[str, Any]] = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    return {
        session: sum(len(file.data) for file in list(files.values()))
        for session, files in list(storage.items())
    }


def _at_most(most: int, receive: Receive) -> Receive:
    """The same body, which breaks off beyond `most` bytes: as if the browser had gone."""
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        return {"type": "http.disconnect"} if came > most else message

    return counted
