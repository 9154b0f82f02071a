"""The player of one film with everything its review takes: marks, rubric, verdict, one sentence, by keyboard alone.

A component of our own: a key press must not wait for a run of the page, and what was typed must not be lost by one.
What is in it: `player.js`, how it looks: `player.css`; both are handed to the browser as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.dialogue.films.film_queue import FilmCase
from core.dialogue.films.film_reviews import (
    LONGEST_MARK,
    LONGEST_SENTENCE,
    MOST_MARKS,
    VERDICT_NAMES,
    minutes,
)
from core.foundation.clock import day_of
from pages.ui.frame import the_house
from pages.ui.text import _, day

HERE = Path(__file__).resolve().parent
MOST_LINES = 40


@dataclass(frozen=True)
class Said:
    """What the browser says was decided: `saved` with the deed's own fields, `skipped`, or neither."""

    saved: dict[str, Any] | None = None
    skipped: bool = False


@cache
def _component() -> Callable[..., Any]:
    sheet, script = ((HERE / f"player.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    mount: Callable[..., Any] = st.components.v2.component(
        "pilotdesk_film", html="<div class='pd-film'></div>", css=sheet, js=script, isolate_styles=False
    )
    return mount


def player(film: FilmCase, address: str, following: str, more: int, problem: str, key: str) -> Said:
    """Draw the film at `address` with its form; `following` is the address of the next one (fetched meanwhile), `more`
    how many wait behind it, `problem` why the last press was refused ("" for nothing)."""
    line = film.line
    data = {
        "id": line.recording_id,
        "address": address,
        "following": following,
        "seconds": line.seconds,
        "what": film.what,
        "last": _last(film),
        "rubric": list(film.rubric),
        "verdicts": [{"key": name, "name": _(words)} for name, words in VERDICT_NAMES.items()],
        "modules": [{"short": short, "words": words} for short, words in film.modules],
        "problem": problem,
        "most": {"sentence": LONGEST_SENTENCE, "mark": LONGEST_MARK, "marks": MOST_MARKS},
        "words": _words(film, more),
    }
    told = _component()(key=key, data=data, on_saved_change=_nothing, on_skipped_change=_nothing)
    return understood(told.get("saved"), told.get("skipped"), line.recording_id)


def understood(saved: Any, skipped: Any, recording_id: int) -> Said:
    """What a browser said, as the deed takes it; a browser may say anything, and of another film nothing counts."""
    if skipped == recording_id:
        return Said(skipped=True)
    if not isinstance(saved, dict) or saved.get("id") != recording_id:
        return Said()
    return Said(
        {
            "verdict": str(saved.get("verdict") or "")[:20],
            "sentence": str(saved.get("sentence") or ""),
            "rubric": [one for one in _list(saved.get("rubric")) if type(one) is int],
            "marks": [
                [float(one[0]), str(one[1])]
                for one in _list(saved.get("marks"))
                if isinstance(one, list) and len(one) == 2 and isinstance(one[0], int | float)
            ],
        }
    )


def _list(found: Any) -> Sequence[Any]:
    return found[:MOST_LINES] if isinstance(found, list) else []


def _last(film: FilmCase) -> str:
    """What was said of her last film of this task."""
    if film.last is None or film.last.at is None:
        return ""
    return _(
        "Last time ({day}, {by}): {verdict}. {sentence}", day=day(day_of(film.last.sent_at, the_house().zone)), by=film.last.by,
        verdict=_(VERDICT_NAMES[film.last.verdict]), sentence=film.last.sentence,
    )  # fmt: skip


def _words(film: FilmCase, more: int) -> dict[str, str]:
    return {
        "film": _("Film of {name}: {title}", name=film.line.patient_name, title=film.line.title),
        "length": minutes(film.line.seconds),
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("1 second back"),
        "on": _("1 second on"),
        "slow": _("Half speed"),
        "mark": _("Mark this second"),
        "marks": _("Marks"),
        "word": _("Word at {time}", time="{time}"),
        "remove": _("Remove the mark at {time}", time="{time}"),
        "go": _("Go to {time}", time="{time}"),
        "asked": _("What she was asked"),
        "rubric": _("What is done well"),
        "verdict": _("Verdict"),
        "sentence": _("One sentence she reads"),
        "module": _("Insert a text module"),
        "save": _("Send, next film") if more else _("Send"),
        "saving": _("Sending …"),
        "skip": _("Later, next film") if more else "",
        "no_verdict": _("Please choose: well done, change this, or please come in."),
        "no_sentence": _("Please write one sentence she reads."),
        "no_word": _("Please write a word for each mark, or remove it."),
        "no_film": _("The film cannot be played here. Please reload the page; if it stays so, call her."),
        "slow_line": _("This takes longer than usual. Please press once more."),
        "keys": _(
            "Keys: space plays, ← → one second, M marks, S half speed, Q W E R ticks, 1 2 3 verdict, Ctrl+Enter sends, Esc leaves a field."
        ),
    }


def _nothing() -> None:
    """A trigger is only told to those who listen."""
