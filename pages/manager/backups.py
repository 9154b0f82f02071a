"""Backups: make one now, see them, restore one after a question."""

from functools import partial

import streamlit as st

from core.foundation.errors import Refusal
from core.operations import backup, workspaces
from pages.ui.calls import desk, doer, later, say
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.text import _, moment, refusal


def carried(name: str) -> bytes:
    """The file, for whoever clicks: somebody deactivated since the page was drawn gets nothing."""
    return backup.content(kind, desk(), doer(), name)


open_page(
    "backup", _("Backups"), _("A backup holds the database and all pictures, as they are at this moment.")
)
kind = str(workspaces.active_kind())
if st.button(_("Back up now"), type="primary", icon=":material/backup:"):
    try:
        with st.spinner(_("Backing up …")):
            made = backup.back_up(kind, desk(), doer())
        say(_("Backed up: {name}", name=moment(made.made_at, the_house().zone)))
        st.rerun()
    except Refusal as problem:
        st.error(refusal(problem))

kept = backup.backups(kind)
if not kept:
    empty_state(_("No backup yet. Make one now; copy it to another machine every week."))
for one in kept:
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        when = moment(one.made_at, the_house().zone)
        row.markdown(f"**{when}** · {one.size / 1e6:.1f} MB", width="stretch")
        row.download_button(
            _("Download"),
            later(partial(carried, one.name)),
            file_name=one.name,
            key=f"save_{one.name}",
            on_click="ignore",
        )
        # Keyed by the file: left open by a restore, it must not stand at the copy made just before.
        with row.popover(_("Restore"), key=f"restore_{one.name}"):
            st.write(
                _("Everything entered after {when} is replaced. What is there now is backed up first.",
                  when=when)
            )  # fmt: skip
            if st.button(_("Restore this backup"), key=f"back_{one.name}", type="primary"):
                try:
                    with st.spinner(_("Restoring …")):
                        backup.restore(kind, desk(), doer(), one.name)
                    say(_("Restored: {name}", name=when))
                    st.rerun()
                except Refusal as problem:
                    st.error(refusal(problem))
