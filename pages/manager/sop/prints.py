"""Printing an SOP version, and the list of all versions with their change log."""

from __future__ import annotations

import streamlit as st

from core.foundation import reasons
from core.sops import approval
from core.sops.document import ACTOR_NAMES
from core.sops.readings import signatures
from core.sops.states import STANDINGS, SopVersion
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state
from pages.ui.paper import show_pdf
from pages.ui.sop_papers import cards_of, handbook_of, print_language
from pages.ui.sop_view import show_log
from pages.ui.text import _, full_day


def prints(found: list[SopVersion]) -> None:
    """Handbook and pocket cards of any version that has been handed in, made when asked for."""
    printable = [each for each in found if each.document is not None]
    if not printable:
        empty_state(_("There is nothing to print yet: hand in a first version."))
        return
    left, right = st.columns([3, 2])
    version = left.selectbox(
        _("Version"),
        printable,
        index=next((at for at, v in enumerate(printable) if v.standing == "in_force"), 0),
        format_func=lambda v: f"{v.number} · {_(STANDINGS[v.standing])}",
        key="print_version",
    )
    with right:
        language = print_language("sop_print_language", version.text.language)
    if version.standing not in ("in_force", "scheduled"):
        st.warning(_("Every page of this print will say that it is not for use."))
    kinds = {"handbook": _("Handbook"), "cards": _("Pocket cards")}
    kind = st.segmented_control(
        _("What to print"),
        list(kinds),
        format_func=kinds.__getitem__,
        default="handbook",
        key="sop_kind",
        required=True,
    )
    roles: list[str] = []
    if kind == "cards":
        offered = [role for role in version.text.readers if version.text.steps_of(role)]
        roles = st.multiselect(
            _("For which roles"),
            offered,
            default=offered,
            format_func=lambda role: _(ACTOR_NAMES[role]),
            placeholder=_("Choose from the list"),
        )
    if not st.button(_("Lay out the pages"), icon=":material/print:", disabled=kind == "cards" and not roles):
        return
    name = f"{version.text.code}_v{version.number}_{kind}_{language}.pdf"
    with st.spinner(_("Laying out the pages …")):
        if kind == "cards":
            show_pdf(cards_of(version, version.text, tuple(roles), language), name)
        else:
            people = ask(signatures, version_id=version.id)
            show_pdf(handbook_of(version, version.text, language, people), name)


def history(found: list[SopVersion]) -> None:
    if not found:
        empty_state(_("No version yet."))
        return
    for each in found:
        with st.container(border=True):
            st.markdown(f"**{_('Version {number}', number=each.number)}** · {_(STANDINGS[each.standing])}")
            st.caption(" · ".join(life(each)))
            if each.status == "approved":
                end(each)
    newest = next((each for each in found if each.document is not None), None)
    if newest:
        st.subheader(_("Change log"))
        show_log(newest.text)


def life(version: SopVersion) -> list[str]:
    """Who approved it, from when until when, and why it ended."""
    parts = []
    if version.approver:
        parts.append(_("approved by {name}", name=version.approver))
    if version.effective_on:
        parts.append(_("in force from {day}", day=full_day(version.effective_on)))
    if version.retired_on:
        parts.append(_("until {day}", day=full_day(version.retired_on)))
    if version.superseded_by:
        parts.append(_("followed by version {number}", number=version.superseded_by))
    if version.retire_reason:
        parts.append(_("reason: {reason}", reason=version.retire_reason))
    return parts or [_("not approved yet")]


def end(version: SopVersion) -> None:
    with st.popover(_("Retire this version")):
        st.caption(_("It ends today. Without another version in force, new sales pause."))
        form = Form()
        reason = form.field(
            "reason",
            st.text_input,
            _("Reason"),
            key=f"retire_reason_{version.id}",
            max_chars=reasons.LONGEST_NOTE,
        )
        if st.button(_("Retire"), key=f"retire_{version.id}", type="primary") and do(
            approval.retire, f"sop_retire_{version.id}", place=form, version_id=version.id, reason=reason
        ):
            say(_("Version {number} is retired.", number=version.number))
            st.rerun()
