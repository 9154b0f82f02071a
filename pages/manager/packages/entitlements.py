"""What she may claim: how often, what uses one of it, and what a used one is worth where the refund rule deducts it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.packages.editing import with_entry, without_entry
from core.packages.parts import COUNTED_NAMES
from pages.manager.fields import choice, several, text, whole, yuan
from pages.manager.packages import named
from pages.manager.packages.draft import Editor
from pages.ui.text import _

NEW: dict[str, Any] = {
    "code": "RIGHT1", "name": "", "count": 1, "counted": "hand", "tasks": [], "value_fen": 0,
}  # fmt: skip


def show_entitlements(editor: Editor) -> None:
    st.markdown(f"#### {_('Entitlements')}")
    st.caption(
        _(
            "Each use counts itself by what is noted anyway; she and you see what is left, with day and person."
        )
    )
    titles = named.tasks(editor.named(editor.raw))
    for one in editor.raw.get("entitlements") or []:
        with st.container(border=True):
            _one(editor, one, titles)
    if st.button(_("Add an entitlement"), key=f"entitlement_more_{editor.forms}", icon=":material/add:"):
        editor.apply(lambda draft: with_entry(draft, "entitlements", NEW))
        editor.redraw()
        st.rerun()


def _one(editor: Editor, one: dict[str, Any], titles: dict[str, str]) -> None:
    path = f"entitlements.{one['code']}"
    name, count, act = st.columns([4, 1.3, 1], vertical_alignment="bottom")
    text(editor, f"{path}.name", _("What she may claim"), name, max_chars=80)
    whole(editor, f"{path}.count", _("How often"), 1, 1000, count)
    if act.button(_("Remove"), key=f"drop_{path}_{editor.forms}", width="stretch"):
        editor.apply(lambda draft: without_entry(draft, "entitlements", one["code"]))
        st.rerun()
    uses, worth = st.columns([4, 2.3])
    choice(editor, f"{path}.counted", _("What uses one"), COUNTED_NAMES, uses, default="hand")
    yuan(
        editor, f"{path}.value_fen", _("Worth when deducted, in yuan"), worth,
        help=_("Only where the refund rule deducts used ones."),
    )  # fmt: skip
    if one.get("counted") == "task":
        several(
            editor, f"{path}.tasks", _("Any of these tasks"), titles,
            placeholder=_("Choose from the list"),
        )  # fmt: skip
