"""What follows when a promise was missed: the apology she reads and what goes with it, one row for each promise."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.packages.promises import OFFER_NAMES, PROMISE_NAMES
from pages.manager.fields import choice, fault_below, long_text, with_more, without, yuan
from pages.manager.packages.draft import Editor
from pages.ui.sections import fold
from pages.ui.text import _, money, unmarked


def show_amends(editor: Editor) -> None:
    """A row for each promise of the package; one that is promised no longer stays until somebody removes it."""
    st.markdown(f"#### {_('When a promise was missed')}")
    st.caption(
        _("The apology is drafted by itself once the promised minute has passed; somebody reads and sends it on Replies.")
    )  # fmt: skip
    promised = {one.get("kind") for one in editor.raw.get("promises") or []}
    known = {one.get("kind"): at for at, one in enumerate(editor.raw.get("amends") or [])}
    if not promised and not known:
        st.caption(_("Nothing is promised yet, so nothing can be missed."))
    for kind, name in PROMISE_NAMES.items():
        if kind in known:
            _row(editor, known[kind], editor.raw["amends"][known[kind]], _(name))
        elif kind in promised and st.button(
            _("Make good when missed: {what}", what=_(name)), key=f"amends_more_{kind}", icon=":material/add:"
        ):
            with_more(editor, "amends", {"kind": kind, "apology": "", "offer": "nothing"})
            st.rerun()


def _row(editor: Editor, at: int, one: dict[str, Any], name: str) -> None:
    line = f"**{_('Missed: {what}', what=name)}** · {unmarked(_in_words(editor, one))}"
    if not fold(line, f"amends_{one.get('kind')}", partial(_fields, editor, at, one)):
        fault_below(editor, f"amends.{at}")


def _fields(editor: Editor, at: int, one: dict[str, Any]) -> bool:
    path = f"amends.{at}"
    long_text(
        editor, f"{path}.apology", _("The apology she reads"), max_chars=1000,
        help=_("{name} stands for her name.", name="{name}"),
    )  # fmt: skip
    what, how, act = st.columns([1.4, 1.4, 1], vertical_alignment="bottom")
    choice(editor, f"{path}.offer", _("What goes with it"), OFFER_NAMES, what)
    offer = one.get("offer")
    if offer == "entitlement":
        rights = {one["code"]: one.get("name") or "…" for one in editor.raw.get("entitlements") or []}
        choice(editor, f"{path}.entitlement", _("One more of"), rights, how, format_func=rights.__getitem__)
    elif offer == "refund":
        yuan(editor, f"{path}.refund_fen", _("Paid back, in yuan"), how)
    if act.button(_("Remove"), key=f"less_{path}_{editor.forms}", width="stretch"):
        without(editor, "amends", at)
        st.rerun()
    return True


def _in_words(editor: Editor, one: dict[str, Any]) -> str:
    """What goes with the apology, in a few words."""
    offer = one.get("offer")
    if offer == "entitlement":
        names = {right["code"]: right.get("name") or "" for right in editor.raw.get("entitlements") or []}
        return _("With the apology: one more of {name}", name=names.get(one.get("entitlement") or "", "…"))
    if offer == "refund":
        return _("With the apology: {amount} paid back", amount=money(one.get("refund_fen") or 0))
    return _("The apology alone")
