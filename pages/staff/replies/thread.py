"""Her words and ours in one case, with what was filmed, photographed and spoken; older words of other cases folded."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from core.dialogue.authors import BY_NAMES
from core.dialogue.cases.queue import Waiting
from core.dialogue.cases.thread import Attached, Word, shown_with, thread_of
from core.dialogue.recordings.recordings import STATE_NAMES
from pages.recordings.app import address
from pages.ui.calls import ask
from pages.ui.sections import fold
from pages.ui.text import _, _n, html, moment


def thread(row: Waiting, zone: ZoneInfo) -> None:
    words: list[Word] = ask(thread_of, patient_id=row.patient_id)
    here = [word for word in words if word.case_id == row.case_id]
    before = [word for word in words if word.case_id != row.case_id]
    beside: list[Attached] = ask(shown_with, case_id=row.case_id)
    if beside:
        st.html(f"<div class='pd-talk pd-beside'>{''.join(map(_attached, beside))}</div>")
    if here:
        st.html(talk(here, row.patient_name, zone))
    elif not (row.why or beside):
        st.caption(_("No words in this case."))
    if before:
        fold(
            _n("{n} other word with her", "{n} other words with her", len(before)),
            f"before_{row.case_id}",
            lambda: st.html(talk(before, row.patient_name, zone)),
            icon=":material/forum:",
        )


def talk(words: Sequence[Word], patient: str, zone: ZoneInfo) -> str:
    """Words as two sides, hers and ours, `patient` being her name; with players for what hangs on them."""
    return f"<ol class='pd-talk'>{''.join(_word(word, patient, zone) for word in words)}</ol>"


def _word(word: Word, patient: str, zone: ZoneInfo) -> str:
    who = word.author or (patient if word.by == "patient" else _(BY_NAMES[word.by]))
    if word.by in ("family", "guardian"):
        who = f"{who} ({_(BY_NAMES[word.by])})"
    said = f"<p>{html(word.words)}</p>" if word.words else ""
    return (
        f"<li class='{'hers' if word.hers else 'ours'}'><small>{html(who)} · {html(moment(word.at, zone))}</small>"
        f"{said}{''.join(map(_attached, word.attached))}</li>"
    )


def _attached(one: Attached) -> str:
    """A player for what is ready, a word for what is not; played piece by piece from the signed-in route."""
    names = {"film": _("Film"), "photo": _("Photo"), "voice": _("Voice message")}
    length = f" {int(one.seconds) // 60}:{int(one.seconds) % 60:02d}" if one.seconds else ""
    name = html(names[one.kind] + length)
    if one.state != "ready":
        return f"<p class='pd-file'>{name} · {html(_(STATE_NAMES[one.state]))}</p>"
    where = address(one.recording_id, one.kind)
    players = {
        "film": f"<video src='{where}' controls preload='metadata' playsinline></video>",
        "photo": f"<a href='{where}' target='_blank'><img src='{where}' alt='{name}' loading='lazy'></a>",
        "voice": f"<audio src='{where}' controls preload='none'></audio>",
    }
    return f"<p class='pd-file'>{name}</p>{players[one.kind]}"
