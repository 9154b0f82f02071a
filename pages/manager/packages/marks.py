"""Changes between two states of a package, side by side, with what differs marked."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.foundation.language import N_
from core.packages.comparison import Change, Stretch, marked
from core.packages.field_names import SECTION_NAMES
from pages.ui.text import _, html

KINDS = {"added": N_("Added"), "removed": N_("Removed"), "moved": N_("Place in the list")}


def change_table(changes: list[Change]) -> None:
    """Field by field: where, before, after."""
    if not changes:
        st.caption(_("No difference."))
        return
    lines = [f"<tr><th>{_('Field')}</th><th>{_('Before')}</th><th>{_('After')}</th></tr>"]
    section = ""
    for change in changes:
        if change.section != section:
            section = change.section
            lines.append(f"<tr><td colspan='3' class='pd-section'>{_(SECTION_NAMES[section])}</td></tr>")
        before, after = marked(change.before, change.after)
        what = " · ".join(
            part for part in (change.entry, change.field or _(KINDS.get(change.kind, ""))) if part
        )
        lines.append(
            f"<tr><td>{html(what)}</td><td>{_side(before, 'del')}</td><td>{_side(after, 'ins')}</td></tr>"
        )
    st.html(f"<div class='pd-scroll'><table class='pd-changes'>{''.join(lines)}</table></div>")


def _side(stretches: Iterable[Stretch], mark: str) -> str:
    return "".join(
        f"<{mark}>{html(one.text)}</{mark}>" if one.marked else html(one.text) for one in stretches
    )
