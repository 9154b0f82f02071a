"""A draft on the screen: every change is saved at once, can be taken back, and never overwrites a colleague's.

A change is a function from draft to draft. Where a colleague has saved meanwhile, the change is made anew on what
she wrote; only where both changed the same field is somebody asked. Widgets carry a generation in their keys
(`forms`), so that they show what changed elsewhere. Packages and SOPs say how theirs is fetched, kept and compared.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import streamlit as st

from core.foundation.errors import Refusal
from core.packages.drafts import SomebodyElseSaved
from core.packages.editing import Draft
from core.packages.facts.checking import Finding
from core.packages.fault_words import Problem
from pages.ui.calls import say
from pages.ui.text import _, refusal

Change = Callable[[Draft], Draft]
MOST_UNDO = 30


class Stored(Protocol):
    """A draft as the house holds it."""

    @property
    def working(self) -> Draft: ...
    @property
    def changed_at(self) -> datetime | None: ...
    @property
    def changed_by_name(self) -> str: ...


@dataclass
class Meeting:
    """A colleague and this author changed the same field: hers is stored, mine is only here."""

    theirs: Stored
    mine: Draft
    change: Change


@dataclass
class Editor(ABC):
    """What one browser works on. `raw` is the draft as it was last saved or loaded."""

    package_id: int
    raw: Draft
    faults: list[Problem] = field(default_factory=list)
    undo: list[Draft] = field(default_factory=list)
    forms: int = 0
    # What the texts write out beside the facts, what each field says and how it is called (`pages.manager.facts.check`).
    found: list[Finding] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    unsaved: str = ""

    @abstractmethod
    def take(self, new: Draft) -> None:
        """Hold a state as the present one, with its problems."""

    def keep(self, new: Draft) -> None:  # noqa: B027 (what lives in this browser alone is kept by being taken)
        """Save, or refuse."""

    def wrote(self, path: str) -> None:  # noqa: B027 (a kind of draft may have nothing to do then)
        """A single field was saved."""

    def redraw(self) -> None:
        self.forms += 1

    def apply(self, change: Change, keep_undo: bool = True, typed: str = "") -> bool:
        """Make a change and save it; False where it was refused or meets a colleague's. `typed` is what stands in the
        field: after a refusal it is shown, so that nobody types it again."""
        try:
            new = change(self.raw)
        except KeyError:
            self.redraw()
            return False
        if new == self.raw:
            return True
        try:
            self.keep(new)
        except Refusal as problem:
            return self._refused(problem, change, new, typed)
        if keep_undo:
            self.undo = [*self.undo[-MOST_UNDO:], self.raw]
        self.take(new)
        return True

    def _refused(self, problem: Refusal, change: Change, mine: Draft, typed: str) -> bool:
        self.refused, self.unsaved = refusal(problem), typed
        self.redraw()
        return False


@dataclass
class SharedEditor(Editor):
    """A draft of the house, which colleagues may be writing, too. `seen_at` is the stored state that was last seen here."""

    seen_at: datetime | None = None
    conflict: Meeting | None = None

    # --- what a kind of draft says of itself ------------------------------------------------------

    @abstractmethod
    def fetch(self) -> Any:
        """The draft as it is stored now."""

    @abstractmethod
    def keep(self, new: Draft) -> None:
        """Save and note `seen_at`; refuses `SomebodyElseSaved` when the stored draft is another than the one seen."""

    @abstractmethod
    def touched(self, old: Draft, new: Draft) -> set[str]:
        """The fields in which two states differ."""

    @abstractmethod
    def news(self, before: Draft, theirs: Stored) -> str:
        """The sentence about what a colleague changed meanwhile."""

    # --- what they share --------------------------------------------------------------------------

    def load(self, stored: Any) -> None:
        """Show what is stored; what was undone or typed here before is of another time."""
        self.seen_at, self.conflict = stored.changed_at, None
        self.take(stored.working)
        self.undo.clear()
        self.redraw()

    def _refused(self, problem: Refusal, change: Change, mine: Draft, typed: str) -> bool:
        if isinstance(problem, SomebodyElseSaved):
            return self._meet(change, mine)
        return super()._refused(problem, change, mine, typed)

    def _meet(self, change: Change, mine: Draft) -> bool:
        """A colleague was faster: put the change onto hers, or keep both for a decision."""
        theirs = self.fetch()
        hers = self.touched(self.raw, theirs.working)
        try:
            together = change(theirs.working)
        except KeyError:
            together = None
        if together is None or hers & self.touched(self.raw, mine):
            self.conflict = Meeting(theirs, mine, change)
            return False
        before = self.raw
        self.load(theirs)
        say(self.news(before, theirs))
        return self.apply(lambda _draft: together, keep_undo=False)

    def follow(self, stored: Stored) -> None:
        """Show what colleagues saved since the last run; `stored` is what was just read."""
        if self.conflict is not None or stored.changed_at == self.seen_at:
            return
        if stored.working != self.raw:
            st.info(self.news(self.raw, stored), icon=":material/group:")
            self.load(stored)
        self.seen_at = stored.changed_at


def show_refused(editor: Editor) -> None:
    """The refusal of the last change, with what was typed, ready to be copied."""
    if not editor.refused:
        return
    st.error(editor.refused, icon=":material/info:")
    if editor.unsaved:
        st.caption(_("This was not saved. Copy it before you leave the page:"))
        st.code(editor.unsaved, language=None, wrap_lines=True)
    editor.refused = editor.unsaved = ""


def show_undo(editor: Editor, sentence: str) -> None:
    """One line: what is saved and since when, and the way back."""
    saved, back = st.columns([5, 1], vertical_alignment="center")
    saved.caption(sentence)
    if back.button(
        _("Undo"), key="undo_draft", icon=":material/undo:", disabled=not editor.undo, width="stretch"
    ):
        last = editor.undo.pop()
        if editor.apply(lambda _draft: last, keep_undo=False):
            editor.redraw()
        st.rerun()


def news(theirs: Stored, fields: list[str]) -> str:
    """Who changed which fields meanwhile."""
    return _(
        "{name} has changed this draft meanwhile: {fields}. You see it below; nothing of yours was lost.",
        name=theirs.changed_by_name or _("A colleague"),
        fields="; ".join(fields) or _("texts"),
    )
