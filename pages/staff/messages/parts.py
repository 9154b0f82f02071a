"""The list of messages to send: one line each, the open one with its number and its words to copy."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from core.exchange.workbook import workbook
from core.foundation.language import N_
from core.messages.due import (
    DueMessage,
    mark_message_sent,
    mark_messages_sent,
    post_to_pages,
    skip_message,
    take_back_message,
)
from core.messages.log import NotedMessage, sent_messages
from core.messages.words import ON_PAGE
from core.packages.message_texts import CHANNEL_NAMES, TRIGGER_NAMES
from pages.ui.address import only_this_machine, phone_address
from pages.ui.calls import ask, do, later, say
from pages.ui.text import _, _n, clock, html, language

STEP = 15
STATES = {"sent": N_("sent"), "skipped": N_("left out")}


def link() -> str:
    """What stands for the link in a text: the door of the phone pages, where a confirmed phone finds its own."""
    return phone_address("")


def to_send(rows: list[DueMessage], may_note: bool) -> None:
    """What goes out by the hospital's own platform, one after another; with the next one open after each."""
    shown = int(st.session_state.get("messages_shown", STEP))
    keys = [_name(row) for row in rows]
    chosen = st.session_state.get("message_open")
    chosen = chosen if chosen in keys else keys[0]
    if only_this_machine():
        st.caption(_("Phones cannot reach “localhost”: set PILOTDESK_PUBLIC_URL before you send links."))
    for row in rows[:shown]:
        is_open = _name(row) == chosen
        if st.button(
            _line(row), key=f"row_{_name(row)}", width="stretch", type="tertiary" if is_open else "secondary"
        ):
            st.session_state["message_open"] = _name(row)
            st.rerun()
        if is_open:
            _card(row, may_note)
    if len(rows) > shown and st.button(_("Show more ({n} left)", n=len(rows) - shown)):
        st.session_state["messages_shown"] = shown + STEP
        st.rerun()


def as_list(rows: list[DueMessage], day: date, may_note: bool) -> None:
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
            later(lambda: _file(ready)),
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


def on_pages(rows: list[DueMessage], may_note: bool) -> None:
    """What PilotDesk itself shows on the patients' own pages."""
    if not rows:
        return
    title = _n("{n} message appears on the patient's own page by itself",
               "{n} messages appear on the patients' own pages by themselves", len(rows))  # fmt: skip
    with st.expander(title, icon=":material/smartphone:"):
        st.caption(_("Within an hour after their time. Nobody has to send them."))
        if (
            may_note
            and any(row.its_time for row in rows)
            and st.button(_("Show those whose time has come now"), key="post_now")
        ):
            outcome = do(post_to_pages, "post_now")
            if outcome:
                say(_n("{n} message is on her page.", "{n} messages are on their pages.", outcome.value))
                st.rerun()
        for row in rows[:50]:
            st.html(f"<p class='pd-soft'>{row.at} · {html(row.patient_name)} · {html(row.text)}</p>")


def noted(day: date, zone: ZoneInfo) -> int:
    """What was sent and left out, with undo beside what was noted today; returns how many were sent."""
    found: list[NotedMessage] = ask(sent_messages, day=day)
    sent = sum(one.state == "sent" for one in found)
    if not found:
        return sent
    with st.expander(_("Sent and left out ({n}); undo here", n=len(found)), icon=":material/undo:"):
        for one in found[:50]:
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
    return sent


# --- inner ----------------------------------------------------------------------------------------


def _name(row: DueMessage) -> str:
    return f"{row.due_on}_{row.enrolment_id}_{row.code}_{row.about}"


def _line(row: DueMessage) -> str:
    """One line: hour, patient, way, why she is written to."""
    hour = f"**{row.at}**" if row.its_time else row.at
    # A title is content: what looks like Markdown in it stays a text.
    about = row.about_title.translate({ord(sign): f"\\{sign}" for sign in "\\[]*_`:#$~"})
    moment = _(TRIGGER_NAMES[row.trigger]) + (f" {row.offset_days:+d}" if row.offset_days else "")
    why = " · ".join(part for part in (moment, about) if part)
    return f"{hour} **{row.patient_name}** · {_(CHANNEL_NAMES[row.channel])} · {why}"


def _card(row: DueMessage, may_note: bool) -> None:
    with st.container(border=True):
        words, acts = st.columns([2.2, 1])
        with words:
            st.code(row.text, language=None, wrap_lines=True)
            st.caption(f"{row.package_name} · {_size(row)}")
        with acts:
            if row.phone:
                st.code(row.phone, language=None)
            else:
                st.caption(_("No phone number on file: please tell her another way."))
            if may_note:
                _acts(row)


def _size(row: DueMessage) -> str:
    if row.channel != "sms":
        return _n("{n} character", "{n} characters", len(row.text))
    size = row.length
    return _n("{signs} characters, {n} SMS", "{signs} characters, {n} SMS", size.parts, signs=size.characters)


def _acts(row: DueMessage) -> None:
    key = f"send_{_name(row)}"
    if st.button(_("Sent"), key=key, type="primary", icon=":material/check:", width="stretch"):
        _sent(row, key, row.channel)
    with st.popover(_("Another way, or not"), width="stretch"):
        ways = [way for way in CHANNEL_NAMES if way not in (ON_PAGE, row.channel)] + [ON_PAGE]
        way = st.radio(
            _("It went out by"), ways, format_func=lambda w: _(CHANNEL_NAMES[w]), key=f"way_{_name(row)}"
        )
        if st.button(_("Sent this way"), key=f"other_{key}", width="stretch"):
            _sent(row, f"other_{key}", way)
        reason = st.text_input(_("Why it is left out"), key=f"why_{key}", max_chars=200)
        if st.button(_("Leave it out"), key=f"skip_{key}", width="stretch") and do(
            skip_message, f"skip_{key}", enrolment_id=row.enrolment_id, code=row.code, about=row.about,
            due_on=row.due_on, reason=reason,
        ):  # fmt: skip
            _next(_("Left out: {name}, {at}.", name=row.patient_name, at=row.at))


def _sent(row: DueMessage, key: str, channel: str) -> None:
    if do(
        mark_message_sent, key, enrolment_id=row.enrolment_id, code=row.code, about=row.about,
        due_on=row.due_on, channel=channel, link=link(),
    ):  # fmt: skip
        _next(_("Noted as sent: {name}, {at}. Undo is above.", name=row.patient_name, at=row.at))


def _next(text: str) -> None:
    """Say what happened; the list then opens its next line by itself."""
    say(text)
    st.session_state.pop("message_open", None)
    st.rerun()


def _fetched(day: date, rows: list[DueMessage]) -> None:
    """Remember what stands in the file somebody has just fetched; a second file of the day adds to it."""
    held = st.session_state.setdefault(f"sms_file_{day}", set())
    held.update(row.key for row in rows)


def _file(rows: list[DueMessage]) -> bytes:
    header = [_("Phone number"), _("Text"), _("Send at")]
    lines = [[row.phone, row.text, row.at] for row in rows]
    return workbook({_("SMS"): [header, *lines]}, language=language())
