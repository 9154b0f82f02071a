"""The questions behind an SOP and its signature, which waits until every answer is right."""

from __future__ import annotations

import streamlit as st

from core.sops.document import QuizQuestion, SopDocument, Step
from core.sops.readings import AnswersWrong, sign
from core.sops.rereading import passage_of
from core.sops.states import SopVersion
from pages.ui.calls import do, say
from pages.ui.sop_view import show_signs, show_steps
from pages.ui.text import _, html, unmarked


def signature(version: SopVersion) -> None:
    """The questions and the signature; below a question that was answered wrongly stands what to read again."""
    quiz = version.text.own.quiz
    with st.form(f"sign_{version.id}"):
        answers, below = [], []
        for at, each in enumerate(quiz):
            answers.append(
                st.radio(
                    unmarked(each.question),
                    each.answers,
                    index=None,
                    format_func=unmarked,
                    key=f"answer_{version.id}_{at}",
                )
            )
            below.append(st.empty())
        read_it = st.checkbox(
            _("I have read this version, I know the steps of my role, and I know what to do in a red case."),
            key=f"read_{version.id}",
        )
        sent = st.form_submit_button(_("Sign version {number}", number=version.number), type="primary")
    if not sent:
        return
    if not read_it:
        st.warning(_("Please tick the sentence above the button once it is true."))
        return
    outcome = do(sign, f"sign_{version.id}", version_id=version.id, answers=[each or "" for each in answers])
    if outcome:
        say(_("Signed. Thank you."))
        st.rerun()
    if isinstance(outcome.problem, AnswersWrong):
        for at in outcome.problem.places:
            with below[at].container(key=f"again_{version.id}_{at}"):
                read_again(version.text, quiz[at])


def read_again(document: SopDocument, asked: QuizQuestion) -> None:
    """The passage that answers a question; where none of the SOP does, the answer itself."""
    st.warning(_("Not right yet. Please read this once more:"), icon=":material/menu_book:")
    passage = passage_of(document, asked)
    if isinstance(passage, Step):
        show_steps([passage])
    elif passage is not None:
        show_signs([passage])
    else:
        st.markdown(f"<div class='pd-quote'>{html(asked.right)}</div>", unsafe_allow_html=True)
