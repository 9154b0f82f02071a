"""What her package includes: what is left of what was bought, each use with its day and who gave it."""

from __future__ import annotations

from starlette.responses import Response

from core.foundation.language import N_
from core.settlement.entitlement_words import standing
from core.settlement.entitlements import OwnRights, Right, own_rights
from pages.patient.phone import Phone
from pages.patient.screens import page

# What a use was, in her words; by hand it is the entitlement itself.
USE_WORDS = {
    "film": N_("Comment on your film"),
    "evening": N_("Your question answered"),
    "call": N_("Telephone call"),
    "dose": N_("Your exercises set for you"),
}


def included(phone: Phone) -> Response:
    held: list[OwnRights] = phone.ask(own_rights)

    def said(right: Right, ended: bool) -> str:
        """What is beyond is a gift on this page, never a figure to answer for."""
        return standing(right, ended=ended, language=phone.language, beyond=False)

    return page(phone, "package.html", held=held, use_words=USE_WORDS, standing=said)
