"""Choose the pilot department: candidates, knock-outs, scores, weights, ranking, decision, one page for leadership."""

import streamlit as st

from core.design import choice
from core.design.choice_study import Study, StudyLine, studies, study
from core.foundation.clock import day_of
from core.foundation.language import N_
from pages.ui.calls import ask, do, say
from pages.ui.choice_outcome import show_decision, show_ranking
from pages.ui.choice_parts import show_candidates, show_knockouts, show_scores
from pages.ui.choice_weights import show_weights
from pages.ui.frame import empty_state, facts, open_page
from pages.ui.inputs import today
from pages.ui.kept import changed, follow, settled
from pages.ui.text import _, clock, full_day, html, language

STEPS = {
    "candidates": (N_("1 Candidates"), show_candidates),
    "knockouts": (N_("2 Knock-outs"), show_knockouts),
    "scores": (N_("3 Scores"), show_scores),
    "weights": (N_("4 Weights"), show_weights),
    "ranking": (N_("5 Ranking"), show_ranking),
    "decision": (N_("6 Decision"), show_decision),
}
AFTERWARDS = ("ranking", "decision")  # what is left to see of a decided study
WANTED = "choice_wanted"


def go(key: str, step: str) -> None:
    st.session_state[key] = step


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
            outcome = do(choice.begin_example, "choice_example", language=language())
            if outcome:
                open_study(outcome.value, _("The example is yours to try out: change anything."))
    with empty:
        with st.form("begin_empty"):
            st.markdown(f"**{_('Start empty')}**")
            title = st.text_input(
                _("Title of the study"),
                max_chars=80,
                placeholder=_("Pilot department {year}", year=today().year),
            )
            sent = st.form_submit_button(_("Start empty"), type="primary", icon=":material/add:")
        if sent:
            outcome = do(choice.begin_study, "choice_begin", title=title)
            if outcome:
                open_study(outcome.value, _("The study is begun. Every field saves itself."))


def state_of(line: StudyLine) -> str:
    if line.decided_at is None:
        return _("draft")
    text = _(
        "decided: {name}, {day}", name=line.winner, day=full_day(line.decided_at and line.decided_at.date())
    )
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
        scores=len(staying) * len(found.frame.criteria), at=clock(found.changed_at, facts().zone),
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


def show_decided(found: Study) -> None:
    assert found.decision is not None
    winner = found.candidate(found.decision.candidate_id)
    text = _("The pilot begins in {name}.", name=winner.name)
    signed = _("Decided by {name} on {day}", name=found.decision.decided_by, day=full_day(
        day_of(found.decision.decided_at, facts().zone)))  # fmt: skip
    st.markdown(
        f"<div class='pd-quote'><b>{html(text)}</b><br>{html(found.decision.reason)}<br>"
        f"<span class='pd-soft'>{html(signed)}</span></div>",
        unsafe_allow_html=True,
    )
    if st.button(_("Think again: a new study that takes this one over"), icon=":material/restart_alt:"):
        outcome = do(choice.take_over, f"take_over_{found.id}", study_id=found.id)
        if outcome:
            open_study(
                outcome.value,
                _("A new draft holds everything of the decided study. That one stays as it is."),
            )


def manage(found: Study) -> None:
    """Rename or discard this study, begin another one."""
    with st.expander(_("This study and others")):
        if not found.decided:
            field, act = st.columns([3, 1], vertical_alignment="bottom")
            key = follow(f"choice_title_{found.id}", found.title)
            title = field.text_input(_("Title of the study"), key=key, max_chars=80)
            if changed(key) and do(choice.rename_study, study_id=found.id, title=title):
                settled(key)
                st.rerun()
            with act.popover(_("Discard this draft"), icon=":material/delete:", width="stretch"):
                st.write(_("This deletes the draft with everything in it."))
                if st.button(_("Discard it for good")) and do(choice.discard_study, study_id=found.id):
                    say(_("The draft is gone."))
                    st.rerun()
        begin()


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
st.subheader(current.title)
if current.example:
    st.markdown(f"<span class='pd-sim'>{_('Example: invented figures')}</span>", unsafe_allow_html=True)
if current.decided:
    show_decided(current)
show_steps(current)
manage(current)
