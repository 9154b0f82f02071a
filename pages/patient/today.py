"""Today on the phone: one list with each act on the spot; what was entered is shown back with what happens next.

A page of its own, apart from the start page, which refreshes itself: whatever is typed here stays until it is sent.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from core.dialogue.answers import answer
from core.foundation.errors import Refusal
from core.foundation.images import clean_image
from core.foundation.language import N_
from core.phone.today import PAIN_WORDS, Thing, Today, today
from pages.patient.phone import Phone
from pages.patient.screens import GONE, go, notice, page

MOST_ITEMS = 100


def list_of_today(phone: Phone) -> Response:
    """Every thing of today; `kept` in the address names what was entered just now."""
    return _today(phone)


def keep(phone: Phone) -> Response:
    """Keep one answer, and back to the list at the next thing; a refusal stays beside its field with what was typed."""
    task_id = int(phone.request.path_params["task_id"])
    seen: Today = phone.ask(today)
    thing = seen.thing(task_id)
    if thing is None:
        return notice(phone, N_("Today"), GONE, 404)
    try:
        phone.do(answer, task_id=task_id, **_given(phone, thing))
    except Refusal as refusal:
        return _today(phone, refusal, task_id)
    # The place in the list goes with the address: the next thing, with what was kept right above it.
    response = go(phone, "/me/today", kept=str(task_id))
    response.headers["location"] += "#kept"
    return response



    """What the act of one thing needs in a template."""
    return {"thing": thing, "pain_words": PAIN_WORDS, "held": {}, "wrong": None}


def _given(phone: Phone, thing: Thing) -> dict[str, Any]:
    form = phone.form
    given: dict[str, Any] = {"words": form.get("words", "")}
    if form.get("only") == "words":
        return given | {"kind": "words"}
    if thing.kind in ("count", "scale", "value"):
        given["number"] = form.get("number", "")[:40]
    if thing.items and thing.kind in ("checklist", "scale"):
        every = range(1, min(len(thing.items), MOST_ITEMS) + 1)
        ticked = [n for n in every if form.get(f"tick_{n}") or form.get("every")]
        given["ticks"] = ticked if thing.kind == "checklist" else ticked or None
    if thing.photos and phone.pictures:
        given["photos"] = [clean_image(one) for one in phone.pictures]
    return given


def _today(phone: Phone, refusal: Refusal | None = None, task_id: int = 0) -> Response:
    seen: Today = phone.ask(today)
    kept = phone.request.query_params.get("kept", "")
    return page(
        phone,
        "today.html",
        422 if refusal else 200,
        today=seen,
        kept=seen.thing(int(kept)) if kept.isdecimal() and len(kept) < 12 else None,
        pain_words=PAIN_WORDS,
        refusal=refusal,
        wrong=task_id,
    )
