"""Today on the phone: one list with each act on the spot; what was entered is shown back with what happens next.

A page of its own, apart from the start page, which refreshes itself: whatever is typed here stays until it is sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from core.dialogue.answers.answers import answer
from core.dialogue.recordings.recordings import STATE_NAMES
from core.dialogue.steps.silence import next_for
from core.foundation.errors import Refusal
from core.foundation.images import clean_image
from core.phone.today import PAIN_WORDS, URGENT, Thing, Today, today
from pages.patient.phone import Phone
from pages.patient.screens import go, page


def list_of_today(phone: Phone) -> Response:
    """Every thing of today; `kept` in the address names what was entered just now."""
    return _today(phone)


def keep(phone: Phone) -> Response:
    """Keep one answer, and back to the list at the next thing; a refusal stays beside its field with what was typed."""
    task_id = int(phone.request.path_params["task_id"])
    seen: Today = phone.ask(today)
    thing = seen.thing(task_id)
    try:
        done = phone.do(answer, task_id=task_id, **_given(phone, thing))
    except Refusal as refusal:
        return _today(phone, refusal, task_id if thing else 0)
    # The place in the list goes with the address: the next thing, with what was kept right above it; or 120 first.
    response = go(phone, "/me/today", kept=str(task_id))
    response.headers["location"] += "#alarm" if done["level"] in URGENT else "#kept"
    return response


def _given(phone: Phone, thing: Thing | None) -> dict[str, Any]:
    form = phone.form
    given: dict[str, Any] = {"words": form.get("words", "")}
    if thing is None:
        # A page of yesterday: the deed says why it is over.
        return given
    if form.get("only") == "words":
        return given | {"kind": "words"}
    if thing.kind in ("count", "scale", "value"):
        given["number"] = form.get("number", "")[:40]
    if thing.kind == "checklist":
        every = range(1, len(thing.items) + 1)
        given["ticks"] = [n for n in every if form.get(f"tick_{n}") or form.get("every")]
    if thing.photos and phone.pictures:
        given["photos"] = [clean_image(one) for one in phone.pictures]
    return given


def _today(phone: Phone, refusal: Refusal | None = None, task_id: int = 0) -> Response:
    seen: Today = phone.ask(today)
    asked = phone.request.query_params.get("kept", "")
    kept = seen.thing(int(asked)) if asked.isdecimal() and len(asked) < 12 and not refusal else None
    # What was urgent is said on top already.
    follows = seen.after(kept) if kept and kept not in seen.urgent else None
    return page(
        phone,
        "today.html",
        422 if refusal else 200,
        today=seen,
        kept=kept,
        next_id=follows.task_id if follows else None,
        pain_words=PAIN_WORDS,
        day_before=seen.day - timedelta(days=1),
        film_states=STATE_NAMES,
        silence=phone.ask(next_for),
        refusal=refusal,
        wrong=task_id,
    )
