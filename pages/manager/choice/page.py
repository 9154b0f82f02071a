"""Choose the pilot department: candidates, knock-outs, scores, weights, ranking, decision, one page for leadership."""

import streamlit as st

from core.choice.study import Study, StudyLine, studies, study
from core.foundation.clock import day_of
from core.foundation.language import N_
from pages.manager.choice.decision import show_decision
from pages.manager.choice.outcome import show_ranking
from pages.manager.choice.parts import show_candidates, show_knockouts, show_scores
from pages.manager.choice.studies import WANTED, begin, manage, show_decided
from pages.manager.choice.weights import show_weights
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.text import _, clock, full_day, unmarked

STEPS = {
    "candidates": (N_("1 Candidates"), show_candidates),
    "knockouts": (N_("2 Knock-outs"), show_knockouts),
    "scores": (N_("3 Scores"), show_scores),
    "weights": (N_("4 Weights"), show_weights),
    "ranking": (N_("5 Ranking"), show_ranking),
    "decision": (N_("6 Decision"), show_decision),
}
AFTERWARDS = ("ranking", "decision")  # what is left to see of a decided study


def go(key: str, step: str) -> None:
    st.session_state[key] = step


def state_of(line: StudyLine) -> str:
    if line.decided_at is None:
        return _("draft")
    decided_on = day_of(line.decided_at, the_house().zone)
    text = _("decided: {name}, {day}", name=line.winner, day=full_day(decided_on))
    return f"{text} · {_('superseded')}" if line.superseded else text


def chosen_study(lines: list[StudyLine]) -> Study:
    known = {line.id: line for line in lines}
    wanted = st.session_state.get(WANTED)
    study_id = wanted if wanted in known else lines[0].id
    if len(lines) > 1:
        names = {line.id: f"{line.title} · {state_of(line)}" for line in lines}
        study_id = st.selectbox(
            _("Study"),
            list(known),
            index=list(known).index(study_id),
            format_func=names.__getitem__,
        )
        st.session_state[WANTED] = study_id
    found: Study = ask(study, study_id=study_id)
    return found


def progress(found: Study) -> str:
    """How far the study is, in one line."""
    staying = [each for each in found.candidates if not each.out_by(found.frame)]
    checks = len(found.candidates) * len(found.frame.knockouts)
    unchecked = sum(len(each.unchecked(found.frame)) for each in found.candidates)
    scored = sum(len(each.scores) for each in staying)
    return _(
        "{candidates} candidates · knock-outs checked {checked} of {checks} · scores {scored} of {scores} · saved {at}",
        candidates=len(found.candidates), checked=checks - unchecked, checks=checks, scored=scored,
        scores=len(staying) * len(found.frame.criteria), at=clock(found.changed_at, the_house().zone),
    )  # fmt: skip


def show_steps(found: Study) -> None:
    steps = AFTERWARDS if found.decided else tuple(STEPS)
    key = f"choice_step_{found.id}_{len(steps)}"
    st.session_state.setdefault(key, "decision" if found.decided else steps[0])
    names = {code: _(STEPS[code][0]) for code in steps}
    step = st.segmented_control(
        _("Step"), steps, format_func=names.__getitem__, key=key, required=True, label_visibility="collapsed"
    )
    step = step or steps[0]
    state_place = st.empty()
    STEPS[step][1](found)
    if not found.decided:
        # asked again: this step may just have saved something
        state_place.caption(progress(ask(study, study_id=found.id)))
        following = steps[steps.index(step) + 1 :]
        if following:
            label = _("Next: {step}", step=_(STEPS[following[0]][0]))
            st.button(
                label, on_click=go, args=(key, following[0]), type="primary", icon=":material/arrow_forward:"
            )


open_page(
    "package.write",
    _("Choose the department"),
    _("Many patients, a long journey, a willing team: where the pilot has the best chance, and why."),
)
found_lines = ask(studies)
if not found_lines:
    empty_state(_("No study yet. It takes about an hour with the people concerned around one table."))
    begin()
    st.stop()
current = chosen_study(found_lines)
st.subheader(unmarked(current.title))
if current.example:
    st.markdown(f"<span class='pd-sim'>{_('Example: invented figures')}</span>", unsafe_allow_html=True)
if current.decided:
    show_decided(current)
show_steps(current)
manage(current)
