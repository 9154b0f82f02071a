"""Messages: what is due today for whom, in words ready to copy; what went out is noted with one click."""

from datetime import timedelta

import streamlit as st

from core.messages.words import ON_PAGE
from pages.staff.messages.one import open_message
from pages.staff.messages.parts import as_list, asked, noted, on_pages, to_send
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.inputs import today
from pages.ui.rows import remembered
from pages.ui.text import _, _n, day

open_page(
    "message.write",
    _("Messages"),
    _("PilotDesk has no SMS gateway: your hospital's own platform or WeCom sends, PilotDesk remembers."),
)


names = {-1: _("Due yesterday"), 0: _("Due today"), 1: _("Due tomorrow")}
shift = remembered("messages_day", 0)
due_on = today() + timedelta(days=shift)
if open_message(due_on, may_note=shift <= 0):
    st.stop()
found = asked(due_on)
outside = sum(found.counts.values()) - found.counts.get(ON_PAGE, 0)
st.segmented_control(
    _("Day"), list(names), format_func=names.__getitem__, key="messages_day", label_visibility="collapsed"
)  # fmt: skip
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.caption(f"{day(due_on, weekday=True)} · {_n('{n} to send', '{n} to send', outside)}", width="content")
    as_list(found.numbered, due_on, may_note=shift <= 0)
if shift < 0 and outside:
    st.caption(_("Their day is past. Note what had gone out; the rest lapses, a late reminder confuses."))
if shift > 0 and outside:
    st.caption(_("To prepare: they can be noted as sent on their day."))
noted(due_on, the_house().zone)
on_pages(found, due_on, may_note=shift == 0)
if outside:
    to_send(found, due_on)
else:
    empty_state(
        _(
            "Nothing to send. What a package says, and when, is written on its page of messages; who has not agreed to messages gets none."
        )
    )
