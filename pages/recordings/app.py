"""Films, photos and voice messages for signed-in staff, piece by piece as players ask for them (HTTP Range).

Mounted by `Home.py` alone: the server that faces the phones does not know it. Streamlit's own player would hold a film
in memory.
"""

from __future__ import annotations

import re

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.dialogue.recordings.recordings import UnknownRecording, playable
from core.foundation.access import NotAllowed, SignInNeeded
from core.foundation.errors import Refusal
from core.foundation.files import FileDamaged, FileMissing
from core.foundation.incidents import report
from core.foundation.language import supported
from core.foundation.troubles import Trouble
from core.operations import sign_in_cookies, workspaces

PREFIX = "/recordings"
HEADERS = {
    "cache-control": "private, max-age=600",
    "content-security-policy": "default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_NAMED = re.compile(r"(\d{1,12})\.(?:mp4|m4a|wav|jpg)")
_SUFFIXES = {"film": "mp4", "photo": "jpg", "voice": "m4a"}


def address(recording_id: int, kind: str) -> str:
    """Where staff play a recording; `kind` as in `core.dialogue.recordings.recordings`. Players mind the ending."""
    return f"{PREFIX}/{recording_id}.{_SUFFIXES[kind]}"


async def recording(request: Request) -> Response:
    """The file, for whoever is signed in and may read what patients wrote."""
    return await to_thread.run_sync(_serve, request)


def _serve(request: Request) -> Response:
    try:
        member = sign_in_cookies.member(request.cookies)
        if member is None:
            raise SignInNeeded
        named = _NAMED.fullmatch(str(request.path_params["name"])[:20])
        if named is None:
            raise UnknownRecording
        desk = workspaces.desk(str(workspaces.active_kind()))
        found = desk.ask(member.actor, playable, recording_id=int(named[1]))
        path = desk.media.local_path(found.key)
    except SignInNeeded as refusal:
        return _no(request, refusal, 401)
    except NotAllowed as refusal:
        return _no(request, refusal, 403)
    except (UnknownRecording, FileMissing, FileDamaged):
        return _no(request, UnknownRecording(), 404)
    except Trouble as trouble:
        return _no(request, trouble, 503)
    except Exception as error:
        return PlainTextResponse(report(error, "a recording for staff"), 500)
    return FileResponse(path, media_type=found.media_type, headers=HEADERS, content_disposition_type="inline")


def _no(request: Request, refusal: Refusal, status: int) -> Response:
    language = supported(request.headers.get("accept-language", "")[:5])
    return PlainTextResponse(refusal.text(language), status, headers={"cache-control": "no-store"})


app = Starlette(routes=[Route("/{name}", recording)])
