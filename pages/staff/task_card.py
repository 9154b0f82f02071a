"""One task with its facts, its wording and its acts: done, and behind "more" waived, did not come, book a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from core.care.work import appointments
from core.care.work.tasks import excuse, mark_done, mark_no_show
from core.care.work.worklist import DueRow
from core.foundation import reasons
from core.foundation.clock import at, day_of
from core.foundation.language import N_
from core.packages.exercise_drawings import DRAWINGS, drawing_svg
from core.packages.parts import ChecklistItem, Material
from pages.staff.entry import Typed, asked, fields, keep
from pages.staff.today.mistakes import just_marked, second_click
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import today
from pages.ui.sections import fold
from pages.ui.text import _, _n, clock, day, html, language, moment, unmarked

STYLE = (
    ".pd-facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .2rem 0 .6rem; }"
    " .pd-facts dt { color: var(--soft); } .pd-facts dd { margin: 0; color: var(--ink); font-weight: 550; }"
)
REASONS = (
    N_("The doctor said rest"),
    N_("Done at another hospital, report seen"),
    N_("Not needed for her, decided by the doctor"),
)


@dataclass(frozen=True)
class Proof:
    """What shows that a task was done: the note and the ticked positions, and the form where they are refused."""

    form: Form
    note: str
    ticked: list[int] | None


def due_when(row: DueRow, zone: ZoneInfo) -> str:
    """When, in a list: the hour of today's visit, day and hour of another, else the last day."""
    if row.appointment_at is None:
        return _("until {day}", day=day(row.closes_on))
    return (clock if day_of(row.appointment_at, zone) == today() else moment)(row.appointment_at, zone)


def task_card(row: DueRow) -> bool:
    """Where, when and with what first, then the words to say, then one act. True when the next task may follow."""
    st.markdown(_facts(row), unsafe_allow_html=True)
    st.markdown(f"<div class='pd-quote'>{html(row.wording)}</div>", unsafe_allow_html=True)
    if row.material and row.material.drawing:
        fold(
            _("How it is done"),
            f"shown_{row.task_id}",
            partial(_shown, row.material),
            icon=":material/directions_walk:",
        )
    entry = asked(row.task_id)
    typed = fields(row, entry) if entry else None
    form = Form()
    ticked = _checklist(row, form) if typed is None else None
    note = form.field(
        "evidence",
        st.text_input,
        _("Note or finding number (optional)"),
        key=f"note_{row.task_id}",
        max_chars=200,
    )
    return _acts(row, Proof(form, note, ticked), typed)


def _shown(material: Material) -> None:
    """The drawing with its steps beside it, as she has them on her phone."""
    picture, steps = st.columns([2, 3])
    picture.image(
        drawing_svg(material.drawing, language()), width="stretch", alt=_(DRAWINGS[material.drawing].shows)
    )
    steps.markdown(
        "\n".join(f"{number}. {unmarked(step)}" for number, step in enumerate(material.short_steps, 1))
    )


def _facts(row: DueRow) -> str:
    """What has to be known before anything is said, in full ink, one under the other on a phone."""
    place = " · ".join(part for part in (row.place.name, row.place.floor, row.place.route) if part)
    window = _("{first} to {last}", first=day(row.opens_on), last=day(row.closes_on))
    booked = moment(row.appointment_at, the_house().zone) if row.appointment_at else window
    who = " · ".join(part for part in (row.week_text, _("phone ends {end}", end=row.phone_end)) if part)
    known = (
        (_("Where"), place),
        (_("Visit") if row.appointment_at else _("When"), booked),
        (_("To bring"), row.bring),
        (_("Takes"), _n("{n} minute", "{n} minutes", row.minutes)),
        (_("Patient"), who),
        (_("Own nurse"), row.own_nurse),
    )
    lines = "".join(f"<dt>{html(name)}</dt><dd>{html(text)}</dd>" for name, text in known if text)
    return f"<style>{STYLE}</style><dl class='pd-facts'>{lines}</dl>"


def _checklist(row: DueRow, form: Form) -> list[int]:
    """The positions that are ticked; what may be left out says so."""
    if not row.checklist:
        return []
    picked = form.field(
        "ticked",
        st.pills,
        _("Ticked off"),
        range(1, len(row.checklist) + 1),
        selection_mode="multi",
        format_func=lambda at: _item(row.checklist[at - 1]),
        key=f"list_{row.task_id}",
    )
    ticked = set(picked or [])
    required = {at for at, item in enumerate(row.checklist, 1) if item.required}
    if len(required) > 1 and st.checkbox(_("Everything required was done"), key=f"every_{row.task_id}"):
        ticked |= required
    return sorted(ticked)


def _item(item: ChecklistItem) -> str:
    text = unmarked(item.text)
    return text if item.required else _("{item} (as needed)", item=text)


def _acts(row: DueRow, proof: Proof, typed: Typed | None) -> bool:
    """Done is one button; what is rarer lies behind the second. It unfolds below: a popover at the foot of a phone's
    window has no room to open."""
    key = f"task_{row.task_id}"
    label = _("Save, done") if typed else _("Done")
    done = st.button(label, key=f"done_{key}", type="primary", icon=":material/check:", width=180)
    rarer = fold(
        _("More"), f"more_{key}", lambda: _rarer(row, key, proof, typed), icon=":material/more_horiz:", width=480
    )  # fmt: skip
    if (
        done
        and not second_click()
        and (
            keep(row, typed, proof.note)
            if typed
            else do(
                mark_done,
                f"done_{key}",
                place=proof.form,
                task_id=row.task_id,
                evidence=proof.note,
                ticked=proof.ticked,
            )
        )
    ):
        say(_("Done: {title} · {name}.", title=unmarked(row.title), name=unmarked(row.patient_name)))
        just_marked(row)
        return True
    return bool(rarer)


def _rarer(row: DueRow, key: str, proof: Proof, typed: Typed | None) -> bool:
    if st.button(_("Open her file"), key=f"who_{key}", width="stretch", icon=":material/person:"):
        st.switch_page("staff/patient/page.py", query_params={"id": str(row.patient_id)})
    if (
        row.appointment_at
        and row.appointment_at <= ask(lambda look: look.now)
        and st.button(_("Did not come"), key=f"missed_{key}", width="stretch")
        and do(mark_no_show, f"missed_{key}", task_id=row.task_id)
    ):
        say(
            _(
                "Noted: {name} did not come. The task stays open; call her to find a new day.",
                name=unmarked(row.patient_name),
            )
        )
        return True
    if (
        typed
        and st.button(_("Done, the value is not known"), key=f"unknown_{key}", width="stretch")
        and do(mark_done, f"done_{key}", place=proof.form, task_id=row.task_id, evidence=proof.note)
    ):
        say(_("Done: {title} · {name}.", title=unmarked(row.title), name=unmarked(row.patient_name)))
        just_marked(row)
        return True
    with st.expander(_("Move visit") if row.appointment_at else _("Book visit")):
        _book(row, key)
    with st.expander(_("Waive")):
        return _waive(row, key)


def _waive(row: DueRow, key: str) -> bool:
    st.caption(_("Waived counts as done: badge and all. Late is no reason to waive; just mark it done."))
    form, words = Form(), ""
    chosen = st.radio(
        _("Reason"), [*REASONS, ""], format_func=lambda r: _(r) if r else _("Other"), key=f"why_{key}",
    )  # fmt: skip
    if not chosen:
        words = form.field(
            "reason", st.text_input, _("In your words"), key=f"words_{key}", max_chars=reasons.LONGEST
        )
    if st.button(_("Waive this task"), key=f"excuse_{key}", type="primary") and do(
        excuse, f"excuse_{key}", place=form, task_id=row.task_id, reason=_(chosen) if chosen else words
    ):
        say(_("Waived: {title} · {name}.", title=unmarked(row.title), name=unmarked(row.patient_name)))
        just_marked(row)
        return True
    return False


def _book(row: DueRow, key: str) -> None:
    form, zone = Form(f"book_{key}", adds=not row.appointment_id), the_house().zone
    booked = row.appointment_at.astimezone(zone) if row.appointment_at else None
    if booked:
        when = moment(row.appointment_at, zone)
        st.caption(_("Now booked for {when}", when=when))
        form.beside("at", row.appointment_at, when)
    first = booked.date() if booked else row.opens_on
    on = form.kept("day", st.date_input, _("Day"), max(first, today()), min_value=today())
    hour = form.kept(
        "at",
        st.time_input,
        _("Visit time"),
        booked.time() if booked else time(9, 0),
        step=timedelta(minutes=15),
    )
    if not st.button(_("Book"), key=f"book_{key}", type="primary"):
        return
    chosen: datetime = at(on, hour, zone)
    if row.appointment_id:
        outcome = do(
            appointments.reschedule, f"book_{key}", place=form, appointment_id=row.appointment_id, at=chosen
        )
    else:
        outcome = do(
            appointments.book,
            f"book_{key}",
            place=form,
            patient_id=row.patient_id,
            at=chosen,
            task_id=row.task_id,
        )
    if outcome:
        say(_("Visit booked for {when}.", when=moment(chosen, zone)))
        st.rerun()
