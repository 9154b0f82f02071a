"""The second person's work on an SOP version: what changed, approve or return; and who has signed what is approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from core.foundation import reasons
from core.sops import approval
from core.sops.document import ACTOR_NAMES, changed_parts
from core.sops.readings import signatures
from core.sops.states import SopVersion, latest_review
from pages.manager.sop.words import field_name, part_name, value_shown
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state, the_house, wrapped
from pages.ui.inputs import today
from pages.ui.sop_view import show_escalation, show_rest, show_steps
from pages.ui.text import _, _n, html, moment, unmarked


def current(found: list[SopVersion]) -> SopVersion | None:
    """The version in force among all versions of a package."""
    return next((each for each in found if each.standing == "in_force"), None)


def review(found: list[SopVersion], me: int | None) -> None:
    held = next((each for each in found if each.status == "in_review"), None)
    if held is None:
        empty_state(_("Nothing is waiting for review."))
        return
    zone = the_house().zone
    st.markdown(
        _("Version {number}, handed in by {name}, {when}", number=held.number, name=unmarked(held.author) or "–",
          when=moment(held.submitted_at, zone))
    )  # fmt: skip
    entry = held.text.change_log[-1]
    st.markdown(
        f"<div class='pd-quote'>{html(entry.what)}<br>{_('Why: {why}', why=html(entry.why))}</div>",
        unsafe_allow_html=True,
    )
    differences(current(found), held)
    st.subheader(_("The whole text"))
    with st.expander(_("Steps ({n})", n=len(held.text.steps))):
        show_steps(held.text.steps)
    with st.expander(_("Everything else")):
        show_escalation(held.text)
        show_rest(held.text)
    left, right = st.columns(2)
    with left:
        approve(held, me)
    form = Form()
    with right, st.form(f"return_{held.id}"):
        reason = form.field(
            "reason", st.text_area, _("Reason for returning it"), max_chars=reasons.LONGEST_NOTE, height=120
        )
        if st.form_submit_button(_("Return to the author")) and do(
            approval.send_back, f"sop_return_{held.id}", place=form, version_id=held.id, reason=reason
        ):
            say(_("Returned with your reason."))
            st.rerun()


def approve(held: SopVersion, me: int | None) -> None:
    if held.author_id == me:
        st.info(
            _("You handed this version in, so somebody else must approve it."),
            icon=":material/supervisor_account:",
        )
        return
    now = today()
    form = Form()
    with st.form(f"approve_{held.id}"):
        first = form.field(
            "effective_on",
            st.date_input,
            _("In force from"),
            now,
            min_value=now,
            max_value=now + approval.EARLIEST_NOTICE,
            key=f"from_{held.id}",
        )
        last = form.field(
            "review_on", st.date_input, _("Review by, at most twelve months later"), latest_review(now), min_value=now + timedelta(days=1),
            max_value=latest_review(now + approval.EARLIEST_NOTICE), key=f"until_{held.id}",
        )  # fmt: skip
        sent = st.form_submit_button(_("Approve"), type="primary")
    if sent and do(
        approval.approve,
        f"sop_approve_{held.id}",
        place=form,
        version_id=held.id,
        effective_on=first,
        review_on=last,
    ):
        say(
            _(
                "Version {number} is approved. Everybody who works by it is asked to read and sign.",
                number=held.number,
            )
        )
        st.rerun()


def differences(old: SopVersion | None, new: SopVersion) -> None:
    """What the approver has to look at: each changed field, before and after."""
    if old is None:
        st.caption(_("This is the first version; there is nothing to compare it with."))
        return
    titles = {each.code: each.title for text in (old.text, new.text) for each in text.missions}
    rows = [
        {
            _("Part"): part_name(part, number, titles),
            _("Field"): field_name(name),
            _("Before"): value_shown(name, before),
            _("After"): value_shown(name, after),
        }
        for part, number, name, before, after in changed_parts(old.text, new.text)
    ]
    st.subheader(
        _n(
            "{n} change against version {number}",
            "{n} changes against version {number}",
            len(rows),
            number=old.number,
        )
    )
    if rows:
        wrapped(rows)
    elif old.text.wording and old.text.wording != new.text.wording:
        st.caption(
            _("The steps stay the same. What patients read or we promise has changed: see “Compare” under Packages → Publish.")
        )  # fmt: skip
    else:
        st.caption(_("Nothing changed: this is a review of the same text."))


def signed(version: SopVersion | None) -> None:
    if version is None:
        empty_state(_("Signatures are collected once a version is approved."))
        return
    people = ask(signatures, version_id=version.id)
    waiting = [each for each in people if each.at is None]
    if waiting:
        st.markdown(
            f"**{_n('{n} person has not signed yet', '{n} people have not signed yet', len(waiting))}**"
        )
        st.write(" · ".join(f"{unmarked(each.name)} ({_(ACTOR_NAMES[each.role])})" for each in waiting))
    else:
        st.success(_("Everybody has read and signed version {number}.", number=version.number))
    zone = the_house().zone
    rows: list[dict[str, Any]] = [
        {
            _("Full name"): each.name,
            _("Role"): _(ACTOR_NAMES.get(each.role, each.role)),
            _("Signed"): moment(each.at, zone),
            _("Right answers"): f"{each.score} / {each.questions}" if each.questions else "–",
        }
        for each in people
        if each.at
    ]
    if rows:
        st.dataframe(rows, hide_index=True, width="stretch")
        st.caption(_("A signature waits until every answer is right."))
