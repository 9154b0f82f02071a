"""How a film is read: what comes is gathered, and every step is a deed in its own thread.

A refusal is answered when what was sent has been read: answered earlier, a proxy may show an error of its own instead
(seen with nginx: 502). What can be refused is therefore said when the page is drawn, or when the first request asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from core.dialogue.films import uploads
from core.dialogue.films.film_file import Turn
from core.foundation.incidents import report
from core.foundation.troubles import Trouble
from pages.patient import endpoints
from pages.patient.endpoints import Endpoint
from pages.patient.phone import Phone
from pages.patient.phone import kindly as resting
from pages.patient.screens import FAULT, bare
from pages.wire.bodies import gathered

WRITERS = CapacityLimiter(4)
RENEWED_EVERY = 7.0
GATHERED = 256 * 1024
# What is read and thrown away before a refusal: a little more than a proxy lets through (README, nginx).
DRAINED = 220 * 1024 * 1024

Result = TypeVar("Result")


def kindly(endpoint: Endpoint) -> Endpoint:
    """As every screen: a fault becomes an incident with a number, never a value in the log."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (HTTPException, ClientDisconnect):
            raise
        except Trouble as trouble:
            return bare(request, 503, trouble.message)
        except Exception as error:
            return bare(request, 500, FAULT, report(error, "film upload"))

    return guarded


async def drained(request: Request) -> None:
    """Read what is still coming, so that the answer is heard."""
    size = 0
    try:
        async for data in gathered(request, GATHERED):
            size += len(data)
            if size > DRAINED:
                return
    except (ClientDisconnect, RuntimeError):
        return


async def recognised(request: Request, fields: dict[str, str] | None = None) -> Phone | Response:
    """The patient's confirmed phone, or the page that says why not."""
    return await run(endpoints.recognised, request, fields or {})


def do(phone: Phone, deed: Callable[..., Any], **arguments: Any) -> Any:
    """A deed for a film on its way. The token, known to this page alone, stands for the form's seal."""
    with resting():
        return phone.desk.do(phone.actor, deed, **arguments)


class Lease:
    """The turn to write one film, renewed while its bytes come."""

    def __init__(self, phone: Phone, token: str, turn: Turn) -> None:
        self.phone, self.token, self.turn = phone, token, turn
        self._renewed = time.monotonic()

    async def keep(self) -> None:
        if time.monotonic() - self._renewed > RENEWED_EVERY:
            self.turn = await run(do, self.phone, uploads.renew, token=self.token, turn=self.turn)
            self._renewed = time.monotonic()


async def run(work: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
    return await to_thread.run_sync(lambda: work(*arguments, **named), limiter=WRITERS)
