"""The draft on the screen: every change is saved at once, can be taken back, and never overwrites a colleague's.

A change is a function from draft to draft. Where a colleague has saved meanwhile, the change is made anew on what
she wrote; only where both changed the same field is somebody asked. Widgets carry a generation in their keys, so
that they show what changed elsewhere (`forms` for single fields, `table` for the task table).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from core.foundation.errors import Refusal
from core.packages import publishing
from core.packages.comparison import compare, where_in_words
from core.packages.document import PackageDocument, problems
from core.packages.drafts import copy_package, keep_draft
from core.packages.editing import Draft
from core.packages.faults import Problem
from core.packages.versions import raw_differences
from pages.manager.packages.marks import change_table
from pages.ui.calls import actor, ask, desk, do, say
from pages.ui.frame import facts
from pages.ui.text import _, clock, html, language, refusal

Change = Callable[[Draft], Draft]
MOST_UNDO = 30


@dataclass
class Editor:
    """What one browser works on. `raw` is the draft as it was last saved or loaded."""

    package_id: int
    raw: Draft
    document: PackageDocument
    seen_at: datetime
    faults: list[Problem] = field(default_factory=list)
    undo: list[Draft] = field(default_factory=list)
    forms: int = 0
    table: int = 0
    conflict: tuple[publishing.Draft, Draft] | None = None
    refused: str = ""

    def load(self, draft: publishing.Draft) -> None:
        """Show what is stored; what was undone or typed here before is of another time."""
        self.raw, self.document, self.seen_at = draft.working, draft.document, draft.changed_at
        self.faults, self.conflict = problems(self.raw), None
        self.undo.clear()
        self.redraw()

    def redraw(self) -> None:
        self.forms += 1
        self.table += 1

    def apply(self, change: Change, keep_undo: bool = True) -> bool:
        """Make a change and save it; False where it was refused or meets a colleague's."""
        try:
            new = change(self.raw)
        except KeyError:
            self.redraw()
            return False
        if new == self.raw:
            return True
        try:
            self._save(new, self.seen_at)
        except publishing.SomebodyElseSaved:
            return self._meet(change, new)
        except Refusal as problem:
            self.refused = refusal(problem)
            self.redraw()
            return False
        if keep_undo:
            self.undo = [*self.undo[-MOST_UNDO:], self.raw]
        self._settle(new)
        return True

    def _settle(self, new: Draft) -> None:
        self.raw, self.faults = new, problems(new)
        if not self.faults:
            self.document = PackageDocument.model_validate(new)

    def _save(self, new: Draft, seen_at: datetime) -> None:
        kept = desk().do(
            actor(), keep_draft, package_id=self.package_id, working=new, expected_changed_at=seen_at
        )
        self.seen_at = kept

    def _meet(self, change: Change, mine: Draft) -> bool:
        """A colleague was faster: put the change onto hers, or keep both for a decision."""
        theirs: publishing.Draft = ask(publishing.draft, package_id=self.package_id)
        her_fields = _touched(self.raw, theirs.working)
        try:
            together = change(theirs.working)
        except KeyError:
            together = None
        if together is None or her_fields & _touched(self.raw, mine):
            self.conflict = (theirs, mine)
            return False
        before = self.raw
        self.load(theirs)
        say(_news(before, theirs))
        return self.apply(lambda _draft: together, keep_undo=False)


def open_editor(package_id: int) -> Editor:
    """The editor of this browser for a package, brought up to date with what colleagues saved."""
    stored: publishing.Draft = ask(publishing.draft, package_id=package_id)
    name = f"editor_{package_id}"
    editor: Editor | None = st.session_state.get(name)
    if editor is None:
        editor = Editor(package_id, stored.working, stored.document, stored.changed_at)
        editor.faults = problems(editor.raw)
        st.session_state[name] = editor
    elif editor.conflict is None and stored.changed_at != editor.seen_at:
        if stored.working != editor.raw:
            st.info(_news(editor.raw, stored), icon=":material/group:")
            editor.load(stored)
        editor.seen_at = stored.changed_at
    return editor


def show_state(editor: Editor) -> None:
    """Saved when, undo, and what is still to be corrected; a meeting with a colleague stops the page."""
    if editor.refused:
        st.error(editor.refused, icon=":material/info:")
        editor.refused = ""
    if editor.conflict:
        _decide(editor, *editor.conflict)
        st.stop()
    saved, back = st.columns([5, 1], vertical_alignment="center")
    when = clock(editor.seen_at, facts().zone)
    saved.caption(
        _("Every change is saved at once, the last at {time}. Patients see it after you publish.", time=when)
    )
    if back.button(
        _("Undo"), key="undo_draft", icon=":material/undo:", disabled=not editor.undo, width="stretch"
    ):
        last = editor.undo.pop()
        if editor.apply(lambda _draft: last, keep_undo=False):
            editor.redraw()
        st.rerun()
    if editor.faults:
        with st.expander(
            _("Before publishing, please correct: {n}", n=len(editor.faults)), icon=":material/edit_note:"
        ):
            for fault in editor.faults:
                place = html(where_in_words(fault, editor.raw, language())[1])
                st.html(f"<p class='pd-fault'><b>{place}</b> {html(fault.text(language()))}</p>")


# --- inner ----------------------------------------------------------------------------------------


def _touched(old: Draft, new: Draft) -> set[str]:
    before, after = raw_differences(old, new)
    return {*before, *after}


def _news(before: Draft, theirs: publishing.Draft) -> str:
    found = compare(before, theirs.working, language())
    words = [", ".join(part for part in (one.entry, one.field) if part) for one in found[:5]]
    return _(
        "{name} has changed this draft meanwhile: {fields}. You see it below; nothing of yours was lost.",
        name=theirs.changed_by_name or _("A colleague"),
        fields="; ".join(words) or _("texts"),
    )


def _decide(editor: Editor, theirs: publishing.Draft, mine: Draft) -> None:
    name = theirs.changed_by_name or _("A colleague")
    st.warning(
        _("{name} and you have changed the same field. Both texts are here; please choose.", name=name),
        icon=":material/group:",
    )
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{html(name)}** · {clock(theirs.changed_at, facts().zone)}")
        change_table(compare(editor.raw, theirs.working, language()))
        if st.button(_("Load theirs"), type="primary", width="stretch"):
            editor.load(theirs)
            st.rerun()
    with right:
        st.markdown(f"**{_('You')}**")
        change_table(compare(editor.raw, mine, language()))
        if st.button(_("Keep mine as a copy"), width="stretch"):
            label = _("{name} (copy)", name=mine.get("name", ""))
            made = do(copy_package, package_id=editor.package_id, name=label, working=mine)
            if made:
                editor.load(theirs)
                st.session_state["package"] = made.value
                say(_("Your version is kept as a package of its own."))
                st.rerun()
