"""Points that no task brings: a class attended, smoke-free days, thanks to whoever brought this patient."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.bank.earning_rules import LATEST_DAYS, Earnable, award, earnable, thank_referrer
from pages.staff.seek import sought_patient
from pages.ui.calls import actor, ask, do, say, show_said
from pages.ui.form import Form
from pages.ui.inputs import today
from pages.ui.sections import fold
from pages.ui.text import _, _n, unmarked


def more_points(enrolment_id: int) -> None:
    """What staff may give points for in this package, folded until somebody opens it."""
    show_said(f"points_{enrolment_id}")
    label = _("Points for a health event, thanks for a referral")
    fold(label, f"more_points_{enrolment_id}", lambda: _more(enrolment_id))


def _more(enrolment_id: int) -> None:
    may_award, may_thank = actor().may("task.write"), actor().may("enrolment.write")
    rules = ask(earnable, enrolment_id=enrolment_id)
    events = [rule for rule in rules if rule.event != "referral"] if may_award else []
    thanks = [rule for rule in rules if rule.event == "referral"] if may_thank else []
    if not (events or thanks):
        st.caption(_("This package promises no points beyond those of its tasks."))
    if events:
        _award(enrolment_id, events)
    for rule in thanks:
        _thank(enrolment_id, rule)


def _award(enrolment_id: int, events: list[Earnable]) -> None:
    by_code = {rule.code: rule for rule in events}
    form = Form(f"award_{enrolment_id}", adds=True)
    with st.form(form.turn):
        st.markdown(f"**{_('A health event that no task stands for')}**")
        left, right = st.columns([2, 1])
        code = form.kept(
            "rule",
            left.selectbox,
            _("What for"),
            None,
            options=list(by_code),
            format_func=lambda one: _said(by_code[one]),
            placeholder=_("Choose from the list"),
        )
        day = form.field(
            "day",
            right.date_input,
            _("Day"),
            today(),
            min_value=today() - timedelta(days=LATEST_DAYS),
            max_value=today(),
            key=f"award_day_{enrolment_id}",
        )
        sent = st.form_submit_button(_("Give the points"), type="primary")
    if not sent:
        return
    if code is None:
        form.say("rule", _("Please choose what the points are for."))
    elif do(award, f"award_{enrolment_id}", place=form, enrolment_id=enrolment_id, rule=code, day=day):
        given = by_code[code].points
        say(
            _n("{n} point is on her account.", "{n} points are on her account.", given),
            at=f"points_{enrolment_id}",
        )
        st.rerun()


def _thank(enrolment_id: int, rule: Earnable) -> None:
    st.markdown(f"**{_('Who brought her?')}** {unmarked(_said(rule))}")
    if rule.waits:
        st.caption(_("Points for a referral wait for their sign-off in Settings."))
        return
    referrer = sought_patient(f"referrer_{enrolment_id}")
    if referrer is None:
        return
    if st.button(_("Thank with points"), key=f"thank_{enrolment_id}", type="primary") and do(
        thank_referrer, f"thank_{enrolment_id}", enrolment_id=enrolment_id, referrer_id=referrer
    ):
        say(
            _n("Thanked with {n} point.", "Thanked with {n} points.", rule.points),
            at=f"points_{enrolment_id}",
        )
        st.rerun()


def _said(rule: Earnable) -> str:
    """The rule as the package words it; its text names the points."""
    return rule.text + (f" · {_('waits for its sign-off')}" if rule.waits else "")
