"""The team's text modules: add, change, retire."""

from __future__ import annotations

import streamlit as st

from core.dialogue.cases.text_modules import (
    FIELD_NAMES,
    LONGEST,
    LONGEST_SHORT,
    TextModule,
    add,
    beside_facts,
    change,
    find,
    retire,
    shipped_missing,
    take_shipped,
)
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state
from pages.ui.rows import Column, Line, heading, open_here, opened, rows
from pages.ui.text import _, _n, html, language, unmarked

NEW = "new"


def show_modules() -> None:
    """The list of modules, or one of them, in the place of the queue."""
    which = opened("modules")
    known: list[TextModule] = ask(find)
    chosen = next((one for one in known if str(one.module_id) == which.removeprefix("m")), None)
    if which == NEW or (which.startswith("m") and chosen is not None):
        _edit(chosen)
        return
    heading(_("Text modules"), _("All replies"), "modules", "replies")
    fields = " · ".join(f"{{{name}}} {_(said)}" for name, said in FIELD_NAMES.items())
    st.caption(_("Sentences you use again and again. In them is filled in: {fields}", fields=fields))
    if st.button(_("New text module"), key="module_new", type="primary", icon=":material/add:"):
        open_here("modules", NEW)
    _offer_shipped()
    if not known:
        empty_state(
            _("No text module yet. Write the first one: it is found by a few letters when you answer.")
        )
        return
    letters = st.text_input(_("A few letters"), key="modules_letters", icon=":material/search:")
    found = ask(find, letters=letters) if letters.strip() else known
    if not found:
        st.caption(_("Nothing of this kind."))
        return
    columns = [Column(_("Short name"), 0.6), Column(_("Words"), 2.4)]
    pressed = rows(
        _("Text modules"), columns, [Line(str(m.module_id), (m.short, m.words)) for m in found], "modules"
    )
    if pressed:
        open_here("modules", f"m{pressed}")


def _offer_shipped() -> None:
    """Sentences that come with the house by now and this department never had: taken by a click, never by themselves."""
    missing: int = ask(shipped_missing)
    if not missing:
        return
    words = _n("Take over {n} shipped sentence", "Take over {n} shipped sentences", missing)
    if st.button(words, key="modules_shipped", icon=":material/library_add:") and (
        done := do(take_shipped, "modules_shipped")
    ):
        say(_n("{n} sentence taken over.", "{n} sentences taken over.", done.value))
        st.rerun()
    st.caption(_("They greet and pass on; none of them is medical advice. What you wrote yourself stays."))


def _edit(held: TextModule | None) -> None:
    key = f"module_{held.module_id if held else NEW}"
    if st.button(_("All text modules"), key=f"{key}_close", icon=":material/arrow_back:"):
        open_here("modules", "1")
    with st.container(key="opened"):
        st.subheader(held.short if held else _("New text module"), anchor=False)
    form = Form(key, adds=held is None)
    empty = held or TextModule(0, "", "", True)
    short = form.kept("short", st.text_input, _("Short name"), empty.short, max_chars=LONGEST_SHORT)
    words = form.kept("words", st.text_area, _("Words"), empty.words, height=160, max_chars=LONGEST)
    st.caption(
        _(
            "Fields: {fields}",
            fields=" · ".join(f"{{{name}}} {_(said)}" for name, said in FIELD_NAMES.items()),
        )
    )
    right = _beside_facts(key, words, asked=words.strip() != empty.words)
    if st.button(_("Save"), key=f"{key}_save", type="primary"):
        told = {"short": short, "words": words, "right": right}
        done = (
            do(change, key, place=form, module_id=held.module_id, **told)
            if held
            else do(add, key, place=form, **told)
        )
        if done:
            _back(_("“{short}” is saved.", short=unmarked(short.strip())))
    if (
        held
        and st.button(_("No longer use it"), key=f"{key}_retire", icon=":material/block:")
        and do(retire, f"{key}_retire", module_id=held.module_id)
    ):
        _back(_("“{short}” is no longer offered.", short=held.short))


def _beside_facts(key: str, words: str, asked: bool) -> bool:
    """What the words say otherwise than the facts, below them; whether it was ticked, where it is asked, that this is right."""
    differ = ask(beside_facts, words=words)
    for one in differ:
        st.html(f"<p class='pd-fault'>{html(one.problem(language()))}</p>")
    return bool(differ) and asked and st.checkbox(_("It is right, leave it"), key=f"{key}_right_{words}")


def _back(said: str) -> None:
    say(said)
    open_here("modules", "1")
