"""The sidebar: who and where we are, the menu, the demo's roles, the language, signing out."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

import streamlit as st

from core.department import logo as drawn
from core.foundation.access import ROLE_NAMES
from core.foundation.house import House
from core.operations import workspaces
from core.people import staff
from core.people.staff import StaffMember
from pages.ui import menu, session
from pages.ui.calls import ask, desk
from pages.ui.frame import the_house
from pages.ui.text import _, html, language_switch, unmarked


def show(member: StaffMember, url: str) -> None:
    """Everything beside the page at `url`, the address without its host."""
    house = the_house()
    st.logo(logo(house), size="large")
    if house.simulated:
        st.html(f"<span class='pd-sim pd-sim-fixed'>{_('Simulated data')}</span>")
    with st.sidebar:
        st.html(
            f"<div class='pd-brand'><span>{html(house.hospital)}<small>{html(house.department)}</small></span></div>"
        )
        menu.show(member.actor, url)
        if house.simulated:
            _demo_roles(member)
        language_switch(st)
        st.caption(f"{unmarked(member.name)} · {_(ROLE_NAMES[member.role])}")
        if st.button(_("Sign out"), icon=":material/logout:", width="stretch"):
            session.forget()
            st.switch_page(
                "home.py"
            )  # the next person begins at the start, with nobody's patient in the address


def _demo_roles(member: StaffMember) -> None:
    """One click to another role, in the demo only."""
    roles = {role: _(name) for role, name in ROLE_NAMES.items()}
    chosen = st.selectbox(
        _("Look at the demo as"),
        list(roles),
        index=list(roles).index(member.role),
        format_func=roles.__getitem__,
        key=f"demo_role_{member.role}",
    )
    if chosen == member.role or workspaces.active_kind() != "demo":
        return
    people = ask(staff.roster, only_active=True)
    found = next((m for m in people if m.role == chosen and m.username.startswith("demo.")), None)
    if found is None:
        st.caption(_("Nobody in the demo has this role any more."))
        return
    session.sign_in_as(found.username)
    st.switch_page("home.py")


# --- the logo, as a text: no run opens the picture again ---------------------------------------------


def logo(house: House) -> str:
    """The department's logo, or the seal where it has none."""
    return _text(drawn.logo(house, desk().media))


def seal() -> str:
    return _text(drawn.seal())


@lru_cache(maxsize=8)
def _text(picture: bytes) -> str:
    return f"data:image/webp;base64,{b64encode(picture).decode()}"
