"""Packages come and go: from a ready template, as a copy, as a file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.foundation.errors import Refusal
from core.packages import publishing, shelf, yaml_text
from core.packages.document import from_yaml, to_yaml
from core.packages.drafts import LONGEST_NAME, copy_package, keep_draft
from core.packages.facts.filling import labels, names_in, shown
from core.packages.templates import as_chosen, available, load
from pages.manager.packages.draft import Editor, name_of_copy
from pages.ui.calls import ask, do, later, say
from pages.ui.form import Form
from pages.ui.text import _, language, money, refusal, unmarked


def take_template() -> None:
    """The ready packages that are not here yet."""
    taken = {line.code for line in ask(shelf.overview)}
    offered = [t for t in available(language()) if t.code not in taken]
    if not offered:
        st.caption(_("Every template has been taken already."))
        return
    for template in offered:
        with st.container(border=True):
            about, act = st.columns([4, 1], vertical_alignment="center")
            about.markdown(
                f"**{unmarked(template.name)}** · {money(template.price_fen)}  \n{unmarked(template.promise)}"
            )
            if act.button(_("Use this template"), key=f"take_{template.code}", type="primary"):
                _take(f"take_{template.code}", load(template.code, language()).model_dump(mode="json"))


def _take(key: str, document: dict[str, Any]) -> None:
    outcome = do(publishing.take_template, key, document=document)
    if outcome:
        say(_("The template is now your draft. Look through it, set your price, then publish."))
        st.session_state["package"] = outcome.value
        st.rerun()


def show_copy(editor: Editor) -> None:
    """A second package with the same content."""
    form = Form()
    name = copy_name(form, editor.raw.get("name") or "", f"copy_name_{editor.package_id}")
    if st.button(_("Copy this package"), icon=":material/content_copy:"):
        outcome = do(copy_package, "copy_package", place=form, package_id=editor.package_id, name=name)
        if outcome:
            say(_("The copy is open. What was sold stays with the first package."))
            st.session_state["package"] = outcome.value
            st.rerun()


def copy_name(form: Form, name: str, key: str) -> str:
    """The field for the name of a copy, with a proposal in it."""
    proposed = name_of_copy(name)
    named: str = form.field(
        "name", st.text_input, _("Name of the copy"), proposed, max_chars=LONGEST_NAME, key=key
    )
    return named


def show_export(editor: Editor) -> None:
    """The draft as a file; one with problems too, so that nothing is locked in."""

    def words() -> bytes:
        text = yaml_text.write(editor.raw) if editor.faults else to_yaml(editor.document)
        return text.encode("utf-8")

    st.download_button(
        _("Export as a file (YAML)"),
        later(words),
        f"{editor.raw['code']}.{editor.raw.get('language', 'zh')}.yaml",
        "application/yaml",
        icon=":material/download:",
        on_click="ignore",
    )


def show_import() -> None:
    """A file becomes a package; where its code is known, the reader chooses what happens."""
    upload = st.file_uploader(_("Import a package file (YAML)"), type=["yaml", "yml"])
    if upload is None:
        return
    try:
        document = from_yaml(yaml_text.text_of(upload.getvalue()))
    except Refusal as problem:
        st.error(refusal(problem).replace("\n", "  \n"), icon=":material/info:")
        return
    raw = document.model_dump(mode="json")
    told = as_chosen(document).promise
    told = shown(told, labels(sorted(names_in(told)), raw, None, document.language))
    st.markdown(f"**{unmarked(document.name)}** · {money(document.price_fen)}  \n{unmarked(told)}")
    known = {line.code: line for line in ask(shelf.overview)}.get(document.code)
    if known is None:
        if st.button(_("Take this package"), type="primary"):
            _take(f"import_{document.code}", raw)
        return
    st.caption(_("There is already a package with this code: {name}.", name=unmarked(known.name)))
    form = Form()
    name = copy_name(form, document.name, f"copy_of_file_{document.code}")
    over, beside = st.columns(2)
    if over.button(_("Replace its draft"), width="stretch"):
        draft = ask(publishing.draft, package_id=known.package_id)
        outcome = do(
            keep_draft, package_id=known.package_id, working=raw, expected_changed_at=draft.changed_at
        )
        if outcome:
            say(_("The draft now holds the file. Nothing that was sold has changed."))
            st.session_state["package"] = known.package_id
            st.rerun()
    if beside.button(_("Take it as a copy"), width="stretch"):
        outcome = do(
            copy_package, "copy_file", place=form, package_id=known.package_id, name=name, working=raw
        )
        if outcome:
            say(_("The copy is open. What was sold stays with the first package."))
            st.session_state["package"] = outcome.value
            st.rerun()
