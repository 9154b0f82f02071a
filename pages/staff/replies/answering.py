"""Answering her: in words, with the team's text modules, or by voice."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.dialogue.cases.cases import reply
from core.dialogue.cases.queue import Waiting
from core.dialogue.cases.text_modules import FIELD_NAMES, TextModule, filled, find
from core.dialogue.cases.thread import LONGEST
from core.dialogue.recordings.voices import voice_of
from core.foundation.errors import Refusal
from pages.ui.browser import address
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.rows import remembered
from pages.ui.text import _, unmarked

HEARD_BY = ("localhost", "127.0.0.1", "::1")  # besides HTTPS, where a browser hands out its microphone


def by_text(row: Waiting) -> None:
    key = f"answer_{row.case_id}"
    emptied(key)
    modules: list[TextModule] = ask(find)
    if modules:
        st.selectbox(
            _("Text module: type a few letters"), modules, index=None, format_func=_module_line,
            key=f"module_{row.case_id}", on_change=_put_in, args=(row.case_id,), placeholder=_("Choose, or write freely below"),
        )  # fmt: skip
    form = Form()
    remembered(key)
    words = form.field("words", st.text_area, _("Answer to her"), key=key, height=150, max_chars=LONGEST)
    if missing := st.session_state.get(f"blank_{row.case_id}"):
        st.caption(_("Please fill in: {fields}", fields=", ".join(_(FIELD_NAMES[name]) for name in missing)))
    if st.button(
        _("Send the answer"), key=f"send_{row.case_id}", type="primary", icon=":material/send:"
    ) and do(reply, key, place=form, case_id=row.case_id, words=words):
        sent(row)
        st.session_state.pop(f"blank_{row.case_id}", None)
        empty(key)


def _module_line(module: TextModule) -> str:
    return f"{module.short} · {module.words}"


def _put_in(case_id: int) -> None:
    """Add the chosen text module to what is written, its fields filled in."""
    module = st.session_state.get(f"module_{case_id}")
    if module is None:
        return
    found = ask(filled, module_id=module.module_id, case_id=case_id)
    key = f"answer_{case_id}"
    written = str(st.session_state.get(key) or "").rstrip()
    st.session_state[key] = f"{written}\n{found.words}" if written else found.words
    st.session_state[f"blank_{case_id}"] = found.missing
    st.session_state[f"module_{case_id}"] = None


def by_voice(row: Waiting) -> None:
    turn = st.session_state.get(f"spoken_{row.case_id}", 0)
    key = f"voice_{row.case_id}_{turn}"
    form = Form()
    if _may_record():
        sound = form.field("voice", st.audio_input, _("Record, up to 2 minutes"), sample_rate=16000, key=key)
    else:
        sound = form.field(
            "voice", st.file_uploader, _("A recorded file: WAV, M4A or MP3, up to 2 minutes"),
            type=["wav", "m4a", "mp3"], key=key,
        )  # fmt: skip
        st.caption(_("Recording in the page needs an address with HTTPS; your administrator can set it up."))
    if st.button(
        _("Send the voice message"), key=f"speak_{row.case_id}", disabled=sound is None, icon=":material/mic:"
    ) and _spoken(row, sound.getvalue(), form):
        st.session_state[f"spoken_{row.case_id}"] = turn + 1
        sent(row)


def _spoken(row: Waiting, data: bytes, form: Form) -> bool:
    try:
        voice = voice_of(data)  # before the deed: making it playable takes its time
    except Refusal as problem:
        form.refuse(problem)
        return False
    return bool(do(reply, f"speak_{row.case_id}", place=form, case_id=row.case_id, voice=voice))


def _may_record() -> bool:
    """Whether the browser hands out its microphone here."""
    where = urlsplit(address())
    return where.scheme == "https" or where.hostname in HEARD_BY


def sent(row: Waiting) -> None:
    """Say it, and draw the page once more when all of it has been drawn."""
    say(_("Answered: {name}. Her phone shows it at once.", name=unmarked(row.patient_name)))
    st.session_state["replies_again"] = True


# --- fields that are empty again after their act ---------------------------------------------------


def empty(*keys: str) -> None:
    """In the next run these fields begin empty."""
    st.session_state["replies_emptied"] = {*st.session_state.get("replies_emptied", ()), *keys}


def emptied(key: str) -> None:
    """Call it before the field is drawn."""
    left = st.session_state.get("replies_emptied", set())
    if key in left:
        left.discard(key)
        st.session_state.pop(f"{key}_kept", None)
        st.session_state[key] = ""
