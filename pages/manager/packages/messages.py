"""Messages of a draft: when, by which way, in which words; fields are picked, never typed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.foundation.language import translator
from core.packages.editing import field_at, with_entry, with_field, without_entry
from core.packages.message_texts import (
    CHANNEL_NAMES,
    FIELDS,
    TASK_TRIGGERS,
    TRIGGER_NAMES,
    fields_for,
    sms_length,
)
from pages.manager.chosen import choose_part, chosen_part
from pages.manager.fields import choice, field, text, tick, whole
from pages.manager.packages import named
from pages.manager.packages.as_read import reader
from pages.manager.packages.draft import Editor
from pages.ui.text import _, _n

EVERY_TASK = NO_FILM = ""


def chosen_message(editor: Editor) -> str:
    codes = [one["code"] for one in editor.raw.get("messages") or []]
    chosen = chosen_part("message", editor.package_id)
    return chosen if chosen in codes else (codes[0] if codes else "")


def show_messages(editor: Editor) -> None:
    st.caption(
        _(
            "What is due, and when. Page messages appear by themselves; SMS and WeChat wait under “Messages” for whoever sends them. Nobody in quiet care gets any."
        )
    )
    found = {one["code"]: one for one in editor.raw.get("messages") or []}
    code = chosen_message(editor)
    if found:
        words = named.messages(editor.named(editor.raw))
        key = f"pick_message_{editor.package_id}_{editor.forms}_{code}"
        st.selectbox(
            _("Message"), list(found), list(found).index(code), key=key,
            format_func=words.__getitem__,
            on_change=lambda: _open(editor, st.session_state[key]),
        )  # fmt: skip
    acts = st.container(horizontal=True)
    if acts.button(_("Add a message"), key=f"message_more_{editor.forms}", icon=":material/add:"):
        new = {
            "code": "M1", "on": True, "trigger": "enrolment", "task": None, "offset_days": 0, "at": "09:00",
            "channel": "page", "shows": None, "text": "",
        }  # fmt: skip
        if editor.apply(lambda draft: with_entry(draft, "messages", new)):
            _open(editor, editor.raw["messages"][-1]["code"])
            editor.redraw()
        st.rerun()
    if code and acts.button(_("Remove"), key=f"message_less_{code}_{editor.forms}", icon=":material/delete:"):
        editor.apply(lambda draft: without_entry(draft, "messages", code))
        editor.redraw()
        st.rerun()
    if code:
        _message(editor, code, found[code])


def _open(editor: Editor, code: str) -> None:
    choose_part("message", editor.package_id, code)


def _message(editor: Editor, code: str, message: dict[str, Any]) -> None:
    path = f"messages.{code}"
    with st.container(border=True):
        trigger, task, channel = st.columns(3)
        choice(editor, f"{path}.trigger", _("Moment"), TRIGGER_NAMES, trigger)
        if message.get("trigger") in TASK_TRIGGERS or message.get("task"):
            _task(editor, path, task)
        choice(editor, f"{path}.channel", _("Way"), CHANNEL_NAMES, channel)
        days, clock, on = st.columns(3, vertical_alignment="bottom")
        whole(editor, f"{path}.offset_days", _("Days later (minus: before)"), -365, 365, days)
        text(editor, f"{path}.at", _("Time of day"), clock, max_chars=5)
        tick(editor, f"{path}.on", _("Goes out"), on)
        if message.get("channel") == "page" or message.get("shows"):
            _carries(editor, path)
        _words(editor, path)
        offered = {
            one.name: _(one.label)
            for one in fields_for(message.get("trigger", ""), message.get("channel", ""))
        }
        key = f"field_{path}_{editor.forms}_{len(field_at(editor.raw, f'{path}.text') or '')}"
        st.pills(
            _("Put in a field (at the end of the text)"), list(offered), format_func=offered.__getitem__,
            key=key, on_change=_put_in, args=(editor, path, key),
        )  # fmt: skip
        _length(editor, message)


def _task(editor: Editor, path: str, place: Any) -> None:
    names = {EVERY_TASK: _("every task")} | named.tasks(editor.named(editor.raw))
    now = field_at(editor.raw, f"{path}.task") or EVERY_TASK
    field(
        editor, f"{path}.task", st.selectbox, _("Task"), list(names), list(names).index(now) if now in names else 0,
        place=place, convert=lambda one: one or None, format_func=names.__getitem__,
    )  # fmt: skip


def _carries(editor: Editor, path: str) -> None:
    names = {NO_FILM: _("no film")} | named.tasks(editor.named(editor.raw))
    now = field_at(editor.raw, f"{path}.shows") or NO_FILM
    field(
        editor, f"{path}.shows", st.selectbox, _("Carries the film or picture of"), list(names),
        list(names).index(now) if now in names else 0, convert=lambda one: one or None, format_func=names.__getitem__,
    )  # fmt: skip


def _words(editor: Editor, path: str) -> None:
    """The text with its fields under their names in the draft's language, as people read them."""
    stored = field_at(editor.raw, f"{path}.text") or ""
    field(
        editor, f"{path}.text", st.text_area, _("Text"), _shown(stored, editor), height=120, max_chars=500,
        convert=lambda words: _kept(words.strip(), editor),
    )  # fmt: skip


def _names(editor: Editor) -> dict[str, str]:
    said = translator(editor.raw.get("language") or "zh")
    return editor.labels | {name: said(one.label) for name, one in FIELDS.items()}


def _shown(words: str, editor: Editor) -> str:
    for name, label in _names(editor).items():
        words = words.replace(f"{{{name}}}", f"{{{label}}}")
    return words


def _kept(words: str, editor: Editor) -> str:
    for name, label in _names(editor).items():
        words = words.replace(f"{{{label}}}", f"{{{name}}}")
    return words


def _put_in(editor: Editor, path: str, key: str) -> None:
    name = st.session_state[key]
    if name:
        words = field_at(editor.raw, f"{path}.text") or ""
        editor.apply(lambda draft: with_field(draft, f"{path}.text", f"{words}{{{name}}}"))
        editor.forms += 1


def _length(editor: Editor, message: dict[str, Any]) -> None:
    words = reader(editor.read)(message["code"])
    size = sms_length(words)
    if message.get("channel") == "sms":
        st.caption(
            _n("With a sample patient: {signs} characters, {n} SMS", "With a sample patient: {signs} characters, {n} SMS",
               size.parts, signs=size.characters)
        )  # fmt: skip
    else:
        st.caption(_("With a sample patient: {signs} characters", signs=len(words)))
