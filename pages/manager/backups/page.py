"""Backups: made now and every night, carried away, brought from another machine, restored after a question."""

import streamlit as st

from core.foundation.errors import Refusal
from core.operations import backup, workspaces
from pages.backup_files.app import address
from pages.manager.backups.arriving import bring
from pages.manager.backups.automatic import automatic
from pages.manager.backups.encryption import encryption
from pages.manager.backups.restoring import OPEN, forget, restoring
from pages.ui.calls import desk, doer, say
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.sections import fold
from pages.ui.text import _, moment, number, refusal
from pages.unsaved import unfit

MADE_BY = {
    "hand": "",
    "daily": _("automatic"),
    "before": _("before a restore"),
    "carried": _("from another machine"),
}


def megabytes(size: int) -> str:
    return f"{number(max(0.1, round(size / 1e6, 1)))} MB"


def row(kind: str, one: backup.Backup) -> None:
    """One backup: download it, or look at what restoring it would do."""
    with st.container(border=True):
        line = st.container(horizontal=True, vertical_alignment="center")
        sealed = _("encrypted") if one.sealed else ""
        told = [f"**{moment(one.made_at, the_house().zone)}**", MADE_BY[one.by], sealed, megabytes(one.size)]
        line.markdown(" · ".join(part for part in told if part), width="stretch")
        line.link_button(_("Download"), address(one.name), icon=":material/download:")
        line.button(
            _("Restore"), key=f"restore_{one.name}", icon=":material/settings_backup_restore:",
            on_click=_open, args=(one.name,),
        )  # fmt: skip
        if st.session_state.get(OPEN) == one.name:
            restoring(kind, one)


def _open(name: str) -> None:
    """Ask about this backup alone, before any row of the list is drawn: another one's question goes."""
    forget()
    st.session_state[OPEN] = name


def on_this_machine(kind: str) -> None:
    """The buttons and the list of a department on SQLite."""
    unfit(kind)
    if st.button(_("Back up now"), type="primary", icon=":material/backup:"):
        try:
            with st.spinner(_("Backing up …")):
                made = backup.back_up(kind, desk(), doer())
            say(_("Backed up: {name}", name=moment(made.made_at, the_house().zone)))
            st.rerun()
        except Refusal as problem:
            st.error(refusal(problem))
    if kind == "department":
        automatic(kind)
    encryption(kind)
    fold(_("Bring a backup from another machine"), "bring", lambda: bring(kind))
    kept = backup.backups(kind)
    if not kept:
        empty_state(_("No backup yet. Make one now; copy it to another machine every week."))
    for one in kept:
        row(kind, one)


def elsewhere(kind: str) -> None:
    """PostgreSQL: who backs up, and whether this machine has heard of it."""
    st.info(_(backup.BackupElsewhere.message), icon=":material/info:")
    heard = backup.dumped_at(kind)
    if heard is None:
        st.write(
            _(
                "No database backup has been reported yet. Please ask your administrator (the README says how)."
            )
        )
    else:
        st.write(_("Last database backup: {when}", when=moment(heard, the_house().zone)))
    encryption(kind)


open_page(
    "backup", _("Backups"), _("A backup holds the database and all pictures, as they are at this moment.")
)
workspace = str(workspaces.active_kind())
if desk().database.is_sqlite:
    on_this_machine(workspace)
else:
    elsewhere(workspace)
