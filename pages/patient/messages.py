"""What the team wrote to her: the newest first."""

from __future__ import annotations

from starlette.responses import Response

from core.dialogue.cases.questions import asking_time
from core.messages.log import own_messages
from pages.patient.phone import Phone
from pages.patient.screens import page


def messages(phone: Phone) -> Response:
    return page(phone, "messages.html", messages=phone.ask(own_messages), asks=phone.ask(asking_time))
