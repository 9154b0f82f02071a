"""The door that writes and removes the cookie of a sign-in.

A page's own connection cannot write a cookie that scripts are not to read, so the page sends its one-time ticket here.
Only our own pages may: a foreign page that sent a ticket of its own would sign the visitor in as somebody else.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.foundation.access import PUBLIC
from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.troubles import Trouble
from core.operations import sign_in_cookies, workspaces
from core.people import sign_ins
from pages.ui.session import DOOR

# A ticket has 32 characters.
LONGEST = 100


async def door(request: Request) -> Response:
    """POST: a ticket for a cookie. DELETE: the cookie's sign-in ends, and the cookie goes."""
    origin = urlsplit(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc != request.headers.get("host", ""):
        return _no(403)
    ticket = b""
    try:
        async for piece in request.stream():
            ticket += piece
            if len(ticket) > LONGEST:
                return _no(413)
    except ClientDisconnect:
        return _no(400)
    # By the address that the browser is at: a proxy may speak plainly to us.
    secure = origin.scheme == "https"
    return await to_thread.run_sync(_answer, request, ticket.decode("ascii", "replace"), secure)


def _answer(request: Request, ticket: str, secure: bool) -> Response:
    kind = workspaces.active_kind()
    if kind is None:
        return _no(404)
    name = sign_in_cookies.name()
    answer = Response(status_code=204, headers={"cache-control": "no-store"})
    try:
        desk = workspaces.desk(kind)
        if request.method == "DELETE":
            if secret := request.cookies.get(name, ""):
                desk.do(PUBLIC, sign_ins.end, secret=secret)
            answer.delete_cookie(name, httponly=True, samesite="strict")
            return answer
        cookie: sign_ins.Cookie = desk.do(PUBLIC, sign_ins.take_ticket, ticket=ticket)
    except Trouble:
        return _no(503)  # it passes: the page tries again
    except Refusal:
        return _no(403)
    except Exception as error:
        return PlainTextResponse(report(error, "the cookie of a sign-in"), 500)
    answer.set_cookie(
        name,
        cookie.secret,
        max_age=max(0, int((cookie.ends_at - desk.clock.now()).total_seconds())),
        secure=secure,
        httponly=True,
        samesite="strict",
    )
    return answer


def _no(status: int) -> Response:
    return Response(status_code=status, headers={"cache-control": "no-store"})


route = Route(DOOR, door, methods=["POST", "DELETE"])
