"""The conversation on her phone: one thread with the team's words and hers, and a page to write on.

The thread holds no field, so that it may refresh itself while something of hers is open; writing is a page of its own,
where nothing refreshes and no word is lost.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from core.dialogue.cases.questions import ask, asking_time
from core.dialogue.cases.thread import PAGE, own_thread
from core.dialogue.cases.waiting import OwnCase, own_cases
from core.foundation.errors import Refusal
from core.foundation.images import clean_image
from pages.patient.phone import Phone
from pages.patient.screens import go, page

REFRESH_SECONDS = 20


def thread(phone: Phone) -> Response:
    """Hers and ours, oldest first, and above it what is still open."""
    before = phone.request.query_params.get("before", "")
    words = phone.ask(own_thread, before=int(before) if before.isdecimal() and len(before) < 12 else None)
    cases = phone.ask(own_cases)
    return page(
        phone,
        "thread.html",
        words=words,
        cases=cases,
        most=PAGE,
        time=phone.ask(asking_time),
        refresh=0 if before else refresh_of(phone, cases),
    )


def write(phone: Phone) -> Response:
    """The page on which she writes."""
    return _write(phone)


def send(phone: Phone) -> Response:
    words = phone.form.get("words", "")
    try:
        photos = [clean_image(one) for one in phone.pictures]
        phone.do(ask, words=words, photos=photos, needs_answer=phone.form.get("thanks") != "yes")
    except Refusal as refusal:
        return _write(phone, refusal)
    response = go(phone, "/me/thread")
    response.headers["location"] += "#newest"
    return response


def _write(phone: Phone, refusal: Refusal | None = None) -> Response:
    return page(
        phone, "ask.html", 422 if refusal else 200, refusal=refusal, time=phone.ask(asking_time),
    )  # fmt: skip


def refresh_of(phone: Phone, cases: Sequence[OwnCase]) -> int:
    """Seconds until a page without fields looks again by itself; 0 while nothing waits, and in a preview."""
    return REFRESH_SECONDS if any(one.waits for one in cases) and not phone.preview else 0
