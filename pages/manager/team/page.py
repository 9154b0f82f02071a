"""The staff: add, change, deactivate, give a one-time password."""

from collections import Counter

import streamlit as st

from core.foundation.access import ROLE_NAMES
from core.foundation.language import N_
from core.foundation.paging import part_of
from core.people import staff
from pages.manager.team.person import add, edit, show_password
from pages.ui.calls import ask
from pages.ui.frame import open_page
from pages.ui.rows import Column, Line, State, filters, heading, open_here, opened, page_of, pages, rows
from pages.ui.text import _, _n

SIZE = 100
STATES = {
    "active": (N_("Can sign in"), "done"),
    "waiting": (N_("One-time password not used yet"), "late"),
    "deactivated": (N_("Deactivated"), "none"),
}


def state_of(member: staff.StaffMember) -> str:
    if not member.active:
        return "deactivated"
    return "waiting" if member.must_change_password else "active"


def line(member: staff.StaffMember) -> Line:
    name, tone = STATES[state_of(member)]
    return Line(
        str(member.id),
        (member.name, _(ROLE_NAMES[member.role]), State(_(name), tone), member.username, member.title),
    )


def listed(people: list[staff.StaffMember]) -> None:
    """Everybody, those with access first; whoever is chosen opens in their place."""
    counts = Counter(state_of(each) for each in people)
    only = filters({state: _(name) for state, (name, __) in STATES.items()}, counts, "team_state")
    shown = [each for each in people if not only or state_of(each) == only]
    st.caption(_n("{n} person", "{n} people", len(shown)))
    columns = [
        Column(_("Full name"), 1.2),
        Column(_("Role")),
        Column(_("State"), 1.4),
        Column(_("User name"), 1.2),
        Column(_("Title (as patients see it)"), 1.4),
    ]
    part = part_of(len(shown), page_of("team", only), SIZE)
    here = shown[part.before : part.before + SIZE]
    chosen = rows(_("Staff"), columns, [line(each) for each in here], "team")
    pages("team", part.page, part.pages, SIZE, len(shown))
    if chosen:
        open_here("member", chosen)


open_page("staff.write", _("Staff"), _("Who works with PilotDesk, and as what."))
just_added = show_password()
people = ask(staff.roster)
chosen = next((each for each in people if str(each.id) == opened("member")), None)
if chosen is not None:
    heading(f"{chosen.name} · {_(ROLE_NAMES[chosen.role])}", _("All staff"), "member", "team")
    edit(chosen)
    st.stop()
with st.expander(_("Add a person"), icon=":material/person_add:", expanded=len(people) < 2 or just_added):
    add()
listed(people)
