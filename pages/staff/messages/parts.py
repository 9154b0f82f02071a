"""The list of messages to send, with what was sent already and what appears on patients' pages by itself."""

from __future__ import annotations

from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from core.exchange.workbook import workbook
from core.foundation.language import N_
from core.messages.due import Due, DueList, due_list, due_messages
from core.messages.log import Key, NotedMessage, noted_count, sent_messages
from core.messages.marking import mark_messages_sent, post_to_pages, take_back_message
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
    remembered,
    rows,
)
from pages.ui.sections import fold, shut
from pages.ui.text import _, _n, clock, html, language, unmarked

SIZE = 50
STATES = {"sent": N_("sent"), "skipped": N_("left out")}


def asked(day: date) -> DueList:
    """The page of the list that is shown, of the way that is chosen; of every way where nothing goes by it any more."""
    only = remembered("messages_way")
    number = page_of("messages", str(day), only)
    found: DueList = ask(due_list, day=day, channel=only, outside=True, page=number, page_size=SIZE)
    if only and not found.total:
        found = ask(due_list, day=day, outside=True, page=number, page_size=SIZE)
    return found


def to_send(found: DueList, day: date) -> None:
    """What goes out by the hospital's own platform on `day`; what is chosen opens in the list's place."""
    if only_this_machine():
        st.caption(
            _(
                "Phones cannot open links from this computer yet. First ask your manager to confirm the address for phones (under “Settings”)."
            )
        )
    ways = {way: _(CHANNEL_NAMES[way]) for way in found.counts if way != ON_PAGE}
    if len(ways) > 1:
        filters(ways, found.counts, "messages_way")
    now = today()
    lines = [_line(row, day, now) for row in found.rows]
    columns = [
        Column(_("Patient")),
        Column(_("Hour"), 0.5),
        Column(_("State"), 0.9),
        Column(_("Why"), 2.4),
        Column(_("Way"), 0.8),
    ]
    chosen = rows(_("Messages"), columns, lines, "messages")
    pages("messages", found.part.page, found.part.pages, SIZE, found.total)
    if chosen:
        open_here("message", chosen)


def as_list(many: int, day: date, may_note: bool) -> None:
    """For a platform that takes a file: all SMS of the day with their numbers, and one click afterwards."""
    if many > 1:
        title = _n("All {n} SMS as a list", "All {n} SMS as a list", many)
        fold(title, "sms_list", partial(_as_list, day, may_note), st.popover, icon=":material/list_alt:")


def on_pages(found: DueList, day: date, may_note: bool) -> None:
    """What PilotDesk itself shows on the patients' own pages, folded."""
    many = found.counts.get(ON_PAGE, 0)
    if not many:
        return
    title = _n("{n} message appears on the patient's own page by itself",
               "{n} messages appear on the patients' own pages by themselves", many)  # fmt: skip
    come = may_note and found.come
    fold(title, "on_pages_fold", lambda: _by_themselves(day, come), icon=":material/smartphone:")


def noted(day: date, zone: ZoneInfo) -> None:
    """What was sent and left out, folded, with undo beside what was noted today."""
    found = ask(noted_count, day=day)
    if found:
        title = _("Sent and left out ({n}); undo here", n=found)
        fold(title, "noted_fold", lambda: _noted(day, zone), icon=":material/undo:")


# --- inner ----------------------------------------------------------------------------------------


def _as_list(day: date, may_note: bool) -> None:
    """The file, and the click that notes what stood in it: what became due since then has gone out to nobody."""
    ready = {row.key for row in ask(due_list, day=day, channel="sms").rows if row.phone}
    held: set[Key] = st.session_state.setdefault(f"sms_file_{day}", set())
    went = sorted(key for key in ready if not held or key in held)
    st.caption(_("Upload this file to your SMS platform; when it has sent them, note it here."))
    st.download_button(
        _("Numbers and texts (Excel)"),
        later(lambda: _file(day, ready, held)),
        file_name=f"sms-{day.isoformat()}.xlsx",
        icon=":material/download:",
        width="stretch",
        on_click="ignore",
    )
    title = _n("Note all {n} as sent", "Note all {n} as sent", len(went))
    if may_note and went and st.button(title, key="all_sent", width="stretch"):
        outcome = do(
            mark_messages_sent, f"all_sent_{day}", messages=went, due_on=day, channel="sms", link=link()
        )
        if outcome:
            say(_n("{n} message noted as sent.", "{n} messages noted as sent.", outcome.value))
            st.session_state.pop(f"sms_file_{day}", None)
            shut("sms_list")
            st.rerun()


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
                say(_("The message to {name} is due again.", name=unmarked(one.patient_name)))
                st.rerun()


def _line(row: Due, day: date, now: date) -> Line:
    """Hour, patient, way, why she is written to."""
    if day != now:
        state = State(_("Its day is past"), "late") if day < now else State(_("Tomorrow"), "none")
    else:
        state = State(_("Time to send"), "now") if row.its_time else State(_("Later today"), "none")
    return Line(name_of(row), (row.patient_name, row.at, state, why(row), _(CHANNEL_NAMES[row.channel])))


def _file(day: date, keys: set[Key], held: set[Key]) -> bytes:
    """The file; `held` learns what stands in it, a second file of the day adds to it."""
    held.update(keys)
    rows = [one for one in ask(due_messages, day=day, link=link(), channel="sms") if one.key in keys]
    header = [_("Phone number"), _("Text"), _("Send at")]
    lines = [[row.phone, row.text, row.at] for row in rows]
    return workbook({_("SMS"): [header, *lines]}, language=language())
