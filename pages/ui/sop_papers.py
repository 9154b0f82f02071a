"""An SOP version as printed matter: the facts of the handbook and the pocket cards, gathered for printing."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.documents.handbook.frame import Handbook, Reader
from core.documents.handbook.handbook import handbook_pdf
from core.documents.handbook.pocket_cards import PocketCards, pocket_cards_pdf
from core.foundation.clock import day_of
from core.sops.document import SopDocument
from core.sops.readings import Signature
from core.sops.states import SopVersion
from pages.ui.address import phone_address
from pages.ui.frame import the_house
from pages.ui.paper import letterhead
from pages.ui.text import _


def print_language(key: str, start: str) -> str:
    """Which language headings are printed in; what the department wrote stays as it was written."""
    chosen = st.segmented_control(
        _("Language of the headings"),
        ["zh", "en"],
        default=start,
        format_func={"zh": "中文", "en": "English"}.__getitem__,
        key=key,
    )
    return str(chosen or start)


def handbook_of(
    version: SopVersion, document: SopDocument, language: str, people: Iterable[Signature] = ()
) -> bytes:
    """The handbook of a version; `people` fill its signature page."""
    zone = the_house().zone
    book = Handbook(
        document=document,
        standing=version.standing,
        url=phone_address(f"sop/{version.code}"),
        author=version.author,
        approver=version.approver,
        approved_on=day_of(version.approved_at, zone) if version.approved_at else None,
        effective_on=version.effective_on,
        review_on=version.review_on,
        readers=tuple(
            Reader(each.name, each.role, day_of(each.at, zone) if each.at else None)
            for each in sorted(people, key=lambda each: (each.role, each.name))
            if each.due or each.at
        ),
    )
    return handbook_pdf(book, letterhead(language))


def cards_of(version: SopVersion, document: SopDocument, roles: tuple[str, ...], language: str) -> bytes:
    """The pocket cards of `roles`."""
    deck = PocketCards(
        document=document,
        roles=roles,
        in_use=version.standing in ("in_force", "scheduled"),
    )
    return pocket_cards_pdf(deck, letterhead(language))
