"""The life of a study: begin, rename, discard, think again."""

from __future__ import annotations

import streamlit as st

from core.choice import deciding
from core.choice.study import Study
from core.foundation.clock import day_of
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import today
from pages.ui.sections import fold
from pages.ui.text import _, full_day, html, language

WANTED = "choice_wanted"


def open_study(study_id: int, said: str) -> None:
    st.session_state[WANTED] = study_id
    say(said)
    st.rerun()


def begin() -> None:
    """The two ways to start: from the example, or with nothing."""
    example, empty = st.columns(2)
    with example, st.container(border=True):
        st.markdown(f"**{_('Start from the example')}**")
        st.caption(
            _(
                "Five invented departments, filled in completely: to see how it works. It stays marked as an example."
            )
        )
        if st.button(_("Start from the example"), key="begin_example", icon=":material/school:"):
            outcome = do(deciding.begin_example, "choice_example", language=language())
            if outcome:
                open_study(outcome.value, _("The example is yours to try out: change anything."))
    with empty:
        form = Form()
        with st.form("begin_empty"):
            st.markdown(f"**{_('Start empty')}**")
            title = form.field(
                "title",
                st.text_input,
                _("Title of the study"),
                max_chars=80,
                placeholder=_("Pilot department {year}", year=today().year),
            )
            sent = st.form_submit_button(_("Start empty"), type="primary", icon=":material/add:")
        if sent:
            outcome = do(deciding.begin_study, "choice_begin", place=form, title=title)
            if outcome:
                open_study(outcome.value, _("The study is begun. Every field saves itself."))


def show_decided(found: Study) -> None:
    assert found.decision is not None
    winner = found.candidate(found.decision.candidate_id)
    text = _("The pilot begins in {name}.", name=winner.name)
    signed = _("Decided by {name} on {day}", name=found.decision.decided_by, day=full_day(
        day_of(found.decision.decided_at, the_house().zone)))  # fmt: skip
    st.markdown(
        f"<div class='pd-quote'><b>{html(text)}</b><br>{html(found.decision.reason)}<br>"
        f"<span class='pd-soft'>{html(signed)}</span></div>",
        unsafe_allow_html=True,
    )
    if st.button(_("Think again: a new study that takes this one over"), icon=":material/restart_alt:"):
        outcome = do(deciding.take_over, f"take_over_{found.id}", study_id=found.id)
        if outcome:
            open_study(
                outcome.value,
                _("A new draft holds everything of the decided study. That one stays as it is."),
            )


def manage(found: Study) -> None:
    """Rename or discard this study, begin another one."""
    fold(_("This study and others"), f"manage_{found.id}", lambda: _managed(found))


def _managed(found: Study) -> None:
    if not found.decided:
        form = Form(f"study_{found.id}", adds=True)
        field, act = st.columns([3, 1], vertical_alignment="bottom")
        title = form.kept("title", field.text_input, _("Title of the study"), found.title, max_chars=80)
        if form.touched and do(deciding.rename_study, place=form, study_id=found.id, title=title):
            st.rerun()
        with act.popover(_("Discard this draft"), icon=":material/delete:", width="stretch"):
            st.write(_("This deletes the draft with everything in it."))
            if st.button(_("Discard it for good")) and do(deciding.discard_study, study_id=found.id):
                say(_("The draft is gone."))
                st.rerun()
    begin()
