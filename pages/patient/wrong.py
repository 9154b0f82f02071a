""" "Something is wrong": 120 first, always; then the signs of her package, and what happens with them.

The page opens on every phone that is confirmed, also after the package ended and in quiet care: then it shows 120 and
the telephone of the house and takes nothing, because nobody would own it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from core.dialogue.cases.alerts import report
from core.dialogue.cases.waiting import own_cases
from core.dialogue.clocks.promises import calendar_of, promise_of
from core.dialogue.clocks.working_time import due_at
from core.dialogue.course import running_courses
from core.dialogue.signs import LEVELS, signs_of
from core.foundation.doors import Look
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.promises import Sign
from pages.patient.conversation import refresh_of
from pages.patient.phone import Phone
from pages.patient.screens import STRANGER, go, notice, page

TITLE = N_("Something is wrong")


@dataclass(frozen=True)
class Offered:
    """The signs she can tick, those for whose level somebody answers; `minutes` of the urgent ones, 0 without any;
    `nurse_by` is when the nurse has looked at the others, were they told now."""

    signs: tuple[Sign, ...] = ()
    minutes: int = 0
    nurse_by: datetime | None = None

    def of(self, level: str) -> list[Sign]:
        return [sign for sign in self.signs if sign.level == level]


def wrong(phone: Phone) -> Response:
    return _wrong(phone)


def send(phone: Phone) -> Response:
    if not phone.holder or phone.holder.quiet:
        return _wrong(phone)
    ticked = [name.removeprefix("sign_") for name in phone.form if name.startswith("sign_")]
    try:
        phone.do(report, signs=sorted(ticked), words=phone.form.get("words", ""))
    except Refusal as refusal:
        return _wrong(phone, refusal)
    return go(phone, "/me/alert")


def alert(phone: Phone) -> Response:
    """What happens now with what she reported; looks again by itself until somebody has answered."""
    cases = [one for one in phone.ask(own_cases) if one.kind in ("alert", "sign")]
    if not cases:
        return go(phone, "/me/wrong")
    return page(
        phone,
        "alert.html",
        red=next((one for one in cases if one.level == "red" and one.waits), None),
        cases=cases,
        refresh=refresh_of(phone, cases),
    )


def _wrong(phone: Phone, refusal: Refusal | None = None) -> Response:
    if not phone.holder:
        return notice(phone, TITLE, STRANGER, 401)
    offered = phone.ask(_offered)
    open_one = (
        None
        if phone.holder.quiet
        else next((one for one in phone.ask(own_cases) if one.kind == "alert" and one.waits), None)
    )
    return page(
        phone, "wrong.html", 422 if refusal else 200, refusal=refusal, offered=offered, open_one=open_one
    )


def _offered(look: Look) -> Offered:
    running = running_courses(look, int(look.actor.id or 0))
    signs = {
        sign.text: sign
        for course in running
        for sign in signs_of(course.terms)
        if promise_of(course, "alert", sign.level)
    }
    urgent = next((found for one in running if (found := promise_of(one, "alert", "orange"))), None)
    nurse = next((found for one in running if (found := promise_of(one, "sign", "yellow"))), None)
    return Offered(
        tuple(sorted(signs.values(), key=lambda sign: LEVELS.index(sign.level))),
        urgent.minutes if urgent else 0,
        due_at(look.now, nurse.minutes, nurse.spans, look.zone, calendar_of(look)) if nurse else None,
    )
