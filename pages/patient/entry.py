"""The door of the private page: the link from the card, the last four digits once, then an address without a token."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.phone_links import DEVICE_LASTS, LinkNotValid, confirm_phone, forget_phone, refusal_of, who
from pages.patient.phone import BETWEEN, COOKIE, MOST_HELD, FormStale, Phone
from pages.patient.screens import STRANGER, Screen, go, notice, page


def start(phone: Phone) -> Response:
    """The bare address: to her own page on a confirmed phone, else how to get there."""
    if phone.holder:
        return go(phone, "/me")
    return notice(phone, N_("Your own page"), STRANGER)


def open_link(phone: Phone) -> Response:
    """The link of a card: straight on for a phone that confirmed this very link, else the question."""
    mine = [phone.secret, *(other.secret for other in phone.others)]
    for secret in mine:
        known = phone.ask(who, token=_token(phone), device_secret=secret)
        if known.state == "known":
            return _turned_to(phone, secret)
    if known.state == "unknown":
        return notice(phone, N_("This link no longer opens a page"), LinkNotValid.message, 404)
    return page(phone, "confirm.html")


def confirm(phone: Phone) -> Response:
    """Check the digits; the right ones make this phone known and lead to an address that can be seen by anybody."""
    try:
        answer = phone.do(confirm_phone, token=_token(phone), last_four=phone.form.get("last_four", "")[:12])
    except LinkNotValid as refusal:
        return notice(phone, N_("This link no longer opens a page"), refusal.message, 404)
    except FormStale as refusal:
        return page(phone, "confirm.html", 422, refusal=refusal)
    refused: Refusal | None = refusal_of(answer)
    if refused:
        return page(phone, "confirm.html", 422 if answer["refused"] == "failed" else 429, refusal=refused)
    return _turned_to(phone, str(answer["secret"]))


def forget(phone: Phone) -> Response:
    """Sign this phone out of the page it shows, for a phone that is passed on; other people's pages stay."""
    phone.do(forget_phone, device_secret=phone.secret)
    rest = [other.secret for other in phone.others]
    response = go(phone, "/me" if rest else "/")
    if rest:
        _remember(phone, response, rest)
    else:
        response.delete_cookie(COOKIE, path=_cookie_path(phone))
    return response


def switch(phone: Phone) -> Response:
    """Turn to another patient's page this phone was confirmed for; whoever is not known goes nowhere."""
    phone.sealed()
    wanted = phone.form.get("to", "")
    found = next((other.secret for other in phone.others if other.tag == wanted), phone.secret)
    return _turned_to(phone, found)


def again(path: str) -> Screen:
    """Where a form's own address leads when it is opened: a phone that closed the page in between (its camera does)
    opens it anew, and the other language is a link to it."""

    def lead(phone: Phone) -> Response:
        return go(phone, path)

    return lead


def _token(phone: Phone) -> str:
    return str(phone.request.path_params["token"])[:100]


def _turned_to(phone: Phone, secret: str) -> Response:
    """On to the page of `secret`, which the cookie names first from now on."""
    response = go(phone, "/me")
    held = [phone.secret] if phone.holder else []
    _remember(phone, response, [secret, *held, *(other.secret for other in phone.others)])
    return response


def _remember(phone: Phone, response: RedirectResponse, secrets: list[str]) -> None:
    response.set_cookie(
        COOKIE,
        BETWEEN.join(list(dict.fromkeys(secrets))[:MOST_HELD]),
        max_age=int(DEVICE_LASTS.total_seconds()),
        path=_cookie_path(phone),
        secure=phone.request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _cookie_path(phone: Phone) -> str:
    return phone.request.scope.get("root_path") or "/"
