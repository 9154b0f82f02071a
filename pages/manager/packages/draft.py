"""The draft of a package on the screen (see `pages.manager.drafting`), with its problems and its task table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core.packages import publishing
from core.packages.comparison import compare, where_in_words
from core.packages.document import PackageDocument, problems
from core.packages.drafts import LONGEST_NAME, copy_package, keep_draft
from core.packages.editing import Draft
from core.packages.facts.checking import place_in_words
from core.packages.facts.filling import filled_data, is_field, labels, names_in
from core.packages.versions import differences
from pages.manager import drafting
from pages.manager.drafting import Meeting, Stored, news, show_refused, show_undo
from pages.manager.facts import check, holding, show_fields, show_finding
from pages.manager.packages.marks import change_table
from pages.ui.calls import ask, desk, do, doer, say
from pages.ui.frame import the_house
from pages.ui.sections import fold
from pages.ui.text import _, clock, html, language

MOST_SHOWN = 30  # the rest follows when these are settled
ROOM = 10  # characters for the words around the name


@dataclass
class Editor(drafting.SharedEditor):
    """`document` is the last state without problems; `table` the generation of the task table."""

    document: PackageDocument = None  # type: ignore[assignment]  # open_editor gives the stored one
    table: int = 0

    @property
    def read(self) -> Draft:
        """The draft as patients read it, its fields filled."""
        found: Draft = filled_data(self.raw, self.said)
        return found

    def named(self, draft: Draft) -> Draft:
        """A draft with its fields under their names, for reading beside another."""
        # An older version may have fields of what the draft no longer has.
        gone = sorted(name for name in names_in(draft) - {*self.labels} if is_field(name))
        known = labels(gone, draft, None, str(draft.get("language") or "zh")) | self.labels
        found: Draft = filled_data(draft, {name: f"{{{called}}}" for name, called in known.items()})
        return found

    def fetch(self) -> publishing.Draft:
        found: publishing.Draft = ask(publishing.draft, package_id=self.package_id)
        return found

    def keep(self, new: Draft) -> None:
        self.seen_at = desk().do(
            doer(), keep_draft, package_id=self.package_id, working=new, expected_changed_at=self.seen_at
        )

    def touched(self, old: Draft, new: Draft) -> set[str]:
        before, after = differences(old, new)
        return {*before, *after}

    def news(self, before: Draft, theirs: Stored) -> str:
        found = compare(before, theirs.working, language())
        words = [", ".join(part for part in (one.entry, one.field) if part) for one in found[:5]]
        return news(theirs, words)

    def take(self, new: Draft) -> None:
        self.raw, self.faults = new, problems(new)
        if not self.faults:
            self.document = PackageDocument.model_validate(new)

    def load(self, stored: Any) -> None:
        self.document = stored.document
        super().load(stored)

    def redraw(self) -> None:
        super().redraw()
        self.table += 1

    def wrote(self, path: str) -> None:
        if path.startswith(("tasks.", "earning")):
            self.table += 1


def open_editor(package_id: int) -> Editor:
    """The editor of this browser for a package, brought up to date with what colleagues saved."""
    name = f"editor_{package_id}"
    editor: Editor | None = st.session_state.get(name)
    stored: publishing.Draft = ask(publishing.draft, package_id=package_id)
    if editor is None:
        editor = Editor(package_id, stored.working, seen_at=stored.changed_at, document=stored.document)
        editor.faults = problems(editor.raw)
        st.session_state[name] = editor
    else:
        editor.follow(stored)
    return editor


def show_state(editor: Editor) -> None:
    """Saved when, undo, and what is still to be corrected; a meeting with a colleague stops the page."""
    show_refused(editor)
    if editor.conflict:
        _decide(editor, editor.conflict)
        st.stop()
    show_undo(
        editor,
        _("Every change is saved at once, the last at {time}. Patients see it after you publish.",
          time=clock(editor.seen_at, the_house().zone)),
    )  # fmt: skip
    if editor.faults:
        with st.expander(
            _("Before publishing, please correct: {n}", n=len(editor.faults)), icon=":material/edit_note:"
        ):
            named = editor.named(editor.raw)
            for fault in editor.faults:
                place = html(where_in_words(fault, named, language())[1])
                st.html(f"<p class='pd-fault'><b>{place}</b> {html(fault.text(language()))}</p>")
    _beside_the_facts(editor)


def name_of_copy(name: str) -> str:
    """What a copy of the package called `name` is called where nobody chose a name."""
    return _("{name} (copy)", name=name[: LONGEST_NAME - ROOM])


# --- inner ----------------------------------------------------------------------------------------


def _beside_the_facts(editor: Editor) -> None:
    """What the texts say that differs from the facts, each with its place, and the fields there are."""
    check(editor, editor.raw)
    found = holding(editor)
    if found:
        with st.expander(
            _("Texts that differ from the facts, to settle before publishing: {n}", n=len(found)),
            icon=":material/fact_check:",
        ):
            named = editor.named(editor.raw)
            for one in found[:MOST_SHOWN]:
                where = place_in_words(one.path, named, language())
                show_finding(editor, one, "top", where)
    fold(_("Fields for texts: price, telephone, places, rewards"), "text_fields", partial(show_fields, editor),
         icon=":material/data_object:")  # fmt: skip


def _decide(editor: Editor, meeting: Meeting) -> None:
    theirs, mine = meeting.theirs, meeting.mine
    name = theirs.changed_by_name or _("A colleague")
    st.warning(
        _("{name} and you have changed the same field. Both texts are here; please choose.", name=name),
        icon=":material/group:",
    )
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{html(name)}** · {clock(theirs.changed_at, the_house().zone)}")
        change_table(compare(editor.named(editor.raw), editor.named(theirs.working), language()))
        if st.button(_("Load theirs"), type="primary", width="stretch"):
            editor.load(theirs)
            st.rerun()
    with right:
        st.markdown(f"**{_('You')}**")
        change_table(compare(editor.named(editor.raw), editor.named(mine), language()))
        if st.button(_("Keep mine as a copy"), width="stretch"):
            label = name_of_copy(mine.get("name") or "")
            made = do(copy_package, package_id=editor.package_id, name=label, working=mine)
            if made:
                editor.load(theirs)
                st.session_state["package"] = made.value
                say(_("Your version is kept as a package of its own."))
                st.rerun()
