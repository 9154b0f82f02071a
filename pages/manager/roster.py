"""The escalation roster: who takes the call on each day, filled for a run of days at once."""

from datetime import date, timedelta

import streamlit as st

from core.people.escalation import AHEAD, DutyDay, clear, duty_roster, fill
from core.people.staff import StaffMember
from core.people.staff import roster as staff
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state, open_page
from pages.ui.inputs import today
from pages.ui.sections import fold
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


def run_of_days(people: dict[int, StaffMember], phones: dict[int, str], now: date, gap: date) -> None:
    """Name one person for a run of days; the form begins at the first gap."""
    form = Form()
    left, right = st.columns(2)
    who = form.field(
        "staff_id",
        left.selectbox,
        _("Takes the call"),
        list(people),
        format_func=lambda i: people[i].name,
        key="duty_who",
    )
    behind = form.field(
        "backup_id",
        right.selectbox,
        _("If not reached (optional)"),
        [0, *people],
        format_func=lambda i: people[i].name if i else "–",
        key="duty_backup",
    )
    with st.form("duty", border=False):
        left, right = st.columns(2)
        phone = form.field(
            "phone", left.text_input, _("Telephone"), phones.get(who, ""), key=f"duty_phone_{who}"
        )
        backup_phone = form.field(
            "backup_phone",
            right.text_input,
            _("Second telephone"),
            phones.get(behind, ""),
            key=f"duty_backup_phone_{behind}",
            disabled=not behind,
        )
        left, right = st.columns(2)  # a pair of its own, so that a phone shows both days together
        first = form.field("first", left.date_input, _("From"), gap, min_value=now)
        last = form.field(
            "last", right.date_input, _("To (included)"), gap + timedelta(days=AHEAD - 1), min_value=now
        )
        names = [day(date(2024, 1, 1) + timedelta(days=n), weekday=True).split()[0] for n in range(7)]
        chosen = form.field(
            "weekdays",
            st.pills,
            _("On these weekdays"),
            range(7),
            selection_mode="multi",
            default=range(7),
            format_func=names.__getitem__,
        )
        filled = st.form_submit_button(_("Assign"), type="primary", icon=":material/edit_calendar:")
        emptied = st.form_submit_button(_("Clear these days"))
    if filled:
        outcome = do(
            fill, "duty", place=form, first=first, last=last, staff_id=who, phone=phone, weekdays=list(chosen or []),
            backup_id=behind or None, backup_phone=backup_phone,
        )  # fmt: skip
        if outcome:
            say(_n("{n} day assigned.", "{n} days assigned.", outcome.value))
            st.rerun()
    if emptied and do(clear, "duty_clear", place=form, first=first, last=last):
        say(_("The days are cleared."))
        st.rerun()


open_page(
    "settings.write",
    _("Escalation roster"),
    _(
        "Who takes the call when something is wrong, every day. 120 comes first; this is the department's own line."
    ),
)
now = today()
found = ask(duty_roster, days=7 * WEEKS_SHOWN)
at_a_glance(found)
active = [member for member in ask(staff, only_active=True) if member.role in TAKES_CALLS]
people = {member.id: member for member in sorted(active, key=lambda each: TAKES_CALLS.index(each.role))}
if not people:
    empty_state(_("Nobody is in the staff list yet."), "manager/team/page.py", _("Staff"))
    st.stop()
known = {each.staff_id: each.phone for each in found if each.staff_id}
entry, shown = st.columns([1, 1.15])
gap = next((each.day for each in found if each.gap), now)
with entry.container(key="duty_box"):
    # Open by itself while a day of the next two weeks has nobody.
    fold(
        _("Assign a run of days"), "duty_fold", lambda: run_of_days(people, known, now, gap),
        icon=":material/edit_calendar:", expanded=any(each.gap for each in found[:AHEAD]),
    )  # fmt: skip
shown.markdown(calendar(found, now), unsafe_allow_html=True)
