"""Paying back: choose why, see the rule beside the written terms, take its amount or another one with a reason."""

from __future__ import annotations

import streamlit as st

from core.care.sale.enrolled import EnrolmentCard
from core.foundation import reasons
from core.packages.refund_rules import CAUSE_NAMES
from core.settlement.refund_proposals import Proposal, proposal
from core.settlement.refund_slips import Slip, slips
from core.settlement.refunds import cancel_and_refund, record_refund
from pages.staff.papers import refund_slip_of
from pages.staff.patient.kept_vouchers import used_vouchers
from pages.staff.patient.what_goes import going
from pages.ui.calls import actor, ask, do, later, say
from pages.ui.form import Form
from pages.ui.text import _, day, full_day, html, language, money, unmarked


def refund(held: EnrolmentCard, likely: str = "") -> None:
    """The cause stands outside the form: the reckoning follows it at once. `likely` is what it probably is."""
    if held.status == "active":
        st.write(f"**{_('Stop the package')}**")
    causes = list(CAUSE_NAMES)
    cause = st.selectbox(
        _("Why"),
        causes,
        index=causes.index(likely) if likely in causes else None,
        key=f"refund_cause_{held.id}",
        format_func=lambda code: _(CAUSE_NAMES[code]),
        placeholder=_("Choose from the list"),
    )
    if cause is None:
        st.caption(_("Choose why first: what is paid back depends on it."))
        return
    found = ask(proposal, enrolment_id=held.id, cause=cause)
    if found.paid_fen:
        _rule_beside_terms(held.id, found)
    if held.status == "active":
        going(held.id, _("If you stop it today:"))
    used_vouchers(held.id)
    _form(held, found)


def paid_back(held: EnrolmentCard) -> None:
    """What was paid back, refund by refund, each with its slip."""
    for one in ask(slips, enrolment_id=held.id):
        words, act = st.columns([3, 1.2], vertical_alignment="center")
        words.html(_line(one))
        if one.amount_fen > 0 and not one.reversed:
            act.download_button(
                _("Print the slip (PDF)"),
                later(lambda number=one.id: refund_slip_of(number)),  # type: ignore[misc]
                file_name="refund.pdf",
                mime="application/pdf",
                icon=":material/receipt_long:",
                key=f"slip_{one.id}",
                width="stretch",
                on_click="ignore",
            )


def _line(one: Slip) -> str:
    facts = [full_day(one.day), one.number, _(CAUSE_NAMES[one.cause]) if one.cause else "", one.by]
    more = []
    if one.reversed:
        more.append(_("taken back since"))
    if one.rule_fen is not None and one.rule_fen != one.amount_fen and not one.reverses:
        more.append(_("by the rule {amount}", amount=money(one.rule_fen)))
    if one.rule_from == "entered":
        more.append(_("by fields entered later by {name}", name=one.entered_by))
    if one.reason:
        more.append(one.reason)
    amount = money(abs(one.amount_fen))
    head = html(
        _("{amount} taken back", amount=amount) if one.reverses else _("{amount} paid back", amount=amount)
    )
    below = "".join(
        f"<small>{html(' · '.join(part for part in each if part))}</small>" for each in (facts, more)
    )
    return f"<div class='pd-step'><b>{head}</b>{below}</div>"


def _rule_beside_terms(enrolment_id: int, found: Proposal) -> None:
    left, right = st.columns(2)
    with left.container(border=True):
        st.html(
            f"<div class='pd-step'><small>{html(_('The written terms'))}</small>{html(found.terms)}</div>"
        )
    with right.container(border=True):
        st.html(_reckoning(found))
        if found.found.source == "entered":
            entered = _(
                "By fields entered later by {name}, on {day}.",
                name=unmarked(found.found.by),
                day=day(found.found.entered_on),
            )
            st.caption(entered)
        if found.reckoning is None:
            _missing(enrolment_id, found)


def _missing(enrolment_id: int, found: Proposal) -> None:
    st.write(_("This version has its refund terms in words only. Reckon by them, and write how."))
    if actor().may("package.write"):
        if st.button(
            _("Enter them as fields once"), key=f"to_sold_rules_{enrolment_id}", icon=":material/rule:"
        ):
            st.session_state["package"] = found.package_id
            st.switch_page("manager/packages/page.py", query_params={"tab": "sale"})
    else:
        st.caption(_("A manager can enter them as fields once, on “Packages”."))


def _reckoning(found: Proposal) -> str:
    rows: list[tuple[str, int | None]]
    if found.reckoning is None:
        rows = [(_("Paid"), found.paid_fen)]
        if found.returned_fen:
            rows.append((_("Paid back already"), -found.returned_fen))
        last = (_("At most"), found.left_fen)
    else:
        rows = [(line.said(language()), line.fen) for line in found.reckoning.lines]
        last = (_("To pay back by the rule"), found.reckoning.fen)
    cells = "".join(
        f"<tr><td>{html(words)}</td><td>{'' if fen is None else money(fen)}</td></tr>" for words, fen in rows
    )
    total = f"<tr class='pd-sum'><td>{html(last[0])}</td><td>{money(last[1])}</td></tr>"
    return f"<table class='pd-reckoning'>{cells}{total}</table>"


def _form(held: EnrolmentCard, found: Proposal) -> None:
    rule, form = found.reckoning, Form()
    # Another cause, or a refund paid meanwhile, is another amount: the field starts from it anew.
    key = f"refund_{held.id}_{found.cause}_{found.fen}"
    with st.form(f"cancel_{held.id}"):
        amount: float | None = 0.0
        if found.paid_fen:
            amount = form.field(
                "refund_fen",
                st.number_input,
                _("Refund in yuan"),
                0.0,
                found.left_fen / 100,
                None if rule is None else rule.fen / 100,
                step=1.0,
                placeholder=_("at most {amount}", amount=money(found.left_fen)),
                key=key,
            )
            label = (
                _("How the amount follows from the terms") if rule is None else _("Reason, where it differs")
            )
        else:
            st.caption(_("This package cost nothing, so nothing is paid back."))
            label = _("Reason (optional)")
        reason = form.field(
            "reason",
            st.text_input,
            label,
            max_chars=reasons.LONGEST,
            key=f"refund_reason_{held.id}_{found.returned_fen}",
        )
        running = held.status == "active"
        words = _("Record the refund")
        if running:
            words = _("Cancel the package and refund") if found.paid_fen else _("Cancel the package")
        sent = st.form_submit_button(words)
    # Nothing typed is no refund of nothing: the deed asks for the amount.
    fen = -1 if amount is None else round(amount * 100)
    if sent and do(
        cancel_and_refund if running else record_refund,
        f"cancel_{held.id}",
        place=form,
        enrolment_id=held.id,
        cause=found.cause,
        reason=reason,
        refund_fen=fen,
        known_fen=found.returned_fen,
    ):
        told = _("The package is cancelled.") if running else _("Nothing is paid back.")
        if fen:
            told = _("Recorded: {amount} to pay back. The slip is ready to print.", amount=money(fen))
        say(told, at=f"course_{held.id}")
        st.rerun()
