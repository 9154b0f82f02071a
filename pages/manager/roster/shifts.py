"""Shifts by role: what is promised and not covered, who comes when, who took and handed over."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.dialogue.duty.coverage import Gap, gaps, promises_given
from core.dialogue.duty.duty import ROLE_NAMES, OnDuty, now_on_duty
from core.dialogue.duty.shift_list import Shift, coming, lately
from core.dialogue.duty.shift_plan import clear, plan
from core.people.escalation_roster import AHEAD
from core.people.staff import StaffMember
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import today
from pages.ui.sections import fold
from pages.ui.shifts import hours, times, until
from pages.ui.text import _, _n, clock, day, html, moment

# What a nurse's duty and a doctor's duty usually are.
USUAL = {"nurse": ("20:00", "22:00"), "doctor": ("00:00", "24:00")}
MAY = {
    "nurse": ("nurse", "doctor", "manager", "administrator"),
    "doctor": ("doctor", "manager", "administrator"),
}
SHOWN = 5


def shifts_tab(people: dict[int, StaffMember]) -> None:
    """The tab: now, gaps, the plan, and what was taken and handed over."""
    found, promised = ask(coming), bool(ask(promises_given))
    _covered(ask(gaps), promised)
    _now(ask(now_on_duty))
    entry, shown = st.columns([1, 1.15])
    with entry.container(key="shift_box"):
        fold(
            _("Plan shifts"), "shift_fold", lambda: _plan(people, found), icon=":material/edit_calendar:",
            expanded=promised and not found,
        )  # fmt: skip
    with shown:
        if not found:
            st.caption(
                _(
                    "No shift is planned. Without one, the doctor of the day is whoever stands in “Day by day”."
                )
            )
        else:
            st.markdown(_table(found), unsafe_allow_html=True)
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
        st.caption(" · ".join(each))


def _plan(people: dict[int, StaffMember], known: list[Shift]) -> None:
    """A daily span for a run of days; the role comes first, because it says who may and when that usually is."""
    phones = {one.backup_id or 0: one.backup_phone for one in known} | {
        one.staff_id: one.phone for one in known
    }
    form, now = Form(), today()
    role = form.field(
        "role", st.segmented_control, _("Duty of"), list(ROLE_NAMES), default="nurse", required=True,
        format_func={code: _(name) for code, name in ROLE_NAMES.items()}.__getitem__, key="shift_role",
    )  # fmt: skip
    ranked = sorted(
        (one for one in people.values() if one.role in MAY[role]), key=lambda one: MAY[role].index(one.role)
    )
    able = {one.id: one for one in ranked}
    if not able:
        st.info(_("Nobody in the staff list may do this duty yet."))
        return
    left, right = st.columns(2)
    who = form.field(
        "staff_id", left.selectbox, _("On duty"), list(able), format_func=lambda i: able[i].name,
        key=f"shift_who_{role}",
    )  # fmt: skip
    behind = form.field(
        "backup_id", right.selectbox, _("If not reached (optional)"), [0, *able],
        format_func=lambda i: able[i].name if i else "–", key=f"shift_backup_{role}",
    )  # fmt: skip
    with st.form("shifts", border=False):
        left, right = st.columns(2)
        phone = form.field(
            "phone", left.text_input, _("Telephone"), phones.get(who, ""), key=f"shift_phone_{role}_{who}"
        )
        backup_phone = form.field(
            "backup_phone", right.text_input, _("Second telephone"), phones.get(behind, ""),
            key=f"shift_second_{role}_{behind}", disabled=not behind,
        )  # fmt: skip
        left, right = st.columns(2)
        opens = form.field(
            "opens", left.text_input, _("From (hour)"), USUAL[role][0], key=f"shift_opens_{role}"
        )
        closes = form.field(
            "closes", right.text_input, _("To (hour)"), USUAL[role][1], key=f"shift_closes_{role}"
        )
        left, right = st.columns(2)
        first = form.field("first", left.date_input, _("From"), now, min_value=now, key="shift_first")
        last = form.field(
            "last",
            right.date_input,
            _("To (included)"),
            now + timedelta(days=AHEAD - 1),
            min_value=now,
            key="shift_last",
        )
        weekdays = form.field(
            "weekdays", st.pills, _("On these weekdays"), range(7), selection_mode="multi", default=range(7),
            format_func=_weekday_names().__getitem__, key="shift_weekdays",
        )  # fmt: skip
        planned = st.form_submit_button(_("Plan"), type="primary", icon=":material/edit_calendar:")
        emptied = st.form_submit_button(_("Clear these days"))
    if planned:
        outcome = do(
            plan, "shifts", place=form, role=role, first=first, last=last, opens=opens.strip(), closes=closes.strip(),
            staff_id=who, phone=phone, weekdays=list(weekdays or []), backup_id=behind or None,
            backup_phone=backup_phone,
        )  # fmt: skip
        if outcome:
            say(_n("{n} shift planned.", "{n} shifts planned.", outcome.value))
            st.rerun()
    if emptied and do(clear, "shift_clear", place=form, role=role, first=first, last=last):
        say(_("The shifts of these days are cleared."))
        st.rerun()


def _weekday_names() -> list[str]:
    return [day(date(2024, 1, 1) + timedelta(days=n), weekday=True).split()[0] for n in range(7)]


def _table(found: list[Shift]) -> str:
    rows = []
    for one in found:
        who = f"<b>{html(one.name)}</b> <span>{html(one.phone)}</span>"
        if not one.active:
            who = f"<span class='pd-gap'>{html(one.name)} · {_('has left us')}</span>"
        elif one.backup:
            who += f"<br>{_('If not reached')} {html(one.backup)} <span>{html(one.backup_phone)}</span>"
        rows.append(f"<tr><td>{_when(one)}</td><td>{who}</td><td>{_taken(one)}</td></tr>")
    head = f"<tr><th>{_('Shift')}</th><th>{_('On duty')}</th><th>{_('Taken')}</th></tr>"
    return f"<table class='pd-roster'>{head}{''.join(rows)}</table>"


def _when(one: Shift) -> str:
    """The cell of a table, in short lines for a narrow screen."""
    zone = the_house().zone
    first = day(one.starts_at.astimezone(zone).date(), weekday=True)
    return f"{first}<br>{times(one.starts_at, one.ends_at, zone).replace(' – ', ' –<br>')}<br>{_(ROLE_NAMES[one.role])}"


def _taken(one: Shift) -> str:
    zone = the_house().zone
    if one.received_at:
        return _("handed to {name}, {time}", name=html(one.handed_to), time=clock(one.received_at, zone))
    if one.handed_at:
        return _("handed to {name}, not confirmed yet", name=html(one.handed_to))
    return moment(one.taken_at, zone) if one.taken_at else f"<span class='pd-gap'>{_('not yet')}</span>"


def _past(found: list[Shift]) -> str:
    zone = the_house().zone
    rows = []
    for one in found:
        handed = ""
        if one.handed_at:
            handed = f"{clock(one.handed_at, zone)} → {html(one.handed_to)}"
            handed += f", {clock(one.received_at, zone)}" if one.received_at else f", {_('not confirmed')}"
            handed += f"<br>{_n('{n} open case', '{n} open cases', len(one.open_cases))}"
            handed += f"<br>{html(one.note)}" if one.note else ""
        rows.append(
            f"<tr><td>{_when(one)}</td>"
            f"<td>{html(one.name)}<br>{_('taken {time}', time=moment(one.taken_at, zone)) if one.taken_at else ''}</td>"
            f"<td>{handed}</td></tr>"
        )
    head = f"<tr><th>{_('Shift')}</th><th>{_('On duty')}</th><th>{_('Handed over')}</th></tr>"
    return f"<table class='pd-roster'>{head}{''.join(rows)}</table>"
