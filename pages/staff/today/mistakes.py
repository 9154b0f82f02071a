"""What was marked lately, and taking a mistake back."""

from __future__ import annotations

from datetime import date
from time import monotonic
from zoneinfo import ZoneInfo

import streamlit as st

from core.care.work.marked import MarkedRow, marked_lately
from core.care.work.tasks import STATE_NAMES, undo
from core.care.work.worklist import DueRow
from core.foundation import reasons
from core.foundation.clock import day_of
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.inputs import today
from pages.ui.rows import Column, Line, State, close, heading, open_here, rows
from pages.ui.sections import fold
from pages.ui.text import _, clock, moment, unmarked

NOTICED = 120  # seconds within which a slip of the thumb is noticed
SECOND_CLICK = 0.6  # seconds in which nobody has read the next task


def just_marked(row: DueRow) -> None:
    """Note which task the way back is to lead to."""
    st.session_state["just_marked"] = (monotonic(), row.task_id, f"{row.title} · {row.patient_name}")


def second_click() -> bool:
    """Whether this click is the second of a double click: the next task's button lies where the first's lay."""
    since: float = st.session_state.get("just_marked", (0.0,))[0]
    return monotonic() - since < SECOND_CLICK


def way_back() -> None:
    """Right after a task was marked: one step back to it, where the eye is."""
    since, task_id, what = st.session_state.get("just_marked", (0.0, 0, ""))
    if (
        task_id
        and monotonic() - since < NOTICED
        and st.button(
            _("Undo: {what}", what=unmarked(what)), key="way_back", type="tertiary", icon=":material/undo:"
        )
    ):
        st.query_params.pop("task", None)
        open_here("marked", str(task_id))


def marked_list(zone: ZoneInfo) -> None:
    """What was marked today (for those who may correct: this week), folded; one chosen opens in the list's place."""
    marked: list[MarkedRow] = ask(marked_lately)
    if not marked:
        return
    title = _("Marked lately ({n}); undo here", n=len(marked))
    fold(title, "marked_fold", lambda: _choose(marked, zone), icon=":material/undo:")


def _choose(marked: list[MarkedRow], zone: ZoneInfo) -> None:
    columns = [
        Column(_("Patient"), 0.8),
        Column(_("Recorded"), 1.1),
        Column(_("Task"), 1.5),
        Column(_("State"), 0.6),
    ]
    now = today()
    chosen = rows(_("Marked lately"), columns, [_line(row, now, zone) for row in marked], "marked")
    if chosen:
        open_here("marked", chosen)


def reopen(task_id: str) -> bool:
    """The task that is to be taken back, in the place of the list; False when nothing is left to take back."""
    row = next((one for one in ask(marked_lately) if str(one.task_id) == task_id), None)
    if row is None:
        return False
    heading(f"{row.patient_name} · {row.title}", _("All tasks of today"), "marked", "today")
    st.caption(_(STATE_NAMES[row.state]))
    form = Form()
    reason = form.field(
        "reason",
        st.text_input,
        _("Why was it marked by mistake?"),
        key=f"undo_reason_{row.task_id}",
        max_chars=reasons.LONGEST,
    )
    if st.button(_("Reopen the task"), key=f"undo_{row.task_id}", type="primary") and do(
        undo, f"undo_{row.task_id}", place=form, task_id=row.task_id, reason=reason
    ):
        say(
            _(
                "“{title}” of {name} is open again.",
                title=unmarked(row.title),
                name=unmarked(row.patient_name),
            )
        )
        st.session_state.pop("just_marked", None)
        close("marked", "today")
    return True


def _line(row: MarkedRow, now: date, zone: ZoneInfo) -> Line:
    same_day = day_of(row.changed_at, zone) == now
    recorded = clock(row.changed_at, zone) if same_day else moment(row.changed_at, zone)
    # Within a minute it was written down while it was done.
    if row.done_at and (row.changed_at - row.done_at).total_seconds() >= 60:
        recorded = f"{recorded} · {_('done at {time}', time=clock(row.done_at, zone))}"
    state = State(_(STATE_NAMES[row.state]), "done")
    return Line(str(row.task_id), (row.patient_name, recorded, row.title, state))
