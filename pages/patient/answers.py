"""What a patient answers on her phone: the one question, and her consents."""

from __future__ import annotations

from starlette.responses import Response

from core.care.feedback import answer_survey as answer_deed
from core.care.feedback import next_survey_day
from core.foundation.errors import Refusal
from core.people.consents import PURPOSES, UnknownPurpose, answer_consents, own_consents
from pages.patient.screens import go, page
from pages.patient.visit import Visit


def survey(visit: Visit) -> Response:
    thanked = visit.request.query_params.get("done") == "1"
    return page(visit, "survey.html", thanked=thanked, again=visit.ask(next_survey_day))
