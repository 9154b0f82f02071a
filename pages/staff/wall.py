"""The story wall of the month: what good service looks like. No names of patients, no ranking, no sums."""

import streamlit as st

from core.recognition.stories import wall, wall_months
from pages.staff.paging import page
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.inputs import today
from pages.ui.text import _, day, html, language, unmarked

open_page("wall.read", _("Story wall"), _("What our patients thanked us for, in their own words."))
months = ask(wall_months)
if not months:
    empty_state(_("No stories yet. They appear here when a manager approves praise whose writer agreed."))
    st.stop()


def month_name(month: object) -> str:
    return f"{month.year}年{month.month}月" if language() == "zh" else f"{month:%B %Y}"  # type: ignore[attr-defined]


now = today().replace(day=1)
month = st.selectbox(
    _("Month"), months, index=months.index(now) if now in months else 0, format_func=month_name
)
columns = st.columns(2)
stories = page(f"wall_{month}", lambda most: ask(wall, month=month, limit=most))
for n, story in enumerate(stories):
    with columns[n % 2].container(border=True):
        text = html(story.story)
        st.markdown(f"<div class='pd-quote'>{text}</div>", unsafe_allow_html=True)
        st.caption(unmarked(" · ".join(part for part in (story.person, story.place, day(story.day)) if part)))
