"""Praise from a poster's QR code: words first; a tip, where it is signed off, only as a line to fill in.

No amounts are offered and none is asked for. After sending, the person's own payment code is shown, if a tip was
declared; what then passes from phone to phone is theirs.
"""

from __future__ import annotations

import secrets
from functools import cache

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.operations.workspaces import signing_key
from core.recognition import tips
from core.recognition.counting import counted_characters
from core.recognition.praise import (
    LEAST_CHARACTERS,
    LONGEST_TEXT,
    give_praise,
    hide_praise,
    thanks,
)
from core.recognition.targets import PraiseCodeUnknown, target
from pages.patient.phone import Phone
from pages.patient.screens import GONE, go, notice, page

# The way back to one's own words; as long as a story stands on the public wall.
THANKS_SECONDS = 366 * 24 * 3600
PAYMENT_SECONDS = 30 * 60
DEVICE, DEVICE_SECONDS = "pilotdesk_praise", 24 * 3600
PICTURES = {".jpg": "image/jpeg", ".png": "image/png"}


def form(phone: Phone) -> Response:
    """The praise form of a place (/t/…) or a person (/s/…)."""
    response = _form(phone)
    if not _device(phone) and not phone.preview:
        response.set_cookie(
            DEVICE, secrets.token_urlsafe(16), max_age=DEVICE_SECONDS, path=phone.request.scope.get("root_path") or "/",
            secure=phone.request.url.scheme == "https", httponly=True, samesite="lax",
        )  # fmt: skip
    return response


def send(phone: Phone) -> Response:
    """Take a praise; a refused one keeps every word."""
    given = phone.form
    try:
        number = phone.do(
            give_praise,
            code=_code(phone),
            person=given.get("person", "")[:12],
            text=given.get("text", ""),
            tip_fen=tips.fen_of(given.get("tip", "")),
            may_show=given.get("may_show") == "yes",
            device=_device(phone),
        )
    except PraiseCodeUnknown:
        raise
    except Refusal as refusal:
        return _form(phone, refusal)
    return go(phone, f"/thanks/{_pass(signing_key()).dumps(number)}")


def thank(phone: Phone) -> Response:
    """What happens next, and the payment code where a tip was declared."""
    number = _praise_number(phone, THANKS_SECONDS)
    if number is None:
        return notice(phone, N_("Thank you"), GONE, 404)
    shown = phone.ask(thanks, recognition_id=number)
    payment = ""
    fresh = _praise_number(phone, PAYMENT_SECONDS) is not None
    if shown.payment_code_key and fresh and phone.desk.media.exists(shown.payment_code_key):
        payment = phone.link(f"/thanks/{phone.request.path_params['mark']}/code")
    return page(phone, "thanks.html", thanks=shown, payment=payment)


def payment_code(phone: Phone) -> Response:
    """The picture of the person's own payment code, for half an hour after sending."""
    number = _praise_number(phone, PAYMENT_SECONDS)
    shown = phone.ask(thanks, recognition_id=number) if number is not None else None
    if shown is None or not shown.payment_code_key:
        return notice(phone, N_("Thank you"), GONE, 404)
    kind = PICTURES.get(shown.payment_code_key[shown.payment_code_key.rfind(".") :], "image/png")
    return Response(phone.desk.media.read(shown.payment_code_key), media_type=kind)


def withdraw(phone: Phone) -> Response:
    """Take the consent to the story wall back, for one praise."""
    number = _praise_number(phone, THANKS_SECONDS)
    if number is None:
        return notice(phone, N_("Thank you"), GONE, 404)
    phone.do(hide_praise, recognition_id=number)
    return go(phone, f"/thanks/{phone.request.path_params['mark']}")


def _form(phone: Phone, refusal: Refusal | None = None) -> Response:
    aim = phone.ask(target, code=_code(phone))
    return page(
        phone,
        "praise.html",
        422 if refusal else 200,
        aim=aim,
        refusal=refusal,
        least=LEAST_CHARACTERS,
        longest=LONGEST_TEXT,
        counted=counted_characters(phone.form.get("text", "")),
        tip_least=tips.yuan(tips.SMALLEST_FEN),
        tip_most=tips.yuan(tips.LARGEST_FEN),
    )


def _device(phone: Phone) -> str:
    """What this phone holds for a day, so that its praise counts once; "" for one that keeps nothing."""
    return phone.request.cookies.get(DEVICE, "")[:40]


def _code(phone: Phone) -> str:
    return str(phone.request.path_params["code"])[:20]


def _praise_number(phone: Phone, seconds: int) -> int | None:
    """The praise a thank-you address means, None when it is forged or older than `seconds`."""
    try:
        return int(_pass(signing_key()).loads(str(phone.request.path_params["mark"])[:200], max_age=seconds))
    except BadSignature:
        return None


@cache
def _pass(key: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="pilotdesk-praise")
