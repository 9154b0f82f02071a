"""From a request to a screen: whom each kind of screen is for, floods turned away, and every way in which one can fail kindly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.language import N_
from core.foundation.troubles import Trouble
from pages.patient.forms import read_form
from pages.patient.limits import OWN_POSTS, POSTS, Brake
from pages.patient.phone import NotOpenYet, Phone, Question, begin, known_by, secrets_of
from pages.patient.pictures import has_pictures, read_pictures
from pages.patient.screens import FAULT, STRANGER, Screen, bare, notice, page

Endpoint = Callable[[Request], Awaitable[Response]]

# More threads only hand Python's one lock to and fro: with 40 of them half as many pages were served, each
# later. What writes may have to wait for its turn and has threads of its own.
READERS = CapacityLimiter(2)


def door(screen: Screen) -> Endpoint:
    """A screen that recognises phones: open to anybody, also to a phone that is to be handed to another patient."""
    return partial(_endpoint, screen, "door")


def public(screen: Screen) -> Endpoint:
    """A screen for anybody; a phone under a gentle stop still sees only the quiet page."""
    return partial(_endpoint, screen, "public")


def private(screen: Screen, reads: Question | None = None, pictures: int = 0) -> Endpoint:
    """A screen for the patient of a confirmed phone; `reads` is the question whose answer it finds in `phone.read`,
    `pictures` how many its form may carry (`phone.pictures`)."""
    return partial(_endpoint, screen, "private", reads=reads, pictures=pictures)


async def _endpoint(
    screen: Screen, kind: str, request: Request, reads: Question | None = None, pictures: int = 0
) -> Response:
    sent: list[bytes] = []
    if request.method == "POST":
        await admit(request)
        if pictures and has_pictures(request):
            # Whoever is unknown is turned away before a byte of a picture is read.
            if not await to_thread.run_sync(_is_known, request):
                raise HTTPException(403)
            form, sent = await read_pictures(request, pictures)
        else:
            form = await read_form(request)
    else:
        form = {}
    readers = None if request.method == "POST" else READERS
    return await to_thread.run_sync(_serve, screen, kind, request, form, reads, sent, limiter=readers)


async def admit(request: Request, brake: Brake | None = None, own: Brake | None = None) -> None:
    """Turn away floods and what another site sends. Ends with 429 and 403. Of an address that has had its share, a phone
    or a card we know still has its own."""
    if not (brake or POSTS).admits(request.client.host if request.client else ""):
        known = await to_thread.run_sync(known_by, request, limiter=READERS)
        if not known or not (own or OWN_POSTS).admits(known):
            raise HTTPException(429)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403)


def recognised(request: Request, form: dict[str, str]) -> Phone | Response:
    """The phone of a confirmed patient, or the page that says why not; for ways that read their body themselves."""
    try:
        phone = begin(request, form)
        if phone.holder and phone.holder.quiet:
            return page(phone, "quiet.html")
        return phone if phone.holder else notice(phone, N_("Your own page"), STRANGER, 401)
    except (NotOpenYet, Trouble) as refusal:
        return bare(request, 503, refusal.message)


def _is_known(request: Request) -> bool:
    try:
        return begin(request, {}).holder is not None
    except NotOpenYet:
        return False
    except Trouble:
        return bool(
            secrets_of(request)
        )  # cannot be told now: the screen says why, and keeps what was written


def _serve(
    screen: Screen,
    kind: str,
    request: Request,
    form: dict[str, str],
    reads: Question | None = None,
    pictures: Sequence[bytes] = (),
) -> Response:
    try:
        phone = begin(request, form, reads)
        phone.pictures = list(pictures)
        if phone.holder and phone.holder.quiet and kind != "door":
            return page(phone, "quiet.html")
        if kind == "private" and not phone.holder:
            return notice(phone, N_("Your own page"), STRANGER, 401)
        try:
            return screen(phone)
        except Trouble:
            raise
        except Refusal as refusal:
            return notice(phone, N_("This is not possible just now"), refusal.text(phone.language), 422)
    except NotOpenYet as refusal:
        return bare(request, 503, refusal.message)
    except Trouble as trouble:
        return bare(request, 503, trouble.message, again=form)
    except HTTPException:
        raise
    except Exception as error:
        return bare(request, 500, FAULT, report(error, "phone page"))
