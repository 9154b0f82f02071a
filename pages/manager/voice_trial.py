"""Try once whether this department can answer by voice: by the browser's recorder, or by a recorded file."""

from __future__ import annotations

import streamlit as st

from core.dialogue.readiness import try_voice, voice_was_tried
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, number

FILES = ["wav", "m4a", "mp3", "aac", "ogg", "webm"]


def voice_trial() -> None:
    """A fold while nobody has tried; nothing of the recording is kept."""
    if not ask(voice_was_tried):
        fold(_("Try a voice message"), "voice_trial", _trial, icon=":material/mic:")


def _trial() -> None:
    form = Form()
    st.caption(
        _(
            "Say a sentence, or choose a recording. The recorder needs HTTPS or this computer itself. Nothing is kept."
        )
    )
    spoken = form.field("voice", st.audio_input, _("Record"), key="voice_spoken")
    file = st.file_uploader(_("Or a recorded file"), type=FILES, key="voice_file")
    given = spoken or file
    if st.button(_("Try it"), key="voice_try", disabled=given is None) and given is not None:
        outcome = do(try_voice, "voice_try", place=form, data=given.getvalue())
        if outcome:
            say(
                _(
                    "It works: {seconds} seconds can be played on every phone.",
                    seconds=number(round(outcome.value, 1)),
                )
            )
            st.rerun()
