"""The sidebar under the menu: who and where we are, the language, the demo's roles, signing out."""

from __future__ import annotations

import streamlit as st

from core.foundation.access import ROLE_NAMES
from core.operations import workspaces
from core.people import staff
from core.people.staff import StaffMember
from pages.ui import session
from pages.ui.calls import ask, desk
from pages.ui.frame import HERE, facts
from pages.ui.text import _, html, language_switch


def show(member: StaffMember) -> None:
    house = facts()
    logo = str(HERE / "seal.png")
    if house.logo_key and desk().media.exists(house.logo_key):
        logo = str(desk().media.local_path(house.logo_key))
    st.logo(logo, size="large")
    if house.simulated:
        st.html(f"<span class='pd-sim pd-sim-fixed'>{_('Simulated data')}</span>")
    with st.sidebar:
        st.markdown(
            f"<div class='pd-brand'><span>{html(house.hospital)}<small>{html(house.department)}</small></span></div>",
            unsafe_allow_html=True,
        )
        if house.simulated:
            _demo_roles(member)
        language_switch(st)
        st.caption(f"{member.name} · {_(ROLE_NAMES[member.role])}")
        if st.button(_("Sign out"), icon=":material/logout:", width="stretch"):
            session.forget()
            st.switch_page(
                "home.py"
            )  # the next person begins at the start, with nobody's patient in the address
        if house.simulated:
            _demo_end()


def _demo_roles(member: StaffMember) -> None:
    """One click to another role, in the demo only."""
    people = [m for m in ask(staff.roster, only_active=True) if m.username.startswith("demo.")]
    by_role = {m.role: m for m in people}
    roles = [role for role in ROLE_NAMES if role in by_role]
    chosen = st.selectbox(
        _("Look at the demo as"),
        roles,
        index=roles.index(member.role) if member.role in roles else None,
        format_func=lambda role: _(ROLE_NAMES[role]),
        key=f"demo_role_{member.role}",
    )
    if chosen and chosen != member.role and workspaces.active_kind() == "demo":
        session.sign_in_as(by_role[chosen].username)
        st.switch_page("home.py")


def _demo_end() -> None:
    with st.popover(_("End or reset the demo"), icon=":material/restart_alt:", width="stretch"):
        st.write(
            _(
                "This deletes the simulated department with everything entered in it. Real data is not touched."
            )
        )
        if st.button(_("Delete the demo and start again"), type="primary"):
            workspaces.activate(None)
            workspaces.remove_demo()
            st.session_state.clear()
            st.rerun()
