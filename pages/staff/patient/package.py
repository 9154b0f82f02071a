"""What she holds: the package with its badges, receipt and card, points, and what changes a running course."""

from __future__ import annotations

import streamlit as st

from core.care.patient_file import PatientFile
from core.care.plan.pregnancy import DATED
from core.care.quiet_care import StopState
from core.care.sale.enrolled import STATUS_NAMES, EnrolmentCard
from core.foundation.access import Actor
from core.settlement.refund_proposals import CAUSE_OF_STOP
from pages.staff.making_good import to_pay_to
from pages.staff.papers import enrolment_papers
from pages.staff.patient.course import dated_beside, end_course, move_anchor, to_album
from pages.staff.patient.earning import more_points
from pages.staff.patient.entitlements import entitlements
from pages.staff.patient.refund import paid_back
from pages.staff.patient.reopening import reopen_course
from pages.ui.calls import show_said
from pages.ui.frame import empty_state
from pages.ui.sections import fold
from pages.ui.text import _, full_day, html, money

FINISHED = ("completed", "run_out")  # its way was gone to the end


def packages(held: PatientFile, who: Actor) -> None:
    """Newest first; without any, the way to the first one."""
    if not held.held:
        to_offer(held, who)
    to_pay_to(held.patient.id)
    for one in held.held:
        _one(one, who, held)


def to_offer(held: PatientFile, who: Actor) -> None:
    """No package yet: the way to the offer, unless everything is quiet for her."""
    if held.stop is not None:
        empty_state(_("She holds no package."))
        return
    empty_state(_("No package yet. Explain one and enrol her."))
    if who.may("enrolment.write") and st.button(
        _("Offer and enrol"), type="primary", icon=":material/how_to_reg:"
    ):
        st.switch_page("staff/enrol/page.py", query_params={"id": str(held.patient.id)})


def _one(card: EnrolmentCard, who: Actor, held: PatientFile) -> None:
    quiet = held.stop is not None
    show_said(f"course_{card.id}")
    with st.container(border=True):
        facts = " · ".join(
            (
                _("version {number}", number=card.version),
                _(STATUS_NAMES[card.status]),
                money(card.amount_fen),
                _("since {when}", when=full_day(card.enrolled_on)),
            )
        )
        st.html(f"<div class='pd-step'><b>{html(card.package_name)}</b><small>{html(facts)}</small></div>")
        if card.badge_target and card.status == "active" and not quiet:
            share = min(1.0, card.badges_earned / card.badge_target)
            st.progress(
                share, text=_("{n} of {target} badges", n=card.badges_earned, target=card.badge_target)
            )
        entitlements(card, who)
        paid_back(card)
        if card.status in FINISHED and not quiet and who.may("album.write"):
            to_album(card)
        if not quiet and card.status == "active":
            more_points(card.id)
        if who.may("enrolment.write"):
            _changes(card, held.stop, dated_beside(card, held.held))


def _changes(card: EnrolmentCard, stop: StopState | None, beside: list[str]) -> None:
    fold(_("Receipt and card"), f"papers_{card.id}", lambda: enrolment_papers(card.patient_id, card.id))
    if stop is None:
        reopen_course(card)
    if card.status == "active":
        label = _("Correct the due date") if _pregnancy(card) else _("Correct the date it counts from")
        fold(label, f"anchor_of_{card.id}", lambda: move_anchor(card, beside))
    elif card.refund_fen >= card.amount_fen:
        return  # nothing is left to pay back
    label = _("Complete, cancel or refund") if card.status == "active" else _("Pay back")
    likely = CAUSE_OF_STOP.get(stop.kind, "") if stop is not None and card.status == "stopped" else ""
    fold(label, f"ending_{card.id}", lambda: end_course(card, likely))


def _pregnancy(card: EnrolmentCard) -> bool:
    return card.anchor_kind in DATED
