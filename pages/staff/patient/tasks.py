"""Her tasks in the order of a nurse's day: what is open now, what comes later; what is past stays folded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from core.care.patient_file import PatientFile, Step
from core.care.plan.due_and_late import BAND_NAMES
from core.care.sale.enrolled import TaskLine
from core.care.work.missed import MissedVisit, missed_by
from core.care.work.tasks import mark_done, undo
from core.foundation import reasons
from core.foundation.access import ROLE_NAMES, Actor
from pages.staff.entry import asked
from pages.staff.missed import call_back, how_it_stands
from pages.staff.patient.visits import visit_form
from pages.ui.calls import ask, do, say, show_said
from pages.ui.form import Form
from pages.ui.frame import empty_state
from pages.ui.sections import fold, shut
from pages.ui.text import _, day, html, moment, unmarked

FEW = 3
NEXT = 6


def tasks(held: PatientFile, who: Actor) -> None:
    show_said("tasks")
    missed: dict[int | None, MissedVisit] = {
        one.task_id: one for one in ask(missed_by, patient_id=held.patient.id)
    }
    now = [step for step in held.coming if step.works]
    later = [step for step in held.coming if not step.works]
    hers = [step for step in now if not step.bookable]
    if len(hers) <= FEW:  # so few need no fold
        hers = []
    _rows(held, [step for step in now if step not in hers], who, missed)
    if hers:
        fold(
            _("What she does at home ({n})", n=len(hers)), "hers_at_home",
            lambda: _rows(held, hers, who, {}), icon=":material/home:",
        )  # fmt: skip
    for task in held.past:
        if task.done_on == held.today and task.state in ("done", "excused"):
            _done_today(task, who)
    ours = [step for step in later if step.bookable][:NEXT]
    if ours:
        st.markdown(f"**{_('Later')}**")
        st.html(_list(_later(held, step) for step in ours))
    if rest := [step for step in later if step not in ours]:
        fold(
            _("All that comes later ({n})", n=len(rest)), "later_tasks",
            lambda: st.html(_list(_later(held, step) for step in rest)), icon=":material/date_range:",
        )  # fmt: skip
    if not held.coming:
        empty_state(_("Nothing is open and nothing is planned."))
    if who.may("task.write") and any(step.task_id for step in held.coming):
        label = _("Book or move a visit")
        fold(label, "book_visit", lambda: _book(held), st.popover, icon=":material/event:")
    if held.past:
        label = _("Past ({n})", n=len(held.past))
        fold(label, "past_tasks", lambda: st.html(_list(_past(task) for task in held.past)))


def _rows(held: PatientFile, steps: list[Step], who: Actor, missed: dict[int | None, MissedVisit]) -> None:
    for step in steps:
        _row(held, step, who)
        if one := missed.get(step.task_id):
            _missed(one, who)


def _missed(one: MissedVisit, who: Actor) -> None:
    """The mark of a visit she did not come to, and calling her back."""
    key = f"missed_of_{one.appointment_id}"
    if not who.may("task.write"):
        st.caption(f":material/phone_missed: {how_it_stands(one)}")
    elif done := fold(how_it_stands(one), key, lambda: call_back(one), icon=":material/phone_missed:"):
        say(done, at="tasks")
        shut(key)
        st.rerun()


def _row(held: PatientFile, step: Step, who: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"step_{step.task_id}"):
        st.html(_now(held, step), width="stretch")
        done = who.may("task.write") and st.button(
            _("Done"), key=f"file_done_{step.task_id}", icon=":material/check:"
        )
        more = st.button(
            _("More"), key=f"file_more_{step.task_id}", help=_("Checklist, note, waive, did not come")
        )
    # A value is entered, and a list ticked, on the task's own card.
    if more or (done and step.task_id is not None and (step.listed or asked(step.task_id) is not None)):
        st.session_state["today_text"] = held.patient.record_number
        st.session_state["today_scope"], st.session_state["today_band"] = "all", None
        st.switch_page("staff/today/page.py", query_params={"task": str(step.task_id)})
    if done and do(mark_done, f"done_task_{step.task_id}", task_id=step.task_id):
        say(_("Done: {title}.", title=unmarked(step.title)), at="tasks")
        st.rerun()


def _done_today(task: TaskLine, who: Actor) -> None:
    key = f"undo_{task.task_id}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"step_{task.task_id}"):
        st.html(f"<div class='pd-step'>{_chip(task.band)}{html(task.title)}</div>", width="stretch")
        if not who.may("task.write"):
            return
        fold(_("Undo"), key, lambda: _reopen(task, key), st.popover)


def _reopen(task: TaskLine, key: str) -> None:
    form = Form()
    reason = form.field("reason", st.text_input, _("Reason"), key=f"{key}_reason", max_chars=reasons.LONGEST)
    if st.button(_("Reopen the task"), key=f"{key}_go", type="primary") and do(
        undo, key, place=form, task_id=task.task_id, reason=reason
    ):
        say(_("“{title}” is open again.", title=unmarked(task.title)), at="tasks")
        shut(key)
        st.rerun()


def _book(held: PatientFile) -> None:
    steps = {step.task_id: step for step in held.coming if step.task_id}
    chosen = st.selectbox(
        _("For which task"),
        list(steps),
        index=None,
        format_func=lambda number: f"{steps[number].title} · {_window(held, steps[number])}",
        placeholder=_("Choose from the list"),
        key="book_for",
    )
    if chosen:
        visit_form(held, steps[chosen], told_at="tasks", fold_key="book_visit")


# --- markup -----------------------------------------------------------------------------------------


def _chip(band: str) -> str:
    return f"<span class='pd-band pd-{band}'>{html(_(BAND_NAMES[band]))}</span>"


def _list(lines: Iterable[str]) -> str:
    return f"<ul class='pd-lines'>{''.join(lines)}</ul>"


def span(first: date, last: date) -> str:
    """The days of a window; one day is said once."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def _window(held: PatientFile, step: Step) -> str:
    if step.visit_at:
        return _("booked {when}", when=moment(step.visit_at, held.zone))
    return span(step.opens_on, step.closes_on)


def _now(held: PatientFile, step: Step) -> str:
    facts = " · ".join(
        part
        for part in (_window(held, step), step.place, _(ROLE_NAMES.get(step.role, "")) or _("Patient"))
        if part
    )
    words = (
        f"<details><summary>{html(_('What to say'))}</summary><div class='pd-quote'>{html(step.wording)}</div>"
        f"{html(_('Bring: {what}', what=step.bring))}</details>"
    )
    return f"<div class='pd-step'>{_chip(step.band)}<b>{html(step.title)}</b><small>{html(facts)}</small>{words}</div>"


def _later(held: PatientFile, step: Step) -> str:
    title = html(step.title or _("Visit"))
    return f"<li><span>{_chip(step.band)}</span><span>{title}</span><small>{html(_window(held, step))}</small></li>"


def _past(task: TaskLine) -> str:
    when = day(task.done_on) if task.done_on else span(task.opens_on, task.closes_on)
    note = " · ".join(part for part in (when, task.reason or task.evidence) if part)
    return (
        f"<li><span>{_chip(task.band)}</span><span>{html(task.title)}</span><small>{html(note)}</small></li>"
    )
