"""How long what patients sent and what was said to them is kept after their package."""

import streamlit as st

from core.dialogue.films.keeping import FEWEST, MOST, kept_days_now, set_kept_days
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.text import _


def films_kept() -> None:
    form = Form("films_kept")
    with st.form("films_kept"):
        days = form.kept(
            "days", st.number_input, _("Films, photos and voice messages: days kept after the package has ended"),
            ask(kept_days_now), min_value=FEWEST, max_value=MOST, step=1,
            help=_("Patients read this number before they send their first film."),
        )  # fmt: skip
        sent = st.form_submit_button(_("Save"))
    if sent and do(set_kept_days, place=form, days=int(days)):
        say(_("Saved."))
        st.rerun()
