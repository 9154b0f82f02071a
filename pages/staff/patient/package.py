"""What she holds: the package with its badges, receipt and card, points, and what changes a running course."""

from __future__ import annotations

import streamlit as st

from core.care.patient_file import PatientFile
from core.care.plan.pregnancy import DATED
from core.care.sale.enrolled import STATUS_NAMES, EnrolmentCard
from core.foundation.access import Actor
from pages.staff.papers import enrolment_papers
from pages.staff.patient.course import end_course, move_anchor, to_album
from pages.staff.patient.earning import more_points
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
    for one in held.held:
        _one(one, who, quiet=held.stop is not None)


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


def _one(card: EnrolmentCard, who: Actor, quiet: bool) -> None:
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
        if card.status in FINISHED and not quiet:
            to_album(card)
        if not quiet and card.status == "active":
            more_points(card.id)
        if who.may("enrolment.write"):
            _changes(card, quiet)


def _changes(card: EnrolmentCard, quiet: bool) -> None:
    fold(_("Receipt and card"), f"papers_{card.id}", lambda: enrolment_papers(card.patient_id, card.id))
    if not quiet:
        reopen_course(card)
    if card.status == "completed":
        return
    if card.status == "active":
        label = _("Correct the due date") if _pregnancy(card) else _("Correct the date it counts from")
        fold(label, f"anchor_of_{card.id}", lambda: move_anchor(card))
    ending = _("Complete, cancel or refund") if card.status == "active" else _("Record the refund")
    fold(ending, f"ending_{card.id}", lambda: end_course(card))


def _pregnancy(card: EnrolmentCard) -> bool:
    return card.anchor_kind in DATED
