"""What comes in: gathered in larger parts, and given up when it comes no more or only by drops.

Around both servers whole, so that no route needs a clock of its own: whoever reads a body meets `ClientDisconnect`, as if
the browser had gone, and what the route says then is the last word on that connection.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

from anyio import move_on_after
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.foundation.settings import settings

# Bytes a second below which a body counts as silent: a tenth of what the slowest telephone line brings.
SLOWEST = 300
GONE: Message = {"type": "http.disconnect"}
MARK = "pilotdesk.patience"


async def gathered(request: Request, part: int) -> AsyncIterator[bytes]:
    """What comes, in parts of about `part` bytes. What had come before a cut is given first, then `ClientDisconnect` raised."""
    parts: list[bytes] = []
    size = 0
    try:
        async for data in request.stream():
            parts.append(data)
            size += len(data)
            if size >= part:
                yield b"".join(parts)
                parts, size = [], 0
    except ClientDisconnect:
        if parts:
            yield b"".join(parts)
        raise
    if parts:
        yield b"".join(parts)


class Patience:
    """Requests whose body stays away for `settings().patience` seconds, or drips, are answered 408 and cut."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        if scope["type"] != "http" or not _has_body(scope):
            await self.app(scope, receive, send)
            return
        # The phones' application is mounted in the staff's: one clock, the outer one's, and each its own last word.
        coming: _Coming | None = scope.get(MARK)
        if coming is None:
            receive = scope[MARK] = coming = _Coming(receive, settings().patience)
        said = _Said(send, coming)
        try:
            await self.app(scope, receive, said)
        except ClientDisconnect:
            if said.begun:
                raise
            await PlainTextResponse("", 408)(scope, receive, said)


# --- inner ------------------------------------------------------------------------------------------


class _Coming:
    """A body on its way. Only the time that was spent waiting for it counts, not what the house itself took."""

    def __init__(self, receive: Receive, patience: float) -> None:
        self.receive, self.patience = receive, patience
        self.cut = self.whole = False
        self._waited, self._came = 0.0, 0

    async def __call__(self) -> Message:
        while not self.cut:
            if self.whole:
                return await self.receive()
            begun, message = time.monotonic(), None
            with move_on_after(self.patience - self._waited):
                message = await self.receive()
            self._waited += time.monotonic() - begun
            if message is not None:
                self._came += len(message.get("body", b""))
                self.whole = message["type"] == "http.disconnect" or not message.get("more_body", False)
            if self._waited >= self.patience and not self.whole:
                self.cut = self._came < SLOWEST * self.patience
                self._waited, self._came = 0.0, 0
            if message is not None:
                return message
        return GONE


class _Said:
    """The answer, after which a connection that was cut is not used again: the rest of its body may still come."""

    def __init__(self, send: Send, coming: _Coming) -> None:
        self.send, self.coming = send, coming
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            if self.coming.cut and (b"connection", b"close") not in message["headers"]:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
        await self.send(message)


def _has_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _value in scope["headers"])
