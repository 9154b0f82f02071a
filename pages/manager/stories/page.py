"""Stories to review: approve an edited, de-identified text for the wall, or keep the praise private.

Beside them what patients answered to the one question in words: the weekly meeting reads every one.
"""

import streamlit as st

from core.care.feedback import answers, comment_count
from core.foundation.paging import COUNTED_TO, part_of
from core.recognition import stories
from pages.manager.stories.review import review
from pages.manager.stories.tip_register import show_tips
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.rows import (
    Column,
    Line,
    counted,
    open_here,
    open_patient,
    opened,
    page_of,
    pages,
    remembered,
    rows,
)
from pages.ui.text import _, day

SIZE = 100
ANSWERS, TIPS = "answers", "tips"


def show_praise(state: str, total: int) -> None:
    """The praise in one state, the longest waiting first; what is chosen opens in its place."""
    if not total:
        empty_state(_("Nothing here. New praise arrives when patients scan a poster and agree to the wall."))
        return
    part = part_of(total, page_of("stories", state), SIZE)
    found = ask(stories.inbox, state=state, limit=SIZE, offset=part.before)
    columns = [Column(_("Praise for")), Column(_("Location")), Column(_("Day"), 0.6)]
    lines = [
        Line(
            str(each.recognition_id),
            (each.person or _("The whole team"), each.place, day(each.day)),
            each.story if state == "approved" else each.text,
        )
        for each in found
    ]
    chosen = rows(_("Stories to review"), columns, lines, "stories")
    pages("stories", part.page, part.pages, SIZE, total)
    if chosen:
        open_here("story", chosen)


def show_answers(total: int) -> None:
    """The comments, the newest first; whoever was unhappy is one click away from being called."""
    if not total:
        empty_state(_("Nothing here. Comments to the one question on patients' phones appear here."))
        return
    part = part_of(total, page_of("answers"), SIZE)
    found = ask(answers, with_comment=True, limit=SIZE, offset=part.before)
    columns = [Column(_("Patient")), Column(_("Answer")), Column(_("Day"))]
    lines = [
        Line(str(one.id), (one.patient_name, f"{one.score} / 5", day(one.day)), one.comment) for one in found
    ]
    chosen = rows(_("Answers in words"), columns, lines, "answers")
    pages("answers", part.page, part.pages, SIZE, total)
    for one in found:
        if str(one.id) == chosen:
            open_patient(one.patient_id)


open_page(
    "praise.moderate",
    _("Stories to review"),
    _(
        "Only praise whose writer agreed to the wall comes here. No names of patients, no illness, no promises of cure."
    ),
)
chosen = opened("story")
item = ask(stories.inbox_item, recognition_id=int(chosen)) if chosen.isdigit() else None
if item is not None:
    review(item)
    st.stop()
state = remembered("stories_state", "received")
counts = ask(stories.inbox_counts, whole=state) | {ANSWERS: ask(comment_count, whole=state == ANSWERS)}
names = {"received": _("To review"), "approved": _("On the wall"), "kept": _("Kept private")}
names |= {ANSWERS: _("Answers in words"), TIPS: _("Tips")}


def told(kind: str) -> str:
    return counted(counts[kind], None if kind == state else COUNTED_TO)


st.segmented_control(
    _("State"),
    [*counts, TIPS],
    format_func=lambda kind: f"{names[kind]} {told(kind)}" if kind in counts else names[kind],
    key="stories_state",
    label_visibility="collapsed",
)
if state == ANSWERS:
    show_answers(counts[ANSWERS])
elif state == TIPS:
    show_tips()
else:
    show_praise(state, counts[state])
