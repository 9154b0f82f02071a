"""What comes next for her, with moving and calling: a strip that stays in sight while her file scrolls."""

from __future__ import annotations

import streamlit as st

from core.care.patient_file import PatientFile, Step
from core.care.quiet_care import mark_called
from core.foundation.access import Actor
from pages.staff.calling import dialled, grouped
from pages.staff.patient.visits import visit_form
from pages.ui.calls import do, say, show_said
from pages.ui.sections import fold
from pages.ui.text import _, clock, day, full_day, html, moment


def strip(held: PatientFile, who: Actor) -> None:
    with st.container(key="file_strip"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(_next(held), width="stretch")
            if held.stop is not None:
                _promised(held, who)
            elif held.next is not None and held.next.bookable and who.may("task.write"):
                _move(held, held.next)
            if held.patient.phone:
                _call(held.patient.phone)
        show_said("strip")


def _next(held: PatientFile) -> str:
    """The one sentence: when and where, or who calls her."""
    if held.stop is not None:
        return _line(*_quiet(held))
    step = held.next
    if step is None:
        return _line(_("Nothing is planned"), "")
    if step.visit_at is not None:
        when = f"{day(step.visit_at.astimezone(held.zone).date(), weekday=True)} {clock(step.visit_at, held.zone)}"
        return _line(
            _("Next: {what}", what=" · ".join(part for part in (when, step.place) if part)), step.title
        )
    if step.works:
        return _line(
            _("Next: {what}", what=step.title),
            _("until {day}", day=day(step.closes_on, weekday=True)),
            step.place,
        )
    return _line(
        _("Next: {what}", what=step.title), _("from {day}", day=day(step.opens_on, weekday=True)), step.place
    )


def _quiet(held: PatientFile) -> tuple[str, str]:
    stop = held.stop
    assert stop is not None
    since = _("Quiet care since {day}. Nothing is sent or offered.", day=full_day(stop.day))
    if stop.called_at is None:
        return _("{name} has promised to call.", name=stop.caller_name), since
    return _("{name} called on {when}.", name=stop.caller_name, when=moment(stop.called_at, held.zone)), since


def _line(first: str, *more: str) -> str:
    below = " · ".join(part for part in more if part)
    return (
        f"<div class='pd-next'><b>{html(first)}</b>{f'<small>{html(below)}</small>' if below else ''}</div>"
    )


def _move(held: PatientFile, step: Step) -> None:
    fold(
        _("Move") if step.visit_at else _("Book a visit"),
        "move_next",
        lambda: visit_form(held, step, told_at="strip", fold_key="move_next"),
        st.popover,
        icon=":material/event:",
        width="content",
    )


def _promised(held: PatientFile, who: Actor) -> None:
    stop = held.stop
    assert stop is not None
    if (
        stop.called_at is None
        and who.may("enrolment.stop")
        and st.button(_("The call was made"), type="primary")
        and do(mark_called, f"called_{stop.stop_id}", stop_id=stop.stop_id)
    ):
        say(_("Thank you. The call is noted."), at="strip")
        st.rerun()


def _call(phone: str) -> None:
    """The number to be read, and to be dialled where this screen can."""
    words = html(_("Call {phone}", phone=grouped(phone)))
    st.html(f"<a class='pd-call' href='{dialled(phone)}'>{words}</a>", width="content")
