"""Who comes to the duty page: by a link, with a session, or with neither; and how a form of it becomes a deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.dialogue.telling import passes
from core.foundation.access import PUBLIC
from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.language import N_
from core.foundation.troubles import Trouble
from pages.patient.endpoints import READERS, Endpoint, admit
from pages.patient.forms import device_tag, read_form, request_key_of, seal_fits
from pages.patient.phone import FormStale, NotOpenYet, Phone, begin
from pages.patient.pictures import has_pictures, read_pictures
from pages.patient.screens import FAULT, bare, page

COOKIE = "pilotdesk_duty"
OVER = N_("This page is closed. A newer message has a newer link. In an emergency call 120 first.")


@dataclass
class Duty:
    """Somebody on duty at her phone: `secret` is what the cookie holds."""

    phone: Phone
    secret: str
    session: passes.DutySession
    files: Sequence[bytes] = ()

    def ask(self, question: Callable[..., Any], **arguments: Any) -> Any:
        return self.phone.desk.ask(self.session.actor, question, case_id=self.session.case_id, **arguments)

    def do(self, deed: Callable[..., Any], step: str = "", **arguments: Any) -> Any:
        """A deed for this form; `step` tells two deeds of one form apart. Refuses `FormStale`."""
        key = request_key_of(self.phone.form)
        if not key or not seal_fits(self.phone.form.get("csrf", ""), device_tag(self.secret)):
            raise FormStale
        return self.phone.desk.do(self.session.actor, deed, key + step, **arguments)


Outer = Callable[[Phone], Response]
Inner = Callable[[Duty], Response]
Refused = Callable[[Duty, Refusal], Response]


def told(phone: Phone, text: str, status: int = 200) -> Response:
    """A short page of this door: `text` is a gettext source."""
    return page(phone, "duty_notice.html", status, text=phone._(text))


def entrance(screen: Outer) -> Endpoint:
    """A screen before the sign-in."""

    def serve(phone: Phone, _sent: Sequence[bytes]) -> Response:
        return screen(phone)

    return partial(_endpoint, serve, False)


def inside(screen: Inner, refused: Refused) -> Endpoint:
    """A screen of whoever has opened a case, `refused` the same page with what its form was refused for; everybody
    else reads that the page is closed."""

    def serve(phone: Phone, sent: Sequence[bytes]) -> Response:
        duty = duty_of(phone)
        if duty is None:
            return told(phone, OVER, 401)
        duty.files = sent
        try:
            return screen(duty)
        except Trouble:
            raise
        except Refusal as refusal:
            return refused(duty, refusal)

    return partial(_endpoint, serve, True)


Serve = Callable[[Phone, Sequence[bytes]], Response]


async def _endpoint(serve: Serve, takes_files: bool, request: Request) -> Response:
    form: dict[str, str] = {}
    sent: list[bytes] = []
    if request.method == "POST":
        await admit(request)
        if takes_files and has_pictures(request):
            # Whoever has no session is turned away before a byte of a recording is read.
            if not await to_thread.run_sync(_is_known, request):
                raise HTTPException(403)
            form, sent = await read_pictures(request, 1)
        else:
            form = await read_form(request)
    readers = None if request.method == "POST" else READERS
    return await to_thread.run_sync(_served, serve, request, form, sent, limiter=readers)


def _served(serve: Serve, request: Request, form: dict[str, str], sent: list[bytes]) -> Response:
    try:
        return serve(begin(request, form), sent)
    except NotOpenYet as refusal:
        return bare(request, 503, refusal.message)
    except Trouble as trouble:
        # A password that was typed is not written into a page.
        return bare(request, 503, trouble.message, again=form if "password" not in form else None)
    except HTTPException:
        raise
    except Exception as error:
        return bare(request, 500, FAULT, report(error, "duty page"))


def _is_known(request: Request) -> bool:
    try:
        return duty_of(begin(request, {})) is not None
    except NotOpenYet:
        return False
    except Trouble:
        return bool(request.cookies.get(COOKIE))


def duty_of(phone: Phone) -> Duty | None:
    """Who is at this phone, where she opened a case and the session still runs."""
    secret = phone.request.cookies.get(COOKIE, "")[:200]
    session = phone.desk.ask(PUBLIC, passes.session_of, secret=secret) if secret else None
    return Duty(phone, secret, session) if session is not None else None
