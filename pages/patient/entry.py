"""The door of the private page: the link from the card, the last four digits once, then an address without a token."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.phone_links import DEVICE_LASTS, LinkNotValid, confirm_phone, forget_phone, refusal_of, who
from pages.patient.screens import STRANGER, go, notice, page
from pages.patient.visit import COOKIE, FormStale, Visit


def start(visit: Visit) -> Response:
    """The bare address: to her own page on a confirmed phone, else how to get there."""
    if visit.holder:
        return go(visit, "/me")
    return notice(visit, N_("Your own page"), STRANGER)


def open_link(visit: Visit) -> Response:
    """The link of a card: straight on for a phone that confirmed this very link, else the question."""
    known = visit.ask(who, token=_token(visit), device_secret=visit.secret)
    if known.state == "known":
        return go(visit, "/me")
    if known.state == "unknown":
        return notice(visit, N_("This link no longer opens a page"), LinkNotValid.message, 404)
    return page(visit, "confirm.html")


def confirm(visit: Visit) -> Response:
    """Check the digits; the right ones make this phone known and lead to an address that can be seen by anybody."""
    try:
        answer = visit.do(confirm_phone, token=_token(visit), last_four=visit.form.get("last_four", "")[:12])
    except LinkNotValid as refusal:
        return notice(visit, N_("This link no longer opens a page"), refusal.message, 404)
    except FormStale as refusal:
        return page(visit, "confirm.html", 422, refusal=refusal)
    refused: Refusal | None = refusal_of(answer)
    if refused:
        return page(visit, "confirm.html", 429 if answer["refused"] == "locked" else 422, refusal=refused)
    response = go(visit, "/me")
    _remember(visit, response, str(answer["secret"]))
    return response


def forget(visit: Visit) -> Response:
    """Sign this phone out, for a phone that is passed on."""
    visit.do(forget_phone, device_secret=visit.secret)
    response = go(visit, "/")
    response.delete_cookie(COOKIE, path=_cookie_path(visit))
    return response


def _token(visit: Visit) -> str:
    return str(visit.request.path_params["token"])[:100]


def _remember(visit: Visit, response: RedirectResponse, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(DEVICE_LASTS.total_seconds()),
        path=_cookie_path(visit),
        secure=visit.request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _cookie_path(visit: Visit) -> str:
    return visit.request.scope.get("root_path") or "/"
