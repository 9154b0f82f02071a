"""The end of the demo, which is the end for everybody who looks at it: said before, with what goes, and afterwards."""

from __future__ import annotations

import streamlit as st

from core.operations import workspaces
from core.operations.standing import acts_since
from pages.entrance import onlookers
from pages.ui.calls import ask
from pages.ui.text import _, _n


def end_of_demo() -> None:
    with st.popover(_("End or reset the demo"), icon=":material/restart_alt:"):
        st.write(_("This deletes the simulated department for everybody. Real data is not touched."))
        since = workspaces.chosen_at()
        if entered := ask(acts_since, since=since) if since else 0:
            text = _n(
                "What people did in it goes, too: {n} act.",
                "What people did in it goes, too: {n} acts.",
                entered,
            )
            st.write(text)
        told = True
        if others := onlookers.others():
            text = _n(
                "**{n}** other window has the demo open now; it ends there as well.",
                "**{n}** other windows have the demo open now; it ends there as well.",
                others,
            )
            st.warning(text, icon=":material/groups:")
            told = st.checkbox(_("The others know that it ends"))
        if st.button(_("Delete the demo and start again"), type="primary", disabled=not told):
            workspaces.activate(None)
            workspaces.remove_demo()
            st.session_state.clear()
            st.rerun()
