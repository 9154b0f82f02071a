"""One of the staff: added, changed, given a one-time password, deactivated and let in again."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import streamlit as st

from core.foundation.access import ROLE_NAMES, ROLES
from core.people import staff
from pages.ui.calls import STAYS, do, say
from pages.ui.form import Form
from pages.ui.text import _, unmarked


@dataclass
class Passwords:
    """The one-time password made last in this session, of whom it is, and since when it is shown."""

    last: tuple[str, str] | None = None
    shown_at: float | None = None

    def made(self, name: str, password: str) -> None:
        self.last, self.shown_at = (name, password), None


def passwords() -> Passwords:
    """The session's own thing, fetched before the deed: writing to the session behind it is where a second click breaks in,
    and nobody would ever read the password."""
    held: Passwords = st.session_state.setdefault("passwords", Passwords())
    return held


def show_password() -> bool:
    """The password just made; it goes with whatever is done some seconds later, not with the second click of a double click."""
    held = passwords()
    if held.last and held.shown_at and monotonic() - held.shown_at > STAYS:
        held.last = None
    if held.last is None:
        return False
    held.shown_at = held.shown_at or monotonic()
    name, once = held.last
    st.success(
        _(
            "One-time password for {name}. It is shown only now and must be changed at first sign-in:",
            name=unmarked(name),
        )
    )
    st.code(once, language=None)
    return True


def add() -> None:
    form, made = Form("add_staff", adds=True), passwords()
    with st.form(form.turn):
        left, right = st.columns(2)
        name = form.kept("name", left.text_input, _("Full name"), "")
        username = form.kept(
            "username",
            right.text_input,
            _("User name"),
            "",
            help=_("3 to 40 small letters, digits, dots or dashes"),
        )
        role = form.kept(
            "role",
            left.selectbox,
            _("Role"),
            "nurse",
            options=ROLES,
            format_func=lambda r: _(ROLE_NAMES[r]),
        )
        title = form.kept(
            "title",
            right.text_input,
            _("Title (as patients see it)"),
            "",
            placeholder=_("for example Head nurse"),
        )
        sent = st.form_submit_button(_("Add and show a one-time password"), type="primary")
    if not sent:
        return
    outcome = do(staff.add_staff, place=form, username=username, name=name, role=role, title=title)
    if outcome:
        made.made(name, outcome.value["password"])
        st.rerun()


def edit(member: staff.StaffMember) -> None:
    form = Form(f"member_{member.id}")
    with st.form(f"change_{member.id}"):
        left, middle, right = st.columns(3)
        name = form.kept("name", left.text_input, _("Full name"), member.name)
        role = form.kept(
            "role",
            middle.selectbox,
            _("Role"),
            member.role,
            options=ROLES,
            format_func=lambda r: _(ROLE_NAMES[r]),
        )
        title = form.kept("title", right.text_input, _("Title (as patients see it)"), member.title)
        sent = st.form_submit_button(_("Save"))
    if sent and do(staff.change_staff, place=form, staff_id=member.id, name=name, role=role, title=title):
        say(_("Saved. The new role counts from the person's next click."))
        st.rerun()
    acts, made = st.container(horizontal=True), passwords()
    if acts.button(_("Give a one-time password"), key=f"reset_{member.id}", icon=":material/key:"):
        outcome = do(staff.reset_password, staff_id=member.id)
        if outcome:
            made.made(member.name, outcome.value["password"])
            st.rerun()
    if not member.active:
        if acts.button(_("Let in again"), key=f"on_{member.id}") and do(staff.reactivate, staff_id=member.id):
            say(_("{name} can sign in again.", name=unmarked(member.name)))
            st.rerun()
        return
    with acts.popover(_("Deactivate"), icon=":material/block:"):
        st.write(
            _(
                "{name} can no longer sign in; an open session ends at the next click.",
                name=unmarked(member.name),
            )
        )
        if st.button(
            _("Deactivate {name}", name=unmarked(member.name)), key=f"off_{member.id}", type="primary"
        ) and do(staff.deactivate, staff_id=member.id):
            say(_("{name} is deactivated.", name=unmarked(member.name)))
            st.rerun()
