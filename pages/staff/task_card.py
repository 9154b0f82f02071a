"""One task with its wording and its acts: done, excused, did not come, book a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import streamlit as st

from core.care.work import appointments
from core.care.work.tasks import excuse, mark_done, mark_no_show
from core.care.work.worklist import DueRow
from core.foundation.clock import at
from core.foundation.language import N_
from pages.ui.calls import ask, do, say
from pages.ui.frame import facts
from pages.ui.inputs import today
from pages.ui.text import _, _n, day, html, moment


@dataclass(frozen=True)
class Band:
    """A band by its word and Streamlit's name of its colour; the word is always shown."""

    name: str
    colour: str


BANDS = {
    "overdue": Band(N_("Overdue"), "red"),
    "due": Band(N_("Due"), "orange"),
    "open": Band(N_("Open"), "blue"),
    "upcoming": Band(N_("Upcoming"), "gray"),
    "expired": Band(N_("Expired"), "gray"),
    "done": Band(N_("Done"), "green"),
    "excused": Band(N_("Excused"), "violet"),
    "cancelled": Band(N_("Cancelled"), "gray"),
    "not_applicable": Band(N_("Not applicable"), "gray"),
}
REASONS = (
    N_("The doctor said rest"),
    N_("Done at another hospital, report seen"),
    N_("Not needed for her, decided by the doctor"),
)


def task_card(row: DueRow) -> None:
    with st.container(border=True):
        window = f"{day(row.opens_on)} – {day(row.closes_on)}"
        st.markdown(
            f"**{row.title}** · {row.patient_name} · {_('phone ends {end}', end=row.phone_end)} · {window}"
        )
        st.markdown(f"<div class='pd-quote'>{html(row.wording)}</div>", unsafe_allow_html=True)
        place = " · ".join(part for part in (row.place.name, row.place.floor, row.place.route) if part)
        left, right = st.columns(2)
        left.caption(_("Where: {place}", place=place))
        right.caption(
            f"{_('Bring: {what}', what=row.bring)} · {_n('{n} minute', '{n} minutes', row.minutes)}"
        )
        if row.appointment_at:
            st.caption(_("Visit booked for {when}", when=moment(row.appointment_at, facts().zone)))
        ticked = _checklist(row)
        note = st.text_input(_("Note or finding number (optional)"), key=f"note_{row.task_id}")
        _acts(row, " · ".join([*ticked, note] if note else ticked))


def _checklist(row: DueRow) -> list[str]:
    if not row.checklist:
        return []
    picked = st.pills(
        _("Ticked off"),
        [item.text for item in row.checklist],
        selection_mode="multi",
        key=f"list_{row.task_id}",
    )
    return list(picked or [])


def _acts(row: DueRow, evidence: str) -> None:
    acts = iter(st.columns([1.3, 1, 1, 1, 1] if row.appointment_at else [1.3, 1, 1, 1]))
    done, rest = next(acts), next(acts)
    key = f"task_{row.task_id}"
    if done.button(
        _("Done"), key=f"done_{key}", type="primary", icon=":material/check:", width="stretch"
    ) and do(mark_done, f"done_{key}", task_id=row.task_id, evidence=evidence[:300]):
        _next(_("Done: {title} · {name}.", title=row.title, name=row.patient_name))
    with rest.popover(_("Excuse"), width="stretch"):
        st.caption(
            _("Excused counts as done: badge and all. Late is no reason to excuse; just mark it done.")
        )
        chosen = st.radio(_("Reason"), [*REASONS, ""], format_func=lambda r: _(r) if r else _("Other"),
                          key=f"why_{key}")  # fmt: skip
        words = st.text_input(_("In your words"), key=f"words_{key}") if not chosen else ""
        if st.button(_("Excuse this task"), key=f"excuse_{key}", type="primary") and do(
            excuse, f"excuse_{key}", task_id=row.task_id, reason=_(chosen) if chosen else words
        ):
            _next(_("Excused: {title} · {name}.", title=row.title, name=row.patient_name))
    if (
        row.appointment_at
        and next(acts).button(_("Did not come"), key=f"missed_{key}", width="stretch")
        and do(mark_no_show, f"missed_{key}", task_id=row.task_id)
    ):
        _next(
            _(
                "Noted: {name} did not come. The task stays open; call her to find a new day.",
                name=row.patient_name,
            )
        )
    with next(acts).popover(_("Move visit") if row.appointment_at else _("Book visit"), width="stretch"):
        _book(row, key)
    if next(acts).button(_("Patient"), key=f"who_{key}", width="stretch"):
        st.switch_page("staff/patient/page.py", query_params={"id": str(row.patient_id)})


def _book(row: DueRow, key: str) -> None:
    first = max(today(), row.opens_on)
    on = st.date_input(_("Day"), first, min_value=today(), key=f"day_{key}")
    hour = st.time_input(_("Time"), time(9, 0), step=timedelta(minutes=15), key=f"hour_{key}")
    if not st.button(_("Book"), key=f"book_{key}", type="primary"):
        return
    when: datetime = at(on, hour, facts().zone)
    if row.appointment_id:
        outcome = do(appointments.reschedule, f"book_{key}", appointment_id=row.appointment_id, at=when)
    else:
        outcome = do(
            appointments.book, f"book_{key}", patient_id=row.patient_id, at=when, task_id=row.task_id
        )
    if outcome:
        say(_("Visit booked for {when}.", when=moment(when, ask(lambda look: look.zone))))
        st.rerun()


def _next(text: str) -> None:
    """Say what happened; the list then opens its next line by itself."""
    say(text)
    st.session_state.pop("today_task", None)
    st.rerun()
