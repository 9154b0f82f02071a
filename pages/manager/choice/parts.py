"""Steps of choosing the department: candidates, knock-outs, scores. Every field saves itself."""

from __future__ import annotations

import streamlit as st

from core.choice import candidates as deeds
from core.choice.criteria import SCORES, Criterion, Knockout
from core.choice.study import ANSWERS, Candidate, Study
from pages.ui.calls import do
from pages.ui.form import Form
from pages.ui.frame import empty_state
from pages.ui.text import _, html, language, unmarked
from pages.ui.widgets import in_rows

# --- candidates -----------------------------------------------------------------------------------


def show_candidates(study: Study) -> None:
    st.caption(_("Which departments might begin? Write the figures as you know them, with year and source."))
    if not study.candidates:
        empty_state(_("No candidate yet. Add the departments you are thinking of, at least two."))
    for candidate in study.candidates:
        with st.container(border=True):
            _candidate(candidate)
    if len(study.candidates) < deeds.MOST:
        _new_candidate(study)
    else:
        st.caption(_("A study compares at most {most} departments.", most=deeds.MOST))


def _candidate(candidate: Candidate) -> None:
    prefix = f"candidate_{candidate.id}"
    form = Form(prefix, saves_itself=True)
    name_place, patients_place, visits_place = st.columns([2, 1, 1])
    fields = {
        "name": form.kept("name", name_place.text_input, _("Department"), candidate.name, max_chars=60),
        "patients_per_month": form.kept(
            "patients_per_month", patients_place.text_input, _("Patients per month"),
            candidate.patients_per_month, max_chars=40,
        ),
        "visits_per_journey": form.kept(
            "visits_per_journey", visits_place.text_input, _("Visits per journey"),
            candidate.visits_per_journey, max_chars=40,
        ),
    }  # fmt: skip
    notes_place, act = st.columns([3, 1], vertical_alignment="bottom")
    fields["notes"] = form.kept(
        "notes", notes_place.text_input, _("Notes (optional)"), candidate.notes, max_chars=300
    )
    with act.popover(_("Remove"), icon=":material/delete:", width="stretch"):
        st.write(_("This removes “{name}” with its answers and scores.", name=unmarked(candidate.name)))
        if st.button(_("Remove this candidate"), key=f"{prefix}_remove") and do(
            deeds.remove_candidate, candidate_id=candidate.id
        ):
            st.rerun()
    if form.touched and do(deeds.change_candidate, place=form, candidate_id=candidate.id, **fields):
        st.rerun()


def _new_candidate(study: Study) -> None:
    place = f"new_candidate_{study.id}"
    form = Form(place, adds=True)
    with st.form(form.turn):
        field, act = st.columns([3, 1], vertical_alignment="bottom")
        name = form.kept("name", field.text_input, _("Another department"), "", max_chars=60)
        sent = act.form_submit_button(_("Add"), icon=":material/add:", width="stretch")
    if sent and do(deeds.add_candidate, place, place=form, study_id=study.id, name=name):
        st.rerun()


# --- knock-outs -----------------------------------------------------------------------------------


def show_knockouts(study: Study) -> None:
    st.caption(
        _("Any one of these rules a department out, whatever its scores. Write what the answer rests on.")
    )
    if not study.candidates:
        empty_state(_("Add candidates first."))
    for candidate in study.candidates:
        with st.container(border=True):
            st.markdown(f"**{unmarked(candidate.name)}** · {_knockout_state(study, candidate)}")
            for knockout in study.frame.knockouts:
                _knockout(candidate, knockout)


def _knockout_state(study: Study, candidate: Candidate) -> str:
    if candidate.out_by(study.frame):
        return _("knocked out")
    left = len(candidate.unchecked(study.frame))
    return _("not checked: {n}", n=left) if left else _("stays in")


def _knockout(candidate: Candidate, knockout: Knockout) -> None:
    held = candidate.answer(knockout.code)
    form = Form(f"knockout_{candidate.id}_{knockout.code}", saves_itself=True)
    asked, rests = st.columns([3, 2], vertical_alignment="bottom")
    answer = form.kept(
        "answer",
        asked.segmented_control,
        knockout.name(language()),
        held.answer,
        options=list(ANSWERS),
        format_func={code: _(name) for code, name in ANSWERS.items()}.__getitem__,
        required=True,
        help=knockout.why(language()),
    )
    evidence = form.kept("evidence", rests.text_input, _("Evidence"), held.evidence, max_chars=200)
    if not form.touched:
        return
    if answer == "out" and not evidence.strip():
        # Not an error yet: the evidence is what comes next.
        st.caption(
            f":material/edit: {_('Now write the evidence; the knock-out counts as soon as it is there.')}"
        )
    elif do(
        deeds.check_knockout, place=form,
        candidate_id=candidate.id, code=knockout.code, answer=answer or "", evidence=evidence,
    ):  # fmt: skip
        st.rerun()  # the line above says whether the candidate stays in


# --- scores ---------------------------------------------------------------------------------------


def show_scores(study: Study) -> None:
    st.caption(
        _("One criterion at a time, all departments side by side: that keeps the yardstick the same for all.")
    )
    staying = [each for each in study.candidates if not each.out_by(study.frame)]
    if not staying:
        empty_state(_("No candidate to score: add candidates, or look at the knock-outs again."))
        return
    for number, criterion in enumerate(study.frame.criteria, start=1):
        with st.container(border=True):
            _yardstick(number, criterion)
            for place, candidate in in_rows(staying, 3):
                with place:
                    _score(candidate, criterion)


def _yardstick(number: int, criterion: Criterion) -> None:
    """The criterion with its question and the three written anchors."""
    anchors = "".join(
        f"<span class='pd-soft' style='margin-right:1.2rem'><b>{score}</b> {html(criterion.anchor(score, language()))}"
        "</span>"
        for score in (1, 3, 5)
    )
    st.markdown(
        f"<b>{number} {html(criterion.name(language()))}</b> "
        f"<span class='pd-soft'>{html(criterion.asks(language()))}</span><br>{anchors}",
        unsafe_allow_html=True,
    )


def _score(candidate: Candidate, criterion: Criterion) -> None:
    figure = {"volume": candidate.patients_per_month, "journey_length": candidate.visits_per_journey}
    shown = figure.get(criterion.code, "")
    form = Form(f"score_{candidate.id}_{criterion.code}", adds=True)
    label = unmarked(f"{candidate.name} ({shown})" if shown else candidate.name)
    stored = candidate.scores.get(criterion.code)
    given = form.kept("score", st.segmented_control, label, stored, options=list(SCORES))
    st.caption(f"{given} · {criterion.anchor(given, language())}" if given else _("not scored yet"))
    if form.touched:
        do(deeds.score, place=form, candidate_id=candidate.id, code=criterion.code, score=given)
