"""Steps of choosing the department: ranking with contributions, what moves the winner, decision and print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.choice.deciding import REASON_MOST, decide
from core.choice.result import Result, result_of
from core.choice.study import ANSWERS, Study
from core.choice.words import out_text, points_text, sensitivity_words, standing_text, weights_text
from core.documents.choice_report import ChoiceReport, choice_report_pdf
from core.documents.press.letterhead import Letterhead
from core.foundation.errors import Refusal
from core.insight.charts.stacks import Part, stack, stack_rows
from pages.manager.choice.weights import show_shares
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state, the_house
from pages.ui.kept import changed, follow, forget
from pages.ui.paper import letterhead, show_pdf
from pages.ui.sections import fold
from pages.ui.text import _, _n, language

TOP = 5.0


def usable_result(study: Study) -> Result | None:
    """The result, or None with the reason why there is none shown here."""
    if not study.candidates:
        empty_state(_("Add candidates first."))
        return None
    try:
        return result_of(study)
    except Refusal:
        show_shares(study)
        return None


def show_ranking(study: Study) -> None:
    result = usable_result(study)
    if result is None:
        return
    st.markdown(f"##### {standing_text(result, language())}")
    if result.standings:
        parts = [Part(c.short(language()), c.colour, c.on) for c in study.frame.criteria]
        totals = {each.candidate.name: each.total for each in result.standings}
        shares = {each.candidate.name: list(each.parts.values()) for each in result.standings}
        rows = stack_rows(totals, shares, parts, language())
        st.vega_lite_chart(rows, stack(language(), parts, TOP), theme=None, width="stretch",
                           alt=standing_text(result, language()))  # fmt: skip
        st.caption(weights_text(study, result, language()))
    _not_ranked(study, result)
    st.subheader(_("If a weight moves"))
    for sentence in sensitivity_words(study, result, language()):
        st.write(sentence)
    if result.standings:
        fold(_("All figures"), f"figures_{study.id}", lambda: _figures(study, result))


def _figures(study: Study, result: Result) -> None:
    st.dataframe(_table(study, result), hide_index=True, width="stretch")
    st.dataframe(_evidence(study), hide_index=True, width="stretch")


def _not_ranked(study: Study, result: Result) -> None:
    for candidate, _reasons in result.out:
        st.write(
            _(
                "“{name}” is knocked out: {why}",
                name=candidate.name,
                why=out_text(study, candidate, language()),
            )
        )
    for candidate, missing in result.waiting:
        text = _n("“{name}” waits: {n} score missing.", "“{name}” waits: {n} scores missing.", missing,
                  name=candidate.name)  # fmt: skip
        st.write(text)
    unchecked = [each.candidate.name for each in result.standings if each.unchecked]
    for name in unchecked:
        st.write(_("“{name}” is ranked, but its knock-outs are not all checked.", name=name))


def _table(study: Study, result: Result) -> Sequence[dict[str, Any]]:
    """Scores with weights in the headings, for reading and copying."""
    rows = []
    for each in result.standings:
        row: dict[str, Any] = {_("Place"): each.place, _("Department"): each.candidate.name}
        for criterion in study.frame.criteria:
            row[criterion.short(language())] = each.candidate.scores[criterion.code]
        row[_("Total of 5")] = points_text(each.total, language())
        rows.append(row)
    return rows


def _evidence(study: Study) -> Sequence[dict[str, Any]]:
    """Figures as typed, and every knock-out with its answer and evidence."""
    rows = []
    for each in study.candidates:
        row = {
            _("Department"): each.name,
            _("Patients per month"): each.patients_per_month,
            _("Visits per journey"): each.visits_per_journey,
            _("Notes"): each.notes,
        }
        for knockout in study.frame.knockouts:
            given = each.answer(knockout.code)
            row[knockout.name(language())] = " · ".join(
                t for t in (_(ANSWERS[given.answer]), given.evidence) if t
            )
        rows.append(row)
    return rows


# --- decision and print ---------------------------------------------------------------------------


def show_decision(study: Study) -> None:
    result = usable_result(study)
    if result is None:
        return
    if not study.decided:
        st.write(standing_text(result, language()))
        _decide(study, result)
    _print(study, result)


def _decide(study: Study, result: Result) -> None:
    """The decision; what was typed stays after a refusal."""
    ranked = [each.candidate for each in result.standings]
    if not ranked:
        return
    names = {each.id: each.name for each in ranked}
    seen, keys = (
        f"choice_seen_{study.id}",
        [f"decide_{study.id}_{part}" for part in ("winner", "reason", "by")],
    )
    if st.session_state.get(keys[0]) not in names:
        forget(keys[0])  # ruled out or removed since it was chosen here
    form = Form()
    with st.form(f"decide_{study.id}"):
        winner = form.field(
            "candidate_id",
            st.selectbox,
            _("The pilot begins in"),
            list(names),
            format_func=names.__getitem__,
            key=follow(keys[0], ranked[0].id),
        )
        reason = form.field(
            "reason",
            st.text_area,
            _("Reason"),
            key=follow(keys[1], ""),
            max_chars=REASON_MOST,
            height=110,
            placeholder=_("why this department, and what speaks against it"),
            help=_("You may decide otherwise than the ranking: then say why."),
        )
        who = form.field(
            "decided_by",
            st.text_input,
            _("Decided by"),
            key=follow(keys[2], ""),
            max_chars=60,
            placeholder=_("name and office"),
        )
        st.caption(_("A decided study stays as it is. To think again, begin a new one that takes it over."))
        sent = st.form_submit_button(_("Decide"), type="primary", icon=":material/how_to_vote:")
    for key in keys:
        changed(key)  # refused or not, what was sent is kept while other steps are looked at
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
            _("Decided: the pilot begins in {name}. Print the page for leadership below.", name=names[winner])
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
