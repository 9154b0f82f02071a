"""Steps of choosing the department: ranking with contributions, and what moves the winner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.choice.result import Result, result_of
from core.choice.study import ANSWERS, Study
from core.choice.words import out_text, points_text, sensitivity_words, standing_text, weights_text
from core.foundation.errors import Refusal
from core.insight.charts.stacks import Part, stack, stack_rows
from pages.manager.choice.weights import show_shares
from pages.ui.frame import empty_state
from pages.ui.sections import fold
from pages.ui.text import _, _n, language, unmarked

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
    st.markdown(f"##### {unmarked(standing_text(result, language()))}")
    if result.standings:
        parts = [Part(c.short(language()), c.colour, c.on) for c in study.frame.criteria]
        totals = {each.candidate.name: each.total for each in result.standings}
        shares = {each.candidate.name: list(each.parts.values()) for each in result.standings}
        rows = stack_rows(totals, shares, parts, language())
        st.vega_lite_chart(rows, stack(language(), parts, TOP), theme=None, width="stretch",
                           alt=standing_text(result, language()))  # fmt: skip
        st.caption(unmarked(weights_text(study, result, language())))
    _not_ranked(study, result)
    st.subheader(_("If a weight moves"))
    for sentence in sensitivity_words(study, result, language()):
        st.write(unmarked(sentence))
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
                name=unmarked(candidate.name),
                why=unmarked(out_text(study, candidate, language())),
            )
        )
    for candidate, missing in result.waiting:
        text = _n("“{name}” waits: {n} score missing.", "“{name}” waits: {n} scores missing.", missing,
                  name=unmarked(candidate.name))  # fmt: skip
        st.write(text)
    unchecked = [each.candidate.name for each in result.standings if each.unchecked]
    for name in unchecked:
        st.write(_("“{name}” is ranked, but its knock-outs are not all checked.", name=unmarked(name)))


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
