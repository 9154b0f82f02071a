"""What the team wrote to her: the newest first."""

from __future__ import annotations

from starlette.responses import Response

from core.messages.log import own_messages
from pages.patient.screens import page
from pages.patient.visit import Visit


def messages(visit: Visit) -> Response:
    return page(visit, "messages.html", messages=visit.ask(own_messages))
