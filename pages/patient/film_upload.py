"""The ways of a film to us: piece by piece with a line of script, or whole from a plain form. Both are written to the disk
as they come; the server's memory does not grow with them.

A refusal is answered when what was sent has been read: answered earlier, a proxy may show an error of its own instead
(seen with nginx: 502). What can be refused is therefore said when the page is drawn, or when the first request asks.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Any, TypeVar

from anyio import CancelScope, CapacityLimiter, fail_after, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.dialogue.films import film_work, uploads
from core.dialogue.films.film_pieces import LARGEST_PIECE, MOST_BYTES, Piece, Turn, same, too_heavy
from core.dialogue.films.film_rules import FilmEmpty
from core.foundation.errors import Refusal
from core.foundation.incidents import report
from pages.patient import films, screens
from pages.patient.film_parts import FilmForm
from pages.patient.limits import Brake
from pages.patient.phone import Phone
from pages.patient.screens import FAULT, Endpoint, bare, go

TOKEN = "x-film-token"
# Pieces of many films from one ward with one address.
PIECES = Brake(most=6000, seconds=60)
WRITERS = CapacityLimiter(4)
SILENCE = 25.0
RENEWED_EVERY = 7.0
GATHERED = 256 * 1024
# Beside the film itself a form carries its fields and boundaries.
FORM_ROOM = 64 * 1024
# What is read and thrown away before a refusal: a little more than a proxy lets through (README, nginx).
DRAINED = 220 * 1024 * 1024

Result = TypeVar("Result")


def kindly(endpoint: Endpoint) -> Endpoint:
    """As every screen: a fault becomes an incident with a number, never a value in the log."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException:
            raise
        except Exception as error:
            return bare(request, 500, FAULT, report(error, "film upload"))

    return guarded


@kindly
async def held(request: Request) -> Response:
    """How far a film has come, and the hashes by which it is known again."""
    phone = await _known(request)
    if isinstance(phone, Response):
        return phone
    try:
        found: uploads.Held = await _run(phone.ask, uploads.held, token=_token(request))
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
        await _run(_do, phone, uploads.give_up, token=_token(request), wished=True)
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
        turn: Turn = await _run(_do, phone, uploads.begin, token=token, at=at, length=length)
        if turn.stored:
            digest = hashlib.sha256()
            async for data in _gathered(request):
                digest.update(data)
            if not await _run(same, turn, digest.hexdigest(), length):
                return JSONResponse({"offset": at + length, "other": True}, 409)
            offset = (await _run(phone.ask, uploads.held, token=token)).offset
        else:
            offset = await _written(request, phone, token, turn, length)
        if offset < turn.size:
            return JSONResponse({"offset": offset})
        await _run(_do, phone, uploads.finish, token=token)
    except uploads.NotThere as refusal:
        await _drained(request)
        return JSONResponse({"offset": refusal.offset}, 409)
    except uploads.UploadBusy as refusal:
        await _drained(request)
        return _no(phone, refusal, 423)
    except Refusal as refusal:
        await _drained(request)
        return _no(phone, refusal, 410)
    film_work.wake(phone.desk)
    return JSONResponse({"offset": offset, "done": True})


@kindly
async def plain(request: Request) -> Response:
    """A film from a form without script: its seal stands before the film, and is judged before a byte of it is kept."""
    screens.admit(request)
    length = int(request.headers.get("content-length", "0") or 0)
    form = FilmForm(request.headers.get("content-type", ""))
    phone: Phone | None = None
    try:
        chunks = _gathered(request)
        async for data in chunks:
            form.feed(data)
            if phone is None:
                known = await _known(request, form.fields, admitted=True)
                if isinstance(known, Response):
                    await _drained(request)
                    return known
                phone = known
                phone.sealed()
            if form.begun:
                return await _rest(phone, await _opened(phone, length), form, chunks)
        if phone is None:
            raise HTTPException(400)
        raise FilmEmpty
    except Refusal as refusal:
        await _drained(request)
        if phone is None:
            raise HTTPException(400) from refusal
        return await to_thread.run_sync(films.show, phone, refusal)
    except (ClientDisconnect, TimeoutError) as error:
        raise HTTPException(400) from error


async def _opened(phone: Phone, length: int) -> str:
    """The token of a film of at most `length` bytes; refuses what `uploads.create` refuses."""
    if length > MOST_BYTES + FORM_ROOM:
        raise too_heavy(length)
    size = min(max(1, length), MOST_BYTES)
    opened = await _run(phone.do, uploads.create, code=films.code_of(phone), size=size)
    return str(opened["token"])


async def _rest(phone: Phone, token: str, form: FilmForm, chunks: AsyncIterator[bytes]) -> Response:
    """Write a film to its end; one that was cut is given up, for a form cannot go on."""
    turn = await _run(_do, phone, uploads.begin, token=token, at=0, length=None)
    try:
        piece = await _run(Piece, turn, MOST_BYTES)
        try:
            await _run(piece.write, form.take())
            renewed = time.monotonic()
            async for data in chunks:
                form.feed(data)
                await _run(piece.write, form.take())
                if time.monotonic() - renewed > RENEWED_EVERY:
                    turn = await _run(_do, phone, uploads.renew, token=token, turn=turn)
                    renewed = time.monotonic()
        finally:
            with CancelScope(shield=True):
                await _run(piece.close)
        await _run(_do, phone, uploads.count, token=token, turn=turn, piece=piece)
        await _run(_do, phone, uploads.finish, token=token, as_it_came=True)
    except (Refusal, ClientDisconnect, TimeoutError, HTTPException) as error:
        with CancelScope(shield=True):
            await _run(_given_up, phone, token)
        if isinstance(error, Refusal):
            raise
        raise HTTPException(400) from error
    film_work.wake(phone.desk)
    return go(phone, f"/me/film/{films.code_of(phone)}")


async def _written(request: Request, phone: Phone, token: str, turn: Turn, length: int) -> int:
    """Write a piece, all of it or what comes before a cut; returns how far the film is here."""
    piece = await _run(Piece, turn, length)
    renewed = time.monotonic()
    try:
        async for data in _gathered(request):
            await _run(piece.write, data)
            if time.monotonic() - renewed > RENEWED_EVERY:
                turn = await _run(_do, phone, uploads.renew, token=token, turn=turn)
                renewed = time.monotonic()
    except (ClientDisconnect, TimeoutError):
        pass  # what came counts, and the page asks where to go on
    finally:
        with CancelScope(shield=True):
            await _run(piece.close)
            offset: int = await _run(_do, phone, uploads.count, token=token, turn=turn, piece=piece)
    return offset


async def _gathered(request: Request) -> AsyncIterator[bytes]:
    """What comes, in fewer and larger parts. A line that says nothing for long is taken for cut (`TimeoutError`)."""
    stream = request.stream()
    parts: list[bytes] = []
    size = 0
    try:
        while True:
            with fail_after(SILENCE):
                data = await anext(stream, None)
            if data is None:
                break
            parts.append(data)
            size += len(data)
            if size >= GATHERED:
                yield b"".join(parts)
                parts, size = [], 0
    except (ClientDisconnect, TimeoutError):
        if parts:
            yield b"".join(parts)
        raise
    if parts:
        yield b"".join(parts)


async def _drained(request: Request) -> None:
    """Read what is still coming, so that the answer is heard."""
    size = 0
    try:
        async for data in _gathered(request):
            size += len(data)
            if size > DRAINED:
                return
    except (ClientDisconnect, TimeoutError, RuntimeError):
        return


async def _known(
    request: Request, fields: dict[str, str] | None = None, *, admitted: bool = False
) -> Phone | Response:
    """The patient's confirmed phone, or the page that says why not."""
    if not admitted:
        screens.admit(request, PIECES)
    return await _run(screens.recognised, request, fields or {})


def _do(phone: Phone, deed: Callable[..., Any], **arguments: Any) -> Any:
    """A deed for a piece. The token, known to this page alone, stands for the form's seal."""
    return phone.desk.do(phone.actor, deed, **arguments)


def _given_up(phone: Phone, token: str) -> None:
    try:
        _do(phone, uploads.give_up, token=token)
    except Refusal:
        return


async def _run(work: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
    return await to_thread.run_sync(lambda: work(*arguments, **named), limiter=WRITERS)


def _token(request: Request) -> str:
    return request.headers.get(TOKEN, "")[:100]


def _no(phone: Phone, refusal: Refusal, status: int) -> JSONResponse:
    return JSONResponse({"say": refusal.text(phone.language)}, status)
