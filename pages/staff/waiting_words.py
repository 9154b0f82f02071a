"""One quiet line on other pages: how many words of patients wait for an answer, and the way to them."""

from __future__ import annotations

import streamlit as st

from core.dialogue.cases.queue import Hers, open_now, open_of
from pages.ui.calls import actor, ask
from pages.ui.text import _n

REPLIES = "staff/replies/page.py"


def words_of(patient_id: int) -> None:
    """What of one patient waits, where there is anything and whoever looks may answer."""
    if not actor().may("reply.read"):
        return
    found: Hers = ask(open_of, patient_id=patient_id)
    if found.many:
        st.page_link(
            REPLIES,
            label=_n(
                "{n} word of hers waits for an answer", "{n} words of hers wait for an answer", found.many
            ),
            icon=":material/forum:",
            query_params={"case": str(found.first)},
        )


def words_of_all() -> None:
    """What waits at all."""
    if not actor().may("reply.read"):
        return
    many: int = ask(open_now)
    if many:
        st.page_link(
            REPLIES,
            label=_n(
                "{n} patient's word waits for an answer", "{n} words of patients wait for an answer", many
            ),
            icon=":material/forum:",
        )
