"""Forms: read without trust, sealed against other sites, counted once.

Each form carries `csrf`, a signed seal bound to the phone's own secret and good for half a day, and `request_key`,
made when the form is drawn, by which a second click returns the first answer.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from functools import cache
from urllib.parse import parse_qsl

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.operations.workspaces import signing_key

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 120
SEAL_SECONDS = 12 * 3600
_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


async def read_form(request: Request) -> dict[str, str]:
    """The posted fields, the last value of each name. Ends with 413 above 64 KB and 400 for what is no form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    # Browsers send \r\n from a text area; a NUL is no text and PostgreSQL refuses it.
    return {name: value.replace("\r\n", "\n").replace("\x00", "") for name, value in pairs}


def device_tag(secret: str) -> str:
    """A phone's secret as it may stand inside a seal; phones that are not confirmed share one tag."""
    return hashlib.sha256(b"form:" + secret.encode()).hexdigest()[:24] if secret else "nobody"


def new_seal(tag: str) -> str:
    return str(_sealer(signing_key()).dumps(tag))


def seal_fits(seal: str, tag: str) -> bool:
    try:
        return bool(_sealer(signing_key()).loads(seal, max_age=SEAL_SECONDS) == tag)
    except BadSignature:
        return False


def new_request_key() -> str:
    return secrets.token_urlsafe(18)


def request_key_of(form: dict[str, str]) -> str:
    """The form's request key, marked as the phone's; "" when it is none of ours."""
    key = form.get("request_key", "")
    return f"phone:{key}" if _KEY.fullmatch(key) else ""


@cache
def _sealer(key: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="pilotdesk-phone-form")
