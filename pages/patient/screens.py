"""From a request to a page: templates, the two kinds of screen, and every way in which a page can fail kindly."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.department.logo import logo as house_logo
from core.foundation.clock import day_of
from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.language import (
    N_,
    clock_text,
    day_text,
    full_day_text,
    moment_text,
    money_text,
    month_text,
    number_text,
    plural,
    supported,
    translator,
)
from core.foundation.troubles import Trouble
from core.foundation.writing.telephones import dialled
from pages.patient.forms import new_request_key, new_seal, read_form
from pages.patient.limits import OWN_POSTS, POSTS, Brake
from pages.patient.phone import NotOpenYet, Phone, Question, begin, known_by, secrets_of
from pages.patient.pictures import has_pictures, read_pictures

HERE = Path(__file__).resolve().parent
Screen = Callable[[Phone], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

# More threads only hand Python's one lock to and fro: with 40 of them half as many pages were served, each
# later. What writes may have to wait for its turn and has threads of its own.
READERS = CapacityLimiter(2)

STRANGER = N_(
    "Please open your own page with the QR code on your card. It asks once for your number's last digits."
)
GONE = N_("This page does not exist. Perhaps the address was cut off; please scan the QR code again.")
TOO_MANY = N_("A great deal arrived just now. Please wait a minute and send once more.")
TOO_LARGE = N_(
    "That was more than fits into one message. Please send less, for example fewer photos, or a shorter text."
)
NOT_FROM_HERE = N_(
    "This could not be taken from here. Please open your own page once more and send it from there."
)
FAULT = N_(
    "Something went wrong on our side. Nothing you had sent before is lost. Please try again in a moment."
)


@cache
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.filters["dialled"] = dialled
    return environment


@cache
def asset(name: str) -> str:
    """A static file's name with a mark of its content, so that it may be kept for a year."""
    content = (HERE / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


def words(language: str) -> dict[str, Any]:
    """What every template may say, in one language."""
    return {
        "_": translator(language),
        "_n": partial(plural, language),
        "language": language,
        "day": partial(day_text, language=language),
        "weekday": partial(day_text, language=language, weekday=True),
        "full_day": partial(full_day_text, language=language),
        "month_name": partial(month_text, language=language),
        "money": partial(money_text, language=language),
        "number": partial(number_text, language=language),
        "raw": Markup,
    }


def page(phone: Phone, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A drawn page. Forms take `csrf()` and `request_key()` from here, new at each drawing."""
    other = "en" if phone.language == "zh" else "zh"
    context = words(phone.language) | {
        "phone": phone,
        "house": phone.house,
        "link": phone.link,
        "switch": phone.link(_path(phone.request), lang=other),
        "csrf": lambda: new_seal(phone.tag),
        "request_key": new_request_key,
        "clock": lambda moment: clock_text(moment, phone.language, phone.house.zone),
        "moment": lambda moment: moment_text(moment, phone.language, phone.house.zone),
        "soon": lambda moment: soon(phone, moment),
        "last_day": lambda gone_on: gone_on - timedelta(days=1),
        "zone_day": lambda moment: day_of(moment, phone.house.zone),
        "typed": phone.form,
        "refusal": None,
    }
    return HTMLResponse(templates().get_template(template).render(context | facts), status)


def soon(phone: Phone, moment: datetime) -> str:
    """An instant as people say it: today or tomorrow with its time, else with its day."""
    zone, language = phone.house.zone, phone.language
    days = (day_of(moment, zone) - day_of(phone.desk.clock.now(), zone)).days
    if days not in (0, 1):
        return moment_text(moment, language, zone)
    words = N_("today {time}") if days == 0 else N_("tomorrow {time}")
    return phone._(words, time=clock_text(moment, language, zone))


def notice(phone: Phone, title: str, text: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A short, friendly page; `title` and `text` are gettext sources."""
    return page(phone, "notice.html", status, title=phone._(title), text=phone._(text), **facts)


def logo(phone: Phone) -> Response:
    """The logo staff see as well."""
    return Response(house_logo(phone.house, phone.desk.media), media_type="image/webp")


def go(phone: Phone, path: str, **query: str) -> RedirectResponse:
    """On to another page after a form was taken, so that a reload sends nothing twice."""
    return RedirectResponse(phone.link(path, **query), 303)


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


def bare(
    request: Request, status: int, text: str, incident: str = "", again: dict[str, str] | None = None
) -> HTMLResponse:
    """An error page that needs no department: also where the database is what failed. `again` is the form that could not
    be taken; it can be sent once more from here, seal and request key as they were."""
    asked = request.query_params.get("lang", "")
    language = asked if asked in ("zh", "en") else supported(request.headers.get("accept-language", "")[:5])
    context = words(language) | {
        "text": translator(language)(text),
        "incident": incident,
        "again": again or {},
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "files": has_pictures(request),
        "root": _root(request),
    }
    return HTMLResponse(templates().get_template("bare.html").render(context), status)


async def on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    texts = {400: NOT_FROM_HERE, 403: NOT_FROM_HERE, 413: TOO_LARGE, 429: TOO_MANY}
    return bare(request, status, texts.get(status, GONE))


def _path(request: Request) -> str:
    return request.url.path.removeprefix(_root(request))


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
