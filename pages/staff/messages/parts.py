"""The list of messages to send, with what was sent already and what appears on patients' pages by itself."""

from __future__ import annotations

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from core.exchange.workbook import workbook
from core.foundation.language import N_
from core.foundation.paging import part_of
from core.messages.due import Due, due_messages, mark_messages_sent, post_to_pages, take_back_message
from core.messages.log import Key, NotedMessage, noted_count, sent_messages
from core.messages.words import ON_PAGE
from core.packages.message_texts import CHANNEL_NAMES
from pages.staff.messages.one import link, name_of, why
from pages.staff.paging import page
from pages.ui.address import only_this_machine
from pages.ui.calls import ask, do, later, say
from pages.ui.inputs import today
from pages.ui.rows import (
    Column,
    Line,
    State,
    filters,
    open_here,
    page_of,
    pages,
    rows,
)
from pages.ui.sections import fold
from pages.ui.text import _, _n, clock, html, language

SIZE = 100
STATES = {"sent": N_("sent"), "skipped": N_("left out")}


def to_send(found: list[Due], day: date) -> None:
    """What goes out by the hospital's own platform on `day`; what is chosen opens in the list's place."""
    if only_this_machine():
        st.caption(
            _(
                "Phones cannot open links from this computer yet. Ask your administrator to set the address for phones first."
            )
        )
    counts = Counter(row.channel for row in found)
    only = ""
    if len(counts) > 1:
        only = filters({way: _(CHANNEL_NAMES[way]) for way in counts}, counts, "messages_way")
    wanted = [row for row in found if not only or row.channel == only]
    part = part_of(len(wanted), page_of("messages", only), SIZE)
    now = today()
    lines = [_line(row, day, now) for row in wanted[part.before : part.before + SIZE]]
    columns = [
        Column(_("Patient")),
        Column(_("Hour"), 0.5),
        Column(_("State"), 0.9),
        Column(_("Why"), 2.4),
        Column(_("Way"), 0.8),
    ]
    chosen = rows(_("Messages"), columns, lines, "messages")
    pages("messages", part.page, part.pages, SIZE, len(wanted))
    if chosen:
        open_here("message", chosen)


def as_list(rows: list[Due], day: date, may_note: bool) -> None:
    """For a platform that takes a file: all SMS of the day with their numbers, and one click afterwards.

    The click notes what stood in the file: what became due since then has gone out to nobody.
    """
    ready = [row for row in rows if row.channel == "sms" and row.phone]
    if len(ready) < 2:
        return
    held = st.session_state.get(f"sms_file_{day}")
    went = [row.key for row in ready if held is None or row.key in held]
    with st.popover(
        _n("All {n} SMS as a list", "All {n} SMS as a list", len(ready)), icon=":material/list_alt:"
    ):
        st.caption(_("Upload this file to your SMS platform; when it has sent them, note it here."))
        st.download_button(
            _("Numbers and texts (Excel)"),
            later(lambda: _file(day, {row.key for row in ready})),
            file_name=f"sms-{day.isoformat()}.xlsx",
            icon=":material/download:",
            width="stretch",
            on_click=_fetched,
            args=(day, ready),
        )
        if (
            may_note
            and went
            and st.button(
                _n("Note all {n} as sent", "Note all {n} as sent", len(went)), key="all_sent", width="stretch"
            )
        ):
            outcome = do(
                mark_messages_sent, f"all_sent_{day}", messages=went, due_on=day, channel="sms", link=link()
            )
            if outcome:
                st.session_state.pop(f"sms_file_{day}", None)
                say(_n("{n} message noted as sent.", "{n} messages noted as sent.", outcome.value))
                st.rerun()


def on_pages(rows: list[Due], day: date, may_note: bool) -> None:
    """What PilotDesk itself shows on the patients' own pages, folded."""
    if not rows:
        return
    title = _n("{n} message appears on the patient's own page by itself",
               "{n} messages appear on the patients' own pages by themselves", len(rows))  # fmt: skip
    come = may_note and any(row.its_time for row in rows)
    fold(title, "on_pages_fold", lambda: _by_themselves(day, come), icon=":material/smartphone:")


def noted(day: date, zone: ZoneInfo) -> None:
    """What was sent and left out, folded, with undo beside what was noted today."""
    found = ask(noted_count, day=day)
    if found:
        title = _("Sent and left out ({n}); undo here", n=found)
        fold(title, "noted_fold", lambda: _noted(day, zone), icon=":material/undo:")


# --- inner ----------------------------------------------------------------------------------------


def _by_themselves(day: date, come: bool) -> None:
    st.caption(_("Within an hour after their time. Nobody has to send them."))
    if come and st.button(_("Show those whose time has come now"), key="post_now"):
        outcome = do(post_to_pages, "post_now")
        if outcome:
            say(_n("{n} message is on her page.", "{n} messages are on their pages.", outcome.value))
            st.rerun()
    lines = (
        f"<p class='pd-soft'>{row.at} · {html(row.patient_name)} · {html(row.text)}</p>"
        for row in ask(due_messages, day=day, link=link(), channel=ON_PAGE, limit=50)
    )
    st.html("".join(lines))


def _noted(day: date, zone: ZoneInfo) -> None:
    found: list[NotedMessage] = ask(sent_messages, day=day)
    for one in page(f"noted_{day}", lambda most: found[:most]):
        text, act = st.columns([5, 1], vertical_alignment="center")
        way = _(CHANNEL_NAMES[one.channel]) if one.state == "sent" else one.reason
        text.html(
            f"{clock(one.noted_at, zone)} · {html(one.patient_name)} · <b>{_(STATES[one.state])}</b> · "
            f"{html(way)} · {html(one.noted_by or 'PilotDesk')}<br><span class='pd-soft'>{html(one.text)}</span>"
        )
        key = f"back_{one.enrolment_id}_{one.code}_{one.about}_{one.due_on}"
        if one.today and act.button(_("Undo"), key=key, width="stretch"):
            outcome = do(
                take_back_message, key, enrolment_id=one.enrolment_id, code=one.code, about=one.about,
                due_on=one.due_on,
            )  # fmt: skip
            if outcome:
                say(_("The message to {name} is due again.", name=one.patient_name))
                st.rerun()


def _line(row: Due, day: date, now: date) -> Line:
    """Hour, patient, way, why she is written to."""
    if day != now:
        state = State(_("Its day is past"), "late") if day < now else State(_("Tomorrow"), "none")
    else:
        state = State(_("Time to send"), "now") if row.its_time else State(_("Later today"), "none")
    return Line(name_of(row), (row.patient_name, row.at, state, why(row), _(CHANNEL_NAMES[row.channel])))


def _fetched(day: date, rows: list[Due]) -> None:
    """Remember what stands in the file somebody has just fetched; a second file of the day adds to it."""
    held = st.session_state.setdefault(f"sms_file_{day}", set())
    held.update(row.key for row in rows)


def _file(day: date, keys: set[Key]) -> bytes:
    rows = [one for one in ask(due_messages, day=day, link=link(), channel="sms") if one.key in keys]
    header = [_("Phone number"), _("Text"), _("Send at")]
    lines = [[row.phone, row.text, row.at] for row in rows]
    return workbook({_("SMS"): [header, *lines]}, language=language())
