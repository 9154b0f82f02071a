"""Stories to review: approve an edited, de-identified text for the wall, or keep the praise private.

Beside them what patients answered to the one question in words: the weekly meeting reads every one.
"""

import streamlit as st

from core.care.feedback import answers
from core.recognition import stories
from pages.manager.stories.tip_register import show_tips
from pages.ui.calls import ask, do, say
from pages.ui.frame import empty_state, open_page
from pages.ui.text import _, day, html

STATES = ["received", "approved", "kept"]
ANSWERS, TIPS = "answers", "tips"


def review(item: stories.InboxItem) -> None:
    with st.container(border=True):
        st.markdown(f"**{item.person or item.place}** · {item.place} · {day(item.day)}")
        st.markdown(f"<div class='pd-quote'>{html(item.text)}</div>", unsafe_allow_html=True)
        with st.form(f"story_{item.recognition_id}"):
            story = st.text_area(
                _("Text for the wall, without names of patients"), item.story or item.text, height=120
            )
            approve, keep = st.columns(2)
            sent = approve.form_submit_button(_("Put on the wall"), type="primary", width="stretch")
            private = keep.form_submit_button(_("Keep private"), width="stretch")
        if sent and do(
            stories.approve, f"story_{item.recognition_id}", recognition_id=item.recognition_id, story=story
        ):
            say(_("The story is on the wall of this month."))
            st.rerun()
        if private and do(stories.keep_private, recognition_id=item.recognition_id):
            say(_("The praise stays private. The person praised can still read it."))
            st.rerun()


def show_answers() -> None:
    """The comments, the newest first; whoever was unhappy is one click away from being called."""
    found = ask(answers, with_comment=True, limit=50)
    if not found:
        empty_state(_("Nothing here. Comments to the one question on patients' phones appear here."))
    for one in found:
        with st.container(border=True):
            about, go = st.columns([4, 1], vertical_alignment="center")
            about.markdown(f"**{one.score} / 5** · {one.patient_name} · {day(one.day)}")
            if go.button(_("Patient"), key=f"answer_{one.id}", width="stretch"):
                st.switch_page("staff/patient/page.py", query_params={"id": str(one.patient_id)})
            st.markdown(f"<div class='pd-quote'>{html(one.comment)}</div>", unsafe_allow_html=True)


open_page(
    "praise.moderate",
    _("Stories to review"),
    _(
        "Only praise whose writer agreed to the wall comes here. No names of patients, no illness, no promises of cure."
    ),
)
names = {"received": _("To review"), "approved": _("On the wall"), "kept": _("Kept private")}
names |= {ANSWERS: _("Answers in words"), TIPS: _("Tips")}
state = (
    st.segmented_control(
        _("State"), [*STATES, ANSWERS, TIPS], default="received", format_func=names.__getitem__
    )
    or "received"
)
if state == ANSWERS:
    show_answers()
    st.stop()
if state == TIPS:
    show_tips()
    st.stop()
items = ask(stories.inbox, state=state, limit=30)
if not items:
    empty_state(_("Nothing here. New praise arrives when patients scan a poster and agree to the wall."))
for each in items:
    review(each)
