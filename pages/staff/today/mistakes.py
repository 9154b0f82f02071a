"""What was marked lately, and taking a mistake back."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from core.care.work.tasks import STATE_NAMES, undo
from core.care.work.worklist import MarkedRow, marked_lately
from core.foundation.clock import day_of
from pages.ui.calls import ask, do, say
from pages.ui.inputs import today
from pages.ui.rows import Column, Line, rows
from pages.ui.sections import fold
from pages.ui.text import _, clock, moment


def take_back(zone: ZoneInfo) -> None:
    """What was marked today (for those who may correct: this week), folded; one chosen is reopened with a reason."""
    marked: list[MarkedRow] = ask(marked_lately)
    if not marked:
        return
    title = _("Marked lately ({n}); undo here", n=len(marked))
    fold(title, "marked_fold", lambda: _choose(marked, zone), icon=":material/undo:")


def _choose(marked: list[MarkedRow], zone: ZoneInfo) -> None:
    columns = [
        Column(_("Recorded"), 0.8),
        Column(_("Patient")),
        Column(_("Task"), 1.6),
        Column(_("State")),
    ]
    now = today()
    lines = [_line(row, now, zone) for row in marked]
    chosen = rows(_("Marked lately"), columns, lines, "marked")
    if chosen:
        st.session_state["undo_task"] = int(chosen)
    row = next((one for one in marked if one.task_id == st.session_state.get("undo_task")), None)
    if row:
        _reopen(row)


def _line(row: MarkedRow, now: date, zone: ZoneInfo) -> Line:
    same_day = day_of(row.changed_at, zone) == now
    recorded = clock(row.changed_at, zone) if same_day else moment(row.changed_at, zone)
    state = _(STATE_NAMES[row.state])
    # Within a minute it was written down while it was done.
    if row.done_at and (row.changed_at - row.done_at).total_seconds() >= 60:
        state = f"{state} · {_('done at {time}', time=clock(row.done_at, zone))}"
    return Line(str(row.task_id), (recorded, row.patient_name, row.title, state))


def _reopen(row: MarkedRow) -> None:
    st.markdown(f"**{row.patient_name} · {row.title}**")
    reason = st.text_input(
        _("Why was it marked by mistake?"), key=f"undo_reason_{row.task_id}", max_chars=200
    )
    if st.button(_("Reopen the task"), key=f"undo_{row.task_id}", type="primary") and do(
        undo, f"undo_{row.task_id}", task_id=row.task_id, reason=reason
    ):
        st.session_state.pop("undo_task", None)
        say(_("“{title}” of {name} is open again.", title=row.title, name=row.patient_name))
        st.rerun()
