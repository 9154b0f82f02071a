"""One message to send, opened from the list: its number and its words to copy, and what became of it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.foundation import reasons
from core.messages.due import Due, DueMessage, due_list, due_messages
from core.messages.marking import mark_message_sent, skip_message
from core.messages.words import ON_PAGE
from core.packages.message_texts import CHANNEL_NAMES, moment_text
from pages.ui.address import phone_address
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.rows import close, heading, open_here, opened
from pages.ui.text import _, _n, language, unmarked


def link() -> str:
    """What stands for the link in a text: the door of the phone pages, where a confirmed phone finds its own."""
    return phone_address("")


def open_message(on: date, may_note: bool) -> bool:
    """The message of that day that lies open in the place of the list; false where none does, or it is no longer due."""
    if not opened("message"):
        return False
    found: list[Due] = ask(due_list, day=on, outside=True).rows
    keys = [name_of(row) for row in found]
    if opened("message") not in keys:
        return False
    place = keys.index(opened("message"))
    row = found[place]
    heading(f"{row.patient_name} · {row.at}", _("All messages"), "message", "messages")
    st.caption(
        f"{_('{n} of {total}', n=place + 1, total=len(found))} · {_(CHANNEL_NAMES[row.channel])} · {unmarked(why(row))}"
    )
    others = found[place + 1 :] + found[:place]
    _card(row, may_note, name_of(others[0]) if others else "")
    return True


def name_of(row: Due) -> str:
    return f"{row.due_on}_{row.enrolment_id}_{row.code}_{row.about}"


def why(row: Due) -> str:
    """Why she is written to: the moment, how long before or after it, and the task it speaks of."""
    moment = moment_text(row.trigger, row.offset_days, language())
    return " · ".join(part for part in (moment, row.about_title) if part)


# --- inner ----------------------------------------------------------------------------------------


def _card(due: Due, may_note: bool, following: str) -> None:
    worded = ask(due_messages, day=due.due_on, link=link(), enrolment_id=due.enrolment_id)
    row: DueMessage | None = next((one for one in worded if one.key == due.key), None)
    if row is None:  # noted by somebody else in this moment
        return
    words, acts = st.columns([2.2, 1])
    with words:
        st.code(row.text, language=None, wrap_lines=True)
        st.caption(f"{unmarked(row.package_name)} · {_size(row)}")
    with acts:
        if row.phone:
            st.code(row.phone, language=None)
        else:
            st.caption(_("No phone number on file: please tell her another way."))
        if may_note:
            _acts(row, following)


def _size(row: DueMessage) -> str:
    if row.channel != "sms":
        return _n("{n} character", "{n} characters", len(row.text))
    size = row.length
    return _n("{signs} characters, {n} SMS", "{signs} characters, {n} SMS", size.parts, signs=size.characters)


def _acts(row: Due, following: str) -> None:
    key = f"send_{name_of(row)}"
    if st.button(_("Sent"), key=key, type="primary", icon=":material/check:", width="stretch"):
        _sent(row, key, row.channel, following)
    with st.popover(_("Other channel / Don't send"), width="stretch"):
        form = Form()
        ways = [way for way in CHANNEL_NAMES if way not in (ON_PAGE, row.channel)] + [ON_PAGE]
        way = form.field(
            "channel",
            st.radio,
            _("It went out by"),
            ways,
            format_func=lambda w: _(CHANNEL_NAMES[w]),
            key=f"way_{name_of(row)}",
        )
        if st.button(_("Sent this way"), key=f"other_{key}", width="stretch"):
            _sent(row, f"other_{key}", way, following, form)
        reason = form.field(
            "reason", st.text_input, _("Why it is left out"), key=f"why_{key}", max_chars=reasons.LONGEST
        )
        if st.button(_("Leave it out"), key=f"skip_{key}", width="stretch") and do(
            skip_message, f"skip_{key}", place=form, enrolment_id=row.enrolment_id, code=row.code, about=row.about,
            due_on=row.due_on, reason=reason,
        ):  # fmt: skip
            _next(_("Left out: {name}, {at}.", name=unmarked(row.patient_name), at=row.at), following)


def _sent(row: Due, key: str, channel: str, following: str, form: Form | None = None) -> None:
    if do(
        mark_message_sent, key, place=form, enrolment_id=row.enrolment_id, code=row.code, about=row.about,
        due_on=row.due_on, channel=channel, link=link(),
    ):  # fmt: skip
        _next(
            _(
                "Noted as sent: {name}, {at}. Undo is in the list.",
                name=unmarked(row.patient_name),
                at=row.at,
            ),
            following,
        )


def _next(text: str, following: str) -> None:
    """Say what happened and open the one that comes after it; the list where none does."""
    say(text)
    if following:
        open_here("message", following)
    close("message", "messages")
