"""Packages: take one from a template, edit texts, prices and missions, publish. A sold version never changes."""

from typing import Any

import streamlit as st

from core.design import packages
from core.design.templates import available, load
from pages.ui.calls import ask, do, say
from pages.ui.frame import empty_state, open_page
from pages.ui.package_parts import (
    edit_missions,
    edit_product,
    edit_sop,
    edit_wording,
    show_rewards,
)
from pages.ui.package_sale import publish, state_of
from pages.ui.text import _, _n, language, money


def take_template() -> None:
    taken = {line.code for line in ask(packages.overview)}
    offered = [t for t in available(language()) if t.code not in taken]
    if not offered:
        st.caption(_("Every template has been taken already."))
        return
    for template in offered:
        with st.container(border=True):
            about, act = st.columns([4, 1], vertical_alignment="center")
            about.markdown(f"**{template.name}** · {money(template.price_fen)}  \n{template.promise}")
            if act.button(_("Use this template"), key=f"take_{template.code}", type="primary"):
                document = load(template.code, language()).model_dump(mode="json")
                outcome = do(packages.take_template, f"take_{template.code}", document=document)
                if outcome:
                    st.session_state["package"] = outcome.value
                    say(_("The template is now your draft. Look through it, set your price, then publish."))
                    st.rerun()


def save(draft: packages.Draft, **changes: Any) -> None:
    """Keep an edit; a refusal stays beside what was typed."""
    document = draft.document.model_dump(mode="json") | changes
    marker = f"draft_at_{draft.package_id}"
    outcome = do(
        packages.save_draft,
        package_id=draft.package_id,
        document=document,
        expected_changed_at=st.session_state.get(marker, draft.changed_at),
    )
    if outcome:
        st.session_state.pop(marker, None)
        say(_("The draft is saved. Patients see it after you publish."))
        st.rerun()
    if isinstance(outcome.problem, packages.SomebodyElseSaved) and st.button(_("Load the newer draft")):
        st.session_state.pop(marker, None)
        st.rerun()


open_page(
    "package.write", _("Packages"), _("What the patient buys: content, price, delivery standard, wording.")
)
lines = {line.package_id: line for line in ask(packages.overview)}
if not lines:
    empty_state(_("No package yet. Take one of the templates below; you can change everything in it."))
    take_template()
    st.stop()

ids = list(lines)
chosen = st.session_state.get("package", ids[0])
package_id = st.selectbox(
    _("Package"),
    ids,
    index=ids.index(chosen) if chosen in ids else 0,
    format_func=lambda i: f"{lines[i].name} · {state_of(lines[i])}",
)
st.session_state["package"] = package_id
draft = ask(packages.draft, package_id=package_id)
st.session_state.setdefault(f"draft_at_{package_id}", draft.changed_at)
on = sum(task.on for task in draft.document.tasks)
st.caption(_n("{n} mission switched on", "{n} missions switched on", on))
product, missions, wording, sop, rewards, sale = st.tabs(
    [_("Product"), _("Missions"), _("Texts and wording"), _("SOP"), _("Rewards and points"), _("Publish")]
)
with product:
    changes = edit_product(draft.document)
    if changes:
        save(draft, **changes)
with missions:
    changes = edit_missions(draft.document)
    if changes:
        save(draft, **changes)
with wording:
    changes = edit_wording(draft.document)
    if changes:
        save(draft, **changes)
with sop:
    changes = edit_sop(draft.document)
    if changes:
        save(draft, **changes)
with rewards:
    show_rewards(draft.document)
with sale:
    publish(lines[package_id])
with st.expander(_("Take another template")):
    take_template()
