"""A film piece by piece, with a line of script: after a cut it goes on where it stopped.

Each piece is written to the disk as it comes; the server's memory does not grow with it.
"""

from __future__ import annotations

import hashlib

from anyio import CancelScope
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.dialogue.films import film_work, uploads
from core.dialogue.films.film_file import LARGEST_PIECE, MOST_BYTES, Piece, Turn, same
from core.foundation.errors import Refusal
from core.foundation.troubles import Trouble
from pages.patient.endpoints import admit
from pages.patient.filming.film_stream import GATHERED, Lease, do, drained, kindly, recognised, run
from pages.patient.limits import Brake
from pages.patient.phone import Phone
from pages.wire.bodies import gathered

TOKEN = "x-film-token"
# Pieces of many films from one ward with one address.
PIECES = Brake(most=6000, seconds=60)
OWN_PIECES = Brake(most=1500, seconds=60)


@kindly
async def held(request: Request) -> Response:
    """How far a film has come, and the hashes by which it is known again."""
    phone = await _known(request)
    if isinstance(phone, Response):
        return phone
    try:
        found: uploads.Held = await run(phone.ask, uploads.held, token=_token(request))
    except Refusal as refusal:
        return _no(phone, refusal, 410)
    return JSONResponse(vars(found))


@kindly
async def stop(request: Request) -> Response:
    """She does not want to send it any more."""
    phone = await _known(request)
    if isinstance(phone, Response):
        return phone
    try:
        await run(do, phone, uploads.give_up, token=_token(request), wished=True)
    except Refusal as refusal:
        return _no(phone, refusal, 410)
    return JSONResponse({})


@kindly
async def piece(request: Request) -> Response:
    """One piece from `at` on; answers where to go on. 409 with the true place, 423 while another window sends."""
    phone = await _known(request)
    if isinstance(phone, Response):
        return phone
    try:
        at, length = int(request.query_params.get("at", "")), int(request.headers["content-length"])
    except (KeyError, ValueError) as error:
        raise HTTPException(400) from error
    if not (0 < length <= LARGEST_PIECE and 0 <= at <= MOST_BYTES):
        raise HTTPException(413)
    token = _token(request)
    try:
        turn: Turn = await run(do, phone, uploads.begin, token=token, at=at, length=length)
        if turn.stored:
            digest = hashlib.sha256()
            async for data in gathered(request, GATHERED):
                digest.update(data)
            if not await run(same, turn, digest.hexdigest(), length):
                return JSONResponse({"offset": at + length, "other": True}, 409)
            offset = (await run(phone.ask, uploads.held, token=token)).offset
        else:
            offset = await _written(request, phone, token, turn, length)
        if offset < turn.size:
            return JSONResponse({"offset": offset})
        await run(do, phone, uploads.finish, token=token)
    except uploads.NotThere as refusal:
        await drained(request)
        return JSONResponse({"offset": refusal.offset}, 409)
    except uploads.UploadBusy as refusal:
        await drained(request)
        return _no(phone, refusal, 423)
    except Refusal as refusal:
        await drained(request)
        return _no(phone, refusal, 410)
    film_work.wake(phone.desk)
    return JSONResponse({"offset": offset, "done": True})


async def _written(request: Request, phone: Phone, token: str, turn: Turn, length: int) -> int:
    """Write a piece, all of it or what comes before a cut; returns how far the film is here."""
    piece, lease = await run(Piece, turn, length), Lease(phone, token, turn)
    try:
        async for data in gathered(request, GATHERED):
            await run(piece.write, data)
            await lease.keep()
    except ClientDisconnect:
        pass  # what came counts, and the page asks where to go on
    finally:
        with CancelScope(shield=True):
            await run(piece.close)
            offset: int = await run(do, phone, uploads.count, token=token, turn=lease.turn, piece=piece)
    return offset


async def _known(request: Request) -> Phone | Response:
    await admit(request, PIECES, OWN_PIECES)
    return await recognised(request)


def _token(request: Request) -> str:
    return request.headers.get(TOKEN, "")[:100]


def _no(phone: Phone, refusal: Refusal, status: int) -> JSONResponse:
    # A trouble of ours ends no film: the page tries again, as after a cut.
    code = 503 if isinstance(refusal, Trouble) else status
    return JSONResponse({"say": refusal.text(phone.language)}, code)
