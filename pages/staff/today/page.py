"""Today: who is due, what to say, and one act per task."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.care.plan.due_and_late import BAND_NAMES
from core.care.work.missed import missed_visits
from core.care.work.worklist import DueList, DueRow, due_list
from core.people.escalation_roster import on_duty
from pages.staff.entry import show_urgent
from pages.staff.making_good import to_pay_today
from pages.staff.task_card import due_when, task_card
from pages.staff.today.asking import TONES, asked, choose, nothing
from pages.staff.today.missed import MISSED, missed_list, open_missed
from pages.staff.today.mistakes import marked_list, reopen, second_click, way_back
from pages.staff.today.paper import paper_list
from pages.staff.waiting_words import words_of, words_of_all
from pages.ui.calls import actor, ask
from pages.ui.frame import open_page, the_house
from pages.ui.rows import (
    Column,
    Line,
    State,
    close,
    heading,
    open_here,
    opened,
    page_of,
    pages,
    rows,
)
from pages.ui.text import _, full_day, unmarked

PAGE = 100


def line(row: DueRow, zone: ZoneInfo, missed: set[int]) -> Line:
    when = due_when(row, zone)
    week = row.week_text or _("day {n}", n=row.day_number)
    band = State(_(BAND_NAMES[row.band]), TONES[row.band])
    cells = (f"{row.patient_name} · {week}", when, row.title, row.place.name, band)
    return Line(str(row.task_id), cells, _("Did not come last time") if row.task_id in missed else "")


def escalation() -> None:
    """Who takes the escalation call today; a gap is said only to those who can fill it."""
    duty = ask(on_duty)
    if not duty.gap:
        behind = (
            f" · {_('if not reached')} {unmarked(f'{duty.backup} {duty.backup_phone}')}"
            if duty.backup
            else ""
        )
        st.caption(
            f":material/phone_in_talk: {_('Escalation today')} **{unmarked(duty.name)}** {unmarked(duty.phone)}{behind}"
        )
    elif actor().may("settings.write"):
        st.page_link(
            "manager/roster/page.py",
            label=_("Nobody takes the escalation call today"),
            icon=":material/phone_in_talk:",
        )


def open_task(found: DueList) -> bool:
    """The task that lies open in the place of the list, with the way to the next one."""
    ids = [str(row.task_id) for row in found.rows]
    if opened("task") not in ids:
        # The second click of a double click comes with the address of the task that is done; the way back has none.
        following = st.session_state.get("today_following", "")
        if opened("task") and second_click() and following in ids:
            open_here("task", following)
        return False
    place = ids.index(opened("task"))
    row, following = found.rows[place], (ids[place + 1 :] + ids[:place])[:1]
    way_back()
    heading(f"{row.patient_name} · {row.title}", _("All tasks of today"), "task", "today")
    st.caption(_("{n} of {total}", n=place + 1, total=found.total))
    words_of(row.patient_id)
    if task_card(row):
        if following:
            st.session_state["today_following"] = following[0]
            open_here("task", following[0])
        close("task", "today")
    return True


open_page("task.read", _("Today"), full_day(ask(lambda look: look.today)))
zone = the_house().zone
show_urgent()
if opened("paper"):
    paper_list(zone)
    st.stop()
if opened("marked") and reopen(opened("marked")):
    st.stop()
missed = ask(missed_visits)
if opened(MISSED) and open_missed(missed, opened(MISSED)):
    st.stop()
wanted = asked()
number = page_of("today", *map(str, wanted.values()))
found = ask(due_list, **wanted, limit=PAGE, offset=(number - 1) * PAGE)
# A thing she does herself was opened from elsewhere: it is not among the team's own.
hers = (
    opened("task") and wanted["by_staff"] and opened("task") not in [str(row.task_id) for row in found.rows]
)
if open_task(ask(due_list, **wanted | {"by_staff": False}, limit=PAGE) if hers else found):
    st.stop()
way_back()
choose({band: found.counts.get(band, 0) for band in TONES})
escalation()
words_of_all()
to_pay_today()
missed_list(missed)
if found.rows:
    to_call = {one.task_id for one in missed}
    columns = [Column(_("Patient"), 1.3), Column(_("When"), 0.8), Column(_("Task"), 1.5), Column(_("Where")),
               Column(_("State"), 0.7)]  # fmt: skip
    chosen = rows(_("Today"), columns, [line(row, zone, to_call) for row in found.rows], "today")
    pages("today", number, -(-found.total // PAGE), PAGE, found.total)
    if chosen:
        open_here("task", chosen)
else:
    nothing(bool(wanted["text"]))
marked_list(zone)
if found.rows and st.button(_("Paper list, and typing it back"), icon=":material/print:"):
    open_here("paper", "1")
