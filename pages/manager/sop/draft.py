"""The draft of an SOP on the screen (see `pages.manager.drafting`): the department's own part and the note."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from core.foundation.language import N_
from core.packages import publishing
from core.packages.editing import Draft
from core.sops import own
from core.sops.approval import OWN_PARTS
from core.sops.drafts import keep_own
from core.sops.shelf import Working, working
from pages.manager import drafting
from pages.manager.drafting import Meeting, Stored, news, show_refused, show_undo
from pages.manager.facts import check, holding, show_fields, show_finding
from pages.ui.calls import ask, desk, doer
from pages.ui.frame import the_house
from pages.ui.sections import fold
from pages.ui.text import _, _n, clock, html, language

NAMES = OWN_PARTS | {"what": N_("What changed"), "why": N_("Why")}
PARTS = {
    "question": N_("Question"), "right": N_("Right answer"), "wrong": N_("Wrong answers, one per line"),
    "term": N_("Word"), "meaning": N_("Meaning"),
    "name": N_("Indicator"), "counted": N_("Counted as"), "target": N_("Aim"),
}  # fmt: skip


@dataclass
class Editor(drafting.SharedEditor):
    """`began` are the rows each table was drawn with; what is typed into it comes on top."""

    began: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def fetch(self) -> Working:
        found: Working = ask(working, package_id=self.package_id)
        return found

    def keep(self, new: Draft) -> None:
        self.seen_at = desk().do(
            doer(), keep_own, package_id=self.package_id, working=new, expected_changed_at=self.seen_at
        )

    def touched(self, old: Draft, new: Draft) -> set[str]:
        before, after = own.touched(old, new)
        return {*before, *after}

    def news(self, before: Draft, theirs: Stored) -> str:
        return news(theirs, sorted({place(path) for path in self.touched(before, theirs.working)}))

    def take(self, new: Draft) -> None:
        self.raw, self.faults = new, own.problems(new)

    def redraw(self) -> None:
        super().redraw()
        self.began.clear()


def open_editor(stored: Working) -> Editor:
    """The editor of this browser for a package's next version, brought up to date with what colleagues saved."""
    name = f"sop_editor_{stored.package_id}"
    editor: Editor | None = st.session_state.get(name)
    if editor is None:
        editor = Editor(stored.package_id, stored.working, seen_at=stored.changed_at)
        editor.take(stored.working)
        st.session_state[name] = editor
    else:
        editor.follow(stored)
    return editor


def show_state(editor: Editor) -> None:
    """Saved when, and undo; a meeting with a colleague stops the page."""
    show_refused(editor)
    if editor.conflict:
        _decide(editor, editor.conflict)
        st.stop()
    when = clock(editor.seen_at, the_house().zone) if editor.seen_at else ""
    show_undo(
        editor,
        _("Every field saves itself when you leave it, the last at {time}.", time=when)
        if when
        else _("Every field saves itself when you leave it."),
    )


def show_facts(editor: Editor) -> None:
    """What the department's own part and the package say that differs from the facts, and the fields there are."""
    package = ask(publishing.draft, package_id=editor.package_id).working
    own_part = {name: value for name, value in editor.raw.items() if name not in own.NOTE}
    check(editor, package)
    elsewhere = len(holding(editor))
    check(editor, own_part, package)
    if elsewhere:
        st.warning(
            _n("{n} text of the package differs from the facts. Settle it there before handing in.",
               "{n} texts of the package differ from the facts. Settle them there before handing in.", elsewhere),
            icon=":material/fact_check:",
        )  # fmt: skip
    for one in holding(editor):
        show_finding(editor, one, "top", place(one.path))
    fold(_("Fields for texts: price, telephone, places, rewards"), "text_fields", partial(show_fields, editor),
         icon=":material/data_object:")  # fmt: skip


def show_faults(editor: Editor, part: str = "") -> None:
    """What is still to be corrected, in one part or in all, with its place."""
    for fault in editor.faults:
        if not part or fault.where.startswith(f"{part}."):
            words = f"<b>{html(place(fault.where))}</b> {html(fault.text(language()))}"
            st.html(f"<p class='pd-fault'>{words}</p>")


def place(path: str) -> str:
    """Where a field lies, in words: the part, and which row, question or step of it."""
    part, number, name = [*path.split("."), "", ""][:3]
    words = [_(NAMES[part])]
    if number:
        words.append(_("Step {number}", number=number) if part == "other_wording" else str(int(number) + 1))
    return " · ".join([*words, *([_(PARTS[name])] if name in PARTS else [])])


def _decide(editor: Editor, meeting: Meeting) -> None:
    theirs, mine = meeting.theirs, meeting.mine
    name = theirs.changed_by_name or _("A colleague")
    st.warning(
        _("{name} and you have changed the same field. Both texts are here; please choose.", name=name),
        icon=":material/group:",
    )
    fields = sorted(editor.touched(theirs.working, mine) & editor.touched(editor.raw, mine))
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{html(name)}**")
        _texts(theirs.working, fields)
        if st.button(_("Load theirs"), type="primary", width="stretch"):
            editor.load(theirs)
            st.rerun()
    with right:
        st.markdown(f"**{_('You')}**")
        _texts(mine, fields)
        if st.button(_("Keep mine"), width="stretch"):
            editor.load(theirs)
            editor.apply(meeting.change)
            editor.redraw()
            st.rerun()


def _texts(draft: Draft, fields: list[str]) -> None:
    before, _after = own.touched(draft, {})
    for path in fields:
        st.caption(place(path))
        st.code(_said(before.get(path)) or "–", language=None, wrap_lines=True)


def _said(value: Any) -> str:
    """A field as lines of text: a table's rows, a list's entries."""
    if isinstance(value, list):
        return "\n".join(
            " · ".join(filter(None, one.values())) if isinstance(one, dict) else one for one in value
        )
    return str(value or "")
