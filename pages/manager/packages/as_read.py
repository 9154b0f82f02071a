"""A draft's messages as somebody would read them: the department's own data, the draft's own tasks, a made-up patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.department.places import locations
from core.packages.message_texts import TASK_TRIGGERS, sample_text
from pages.ui.address import phone_address
from pages.ui.calls import ask
from pages.ui.frame import the_house

Draft = dict[str, Any]


def reader(draft: Draft) -> Callable[[str], str]:
    """How to read the messages of this draft, by their codes; the facts are looked up once for all of them."""
    house, places = the_house(), {one.code: one for one in ask(locations) if one.active}
    language = draft.get("language") or "zh"
    messages = {one["code"]: one for one in draft.get("messages") or []}
    facts = {
        "hospital": house.hospital, "department": house.department, "phone": house.phone,
        "link": phone_address(""), "package": str(draft.get("name") or ""),
    }  # fmt: skip

    def read(code: str) -> str:
        message = messages.get(code) or {}
        about = _about(draft, message)
        own = _of_task(about, places) if about else {"place": house.department}
        return sample_text(str(message.get("text") or "…"), language, facts | own)

    return read


def _about(draft: Draft, message: Draft) -> Draft | None:
    """The task a message speaks of: its own, else for a moment of tasks the first there is."""
    if message.get("trigger") not in TASK_TRIGGERS:
        return None
    tasks = [one for one in draft.get("tasks") or [] if one.get("on", True)]
    own = [one for one in tasks if one["code"] == message.get("task")]
    return next(iter(own or tasks), None)


def _of_task(task: Draft, places: dict[str, Any]) -> dict[str, str]:
    place = task.get("place") or {}
    known = places.get(place.get("code", ""))
    where = f"{known.name} {known.floor}".strip() if known else str(place.get("name") or "")
    return {
        "task": str(task.get("title") or ""), "place": where, "bring": str(task.get("bring") or ""),
        "minutes": str(task.get("minutes") or ""),
    }  # fmt: skip
