"""The health bank on the phone: what there is, how it came, what it buys, and the code for the counter."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup
from starlette.responses import Response

from core.bank.account import own_account, own_statement
from core.bank.rewards import own_shelf
from core.bank.vouchers import own_vouchers, take_reward, tidy
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.palette import INK
from pages.patient.screens import GONE, go, notice, page
from pages.patient.visit import Visit

LINES = 30


def account(visit: Visit) -> Response:
    """Balance, vouchers in hand, what can be taken, and the statement in words."""
    vouchers = visit.ask(own_vouchers)
    return page(
        visit,
        "points.html",
        account=visit.ask(own_account),
        shelf=visit.ask(own_shelf),
        ready=[one for one in vouchers if one.state == "issued"],
        past=[one for one in vouchers if one.state != "issued"],
        lines=visit.ask(own_statement, language=visit.language, limit=LINES),
    )


def reward(visit: Visit) -> Response:
    """One reward with its terms, before points leave."""
    return _reward(visit)


def take(visit: Visit) -> Response:
    """Points leave, a voucher comes; a second click leads to the same voucher."""
    try:
        taken = visit.do(take_reward, reward_id=_number(visit))
    except Refusal as refusal:
        return _reward(visit, refusal)
    return go(visit, f"/me/voucher/{taken['code']}")


def voucher(visit: Visit) -> Response:
    """A voucher to show at the counter: code large, as QR, and on which terms."""
    wanted = tidy(str(visit.request.path_params["code"])[:20])
    found = next((one for one in visit.ask(own_vouchers) if one.code == wanted), None)
    if found is None:
        return notice(visit, N_("My points"), GONE, 404)
    return page(visit, "voucher.html", voucher=found, qr=_qr(found.code))


def _reward(visit: Visit, refusal: Refusal | None = None) -> Response:
    number = _number(visit)
    found = next((one for one in visit.ask(own_shelf) if one.reward_id == number), None)
    if found is None:
        text = refusal.text(visit.language) if refusal else visit._(GONE)
        return notice(visit, N_("My points"), text, 404)
    return page(
        visit,
        "reward.html",
        422 if refusal else 200,
        reward=found,
        account=visit.ask(own_account),
        refusal=refusal,
    )


def _number(visit: Visit) -> int:
    return int(visit.request.path_params["reward_id"])


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
