"""Backups on their way: one out as a complete archive, one in from another machine, both piece by piece past memory.

Mounted by `Home.py` alone: the server that faces the phones does not know it. Streamlit holds in memory what it hands out
and what it takes, and stops at 20 MB. Every request asks for the sign-in and the right anew; what comes in needs
the page's pass for one file as well, in a header that no other site can send.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from core.foundation.access import Actor, NotAllowed, SignInNeeded
from core.foundation.doors import Desk
from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.language import supported
from core.foundation.troubles import DiskFull, Trouble
from core.operations import backup, backup_arrivals, sign_in_cookies, workspaces
from core.operations.backup_taking import BackupUnreadable
from pages.wire.bodies import gathered

PREFIX = "/backup_files"
PASS = "x-backup-pass"
GATHERED = 1024 * 1024
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

Door = tuple[str, Desk, Actor]


def address(name: str) -> str:
    """Where an administrator downloads a backup."""
    return f"{PREFIX}/{quote(name)}"


def _kindly(endpoint: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Say a refusal in words; a trouble that passes is 503, after which the page tries again; a fault becomes an incident
    with a number."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            answer: Response = await endpoint(request)
            return answer
        except DiskFull as trouble:
            return _no(request, trouble)  # people make room: it is said, not waited for
        except Trouble as trouble:
            return _no(request, trouble, 503)
        except Refusal as refusal:
            return _no(request, refusal)
        except (ClientDisconnect, TimeoutError):
            return PlainTextResponse("", 408, headers=HEADERS)  # a cut line, tried again
        except (ValueError, KeyError):
            return PlainTextResponse("", 400, headers=HEADERS)  # the same again would be no better
        except Exception as error:
            return PlainTextResponse(report(error, "a backup on its way"), 500, headers=HEADERS)

    return guarded


def _no(request: Request, refusal: Refusal, status: int = 0) -> Response:
    language = supported(request.headers.get("accept-language", "")[:5])
    known = {SignInNeeded: 401, NotAllowed: 403, BackupUnreadable: 404}.get(type(refusal), 422)
    return PlainTextResponse(refusal.text(language), status or known, headers=HEADERS)


def _door(request: Request) -> Door:
    """The workspace and who asks, looked up anew each time; refuses whoever is not signed in."""
    member = sign_in_cookies.member(request.cookies)
    if member is None:
        raise SignInNeeded
    kind = str(workspaces.active_kind())
    return kind, workspaces.desk(kind), member.actor


@_kindly
async def download(request: Request) -> Response:
    """One backup whole, for whoever may carry it away."""
    name = str(request.path_params["name"])[:100]
    pieces = await to_thread.run_sync(lambda: backup.carry(*_door(request), name))
    headers = HEADERS | {"content-disposition": f'attachment; filename="{quote(Path(name).name)}"'}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


@_kindly
async def begin(request: Request) -> Response:
    """May it come? Answers with the turn and the size of a piece."""
    name, size = request.query_params["name"], int(request.query_params["size"][:16])

    def begun() -> str:
        return backup_arrivals.begin(*_door(request), request.headers[PASS], name=name, size=size)

    turn = await to_thread.run_sync(begun)
    return JSONResponse({"turn": turn, "piece": backup_arrivals.PIECE}, headers=HEADERS)


@_kindly
async def piece(request: Request) -> Response:
    """One piece from `at` on, written as it comes; answers how far the file is here."""
    turn, at = request.query_params["turn"], int(request.query_params["at"][:16])
    length = int(request.headers["content-length"])

    def known() -> backup_arrivals.Arrival:
        return backup_arrivals.coming(*_door(request), request.headers[PASS], turn=turn, at=at, length=length)

    arrival = await to_thread.run_sync(known)
    if arrival.received != at:
        return JSONResponse({"at": arrival.received}, 409, headers=HEADERS)
    assert arrival.path is not None
    file = await to_thread.run_sync(arrival.path.open, "r+b")
    try:
        await to_thread.run_sync(file.seek, at)
        written = 0
        async for data in gathered(request, GATHERED):
            written += len(data)
            if written > length:
                raise ValueError("more than was announced")
            await to_thread.run_sync(file.write, data)
    finally:
        await to_thread.run_sync(file.close)
    if written != length:
        raise TimeoutError("less than was announced")
    so_far = await to_thread.run_sync(backup_arrivals.came, arrival, turn, at, length)
    return JSONResponse({"at": so_far}, headers=HEADERS)


@_kindly
async def complete(request: Request) -> Response:
    """All has been sent; the check begins."""
    await to_thread.run_sync(lambda: backup_arrivals.complete(*_door(request), request.headers[PASS]))
    return JSONResponse({}, headers=HEADERS)


@_kindly
async def standing(request: Request) -> Response:
    """How far it is, and what came of the check."""
    found = await to_thread.run_sync(lambda: backup_arrivals.standing(*_door(request), request.headers[PASS]))
    if found.refusal is not None:
        return _no(request, found.refusal)  # what the check met then; asking again does not change it
    return JSONResponse({"at": found.received, "state": found.state, "found": found.found}, headers=HEADERS)


app = Starlette(
    routes=[
        Route("/arriving", begin, methods=["POST"]),
        Route("/arriving", piece, methods=["PUT"]),
        Route("/arriving", standing, methods=["GET"]),
        Route("/arriving/complete", complete, methods=["POST"]),
        Route("/{name}", download, methods=["GET"]),
    ]
)
