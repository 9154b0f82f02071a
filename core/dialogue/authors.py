"""Who wrote a word of the conversation: the patient, somebody of her family, a guardian, staff, or the house itself."""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.doors import Look
from core.foundation.language import N_

BY_NAMES: dict[str, str] = {
    "patient": N_("The patient"),
    "family": N_("Family"),
    "guardian": N_("Guardian"),
    "staff": N_("Team"),
    "house": N_("Automatic message"),
}
_OF_RELATION = {"self": "patient", "family": "family", "guardian": "guardian"}


@dataclass(frozen=True)
class Author:
    """As it is stored beside a word. `by` is a key of `BY_NAMES`, `author` the name to show, "" for the patient."""

    by: str
    author: str = ""
    link_id: int | None = None
    staff_id: int | None = None


HOUSE = Author("house")


def author_of(look: Look) -> Author:
    """Whoever asks, as an author; the house itself for its own deeds."""
    actor = look.actor
    if actor.kind == "patient":
        return Author(_OF_RELATION[actor.relation], actor.person, actor.link_id)
    if look.staff_id is not None:
        return Author("staff", actor.name[:40], staff_id=look.staff_id)
    return HOUSE
