"""Answers and promises of a package: how soon we answer what, what she can report, when we ask after her."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.packages.comparison import compare
from core.packages.editing import with_entry, with_field, without_entry
from core.packages.promise_words import (
    BY_NAMES,
    LEVELS,
    MEANS_NAMES,
    RUNG_NAMES,
    promise_in_words,
    weekday_name,
)
from core.packages.promises import PROMISE_NAMES
from core.packages.taking_over import filled_from, template_of
from pages.manager.fields import (
    choice,
    fault_below,
    long_text,
    several,
    text,
    tick,
    whole,
    with_more,
    without,
)
from pages.manager.packages.amends import show_amends
from pages.manager.packages.draft import Editor
from pages.manager.packages.marks import change_table
from pages.ui.sections import fold
from pages.ui.text import _, language, unmarked

ALWAYS = {"opens": "00:00", "closes": "24:00", "weekdays": [], "holidays": True}
NEW_PROMISES: dict[str, dict[str, Any]] = {
    "question": {"minutes": 30, "by": "nurse", "means": "text"},
    "film": {"minutes": 240, "by": "nurse", "means": "text"},
    "orange": {"minutes": 30, "by": "doctor", "means": "voice"},
    "yellow": {"minutes": 480, "by": "nurse", "means": "text"},
}
NEW_SILENCE = {"message_hours": 72, "call_hours": 96, "message": ""}


def show_promises(editor: Editor) -> None:
    st.caption(
        _("What is promised here she reads on her page, and a clock runs for it. Nothing promised: she reads 120 and your telephone.")
    )  # fmt: skip
    _take_over(editor)
    known = {one.get("kind"): at for at, one in enumerate(editor.raw.get("promises") or [])}
    for kind, name in PROMISE_NAMES.items():
        if kind in known:
            promise = editor.raw["promises"][known[kind]]
            line = f"**{_(name)}** · {unmarked(promise_in_words(promise, language()))}"
            fold(line, f"promise_{kind}", partial(_promise, editor, known[kind], promise))
            fault_below(editor, f"promises.{known[kind]}")
        elif st.button(
            _("Promise this: {what}", what=_(name)), key=f"promise_more_{kind}", icon=":material/add:"
        ):
            new = {"kind": kind, **NEW_PROMISES[kind], "spans": [ALWAYS], "warn": 0, "ladder": []}
            with_more(editor, "promises", new)
            st.rerun()
    show_amends(editor)
    st.markdown(f"#### {_('Signs she can report')}")
    fold(
        _("Signs under “Something is wrong” ({n})", n=len(editor.raw.get("signs") or [])), "package_signs",
        partial(_signs, editor),
    )  # fmt: skip
    st.markdown(f"#### {_('When nothing is heard')}")
    _silence(editor)


def _take_over(editor: Editor) -> None:
    """A draft from before the template said anything about answers: what it lacks, to be looked at and taken."""
    ready = template_of(editor.raw)
    new = filled_from(editor.raw, ready) if ready else editor.raw
    if new is editor.raw:
        return
    st.info(
        _(
            "The template says more about answers, promises and drawings by now. What you wrote yourself stays."
        ),
        icon=":material/library_add:",
    )
    fold(
        _("See what it would add"), "template_adds",
        lambda: change_table(compare(editor.raw, new, language())),
    )  # fmt: skip
    if st.button(_("Take it over from the template"), type="primary"):
        editor.apply(lambda draft: filled_from(draft, ready or {}))
        editor.redraw()
        st.rerun()


def _promise(editor: Editor, at: int, promise: dict[str, Any]) -> None:
    path = f"promises.{at}"
    minutes, who, how, warn = st.columns(4)
    whole(editor, f"{path}.minutes", _("Within minutes"), 1, 10_080, minutes)
    choice(editor, f"{path}.by", _("Who answers"), BY_NAMES, who)
    choice(editor, f"{path}.means", _("How it is answered"), MEANS_NAMES, how)
    whole(
        editor,
        f"{path}.warn",
        _("Warning, minutes before the end"),
        0,
        1440,
        warn,
        help=_("0 means: no warning."),
    )
    st.markdown(f"**{_('When we answer')}**")
    days = {day: weekday_name(day, language()) for day in range(7)}
    for n, _span in enumerate(promise.get("spans") or []):
        here = f"{path}.spans.{n}"
        opens, closes, weekdays, holidays, act = st.columns([1, 1, 2.4, 1.6, 1], vertical_alignment="bottom")
        text(editor, f"{here}.opens", _("From"), opens, max_chars=5)
        text(
            editor,
            f"{here}.closes",
            _("Until"),
            closes,
            max_chars=5,
            help=_("24:00 is midnight; earlier than the beginning means: over midnight."),
        )
        several(editor, f"{here}.weekdays", _("Weekdays"), days, weekdays, placeholder=_("every day"))
        tick(editor, f"{here}.holidays", _("Also on public holidays"), holidays)
        _remove(editor, f"{path}.spans", n, act)
    if not promise.get("spans"):
        fault_below(editor, f"{path}.spans")
    if st.button(_("Add hours"), key=f"span_more_{path}_{editor.forms}", icon=":material/add:"):
        with_more(editor, f"{path}.spans", {**ALWAYS, "opens": "08:00", "closes": "20:00"})
        st.rerun()
    st.markdown(f"**{_('Who is told when nobody takes it')}**")
    for n, _rung in enumerate(promise.get("ladder") or []):
        here = f"{path}.ladder.{n}"
        who, after, act = st.columns([2, 1, 1], vertical_alignment="bottom")
        choice(editor, f"{here}.to", _("Who is told"), RUNG_NAMES, who)
        whole(editor, f"{here}.after", _("After minutes"), 0, 1440, after)
        _remove(editor, f"{path}.ladder", n, act)
    more, end = st.columns(2)
    if more.button(_("Add a step"), key=f"rung_more_{path}_{editor.forms}", icon=":material/add:"):
        with_more(editor, f"{path}.ladder", {"to": "second", "after": (promise.get("minutes") or 2) // 2})
        st.rerun()
    if end.button(_("Promise this no longer"), key=f"promise_less_{path}", icon=":material/delete:"):
        without(editor, "promises", at)
        st.rerun()


def _remove(editor: Editor, path: str, at: int, place: Any) -> None:
    if place.button(_("Remove"), key=f"less_{path}.{at}_{editor.forms}", width="stretch"):
        without(editor, path, at)
        st.rerun()


def _signs(editor: Editor) -> None:
    if not editor.raw.get("signs"):
        st.caption(_("Without signs of its own the package shows those of its escalation lines."))
    for at, one in enumerate(editor.raw.get("signs") or []):
        path, shown = f"signs.{one['code']}", "collapsed" if at else "visible"
        words, level, act = st.columns([4, 1.2, 1], vertical_alignment="bottom")
        text(editor, f"{path}.text", _("What she ticks"), words, max_chars=200, label_visibility=shown)
        choice(editor, f"{path}.level", _("Level"), LEVELS, level, label_visibility=shown)
        if act.button(_("Remove"), key=f"less_{path}_{editor.forms}", width="stretch"):
            editor.apply(partial(without_entry, name="signs", code=one["code"]))
            editor.redraw()
            st.rerun()
    if st.button(_("Add a sign"), key=f"sign_more_{editor.forms}", icon=":material/add:"):
        new = {"code": "sign1", "level": "yellow", "text": ""}
        editor.apply(lambda draft: with_entry(draft, "signs", new))
        editor.redraw()
        st.rerun()


def _silence(editor: Editor) -> None:
    if not editor.raw.get("silence"):
        st.caption(_("Nobody is asked after so far. Her page says beforehand when we would call."))
        if st.button(_("Ask after her when nothing is heard"), icon=":material/add:"):
            editor.apply(lambda draft: with_field(draft, "silence", NEW_SILENCE))
            editor.redraw()
            st.rerun()
        return
    message, call, act = st.columns([1, 1, 1], vertical_alignment="bottom")
    whole(editor, "silence.message_hours", _("Hours until a message"), 1, 720, message)
    whole(editor, "silence.call_hours", _("Hours until a call"), 2, 1440, call)
    if act.button(_("Do not ask after her"), icon=":material/delete:", width="stretch"):
        editor.apply(lambda draft: with_field(draft, "silence", None))
        editor.redraw()
        st.rerun()
    long_text(
        editor, "silence.message", _("The message"), max_chars=500,
        placeholder=_("Empty: a short friendly question of the house."),
        help=_("{name} stands for her name.", name="{name}"),
    )  # fmt: skip
