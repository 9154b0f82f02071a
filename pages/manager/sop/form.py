"""What the department adds to its SOP, as one form; returns the fields when it is sent."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.people.staff import roster
from core.sops.document import QUESTIONS, Own, SopDocument
from pages.ui.calls import ask
from pages.ui.text import _

Fields = dict[str, Any] | None
OTHER = {"zh": "English", "en": "中文"}


def edit_own(own: Own, document: SopDocument, key: str) -> Fields:
    """Owner, indicators, audit list, training, related documents, definitions, questions, wording in two languages."""
    with st.form(f"own_{key}"):
        owner = _owner(own, key)
        st.markdown(f"**{_('Indicators')}**")
        kpis = _table(
            own.kpis, {"name": _("Indicator"), "counted": _("Counted as"), "target": _("Aim")}, f"kpis_{key}"
        )
        left, right = st.columns(2)
        audit = left.text_area(
            _("Audit list, one point per line (each step's standard is on it anyway)"),
            "\n".join(own.audit), height=150, key=f"audit_{key}",
        )  # fmt: skip
        related = right.text_area(
            _("Related documents, one per line (the tasks' sources are listed anyway)"),
            "\n".join(own.related), height=150, key=f"related_{key}",
        )  # fmt: skip
        training = st.text_area(
            _("Training, in addition to what the package says"),
            own.training,
            height=80,
            key=f"training_{key}",
        )
        st.markdown(f"**{_('Words as used here')}**")
        words = _table(own.definitions, {"term": _("Word"), "meaning": _("Meaning")}, f"words_{key}")
        quiz = _quiz(own, key)
        other = _other_wording(own, document, key)
        sent = st.form_submit_button(_("Save the draft"), type="primary")
    if not sent:
        return None
    return {
        "owner": owner or "", "kpis": kpis, "audit": _lines(audit), "related": _lines(related),
        "training": training, "definitions": words, "quiz": quiz, "other_wording": other,
    }  # fmt: skip


def _owner(own: Own, key: str) -> str | None:
    """The owner, from the staff or written freely."""
    names = [" ".join(part for part in (m.name, m.title) if part) for m in ask(roster, only_active=True)]
    options = list(dict.fromkeys(([own.owner] if own.owner else []) + names))
    return st.selectbox(
        _("Owner: who answers questions about this SOP"), options, index=0 if own.owner else None,
        accept_new_options=True, placeholder=_("Choose or write a name"), key=f"owner_{key}",
    )  # fmt: skip


def _table(parts: Any, columns: dict[str, str], key: str) -> list[dict[str, str]]:
    rows = [{name: getattr(part, name) for name in columns} for part in parts]
    edited = st.data_editor(
        rows or [dict.fromkeys(columns, "")],
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config={name: st.column_config.TextColumn(label) for name, label in columns.items()},
        key=key,
    )
    full = [{name: str(row.get(name) or "").strip() for name in columns} for row in edited]
    return [row for row in full if any(row.values())]


def _quiz(own: Own, key: str) -> list[dict[str, Any]]:
    with st.expander(_("Questions after reading (at most three)")):
        found = []
        for at in range(QUESTIONS):
            held = own.quiz[at] if at < len(own.quiz) else None
            question = st.text_input(
                _("Question {number}", number=at + 1), held.question if held else "", key=f"q{at}_{key}"
            )
            left, right = st.columns(2)
            good = left.text_input(_("Right answer"), held.right if held else "", key=f"right{at}_{key}")
            bad = right.text_area(
                _("Wrong answers, one per line"),
                "\n".join(held.wrong) if held else "",
                height=90,
                key=f"wrong{at}_{key}",
            )
            if question.strip():
                found.append({"question": question, "right": good, "wrong": _lines(bad)})
    return found


def _other_wording(own: Own, document: SopDocument, key: str) -> dict[int, str]:
    """The wording of each step in the other language; what the ready package knows is filled in."""
    with st.expander(_("Wording in the other language ({language})", language=OTHER[document.language])):
        st.caption(_("Filled in from the ready package while the wording is unchanged. Empty: not printed."))
        typed = {
            step.no: st.text_area(
                f"{step.no} · {step.action}", step.other_wording, height=90, key=f"other{step.no}_{key}"
            )
            for step in document.steps
        }
    shown = {step.no: step.other_wording for step in document.steps}
    return {no: text for no, text in typed.items() if text != shown[no] or no in own.other_wording}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
