"""The duty page: whoever is on duty answers one case from home, on a phone, without a line of script.

It opens by the one-time link of a message together with that person's own password, shows the one case of that link,
and ends by itself.
"""

from __future__ import annotations

from datetime import date

from starlette.responses import FileResponse, Response

from core.dialogue.cases import cases
from core.dialogue.recordings.recordings import UnknownRecording
from core.dialogue.recordings.voices import VoiceEmpty, voice_of
from core.dialogue.telling import passes
from core.dialogue.telling.duty_case import duty_case, duty_recording
from core.foundation.access import PUBLIC
from core.foundation.errors import Refusal
from core.foundation.files import FileDamaged, FileMissing
from core.foundation.language import N_
from core.foundation.troubles import Trouble
from core.people.signing_in import SignInLocked
from pages.patient.duty_door import COOKIE, Duty, duty_of, told
from pages.patient.forms import device_tag, new_seal, seal_fits
from pages.patient.phone import FormStale, Phone
from pages.patient.screens import go, page

# --- the door ---------------------------------------------------------------------------------------


def opening(phone: Phone) -> Response:
    """The link of a message: user name and password, or on to the page where it is open already."""
    if duty_of(phone) is not None:
        return go(phone, "/duty")
    try:
        code = phone.desk.ask(PUBLIC, passes.check_pass, token=_token(phone))
    except Trouble:
        raise
    except Refusal as refusal:
        return told(phone, refusal.message, 404)
    return _opening(phone, code)


def sign_in(phone: Phone) -> Response:
    """Check the person; the right one gets the page, and the link opens nothing any more."""
    token, form = _token(phone), phone.form
    try:
        code = phone.desk.ask(PUBLIC, passes.check_pass, token=token)
    except Trouble:
        raise
    except Refusal as refusal:
        return told(phone, refusal.message, 404)
    try:
        if not seal_fits(form.get("csrf", ""), device_tag(token)):
            raise FormStale
        secret = passes.open_pass(
            phone.desk,
            token=token,
            username=form.get("username", "")[:40],
            password=form.get("password", "")[:200],
            address=phone.request.client.host if phone.request.client else "",
        )
    except Refusal as refusal:
        return _opening(phone, code, refusal)
    response = go(phone, "/duty")
    response.set_cookie(
        COOKIE, secret, max_age=int(passes.SESSION_LASTS.total_seconds()), path=_cookie_path(phone),
        secure=phone.request.url.scheme == "https", httponly=True, samesite="strict",
    )  # fmt: skip
    return response


def _opening(phone: Phone, code: str, refusal: Refusal | None = None) -> Response:
    status = 200 if refusal is None else 429 if isinstance(refusal, SignInLocked) else 422
    token = _token(phone)
    return page(
        phone, "duty_open.html", status, code=code, refusal=refusal, token=token,
        csrf=lambda: new_seal(device_tag(token)),
    )  # fmt: skip


# --- the page ---------------------------------------------------------------------------------------


def show(duty: Duty, refusal: Refusal | None = None) -> Response:
    """The case, with what the form just sent was refused for."""
    phone = duty.phone
    return page(
        phone, "duty.html", 422 if refusal else 200, case=duty.ask(duty_case), refusal=refusal, duty=duty,
        done=phone.request.query_params.get("done", ""), now=phone.desk.clock.now(), kinds=cases.KIND_NAMES,
        levels=cases.LEVEL_NAMES, decisions=cases.DECISION_NAMES,
        csrf=lambda: new_seal(device_tag(duty.secret)),
    )  # fmt: skip


def take(duty: Duty) -> Response:
    duty.do(cases.take, case_id=duty.session.case_id, over=duty.phone.form.get("over") == "1")
    return go(duty.phone, "/duty")


def answer(duty: Duty) -> Response:
    duty.do(cases.reply, case_id=duty.session.case_id, words=duty.phone.form.get("words", ""))
    return go(duty.phone, "/duty", done="answer")


def voice(duty: Duty) -> Response:
    """A recorded file as the answer: made playable before the deed, because it holds others up."""
    if not duty.files:
        raise VoiceEmpty
    spoken = voice_of(duty.files[0])
    duty.do(cases.reply, case_id=duty.session.case_id, voice=spoken)
    return go(duty.phone, "/duty", done="answer")


def decide(duty: Duty) -> Response:
    form = duty.phone.form
    duty.do(
        cases.decide, case_id=duty.session.case_id, decision=form.get("decision", ""),
        advice=form.get("advice", ""), decision_on=_day(form.get("decision_on", "")),
    )  # fmt: skip
    return go(duty.phone, "/duty", done="decide")


def close(duty: Duty) -> Response:
    duty.do(passes.close_pass, pass_id=duty.session.pass_id)
    response = told(duty.phone, N_("This page is closed. Thank you, and good night."))
    response.delete_cookie(COOKIE, path=_cookie_path(duty.phone))
    return response


def file(duty: Duty) -> Response:
    """A photo, film or voice message of this case, piece by piece where the player asks for pieces."""
    try:
        found = duty.ask(duty_recording, recording_id=int(duty.phone.request.path_params["recording_id"]))
        path = duty.phone.desk.media.local_path(found.key)
    except (UnknownRecording, FileMissing, FileDamaged) as refusal:
        return told(duty.phone, refusal.message, 404)
    return FileResponse(path, media_type=found.media_type, content_disposition_type="inline")


def _token(phone: Phone) -> str:
    return str(phone.request.path_params["token"])[:100]


def _cookie_path(phone: Phone) -> str:
    return f"{phone.request.scope.get('root_path', '')}/duty"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
