"""The patient's phone: plain HTML under /p, served beside Streamlit (`Home.py` mounts it) or alone:

    uvicorn pages.patient.app:app

Alone, it answers under /p as well, so that printed QR codes stay right.
"""

from __future__ import annotations

import logging
import re

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.phone.journey import journey as journey_of
from pages.patient import (
    answers,
    conversation,
    duty,
    entry,
    journey,
    messages,
    mission,
    points,
    praise,
    rights,
    sop_check,
    today,
    wall,
    wrong,
)
from pages.patient.duty_door import entrance, inside
from pages.patient.endpoints import door, private, public
from pages.patient.filming import film_form, film_upload, films
from pages.patient.screens import HERE, logo, on_cut, on_http_error
from pages.wire.bodies import Patience
from pages.wire.connections import end_half_open
from pages.wire.own_names import OwnNames

POLICY = (
    "default-src 'none'; style-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self'; script-src 'self'; "
    "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)


class Headers:
    """What every answer carries: nothing kept by browsers or proxies but the static files and, by her own browser for
    a day, the films of a package (her own for minutes); nothing loaded from elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                cache = _kept(scope["path"], message["status"], dict(message["headers"]))
                message["headers"] = [*message["headers"], (b"cache-control", cache), *HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _kept(path: str, status: int, headers: dict[bytes, bytes]) -> bytes:
    if "/static/" in path and status in (200, 304):
        return b"public, max-age=31536000, immutable"
    # Named by its content; without this a player loads the film anew for every jump in it.
    # What stands there instead of it, such as the quiet page, is not kept.
    page = headers.get(b"content-type", b"").startswith(b"text/html")
    if status in (200, 206, 304) and not page:
        if "/me/material/" in path:
            return b"private, max-age=86400"
        # Her own may be deleted: long enough to play it, not to find it later on a borrowed phone.
        if "/me/recording/" in path:
            return b"private, max-age=600"
    return b"no-store"


class WithoutTokens(logging.Filter):
    """Access logs show which page was opened, not whose: link tokens, passes, links of the duty page and the
    codes of vouchers are cut out of the address."""

    SECRET = re.compile(r"(/(?:j|thanks|voucher|duty)/)[^/?\s]+|([?&]preview=)[^&\s]+")

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                self.SECRET.sub(lambda m: f"{m[1] or m[2]}…", a) if isinstance(a, str) else a
                for a in record.args
            )
        return True


def _screens() -> list[Route | Mount]:
    return [
        Route("/", door(entry.start)),
        Route("/j/{token}", door(entry.open_link)),
        Route("/j/{token}", door(entry.confirm), methods=["POST"]),
        Route("/me", private(journey.journey, journey_of)),
        Route("/me/today", private(today.list_of_today)),
        Route("/me/today/{task_id:int}", private(today.keep, pictures=4), methods=["POST"]),
        Route("/me/today/{task_id:int}", door(entry.again("/me/today"))),
        Route("/me/missions", private(journey.missions, journey_of)),
        Route("/me/mission/{code}", private(mission.mission, journey_of)),
        Route("/me/material/{key:path}", private(mission.material)),
        Route("/me/film/{code}", private(films.film)),
        Route("/me/film/{code}", film_form.plain, methods=["POST"]),
        Route("/me/film/{code}/agree", private(films.agree), methods=["POST"]),
        Route("/me/film/{code}/agree", private(films.film)),
        Route("/me/film/{code}/begin", private(films.begin), methods=["POST"]),
        Route("/me/upload", film_upload.held),
        Route("/me/upload", film_upload.piece, methods=["POST"]),
        Route("/me/upload", film_upload.stop, methods=["DELETE"]),
        Route("/me/recording/{name}", private(films.recording)),
        Route("/me/recording/{recording_id:int}/delete", private(films.delete), methods=["POST"]),
        Route("/me/recording/{recording_id:int}/delete", door(entry.again("/me"))),
        Route("/me/package", private(rights.included)),
        Route("/me/messages", private(messages.messages)),
        Route("/me/thread", private(conversation.thread)),
        Route("/me/ask", private(conversation.write)),
        Route("/me/ask", private(conversation.send, pictures=2), methods=["POST"]),
        # Also in quiet care and after the end: 120 and the telephone stay.
        Route("/me/wrong", door(wrong.wrong)),
        Route("/me/wrong", door(wrong.send), methods=["POST"]),
        Route("/me/alert", private(wrong.alert)),
        Route("/me/badges", private(journey.badges, journey_of)),
        Route("/me/growth", private(journey.growth, journey_of)),
        Route("/me/points", private(points.account)),
        Route("/me/points/take/{reward_id:int}", private(points.reward)),
        Route("/me/points/take/{reward_id:int}", private(points.take), methods=["POST"]),
        Route("/me/voucher/{code}", private(points.voucher)),
        Route("/me/survey", private(answers.survey)),
        Route("/me/survey", private(answers.answer_survey), methods=["POST"]),
        Route("/me/consents", private(answers.consents)),
        Route("/me/consents", private(answers.answer_consent), methods=["POST"]),
        Route("/me/forget", private(entry.forget), methods=["POST"]),
        Route("/me/switch", door(entry.switch), methods=["POST"]),
        Route("/me/switch", door(entry.again("/me"))),
        Route("/t/{code}", public(praise.form)),
        Route("/t/{code}", public(praise.send), methods=["POST"]),
        Route("/s/{code}", public(praise.form)),
        Route("/s/{code}", public(praise.send), methods=["POST"]),
        Route("/thanks/{mark}", public(praise.thank)),
        Route("/thanks/{mark}/code", public(praise.payment_code)),
        Route("/thanks/{mark}/withdraw", public(praise.withdraw), methods=["POST"]),
        Route("/wall", public(wall.wall)),
        Route("/duty", inside(duty.show, duty.show)),
        Route("/duty/take", inside(duty.take, duty.show), methods=["POST"]),
        Route("/duty/answer", inside(duty.answer, duty.show), methods=["POST"]),
        Route("/duty/voice", inside(duty.voice, duty.show), methods=["POST"]),
        Route("/duty/decide", inside(duty.decide, duty.show), methods=["POST"]),
        Route("/duty/close", inside(duty.close, duty.show), methods=["POST"]),
        Route("/duty/file/{recording_id:int}", inside(duty.file, duty.show)),
        Route("/duty/{token}", entrance(duty.opening)),
        Route("/duty/{token}", entrance(duty.sign_in), methods=["POST"]),
        Route("/sop/{code}", door(sop_check.check)),
        Route("/static/logo/{name}", door(logo)),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


app = Starlette(
    routes=[*_screens(), Mount("/p", routes=_screens())],
    middleware=[
        Middleware(Patience),
        Middleware(OwnNames),
        Middleware(Headers),
        Middleware(GZipMiddleware, minimum_size=800, compresslevel=5),
    ],
    exception_handlers={
        **dict.fromkeys((400, 403, 404, 405, 413, 429, 500), on_http_error),
        ClientDisconnect: on_cut,
    },
)

end_half_open()
logging.getLogger("uvicorn.access").addFilter(WithoutTokens())
