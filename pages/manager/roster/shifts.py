"""Shifts by role: what is promised and not covered, who comes when, who took and handed over."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.dialogue.duty.coverage import Gap, gaps, promises_given
from core.dialogue.duty.duty import ROLE_NAMES, OnDuty, now_on_duty
from core.dialogue.duty.shift_list import Shift, coming, lately
from core.people.escalation_roster import AHEAD
from core.people.staff import StaffMember
from pages.manager.roster.planning import plan_shifts
from pages.ui.calls import ask
from pages.ui.frame import the_house
from pages.ui.sections import fold
from pages.ui.shifts import hours, until
from pages.ui.text import _, _n, clock, html, moment, unmarked

SHOWN = 5
FIRST_SHIFTS = 12  # about three days; the others lie folded below
SOON = timedelta(hours=12)  # from then on a shift that nobody has taken is said to be so


def shifts_tab(people: dict[int, StaffMember]) -> None:
    """The tab: now, gaps, the plan, and what was taken and handed over."""
    found, promised = ask(coming), bool(ask(promises_given))
    _covered(ask(gaps), promised)
    _now(ask(now_on_duty))
    with st.container(key="shift_box"):
        fold(
            _("Plan shifts"), "shift_fold", lambda: plan_shifts(people, found), icon=":material/edit_calendar:",
            expanded=promised and not found,
        )  # fmt: skip
    if not found:
        st.caption(
            _("No shift is planned. Without one, the doctor of the day is whoever stands in “Day by day”.")
        )
    else:
        st.markdown(_table(found[:FIRST_SHIFTS]), unsafe_allow_html=True)
    if later := found[FIRST_SHIFTS:]:
        fold(
            _n("and {n} later shift", "and {n} later shifts", len(later)), "shift_later",
            lambda: st.markdown(_table(later), unsafe_allow_html=True), icon=":material/date_range:",
        )  # fmt: skip
    done = ask(lately)
    if done:
        fold(
            _("Taken and handed over lately ({n})", n=len(done)), "shift_past",
            lambda: st.markdown(_past(done), unsafe_allow_html=True), icon=":material/history:",
        )  # fmt: skip


def _covered(found: list[Gap], promised: bool) -> None:
    if not promised:
        st.info(
            _("No package promises a time to answer, so nobody needs a shift yet."), icon=":material/info:"
        )
        return
    if not found:
        st.success(
            _("For everything promised somebody is on duty in the next {n} days.", n=AHEAD),
            icon=":material/check_circle:",
        )
        return
    zone = the_house().zone
    lines = [
        _("{role}: {hours}", role=_(ROLE_NAMES[one.role]), hours=hours(one.starts_at, one.ends_at, zone))
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(_n("and {n} more time", "and {n} more times", len(found) - SHOWN))
    title = _n(
        "{n} time something is promised and nobody is on duty:",
        "{n} times something is promised and nobody is on duty:",
        len(found),
    )
    st.warning("  \n".join([title, *lines]), icon=":material/event_busy:")


def _now(found: list[OnDuty]) -> None:
    if found:
        zone = the_house().zone
        each = [
            _(
                "{role} now: {name}, {phone}, until {time}",
                role=_(ROLE_NAMES[one.role]),
                name=one.name,
                phone=one.phone,
                time=until(one.ends_at, zone),
            )
            for one in found
        ]
        st.caption(unmarked(" · ".join(each)))


def _table(found: list[Shift]) -> str:
    """One line per shift: when, whose duty, who, taken."""
    rows = []
    for one in found:
        who = f"<b>{html(one.name)}</b> <span>{html(one.phone)}</span>"
        if not one.active:
            who = f"<span class='pd-gap'>{html(one.name)} · {_('has left us')}</span>"
        elif one.backup:
            who += f" · {_('If not reached')} {html(one.backup)} <span>{html(one.backup_phone)}</span>"
        rows.append(
            f"<tr><td>{_when(one)}</td><td>{_(ROLE_NAMES[one.role])}</td><td>{who}</td><td>{_taken(one)}</td></tr>"
        )
    return _sheet((_("Shift"), _("Duty of"), _("On duty"), _("Taken")), rows)


def _sheet(titles: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f"<th>{title}</th>" for title in titles)
    return f"<table class='pd-roster pd-shifts'><tr>{head}</tr>{''.join(rows)}</table>"


def _when(one: Shift) -> str:
    return hours(one.starts_at, one.ends_at, the_house().zone)


def _taken(one: Shift) -> str:
    zone = the_house().zone
    if one.received_at:
        return _("handed to {name}, {time}", name=html(one.handed_to), time=clock(one.received_at, zone))
    if one.handed_at:
        return _("handed to {name}, not confirmed yet", name=html(one.handed_to))
    if one.taken_at:
        return _("taken {time}", time=moment(one.taken_at, zone))
    soon = one.starts_at - ask(lambda look: look.now) < SOON
    return f"<span class='pd-gap'>{_('not yet')}</span>" if soon else ""


def _past(found: list[Shift]) -> str:
    zone = the_house().zone
    rows = []
    for one in found:
        handed = ""
        if one.handed_at:
            handed = f"{clock(one.handed_at, zone)} → {html(one.handed_to)}"
            handed += f", {clock(one.received_at, zone)}" if one.received_at else f", {_('not confirmed')}"
            handed += f" · {_n('{n} open case', '{n} open cases', len(one.open_cases))}"
            handed += f"<br>{html(one.note)}" if one.note else ""
        taken = f" · {_('taken {time}', time=moment(one.taken_at, zone))}" if one.taken_at else ""
        rows.append(
            f"<tr><td>{_when(one)}</td><td>{_(ROLE_NAMES[one.role])}</td>"
            f"<td>{html(one.name)}{taken}</td><td>{handed}</td></tr>"
        )
    return _sheet((_("Shift"), _("Duty of"), _("On duty"), _("Handed over")), rows)
