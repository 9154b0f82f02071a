"""The escalation roster: who takes the call on each day, filled for a run of days at once."""

from datetime import date

import streamlit as st

from core.people.escalation_roster import AHEAD, DutyDay, duty_roster
from core.people.staff import roster as staff
from pages.manager.roster.holidays import holidays_tab
from pages.manager.roster.run_of_days import run_of_days
from pages.manager.roster.shifts import shifts_tab
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.inputs import today
from pages.ui.sections import fold, tabs
from pages.ui.text import _, _n, day, html

WEEKS_SHOWN = 4
TAKES_CALLS = ("doctor", "nurse", "manager", "front_desk", "administrator")  # in the order of the list


def at_a_glance(days: list[DutyDay]) -> None:
    """Whether the next two weeks are covered."""
    gaps = [each for each in days[:AHEAD] if each.gap]
    if not gaps:
        st.success(_("The next {n} days are covered.", n=AHEAD), icon=":material/check_circle:")
        return
    named = " · ".join(day(each.day, weekday=True) for each in gaps[:5])
    more = f" · {_('and {n} more', n=len(gaps) - 5)}" if len(gaps) > 5 else ""
    st.warning(
        _n(
            "{n} of the next two weeks' days has nobody: {days}",
            "{n} of the next two weeks' days have nobody: {days}",
            len(gaps),
            days=named + more,
        ),
        icon=":material/event_busy:",
    )


def calendar(days: list[DutyDay], now: date) -> str:
    """Four weeks, one line per day; a gap says so in words."""
    rows = []
    for each in days:
        who = f"<b>{html(each.name)}</b> <span>{html(each.phone)}</span>"
        if each.gap:
            who = (
                f"<span class='pd-gap'>{_('nobody yet') if each.gap == 'empty' else _('has left us')}</span>"
            )
        behind = f"{html(each.backup)} <span>{html(each.backup_phone)}</span>" if each.backup else ""
        mark = " class='pd-now'" if each.day == now else ""
        rows.append(f"<tr{mark}><td>{day(each.day, weekday=True)}</td><td>{who}</td><td>{behind}</td></tr>")
    head = f"<tr><th>{_('Day')}</th><th>{_('Takes the call')}</th><th>{_('If not reached')}</th></tr>"
    return f"<table class='pd-roster'>{head}{''.join(rows)}</table>"


def day_by_day() -> None:
    """One line a day: the way in which a doctor's line is staffed the easy way."""
    now = today()
    found = ask(duty_roster, days=7 * WEEKS_SHOWN)
    at_a_glance(found)
    known = {each.staff_id: each.phone for each in found if each.staff_id}
    gap = next((each.day for each in found if each.gap), now)
    with st.container(key="duty_box"):
        # Open by itself while a day of the next two weeks has nobody.
        fold(
            _("Assign a run of days"), "duty_fold", lambda: run_of_days(people, known, now, gap),
            icon=":material/edit_calendar:", expanded=any(each.gap for each in found[:AHEAD]),
        )  # fmt: skip
    st.markdown(calendar(found, now), unsafe_allow_html=True)


open_page(
    "settings.write",
    _("Escalation roster"),
    _(
        "Who takes the call when something is wrong, every day. 120 comes first; this is the department's own line."
    ),
)
active = [member for member in ask(staff, only_active=True) if member.role in TAKES_CALLS]
people = {member.id: member for member in sorted(active, key=lambda each: TAKES_CALLS.index(each.role))}
if not people:
    empty_state(_("Nobody is in the staff list yet."), "manager/team/page.py", _("Staff"))
    st.stop()
tabs(
    {
        "days": (_("Day by day"), day_by_day),
        "shifts": (_("Shifts"), lambda: shifts_tab(people)),
        "holidays": (_("Public holidays"), holidays_tab),
    },
    "roster_tab",
    stay=True,
)
