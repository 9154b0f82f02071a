"""What a patient answers on her phone: the one question, and her consents."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from core.care.feedback import PAUSE, last_answer_day
from core.care.feedback import answer_survey as answer_deed
from core.foundation.doors import Look
from core.foundation.errors import Refusal
from core.people.consents import answer_consents, own_consents, own_depends_on_consents
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
    """Each purpose with its switch; what is switched off takes effect at once."""
    return _consents(phone)


def answer_consent(phone: Phone) -> Response:
    purpose, wanted = phone.form.get("purpose", "")[:20], phone.form.get("given") == "yes"
    if not wanted and phone.form.get("sure") != "yes" and purpose in _goes(phone):
        # Something is lost by it: said once more, with what goes, before it is done.
        return _consents(phone, asked=purpose)
    try:
        phone.do(answer_consents, given={purpose: wanted})
    except Refusal as refusal:
        return _consents(phone, refusal=refusal)
    return go(phone, "/me/consents", done=purpose)


def _consents(phone: Phone, asked: str = "", refusal: Refusal | None = None) -> Response:
    depends = phone.ask(own_depends_on_consents, language=phone.language)
    known = phone.ask(own_consents)
    return page(
        phone, "consents.html", 422 if refusal else 200, consents=known, depends=depends, refusal=refusal,
        asked=next((one for one in known if one.purpose == asked), None),
    )  # fmt: skip


def _goes(phone: Phone) -> set[str]:
    """The purposes whose withdrawal takes something away."""
    depends = phone.ask(own_depends_on_consents, language=phone.language)
    return {one.purpose for one in phone.ask(own_consents) if one.given and one.purpose in depends}


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
