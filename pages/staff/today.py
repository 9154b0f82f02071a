"""Today: who is due, what to say, and one act per line."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.care.work.tasks import undo
from core.care.work.worklist import WORKING_BANDS, DueRow, due_list, marked_lately
from core.foundation.access import ROLE_NAMES
from core.people.escalation import on_duty
from pages.staff.task_card import BANDS, task_card
from pages.ui.calls import actor, ask, do, say
from pages.ui.frame import empty_state, facts, open_page
from pages.ui.text import _, clock, full_day

STEP = 15
# Patients' own tasks carry the role "patient"; staff see them with everything else.
ROLES = ("", "nurse", "doctor", "front_desk")


def choose() -> dict[str, object]:
    """Filters above the list; what was chosen stays for this session."""
    bands, more = st.columns([3, 1], vertical_alignment="bottom")
    chosen = bands.pills(
        _("Tasks that are"),
        [*WORKING_BANDS, "upcoming", "expired"],
        selection_mode="multi",
        default=list(WORKING_BANDS),
        format_func=lambda band: _(BANDS[band].name),
        key="today_bands",
    )
    words, who = st.session_state.get("today_text", ""), st.session_state.get("today_role", "")
    active = " · ".join(part for part in (words, _(ROLE_NAMES[who]) if who else "") if part)
    with more.popover(active or _("Search and filter"), icon=":material/search:", width="stretch"):
        words = st.text_input(_("Name, phone end or record number"), key="today_text")
        who = st.selectbox(
            _("For"), ROLES, format_func=lambda r: _(ROLE_NAMES[r]) if r else _("Everybody"), key="today_role"
        )
    return {"bands": chosen or list(WORKING_BANDS), "role": who, "text": words}


def label(row: DueRow, zone: ZoneInfo) -> str:
    """One line: band, time, patient, week, task, place."""
    band = BANDS[row.band]
    time = f"{clock(row.appointment_at, zone)} " if row.appointment_at else ""
    week = f" {row.week_text}" if row.week_text else ""
    return f":{band.colour}-badge[{_(band.name)}] {time}**{row.patient_name}**{week} · {row.title} · {row.place.name}"


def show(rows: list[DueRow], zone: ZoneInfo) -> None:
    """One line per task, the open one with its card beneath; the first is open when nothing is chosen."""
    shown = int(st.session_state.get("today_shown", STEP))
    ids = [row.task_id for row in rows]
    chosen = st.session_state.get("today_task")
    if chosen not in ids:
        chosen = ids[0]
    for row in rows[:shown]:
        is_open = row.task_id == chosen
        if st.button(
            label(row, zone),
            key=f"row_{row.task_id}",
            width="stretch",
            type="tertiary" if is_open else "secondary",
        ):
            st.session_state["today_task"] = row.task_id
            st.rerun()
        if is_open:
            task_card(row)
    if len(rows) > shown and st.button(_("Show more ({n} left)", n=len(rows) - shown)):
        st.session_state["today_shown"] = shown + STEP
        st.rerun()


def escalation() -> None:
    """Who takes the escalation call today; a gap is said only to those who can fill it."""
    duty = ask(on_duty)
    if not duty.gap:
        behind = f" · {_('if not reached')} {duty.backup} {duty.backup_phone}" if duty.backup else ""
        st.caption(f":material/phone_in_talk: {_('Escalation today')} **{duty.name}** {duty.phone}{behind}")
    elif actor().may("settings.write"):
        st.page_link(
            "manager/roster.py",
            label=_("Nobody takes the escalation call today"),
            icon=":material/phone_in_talk:",
        )


def take_back(zone: ZoneInfo) -> None:
    """What was marked today, with undo beside each."""
    marked = ask(marked_lately)
    if not marked:
        return
    names = {"done": _("done"), "excused": _("excused")}
    with st.expander(_("Marked today ({n}); undo here", n=len(marked)), icon=":material/undo:"):
        for line in marked[:30]:
            text, act = st.columns([4, 1], vertical_alignment="center")
            text.write(f"{clock(line.changed_at, zone)} · {line.patient_name} · {line.title} · "
                       f"{names.get(line.state, line.state)}")  # fmt: skip
            with act.popover(_("Undo")):
                reason = st.text_input(_("Reason"), key=f"undo_reason_{line.task_id}")
                if st.button(_("Reopen the task"), key=f"undo_{line.task_id}", type="primary") and do(
                    undo, f"undo_{line.task_id}", task_id=line.task_id, reason=reason
                ):
                    st.session_state["today_task"] = line.task_id
                    say(_("“{title}” of {name} is open again.", title=line.title, name=line.patient_name))
                    st.rerun()


open_page("task.read", _("Today"), full_day(ask(lambda look: look.today)))
zone = facts().zone
filters = choose()
found = ask(due_list, **filters)
counts = " · ".join(f"{_(BANDS[band].name)} {n}" for band, n in found.counts.items() if n and band in BANDS)
st.caption(counts)
escalation()
take_back(zone)
if found.rows:
    show(found.rows, zone)
elif filters["text"]:
    empty_state(_("Nothing found. Check the spelling or clear the search."))
elif actor().may("enrolment.write"):
    empty_state(
        _("Nothing to do now. Enrol a patient, and her tasks appear here when their window opens."),
        "staff/enrol/page.py",
        _("Offer and enrol"),
    )
else:
    empty_state(_("Nothing to do now. Tasks appear here when their window opens."))
