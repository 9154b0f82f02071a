"""Her doses: what counts for her, within which bounds, who set it and why; changed by the role the package names."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care.patient_file import PatientFile
from core.dialogue.answers.doses import MAY_SET, MOST_REPS, MOST_SETS, set_dose
from core.dialogue.her_file import Conversation, DoseLine, dose_lines
from core.foundation import reasons
from core.foundation.access import ROLE_NAMES, Actor
from pages.staff.papers import exercise_sheet
from pages.ui.calls import ask, do, say, show_said
from pages.ui.form import Form
from pages.ui.sections import fold, shut
from pages.ui.text import _, moment, number, unmarked


def doses(found: Conversation, held: PatientFile, who: Actor) -> None:
    """The table of doses, and folded: setting one, and how they came to be."""
    show_said("doses")
    lines: tuple[DoseLine, ...] = ask(dose_lines, enrolment_id=found.enrolment_id)
    if not lines:
        return
    st.dataframe([_row(line) for line in lines], hide_index=True, width="stretch")
    mine = [line for line in lines if who.role in MAY_SET[line.role]]
    if found.running and who.may("dose.write") and mine:
        fold(
            _("Set her dose"),
            f"dose_{found.enrolment_id}",
            partial(_set, found, mine),
            icon=":material/tune:",
        )
    exercise_sheet(found.enrolment_id)
    if any(line.history for line in lines):
        draw = partial(_history, lines, held)
        fold(
            _("How her doses came to be"), f"dose_past_{found.enrolment_id}", draw, icon=":material/history:"
        )


def _row(line: DoseLine) -> dict[str, str]:
    return {
        _("Exercise"): line.title,
        _("Dose a day"): _dose(line.sets, line.reps),
        _("In all"): number(line.sets * line.reps),
        _("Allowed in all"): _allowed(line),
        _("Basis"): _("hers") if line.own else _("as in the package"),
        _("Set by"): _(ROLE_NAMES[line.role]),
    }


def _allowed(line: DoseLine) -> str:
    if line.low is not None and line.high is not None:
        return _("{low} to {high}", low=number(line.low), high=number(line.high))
    if line.high is not None:
        return _("up to {high}", high=number(line.high))
    return _("from {low} on", low=number(line.low)) if line.low is not None else _("not limited")


def _dose(sets: int, reps: int) -> str:
    return f"{number(sets)} × {number(reps)}"


def _set(found: Conversation, lines: list[DoseLine]) -> None:
    by_code = {line.code: line for line in lines}
    code = st.selectbox(
        _("Exercise"), list(by_code), format_func=lambda one: by_code[one].title,
        key=f"dose_task_{found.enrolment_id}",
    )  # fmt: skip
    line = by_code[code]
    st.caption(
        _(
            "Now {dose}. Allowed a day in all: {allowed}.",
            dose=_dose(line.sets, line.reps), allowed=_allowed(line),
        )
    )  # fmt: skip
    key = f"dose_{found.enrolment_id}_{code}"
    form = Form(key)
    with st.form(f"set_dose_{found.enrolment_id}_{code}"):
        left, right = st.columns(2)
        sets = form.kept(
            "sets", left.number_input, _("Sets a day"), line.sets, min_value=1, max_value=MOST_SETS
        )
        reps = form.kept(
            "reps", right.number_input, _("Times each"), line.reps, min_value=1, max_value=MOST_REPS
        )
        reason = form.field("reason", st.text_input, _("Reason"), max_chars=reasons.LONGEST, key=f"why_{key}")
        sent = st.form_submit_button(_("Set from now on"), type="primary")
    if sent and do(
        set_dose, f"dose_{found.enrolment_id}_{code}", place=form, enrolment_id=found.enrolment_id, task_code=code,
        sets=int(sets), reps=int(reps), reason=reason,
    ):  # fmt: skip
        say(
            _(
                "{title}: {dose} a day from now on. Her phone shows it.",
                title=unmarked(line.title),
                dose=_dose(sets, reps),
            ),
            at="doses",
        )
        shut(f"dose_{found.enrolment_id}")
        st.rerun()


def _history(lines: tuple[DoseLine, ...], held: PatientFile) -> None:
    titles = {line.code: line.title for line in lines}
    past = sorted((one for line in lines for one in line.history), key=lambda one: one.at, reverse=True)
    st.dataframe(
        [
            {
                _("When"): moment(one.at, held.zone),
                _("Exercise"): titles[one.task_code],
                _("Dose a day"): _dose(one.sets, one.reps),
                _("Reason"): one.reason,
                _("By"): one.staff,
                _("Standing"): _("replaced") if one.replaced_at else _("counts"),
            }
            for one in past
        ],
        hide_index=True,
        width="stretch",
    )
