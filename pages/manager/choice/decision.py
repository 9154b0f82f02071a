"""The last step of choosing the department: the decision, and one page for leadership."""

from __future__ import annotations

import streamlit as st

from core.choice.deciding import REASON_MOST, decide
from core.choice.result import Result
from core.choice.study import Study
from core.choice.words import standing_text
from core.documents.choice_report import ChoiceReport, choice_report_pdf
from core.documents.press.letterhead import Letterhead
from pages.manager.choice.outcome import usable_result
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.paper import letterhead, show_pdf
from pages.ui.text import _, language, unmarked


def show_decision(study: Study) -> None:
    result = usable_result(study)
    if result is None:
        return
    if not study.decided:
        st.write(unmarked(standing_text(result, language())))
        _decide(study, result)
    _print(study, result)


def _decide(study: Study, result: Result) -> None:
    """The decision; what was typed stays after a refusal."""
    ranked = [each.candidate for each in result.standings]
    if not ranked:
        return
    names = {each.id: each.name for each in ranked}
    seen, form = f"choice_seen_{study.id}", Form(f"decide_{study.id}", adds=True)
    with st.form(f"decide_{study.id}"):
        winner = form.kept(
            "candidate_id",
            st.selectbox,
            _("The pilot begins in"),
            ranked[0].id,
            options=list(names),
            format_func=names.__getitem__,
        )
        reason = form.kept(
            "reason",
            st.text_area,
            _("Reason"),
            "",
            max_chars=REASON_MOST,
            height=110,
            placeholder=_("why this department, and what speaks against it"),
            help=_("You may decide otherwise than the ranking: then say why."),
        )
        who = form.kept(
            "decided_by",
            st.text_input,
            _("Decided by"),
            "",
            max_chars=60,
            placeholder=_("name and office"),
        )
        st.caption(_("A decided study stays as it is. To think again, begin a new one that takes it over."))
        sent = st.form_submit_button(_("Decide"), type="primary", icon=":material/how_to_vote:")
    if not sent:
        # What counts is the study as it was on the screen when the button was pressed.
        st.session_state[seen] = study.revision
        return
    if do(
        decide,
        f"decide_{study.id}",
        place=form,
        study_id=study.id,
        candidate_id=winner,
        reason=reason,
        decided_by=who,
        seen_revision=st.session_state.get(seen, study.revision),
    ):
        say(
            _(
                "Decided: the pilot begins in {name}. Print the page for leadership below.",
                name=unmarked(names[winner]),
            )
        )
        st.rerun()
    st.session_state[seen] = study.revision


@st.cache_data(max_entries=20, show_spinner=False)
def _paper(fingerprint: str, _report: ChoiceReport, _head: Letterhead) -> bytes:
    return choice_report_pdf(_report, _head)


def _print(study: Study, result: Result) -> None:
    st.subheader(_("One page for leadership"))
    if not study.decided:
        st.caption(_("Until the decision it is printed as a draft."))
    names = {"zh": "中文", "en": "English"}
    written = st.segmented_control(
        _("Language"), list(names), format_func=names.__getitem__, default=language(), key=f"choice_print_{study.id}",
        required=True,
    )  # fmt: skip
    report, head = ChoiceReport(study, result, the_house().zone), letterhead(written or language())
    show_pdf(_paper(repr((report, head)), report, head), f"pilot_department_{study.id}.pdf", columns=2)
