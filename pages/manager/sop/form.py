"""What the department adds to its SOP: fields that save themselves, with their problems right below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.packages.editing import field_at, with_field
from core.people.staff import roster
from core.sops.document import QUESTIONS, SopDocument
from pages.manager.facts import as_kept, as_shown, facts_below
from pages.manager.fields import fault_below, long_text, text, typed
from pages.manager.sop.draft import Editor, show_faults
from pages.ui.calls import ask
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, unmarked

OTHER = {"zh": "English", "en": "中文"}


def edit_own(editor: Editor, document: SopDocument, form: Form) -> None:
    """Owner, indicators, audit list, training, related documents, definitions, questions, wording in two languages."""
    _owner(editor)
    form.room("owner", st, far=True)
    left, right = st.columns(2)
    _lines(editor, "audit", _("Audit list, one point per line (each step's standard is on it anyway)"), left)
    _lines(
        editor,
        "related",
        _("Related documents, one per line (the tasks' sources are listed anyway)"),
        right,
    )
    long_text(editor, "training", _("Training, in addition to what the package says"))
    folded: dict[str, tuple[str, Callable[[], None]]] = {
        "kpis": (_("Indicators"), lambda: _indicators(editor)),
        "definitions": (_("Words as used here"), lambda: _definitions(editor)),
        "quiz": (_("Questions after reading (at most three)"), lambda: _quiz(editor)),
        "other_wording": (
            _("Wording in the other language ({language})", language=OTHER[document.language]),
            lambda: _other_wording(editor, document),
        ),
    }
    for part, (label, draw) in folded.items():
        fold(label, f"sop_{part}", draw)


def _indicators(editor: Editor) -> None:
    _table(editor, "kpis", {"name": _("Indicator"), "counted": _("Counted as"), "target": _("Aim")})


def _definitions(editor: Editor) -> None:
    _table(editor, "definitions", {"term": _("Word"), "meaning": _("Meaning")})


def _owner(editor: Editor) -> None:
    """The owner, from the staff or written freely."""
    held = str(editor.raw["owner"])
    names = [" ".join(part for part in (m.name, m.title) if part) for m in ask(roster, only_active=True)]
    options = list(dict.fromkeys(([held] if held else []) + names))
    with st.container(gap=None):
        st.selectbox(
            _("Owner: who answers questions about this SOP"), options, options.index(held) if held else None,
            accept_new_options=True, placeholder=_("Choose or write a name"),
            **typed(editor, "owner", lambda name: name or ""),
        )  # fmt: skip
        fault_below(editor, "owner")


def _lines(editor: Editor, path: str, label: str, place: Any = st, **more: Any) -> None:
    """A list, one entry per line."""
    with place.container(gap=None):
        stored = as_shown(editor, "\n".join(field_at(editor.raw, path) or []))
        keep = typed(editor, path, lambda words: _split(as_kept(editor, words)))
        st.text_area(label, stored, **{"height": 150, **more, **keep})
        fault_below(editor, path)
        facts_below(editor, path)


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _table(editor: Editor, path: str, columns: dict[str, str]) -> None:
    """Rows to add and take away. While it is on the screen it gets the rows it began with, and the editor of the table
    puts on top what was typed: other rows would make it a new table under the hands of whoever types."""
    key = f"{path}_{editor.package_id}_{editor.forms}"
    if path not in editor.began or key not in st.session_state:
        rows = [{name: as_shown(editor, words) for name, words in row.items()} for row in editor.raw[path]]
        editor.began[path] = rows or [dict.fromkeys(columns, "")]
    with st.container(gap=None):
        st.data_editor(
            editor.began[path],
            num_rows="dynamic",
            hide_index=True,
            width="stretch",
            column_config={name: st.column_config.TextColumn(label) for name, label in columns.items()},
            key=key,
            on_change=_keep_table,
            args=(editor, path, key, tuple(columns)),
        )
        show_faults(editor, path)
        facts_below(editor, path)


def _keep_table(editor: Editor, path: str, key: str, columns: tuple[str, ...]) -> None:
    edits = st.session_state[key]
    gone, cells = set(edits["deleted_rows"]), edits["edited_rows"]
    rows = [row | cells.get(at, {}) for at, row in enumerate(editor.began[path]) if at not in gone]
    full = [
        {name: as_kept(editor, str(row.get(name) or "")).strip() for name in columns}
        for row in [*rows, *edits["added_rows"]]
    ]
    found = [row for row in full if any(row.values())]
    editor.apply(lambda draft: with_field(draft, path, found))


def _quiz(editor: Editor) -> None:
    for at in range(QUESTIONS):
        text(editor, f"quiz.{at}.question", _("Question {number}", number=at + 1))
        left, right = st.columns(2)
        text(editor, f"quiz.{at}.right", _("Right answer"), left)
        _lines(editor, f"quiz.{at}.wrong", _("Wrong answers, one per line"), right, height=90)


def _other_wording(editor: Editor, document: SopDocument) -> None:
    """The wording of each step in the other language; what the ready package knows is filled in."""
    st.caption(_("Filled in from the ready package while the wording is unchanged. Empty: not printed."))
    for step in document.steps:
        path = f"other_wording.{step.no}"
        with st.container(gap=None):
            st.text_area(
                f"{step.no} · {unmarked(step.action)}", as_shown(editor, field_at(editor.raw, path, step.other_wording)), height=90,
                **typed(editor, path, lambda words: as_kept(editor, words).strip()),
            )  # fmt: skip
            fault_below(editor, path)
            facts_below(editor, path)
