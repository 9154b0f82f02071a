"""What a patient answers on her phone: the one question, and her consents."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from core.care.feedback import PAUSE, last_answer_day
from core.care.feedback import answer_survey as answer_deed
from core.foundation.doors import Look
from core.foundation.errors import Refusal
from core.people.consents import answer_consents, own_consents
from core.phone.journey import journey
from pages.patient.phone import Phone
from pages.patient.screens import go, page


def survey(phone: Phone) -> Response:
    """The question; or thanks, and the day from which we would like to ask again."""
    return _survey(phone)


def answer_survey(phone: Phone) -> Response:
    score = phone.form.get("score", "")
    try:
        phone.do(
            answer_deed,
            score=int(score) if score in ("1", "2", "3", "4", "5") else 0,
            comment=phone.form.get("comment", ""),
        )
    except Refusal as refusal:
        return _survey(phone, refusal)
    return go(phone, "/me/survey", done="1")


def consents(phone: Phone) -> Response:
    """Each purpose with its switch; what is switched off ends at once."""
    return page(phone, "consents.html", consents=phone.ask(own_consents), ending=False, holds=_holds(phone))


def answer_consent(phone: Phone) -> Response:
    purpose, wanted = phone.form.get("purpose", "")[:20], phone.form.get("given") == "yes"
    if purpose == "service" and not wanted and phone.form.get("sure") != "yes" and _holds(phone):
        # It ends what she has bought: said once more, with what happens, before it is done.
        return page(phone, "consents.html", consents=phone.ask(own_consents), ending=True, holds=True)
    try:
        phone.do(answer_consents, given={purpose: wanted})
    except Refusal as refusal:
        return page(
            phone, "consents.html", 422, consents=phone.ask(own_consents), refusal=refusal, ending=False,
            holds=_holds(phone),
        )  # fmt: skip
    return go(phone, "/me/consents", done=purpose)


def _holds(phone: Phone) -> bool:
    """Whether a package runs that ends with the consent to the service."""
    return bool(phone.ask(journey).running)


def _survey(phone: Phone, refusal: Refusal | None = None) -> Response:
    return page(
        phone,
        "survey.html",
        422 if refusal else 200,
        refusal=refusal,
        done=phone.request.query_params.get("done") == "1",
        again=phone.ask(_next_day),
    )


def _next_day(look: Look) -> date | None:
    """The day from which the question may be asked again; None when it may be asked now."""
    last = last_answer_day(look, int(look.actor.id or 0))
    return last + PAUSE if last and look.today < last + PAUSE else None
