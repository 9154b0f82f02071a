"""The start page's warnings when nobody has backed the department up for days, or in a way that cannot be restored."""

import streamlit as st

from core.operations import backup, workspaces
from pages.ui.calls import actor, ask, desk
from pages.ui.text import _, refusal


def unsaved() -> None:
    """Said to whoever can do something about it; nothing is drawn while all is well."""
    elsewhere = not desk().database.is_sqlite
    if actor().may("backup") and not elsewhere:
        unfit(str(workspaces.active_kind()))
    days = ask(backup.unsaved_days, kind=str(workspaces.active_kind()), elsewhere=elsewhere)
    if days is None:
        return
    with st.container(border=True):
        if elsewhere:
            text = _("For {n} days no database backup has been reported.", n=days)
        else:
            text = _("For {n} days nothing has been backed up. A broken disk would take all of it.", n=days)
        st.warning(text, icon=":material/backup:")
        if actor().may("backup"):
            st.page_link("manager/backups/page.py", label=_("Backups"), icon=":material/arrow_forward:")
        else:
            st.caption(_("Please tell your administrator, who makes the backups."))


def unfit(kind: str) -> None:
    """Said on the start page and on Backups when the last backup was made of a database that somebody has changed."""
    if trouble := backup.unfit(kind):
        st.warning(refusal(trouble), icon=":material/backup:")
