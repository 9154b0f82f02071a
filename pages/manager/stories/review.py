"""One praise that lies open: the words for the wall are edited and approved, or it is kept private."""

from __future__ import annotations

import streamlit as st

from core.recognition import stories
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.rows import close, heading
from pages.ui.text import _, day, html, unmarked


def review(item: stories.InboxItem) -> None:
    """One praise with the words that would stand on the wall."""
    heading(f"{item.person or item.place} · {day(item.day)}", _("All stories"), "story", "stories")
    st.caption(unmarked(item.place))
    st.markdown(f"<div class='pd-quote'>{html(item.text)}</div>", unsafe_allow_html=True)
    form = Form(f"story_{item.recognition_id}")
    with st.form(f"story_{item.recognition_id}"):
        story = form.kept(
            "story",
            st.text_area,
            _("Text for the wall, without names of patients"),
            item.story or item.text,
            height=120,
        )
        approve, keep = st.columns(2)
        sent = approve.form_submit_button(_("Put on the wall"), type="primary", width="stretch")
        private = keep.form_submit_button(_("Keep private"), width="stretch")
    if sent and do(
        stories.approve,
        f"story_{item.recognition_id}",
        place=form,
        recognition_id=item.recognition_id,
        story=story,
    ):
        say(_("The story is on the wall of this month."))
        close("story", "stories")
    if private and do(stories.keep_private, recognition_id=item.recognition_id):
        say(_("The praise stays private. The person praised can still read it."))
        close("story", "stories")
