"""The draft on the screen: every change is saved at once, can be taken back, and never overwrites a colleague's.

A change is a function from draft to draft. Where a colleague has saved meanwhile, the change is made anew on what
she wrote; only where both changed the same field is somebody asked. Widgets carry a generation in their keys, so
that they show what changed elsewhere (`forms` for single fields, `table` for the task table).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import streamlit as st

from core.design import packages
from core.design.comparison import compare, where_in_words
from core.design.drafts import copy_package, keep_draft
from core.design.editing import Draft, field_at, numbered, with_field
from core.design.template import PackageDocument, Problem, problems
from core.design.versions import raw_differences
from core.foundation.errors import Refusal
from pages.ui.calls import actor, ask, desk, do, say
from pages.ui.frame import facts
from pages.ui.package_marks import change_table
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
    conflict: tuple[packages.Draft, Draft] | None = None
    refused: str = ""

    def load(self, draft: packages.Draft) -> None:
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
        except packages.SomebodyElseSaved:
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
        theirs: packages.Draft = ask(packages.draft, package_id=self.package_id)
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
    stored: packages.Draft = ask(packages.draft, package_id=package_id)
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


def fault_below(editor: Editor, path: str) -> None:
    """What is wrong with one field, right below it."""
    if not editor.faults:
        return
    try:
        where = numbered(editor.raw, path)
    except KeyError:
        return
    for fault in editor.faults:
        if fault.where == where or fault.where.startswith(f"{where}."):
            st.html(f"<p class='pd-fault'>{html(fault.text(language()))}</p>")


# --- fields that save themselves ------------------------------------------------------------------


def typed(editor: Editor, path: str, convert: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    """The key and the callback of a widget for the field at `path`; `convert` makes its value the draft's."""
    key = f"draft_{editor.package_id}_{editor.forms}_{path}"
    return {"key": key, "on_change": _changed, "args": (editor, path, key, convert)}


def _changed(editor: Editor, path: str, key: str, convert: Callable[[Any], Any]) -> None:
    value = convert(st.session_state[key])
    if editor.apply(lambda draft: with_field(draft, path, value)) and path.startswith(("tasks.", "earning")):
        editor.table += 1


def text(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """One line of text."""
    with place.container(gap=None):
        st.text_input(label, field_at(editor.raw, path) or "", **typed(editor, path, str.strip), **more)
        fault_below(editor, path)


def long_text(editor: Editor, path: str, label: str, place: Any = st, height: int = 90, **more: Any) -> None:
    """Several lines of text."""
    with place.container(gap=None):
        stored = field_at(editor.raw, path) or ""
        st.text_area(label, stored, height=height, **typed(editor, path, str.strip), **more)
        fault_below(editor, path)


def whole(
    editor: Editor,
    path: str,
    label: str,
    low: int,
    high: int | None,
    place: Any = st,
    empty: bool = False,
    **more: Any,
) -> None:
    """A whole number; with `empty` it may be left out."""
    stored = field_at(editor.raw, path)
    value = stored if isinstance(stored, int) else (None if empty else low)
    if value is not None:
        value = max(low, value) if high is None else min(max(low, value), high)
    with place.container(gap=None):
        st.number_input(label, low, high, value, step=1, **typed(editor, path), **more)
        fault_below(editor, path)


def yuan(editor: Editor, path: str, label: str, place: Any = st, empty: bool = False, **more: Any) -> None:
    """Money, typed in yuan and kept in fen."""
    stored = field_at(editor.raw, path)
    value = stored / 100 if isinstance(stored, int) else (None if empty else 0.0)
    with place.container(gap=None):
        st.number_input(
            label, 0.0, 1_000_000.0, value, step=1.0, format="%.2f",
            **typed(editor, path, lambda given: None if given is None else round(given * 100)), **more,
        )  # fmt: skip
        fault_below(editor, path)


def choice(
    editor: Editor, path: str, label: str, names: dict[Any, str], place: Any = st, **more: Any
) -> None:
    """One of several; `names` are catalogue texts or words already in the reader's language."""
    stored, options = field_at(editor.raw, path), list(names)
    index = options.index(stored) if stored in options else None
    with place.container(gap=None):
        st.selectbox(
            label, options, index, format_func=lambda one: _(names[one]), **typed(editor, path), **more
        )
        fault_below(editor, path)


def tick(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """Yes or no."""
    with place.container(gap=None):
        st.toggle(label, bool(field_at(editor.raw, path)), **typed(editor, path), **more)
        fault_below(editor, path)


# --- inner ----------------------------------------------------------------------------------------


def _touched(old: Draft, new: Draft) -> set[str]:
    before, after = raw_differences(old, new)
    return {*before, *after}


def _news(before: Draft, theirs: packages.Draft) -> str:
    found = compare(before, theirs.working, language())
    words = [", ".join(part for part in (one.entry, one.field) if part) for one in found[:5]]
    return _(
        "{name} has changed this draft meanwhile: {fields}. You see it below; nothing of yours was lost.",
        name=theirs.changed_by_name or _("A colleague"),
        fields="; ".join(words) or _("texts"),
    )


def _decide(editor: Editor, theirs: packages.Draft, mine: Draft) -> None:
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
