"""Replies: what waits for the team, in the order in which it was promised, and one case in its place."""

import streamlit as st

from core.dialogue.cases.queue import Waiting, one_case
from core.foundation.errors import Refusal
from pages.staff.films.showing import FILM, show_film
from pages.staff.replies.case import show_case
from pages.staff.replies.listing import show_list
from pages.staff.replies.modules import show_modules
from pages.staff.replies.promises import show_promises
from pages.staff.replies.watching import present
from pages.staff.replies.words import styles
from pages.ui.calls import ask
from pages.ui.frame import open_page
from pages.ui.rows import opened
from pages.ui.text import _


def asked_for() -> Waiting | None:
    """The case that the address names; None for the list, and where there is no such case."""
    number = opened("case")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    try:
        found: Waiting = ask(one_case, case_id=int(number))
    except Refusal:
        return None
    return found


open_page("reply.read", _("Replies"))
st.html(styles())
seen = ask(present)
if opened("modules"):
    show_modules()
elif opened(FILM):
    show_film()
elif opened("promises"):
    show_promises()
elif (row := asked_for()) is not None:
    show_case(row, seen)
else:
    show_list(seen)
