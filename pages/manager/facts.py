"""Amounts, telephones and places that a text writes out, beside that text; and the fields that say the same for ever."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.foundation.open_types import Raw
from core.packages.editing import with_field
from core.packages.facts.checking import Finding, settle_text, texts_beside_facts
from core.packages.facts.filling import kept, shown
from pages.manager.drafting import Editor
from pages.ui.calls import ask, do
from pages.ui.frame import the_house
from pages.ui.text import _, html, language, moment, unmarked

MOST_OFFERS = 2


def check(editor: Editor, texts: Raw, package: Raw | None = None) -> None:
    """Hold the texts on the screen against the facts; `package` has them where the texts are those of its SOP."""
    checked = ask(texts_beside_facts, package_id=editor.package_id, working=texts, facts_of=package)
    editor.found, editor.said, editor.labels = checked.findings, checked.said, checked.labels


def holding(editor: Editor) -> list[Finding]:
    """What is still to be settled."""
    return [one for one in editor.found if one.holds]


def as_shown(editor: Editor, words: str) -> str:
    """A stored text with its fields under their names."""
    return shown(words, editor.labels)


def as_kept(editor: Editor, words: str) -> str:
    """A text as typed, ready to be stored."""
    return kept(words, editor.labels)


def facts_below(editor: Editor, path: str) -> None:
    """What one text writes out, right below it."""
    for one in editor.found:
        if one.path == path or one.path.startswith(f"{path}."):
            show_finding(editor, one, "below")


def show_finding(editor: Editor, one: Finding, area: str, where: str = "") -> None:
    """One find with what can be done about it in one tap; `where` says the place of the text where it stands elsewhere."""
    said = one.problem.text(language())
    if one.settled:
        said = _("“{found}” is right as it stands: {by}, {when}.", found=one.literal.text, by=one.settled.by,
                 when=moment(one.settled.at, the_house().zone))  # fmt: skip
    room = st.container(gap=None)
    before = f"<b>{html(where)}</b> " if where else ""
    room.html(f"<p class='{'pd-fault' if one.holds else 'pd-fact'}'>{before}{html(said)}</p>")
    key = f"fact_{area}_{editor.package_id}_{editor.forms}_{one.path}_{one.literal.start}"
    acts = room.container(horizontal=True, key=f"{key}_acts")
    for name in one.literal.offers[:MOST_OFFERS] if not one.settled else ():
        field = editor.labels.get(name, name)
        words = _("Put in {field}: {now}", field=f"{{{field}}}", now=editor.said.get(name) or "–")
        acts.button(unmarked(words), key=f"{key}_{name}", on_click=_put, args=(editor, one, name))
    if one.holds and one.may_stay:
        _settle(acts, editor, one, f"{key}_right", _("It is right, leave it"), True)
    elif one.settled:
        _settle(acts, editor, one, f"{key}_again", _("Ask again"), False)


def show_fields(editor: Editor) -> None:
    """All fields with what they say now."""
    st.caption(_("Put a field, brackets included, into any text: readers always see the current value."))
    rows = "".join(
        f"<tr><td><code>{{{html(editor.labels[name])}}}</code></td><td>{html(said or '–')}</td></tr>"
        for name, said in editor.said.items()
    )
    head = "".join(f"<th>{word}</th>" for word in (_("Field"), _("Current value")))
    st.html(f"<div class='pd-scroll'><table class='pd-changes'><tr>{head}</tr>{rows}</table></div>")


# --- inner ----------------------------------------------------------------------------------------


def _put(editor: Editor, one: Finding, name: str) -> None:
    editor.apply(lambda draft: with_field(draft, one.path, one.with_field(name)))
    editor.redraw()


def _settle(place: Any, editor: Editor, one: Finding, key: str, words: str, right: bool) -> None:
    pressed = place.button(words, key=key)
    if pressed and do(
        settle_text, package_id=editor.package_id, text=one.text, literal=one.literal.text, right=right
    ):
        st.rerun()
