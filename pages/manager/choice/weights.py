"""Steps of choosing the department: how much each criterion counts, by slider or by comparing in pairs."""

from __future__ import annotations

import streamlit as st

from core.choice import weights as deeds
from core.choice.ahp import JUDGEMENTS, InconsistentComparison, pair_key
from core.choice.criteria import Criterion, consistency_limit
from core.choice.result import weights_of
from core.choice.study import METHODS, Study
from core.choice.words import judgement_text
from core.foundation.errors import Refusal
from core.foundation.language import number_text
from core.insight.charts.control import bar, bar_rows
from pages.ui.calls import do
from pages.ui.form import Form
from pages.ui.text import _, language, refusal
from pages.ui.widgets import in_rows


def show_weights(study: Study) -> None:
    form = Form(f"method_{study.id}", adds=True)
    method = form.kept(
        "method",
        st.segmented_control,
        _("How the weights are found"),
        study.method,
        options=list(METHODS),
        format_func={code: _(name) for code, name in METHODS.items()}.__getitem__,
        required=True,
    )
    if form.touched and do(deeds.choose_method, place=form, study_id=study.id, method=method):
        st.rerun()
    if study.method == "pairwise":
        _pairs(study)
    else:
        _sliders(study)


def show_shares(study: Study) -> bool:
    """The weights as bars, or why there are none; true when they can be used."""
    try:
        weights, comparison = weights_of(study)
    except Refusal as problem:
        kind = st.warning if isinstance(problem, InconsistentComparison) else st.info
        kind(refusal(problem), icon=":material/balance:")
        return False
    if comparison is not None:
        st.success(
            _("Your comparisons agree: consistency ratio {ratio}, at most {limit}.",
              ratio=number_text(comparison.ratio, language(), "0.000"),
              limit=number_text(consistency_limit(), language(), "0.00")),
            icon=":material/balance:",
        )  # fmt: skip
    names = [criterion.name(language()) for criterion in study.frame.criteria]
    rows = bar_rows(names, [weights[code] for code in study.frame.codes], language(), "share")
    st.vega_lite_chart(rows, bar(language(), "share"), theme=None, width="stretch")
    return True


def _sliders(study: Study) -> None:
    st.caption(
        _("How much does each criterion count? Only the proportions matter; 0 leaves a criterion out.")
    )
    for place, criterion in in_rows(study.frame.criteria, 2):
        form, stored = Form(f"points_{study.id}", adds=True), study.points.get(criterion.code, 0)
        label = criterion.name(language())
        value = form.kept(
            criterion.code, place.slider, label, stored, min_value=0, max_value=deeds.POINTS_TOP
        )
        if form.touched and do(
            deeds.set_points, place=form, study_id=study.id, points={criterion.code: value}
        ):
            st.rerun()
    show_shares(study)


def _pairs(study: Study) -> None:
    st.caption(
        _("Compare every two criteria in words. Where answers contradict each other, the pair is named.")
    )
    usable_place = st.container()
    worst = _worst(study)
    for place, (first, second) in in_rows(study.frame.pairs, 2):
        with place:
            _pair(study, first, second, worst)
    with usable_place:
        show_shares(study)


def _worst(study: Study) -> set[str]:
    """The pair that contradicts most, where the comparisons cannot be used."""
    try:
        weights_of(study)
    except InconsistentComparison as problem:
        return {problem.first, problem.second}
    except Refusal:
        pass
    return set()


def _pair(study: Study, first: Criterion, second: Criterion, worst: set[str]) -> None:
    stored = study.judgements.get(pair_key(first.code, second.code))
    form = Form(f"pair_{study.id}_{first.code}", adds=True)
    said = {each: judgement_text(first, second, each, language()) for each in (None, *JUDGEMENTS)}
    mark = ":material/balance: " if {first.code, second.code} == worst else ""
    label = f"{mark}{first.name(language())} – {second.name(language())}"
    judgement = form.kept(
        second.code, st.selectbox, label, stored, options=list(said), format_func=said.__getitem__
    )
    if form.touched and do(
        deeds.judge, place=form, study_id=study.id, first=first.code, second=second.code, judgement=judgement
    ):
        st.rerun()
