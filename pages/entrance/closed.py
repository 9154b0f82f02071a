"""The house is closed: its database is missing, damaged or not ours. What happened, and the way back for IT, in words.

Nobody can be signed in here, so nothing can be pressed here that touches a department: whoever may restore is whoever may
run a command on this machine. The demo, which holds nothing real, can be ended.
"""

from __future__ import annotations

import streamlit as st

from core.foundation.troubles import DatabaseAway, DatabaseBusy, DiskFull, Trouble
from core.operations import workspaces
from core.operations.rescue.sound import COMMAND, Closed, DatabaseNewer
from pages.ui.text import _, refusal, unmarked

AGAIN = 5  # seconds
# Troubles that pass: waited for, for nothing is closed.
PASSING = (DatabaseAway, DatabaseBusy, DiskFull)


def reason() -> Trouble | None:
    """Why the workspace of this machine does not open; None when it does. `PASSING` is raised: waited for, not shown."""
    kind = workspaces.active_kind()
    try:
        if kind is not None or workspaces.is_set_up("department"):
            workspaces.desk(kind or "department")
    except PASSING:
        raise
    except Trouble as trouble:
        return trouble
    return None


def show(trouble: Trouble) -> None:
    """The whole page; it looks again by itself and goes on when the trouble is over."""
    __, middle, __ = st.columns([1, 3.2, 1])
    with middle:
        st.title(_("PilotDesk is closed"))
        st.error(refusal(trouble), icon=":material/lock:")
        if workspaces.active_kind() == "demo":
            _end_the_demo()
        elif isinstance(trouble, Closed) and not isinstance(trouble, DatabaseNewer):
            _way_back(trouble)
    _look_again()


def _way_back(trouble: Closed) -> None:
    st.write(_("Please call IT. Nothing that was stored before is touched; until then work on paper."))
    st.subheader(_("For IT"))
    newest = trouble.newest
    if newest is None:
        st.markdown(_("There is no good backup in this machine's folder. Use one that was copied to another machine."))  # fmt: skip
    else:
        made = f"{newest.made_at.astimezone():%Y-%m-%d %H:%M}"
        st.markdown(_("Newest good backup: **{name}**, made {when}", name=unmarked(newest.name), when=made))
    name = newest.name if newest else "pilotdesk-….zip"
    steps = (
        _("Is a disk or a folder not mounted, or was the file moved? Put it back: this page opens by itself."),
        _("Otherwise stop PilotDesk and run in its folder, with its settings and as its user:"),
        _("The command checks the backup, says what it holds, asks, and puts the present file aside. It deletes nothing. Then start PilotDesk."),
    )  # fmt: skip
    st.markdown(f"1. {steps[0]}\n2. {steps[1]}")
    st.code(f"{COMMAND} restore {name}", language=None, wrap_lines=True)
    st.markdown(f"3. {steps[2]}")


def _end_the_demo() -> None:
    st.write(_("This was the demo; nothing in it is real. End it, and make a new one from the welcome page."))
    if st.button(_("End the demo"), type="primary"):
        workspaces.remove_demo()
        workspaces.activate(None)
        st.session_state.clear()  # or the welcome page tells this window that another one ended it
        st.rerun()


@st.fragment(run_every=AGAIN)
def _look_again() -> None:
    try:
        over = reason() is None
    except PASSING:
        return
    if over:
        st.rerun()
