"""A film whole, from a plain form without script: its seal stands before the film, and is judged before a byte is kept.

The parts are told apart as they come and written to the disk; nothing of the film stays in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from anyio import CancelScope, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from core.dialogue.films import film_work, uploads
from core.dialogue.films.film_file import MOST_BYTES, Piece, too_heavy
from core.dialogue.films.film_rules import FilmEmpty
from core.foundation.errors import Refusal
from core.foundation.language import N_
from pages.patient.endpoints import admit
from pages.patient.filming import films
from pages.patient.filming.film_stream import GATHERED, Lease, do, drained, kindly, recognised, run
from pages.patient.form_parts import FormParts
from pages.patient.phone import Phone
from pages.patient.screens import go
from pages.wire.bodies import gathered

LONGEST_FIELD = 2000
# Beside the film itself a form carries its fields and boundaries.
FORM_ROOM = 64 * 1024


@dataclass(eq=False)
class NothingChosen(Refusal):
    message = N_("Please film, or choose a film from your gallery, first.")


class FilmForm(FormParts):
    """`take` gives what has come of the film since the last time. Of several files the first that is not empty counts:
    camera and gallery are two fields of one form."""

    def __init__(self, content_type: str) -> None:
        super().__init__(content_type, LONGEST_FIELD)
        self.begun = False
        self._film: list[bytes] = []
        self._counts = False

    def take(self) -> bytes:
        data, self._film = b"".join(self._film), []
        return data

    def file_begins(self) -> None:
        self._counts = False

    def file_data(self, data: bytes) -> None:
        if self._counts or not self.begun:
            self.begun = self._counts = True
            self._film.append(data)


@kindly
async def plain(request: Request) -> Response:
    """Take the film of a form, and back to its page; a refusal is said there."""
    await admit(request)
    length = int(request.headers.get("content-length", "0") or 0)
    form = FilmForm(request.headers.get("content-type", ""))
    phone: Phone | None = None
    try:
        chunks = gathered(request, GATHERED)
        async for data in chunks:
            form.feed(data)
            if phone is None:
                known = await recognised(request, form.fields)
                if isinstance(known, Response):
                    await drained(request)
                    return known
                phone = known
                phone.sealed()
            if form.begun:
                return await _rest(phone, await _opened(phone, length), form, chunks)
        if phone is None:
            raise HTTPException(400)
        raise FilmEmpty if form.chosen else NothingChosen
    except Refusal as refusal:
        await drained(request)
        if phone is None:
            raise HTTPException(400) from refusal
        return await to_thread.run_sync(films.show, phone, refusal)
    except ClientDisconnect as error:
        raise HTTPException(400) from error


async def _opened(phone: Phone, length: int) -> str:
    """The token of a film of at most `length` bytes; refuses what `uploads.create` refuses."""
    if length > MOST_BYTES + FORM_ROOM:
        raise too_heavy(length)
    size = min(max(1, length), MOST_BYTES)
    opened = await run(phone.do, uploads.create, code=films.code_of(phone), size=size)
    return str(opened["token"])


async def _rest(phone: Phone, token: str, form: FilmForm, chunks: AsyncIterator[bytes]) -> Response:
    """Write a film to its end; one that was cut is given up, for a form cannot go on."""
    lease = Lease(phone, token, await run(do, phone, uploads.begin, token=token, at=0, length=None))
    try:
        piece = await run(Piece, lease.turn, MOST_BYTES)
        try:
            await run(piece.write, form.take())
            async for data in chunks:
                form.feed(data)
                await run(piece.write, form.take())
                await lease.keep()
        finally:
            with CancelScope(shield=True):
                await run(piece.close)
        await run(do, phone, uploads.count, token=token, turn=lease.turn, piece=piece)
        await run(do, phone, uploads.finish, token=token, as_it_came=True)
    except (Refusal, ClientDisconnect, HTTPException) as error:
        with CancelScope(shield=True):
            await run(_given_up, phone, token)
        if isinstance(error, Refusal):
            raise
        raise HTTPException(400) from error
    film_work.wake(phone.desk)
    return go(phone, f"/me/film/{films.code_of(phone)}")


def _given_up(phone: Phone, token: str) -> None:
    try:
        do(phone, uploads.give_up, token=token)
    except Refusal:
        return
