"""Planning shifts: one person's daily span for a run of days, with whoever stands behind."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.dialogue.duty.duty import ROLE_NAMES
from core.dialogue.duty.shift_list import Shift
from core.dialogue.duty.shift_plan import clear, plan
from core.people.escalation_roster import AHEAD
from core.people.staff import StaffMember
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.inputs import today
from pages.ui.text import _, _n, day

# What a nurse's duty and a doctor's duty usually are.
USUAL = {"nurse": ("20:00", "22:00"), "doctor": ("00:00", "24:00")}
MAY = {
    "nurse": ("nurse", "doctor", "manager", "administrator"),
    "doctor": ("doctor", "manager", "administrator"),
}


def plan_shifts(people: dict[int, StaffMember], known: list[Shift]) -> None:
    """A daily span for a run of days; the role comes first, because it says who may and when that usually is."""
    phones = {one.backup_id or 0: one.backup_phone for one in known} | {
        one.staff_id: one.phone for one in known
    }
    form, now = Form("shifts"), today()
    form.of_now(ask(lambda look: look.now))
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
