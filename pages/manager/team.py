"""The staff: add, change, deactivate, give a one-time password."""

from collections import Counter

import streamlit as st

from core.foundation.access import ROLE_NAMES, ROLES
from core.foundation.language import N_
from core.foundation.paging import part_of
from core.people import staff
from pages.ui.calls import ask, do, renew, request_key, say
from pages.ui.frame import open_page
from pages.ui.rows import Column, Line, State, filters, heading, open_here, opened, page_of, pages, rows
from pages.ui.text import _, _n

SIZE = 100
STATES = {
    "active": (N_("Can sign in"), "done"),
    "waiting": (N_("One-time password not used yet"), "late"),
    "deactivated": (N_("Deactivated"), "none"),
}


def show_password(name: str, password: str) -> None:
    st.session_state["shown_once"] = (name, password)


def add() -> None:
    # A new key after each success empties the form for the next colleague; a refusal keeps what was typed.
    with st.form(f"add_staff_{request_key('add_staff')}"):
        left, right = st.columns(2)
        name = left.text_input(_("Full name"))
        username = right.text_input(_("User name"), help=_("3 to 40 small letters, digits, dots or dashes"))
        role = left.selectbox(_("Role"), ROLES, index=2, format_func=lambda r: _(ROLE_NAMES[r]))
        title = right.text_input(_("Title (as patients see it)"), placeholder=_("for example Head nurse"))
        sent = st.form_submit_button(_("Add and show a one-time password"), type="primary")
    if not sent:
        return
    outcome = do(staff.add_staff, username=username, name=name, role=role, title=title)
    if outcome:
        renew("add_staff")
        show_password(name, outcome.value["password"])
        st.rerun()


def edit(member: staff.StaffMember) -> None:
    with st.form(f"change_{member.id}"):
        left, middle, right = st.columns(3)
        name = left.text_input(_("Full name"), member.name)
        role = middle.selectbox(
            _("Role"), ROLES, index=ROLES.index(member.role), format_func=lambda r: _(ROLE_NAMES[r])
        )
        title = right.text_input(_("Title (as patients see it)"), member.title)
        sent = st.form_submit_button(_("Save"))
    if sent and do(staff.change_staff, staff_id=member.id, name=name, role=role, title=title):
        say(_("Saved. The new role counts from the person's next click."))
        st.rerun()
    reset, access = st.columns(2)
    if reset.button(_("Give a one-time password"), key=f"reset_{member.id}", icon=":material/key:"):
        outcome = do(staff.reset_password, staff_id=member.id)
        if outcome:
            show_password(member.name, outcome.value["password"])
            st.rerun()
    if not member.active:
        if access.button(_("Let in again"), key=f"on_{member.id}") and do(
            staff.reactivate, staff_id=member.id
        ):
            say(_("{name} can sign in again.", name=member.name))
            st.rerun()
        return
    with access.popover(_("Deactivate"), icon=":material/block:"):
        st.write(_("{name} can no longer sign in; an open session ends at the next click.", name=member.name))
        if st.button(_("Deactivate {name}", name=member.name), key=f"off_{member.id}", type="primary") and do(
            staff.deactivate, staff_id=member.id
        ):
            say(_("{name} is deactivated.", name=member.name))
            st.rerun()


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
just_added = "shown_once" in st.session_state
if just_added:
    who, once = st.session_state.pop("shown_once")
    st.success(
        _(
            "One-time password for {name}. It is shown only now and must be changed at first sign-in:",
            name=who,
        )
    )
    st.code(once, language=None)
people = ask(staff.roster)
chosen = next((each for each in people if str(each.id) == opened("member")), None)
if chosen is not None:
    heading(f"{chosen.name} · {_(ROLE_NAMES[chosen.role])}", _("All staff"), "member", "team")
    edit(chosen)
    st.stop()
with st.expander(_("Add a person"), icon=":material/person_add:", expanded=len(people) < 2 or just_added):
    add()
listed(people)
