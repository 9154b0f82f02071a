"""The health bank on the phone: what there is, how it came, what it buys, and the code for the counter."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup
from starlette.responses import Response

from core.bank.account import own_account, own_statement
from core.bank.rewards import own_shelf
from core.bank.vouchers import own_vouchers, take_reward, tidy
from core.foundation.appearance.palette import INK
from core.foundation.errors import Refusal
from core.foundation.language import N_
from pages.patient.phone import Phone
from pages.patient.screens import GONE, go, notice, page

LINES = 30


def account(phone: Phone) -> Response:
    """Balance, vouchers in hand, what can be taken, and the statement in words."""
    vouchers = phone.ask(own_vouchers)
    return page(
        phone,
        "points.html",
        account=phone.ask(own_account),
        shelf=phone.ask(own_shelf),
        ready=[one for one in vouchers if one.state == "issued"],
        past=[one for one in vouchers if one.state != "issued"],
        lines=phone.ask(own_statement, language=phone.language, limit=LINES),
    )


def reward(phone: Phone) -> Response:
    """One reward with its terms, before points leave."""
    return _reward(phone)


def take(phone: Phone) -> Response:
    """Points leave, a voucher comes; a second click leads to the same voucher."""
    try:
        taken = phone.do(take_reward, reward_id=_number(phone))
    except Refusal as refusal:
        return _reward(phone, refusal)
    return go(phone, f"/me/voucher/{taken['code']}")


def voucher(phone: Phone) -> Response:
    """A voucher to show at the counter: code large, as QR, and on which terms."""
    wanted = tidy(str(phone.request.path_params["code"])[:20])
    found = next((one for one in phone.ask(own_vouchers) if one.code == wanted), None)
    if found is None:
        return notice(phone, N_("My points"), GONE, 404)
    return page(phone, "voucher.html", voucher=found, qr=_qr(found.code))


def _reward(phone: Phone, refusal: Refusal | None = None) -> Response:
    number = _number(phone)
    found = next((one for one in phone.ask(own_shelf) if one.reward_id == number), None)
    if found is None:
        text = refusal.text(phone.language) if refusal else phone._(GONE)
        return notice(phone, N_("My points"), text, 404)
    return page(
        phone,
        "reward.html",
        422 if refusal else 200,
        reward=found,
        account=phone.ask(own_account),
        refusal=refusal,
    )


def _number(phone: Phone) -> int:
    return int(phone.request.path_params["reward_id"])


def _qr(code: str) -> Markup:
    """The code as modules, with the quiet zone a scanner needs (4 modules), error correction M."""
    out = BytesIO()
    segno.make(code, error="m", micro=False).save(
        out,
        kind="svg",
        border=4,
        dark=INK,
        xmldecl=False,
        svgns=True,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
    )
    return Markup(out.getvalue().decode())
