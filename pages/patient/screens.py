"""How a page of the phones is drawn: templates, what every one of them may say, and the page that needs no department."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.department.logo import logo as house_logo
from core.foundation.clock import day_of
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
from core.foundation.writing.telephones import dialled
from pages.patient.forms import new_request_key, new_seal
from pages.patient.phone import Phone
from pages.patient.pictures import has_pictures

HERE = Path(__file__).resolve().parent
Screen = Callable[[Phone], Response]

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
CUT = N_(
    "The line was too slow or was cut, so what you sent did not come through whole. Please go back and send it once more."
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


async def on_cut(request: Request, _error: Exception) -> Response:
    """What was sent did not come whole (`pages.wire.bodies`); whoever is still there reads it."""
    return bare(request, 408, CUT)


def _path(request: Request) -> str:
    return request.url.path.removeprefix(_root(request))


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
