"""The value of a task on its card: score, measurement, count or checklist, kept as her answer and judged at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import streamlit as st

from core.care.work.worklist import DueRow
from core.dialogue.answers.answer_checks import HIGHEST_SCORE
from core.dialogue.answers.answers import record_for_patient
from core.dialogue.answers.entries import Came, Entry, came_of, entry_of
from core.dialogue.cases.cases import LEVEL_NAMES
from core.foundation.clock import day_of
from core.foundation.language import N_
from pages.staff.waiting_words import REPLIES
from pages.ui.calls import actor, ask, do
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import today
from pages.ui.text import _, _n, clock, moment, number, unmarked

STANDS = 600  # seconds an urgent answer stays on the page, unless somebody has read it
TOLD: dict[str, str] = {
    "doctor": N_("{level}: the doctor on duty has been told; promised by {time}."),
    "nurse": N_("{level}: the nurse on duty has been told; promised by {time}."),
}


@dataclass
class Typed:
    """What is typed on a card: `given` as the deed takes it, `form` where it is refused."""

    entry: Entry
    form: Form
    given: dict[str, Any] = field(default_factory=dict)


def asked(task_id: int) -> Entry | None:
    """What can be entered for a task; None where it is only marked done."""
    found: Entry | None = ask(entry_of, task_id=task_id)
    return found


def fields(row: DueRow, entry: Entry) -> Typed:
    """Draw the fields of one entry, and what stands already."""
    typed = Typed(entry, Form())
    key = f"entry_{row.task_id}"
    if entry.said:
        when = moment(entry.said_at, the_house().zone) if entry.said_at else ""
        st.caption(
            _(
                "Entered: {value} ({when}, {who})",
                value=unmarked(entry.said),
                when=when,
                who=unmarked(entry.said_by or row.patient_name),
            )
        )
    if entry.kind == "checklist":
        places = range(1, len(entry.items) + 1)
        typed.given["ticks"] = sorted(
            typed.form.field(
                "ticks", st.pills, _("Tick what is so"), places, selection_mode="multi",
                format_func=lambda at: unmarked(entry.items[at - 1]), key=key,
            )
            or []
        )  # fmt: skip
        return typed
    if entry.kind == "scale":
        chosen = typed.form.field(
            "number", st.pills, _("Score from 0 to 10"), range(HIGHEST_SCORE + 1), key=key
        )
        typed.given["number"] = "" if chosen is None else str(chosen)
        return typed
    with st.container(key=f"{key}_box", width=360):
        typed.given["number"] = typed.form.field(
            "number", st.text_input, _label(entry), key=key, max_chars=20, placeholder=_range(entry)
        )
    return typed


def keep(row: DueRow, typed: Typed, note: str) -> bool:
    """Keep the entry; what it came to is said on top of the page, urgent things until they are read."""
    outcome = do(
        record_for_patient, f"entry_{row.task_id}", place=typed.form, task_id=row.task_id, words=note, **typed.given
    )  # fmt: skip
    if not outcome:
        return False
    note_urgent(row.patient_name, outcome.value["answer_id"])
    return True


def note_urgent(patient: str, answer_id: int) -> None:
    """Where an entry is a sign, keep what it came to for the top of the page."""
    came: Came = ask(came_of, answer_id=answer_id)
    if came.level:
        held = st.session_state.setdefault("urgent_entries", [])
        held.append((monotonic(), f"**{unmarked(patient)}** · {said(came)}", came.level, came.case_id))


def said(came: Came) -> str:
    """ "Orange: the doctor on duty has been told; promised by 14:05.", with the advice of the rules."""
    level = _(LEVEL_NAMES[came.level])
    if came.taken_by:
        first = _("{level}: {name} is on it.", level=level, name=unmarked(came.taken_by))
    elif came.due_at is not None and came.due_at < ask(lambda look: look.now):
        first = _("{level}: the promised time has passed. Please call a doctor now.", level=level)
    elif came.due_at is not None:
        zone = the_house().zone
        time = (clock if day_of(came.due_at, zone) == today() else moment)(came.due_at, zone)
        first = _(TOLD.get(came.role, TOLD["nurse"]), level=level, time=time)
    elif came.case_id is not None:
        first = _(
            "{level}: it waits in Replies. No hour was promised; please call a doctor now.", level=level
        )
    else:
        first = _("{level}: please call a doctor now.", level=level)
    return " ".join([first, *map(unmarked, came.advice)])


def show_urgent() -> None:
    """What was entered and is a sign: it stays until it is read, with the way to the case."""
    held = st.session_state.get("urgent_entries", [])
    st.session_state["urgent_entries"] = held = [one for one in held if monotonic() - one[0] < STANDS]
    for place, (since, text, level, case_id) in enumerate(held):
        with st.container(border=True, key=f"urgent_{place}"):
            (st.warning if level == "yellow" else st.error)(text, icon=":material/notification_important:")
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if case_id is not None and actor().may("reply.read"):
                    st.page_link(
                        REPLIES, label=_("Open it in Replies"), icon=":material/forum:",
                        query_params={"case": str(case_id)},
                    )  # fmt: skip
                if st.button(_("I have read it"), key=f"urgent_read_{place}_{since:.3f}"):
                    held.pop(place)
                    st.rerun()


def _label(entry: Entry) -> str:
    if entry.kind == "count":
        return _("How many in all that day")
    return _("Measured value in {unit}", unit=unmarked(entry.unit)) if entry.unit else _("Measured value")


def _range(entry: Entry) -> str:
    if entry.kind == "count" and entry.dose is not None:
        return _n("dose: {n} a day", "dose: {n} a day", entry.dose.total)
    if not entry.bounded:
        return ""
    return _("{low} to {high}", low=number(entry.low), high=number(entry.high))
