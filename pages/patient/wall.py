"""The story wall for anybody, only while public sharing is signed off."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from core.foundation.language import N_
from core.recognition.stories import WallClosed, public_wall
from pages.patient.phone import Phone
from pages.patient.screens import notice, page


def wall(phone: Phone) -> Response:
    try:
        months, month, stories = phone.ask(
            public_wall, month=_month(phone.request.query_params.get("month", ""))
        )
    except WallClosed as refusal:
        return notice(phone, N_("Story wall"), refusal.message, 404)
    return page(phone, "wall.html", months=months, month=month, stories=stories)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return None
