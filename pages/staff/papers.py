"""What is printed when somebody enrols: the receipt, the card with the QR code of the private page, her exercises."""

from __future__ import annotations

import streamlit as st

from core.care.sale.enrolled import receipt
from core.care.sale.enrolments import PAYMENT_METHODS
from core.dialogue.answers.exercises import Exercises, exercises_of
from core.documents.card import PatientCard, card_pdf
from core.documents.exercise_sheet import ExerciseOnPaper, exercise_sheet_pdf
from core.documents.receipt import Receipt, receipt_pdf
from core.documents.refund_slip import RefundSlip, refund_slip_pdf
from core.foundation.language import N_, translator
from core.operations.previews import preview_pass
from core.packages.refund_rules import PRINTED_CAUSES
from core.people.patients import card
from core.people.phone_links import issue_link
from core.settlement.entitlement_words import slip_lines
from core.settlement.entitlements import rights
from core.settlement.refund_slips import slip
from pages.staff.living_cards import for_whom, living_cards
from pages.ui.address import only_this_machine, phone_address
from pages.ui.calls import ask, do, later
from pages.ui.form import Form
from pages.ui.paper import letterhead
from pages.ui.text import _

STEPS = (
    N_("Scan the code with your phone's camera or WeChat."),
    N_("Confirm once with the last four digits of your phone number."),
    N_("See what is next, where to go and what to bring."),
)


def enrolment_papers(patient_id: int, enrolment_id: int) -> None:
    """Receipt and card side by side, her exercises below the receipt."""
    left, right = st.columns(2)
    with left, st.container(border=True):
        st.markdown(f"**{_('Receipt')}**")
        st.download_button(
            _("Print the receipt (PDF)"),
            later(lambda: receipt_of(enrolment_id)),
            file_name="receipt.pdf",
            mime="application/pdf",
            icon=":material/receipt_long:",
            key=f"receipt_{enrolment_id}",
            on_click="ignore",
        )
    with right, st.container(border=True):
        st.markdown(f"**{_('Card with QR code')}**")
        patient_card(patient_id, ask(receipt, enrolment_id=enrolment_id).package)
    with left:
        exercise_sheet(enrolment_id)


def exercise_sheet(enrolment_id: int) -> None:
    """Her exercises on paper with her own doses; nothing where her package has no drawing."""
    found = ask(exercises_of, enrolment_id=enrolment_id)
    if not found.each:
        return
    st.download_button(
        _("Print her exercises (PDF)"),
        later(lambda: _exercises_pdf(found)),
        file_name="exercises.pdf",
        mime="application/pdf",
        icon=":material/directions_walk:",
        key=f"exercises_{enrolment_id}",
        on_click="ignore",
    )


def _exercises_pdf(found: Exercises) -> bytes:
    """In the language of her package, which its steps are written in."""
    papers = [
        ExerciseOnPaper(
            one.title, one.material.drawing, one.material.short_steps, one.material.text,
            one.dose.sets if one.dose else 0, one.dose.reps if one.dose else 0,
        )
        for one in found.each
    ]  # fmt: skip
    return exercise_sheet_pdf(found.package, papers, letterhead(found.language))


def receipt_of(enrolment_id: int) -> bytes:
    """The receipt in the department's language of printed matter."""
    sold, head = ask(receipt, enrolment_id=enrolment_id), letterhead()
    words = translator(head.language)
    return receipt_pdf(
        Receipt(
            number=sold.number,
            package=sold.package,
            version=str(sold.version),
            patient=sold.patient,
            amount_fen=sold.amount_fen,
            method=words(PAYMENT_METHODS[sold.payment_method]),
            paid_on=sold.paid_on,
            cashier=sold.cashier,
            refund_terms=sold.refund_terms,
        ),
        head,
    )


def refund_slip_of(refund_id: int) -> bytes:
    """The slip of one refund in the department's language of printed matter, in words that are meant for her."""
    paid, head = ask(slip, refund_id=refund_id), letterhead()
    words = translator(head.language)
    note = words(N_("Reckoned by fields entered later by {name}."), name=paid.entered_by)
    return refund_slip_pdf(
        RefundSlip(
            number=paid.number,
            receipt_number=paid.receipt_number,
            package=paid.package,
            version=str(paid.version),
            patient=paid.patient,
            amount_fen=paid.amount_fen,
            cause=words(PRINTED_CAUSES[paid.cause]) if paid.cause else "",
            method=words(PAYMENT_METHODS[paid.payment_method]),
            paid_back_on=paid.day,
            cashier=paid.by,
            lines=tuple((line.said(head.language, PRINTED_CAUSES), line.fen) for line in paid.lines),
            rule_fen=paid.rule_fen,
            note=note if paid.rule_from == "entered" else "",
            refund_terms=paid.terms,
            used=slip_lines(ask(rights, enrolment_id=paid.enrolment_id), head.language),
        ),
        head,
    )


def patient_card(patient_id: int, package: str) -> None:
    """The living cards, and a new one: it replaces the old card of the same person, which is said before."""
    held = st.session_state.get("card_link")
    living_cards(patient_id)
    if held is None or held[0] != patient_id:
        form = Form()
        relation, person = for_whom(patient_id, form)
        st.caption(_("A new card replaces the old one of the same person; other people's cards stay."))
        if only_this_machine():
            st.caption(
                _(
                    "Phones cannot open the address you are using. Before printing, ask your manager to confirm the address for phones (under “Settings”)."
                )
            )
        if not st.button(
            _("Make a card"), key=f"card_{patient_id}", type="primary", icon=":material/qr_code_2:"
        ):
            return
        outcome = do(issue_link, place=form, patient_id=patient_id, person=person, relation=relation)
        if not outcome:
            return
        st.session_state["card_link"] = (patient_id, outcome.value, person.strip())
        st.rerun()
    url = phone_address(f"j/{held[1]}")
    st.download_button(
        _("Print the card (PDF)"),
        later(lambda: _card_pdf(patient_id, url, package, held[2])),
        file_name="card.pdf",
        mime="application/pdf",
        type="primary",
        icon=":material/print:",
        key=f"card_pdf_{patient_id}",
        on_click="ignore",
    )
    if st.button(_("Another card"), key=f"another_card_{patient_id}", icon=":material/person_add:"):
        st.session_state.pop("card_link", None)
        st.rerun()
    # Never the card's own link: opened here, it would make this computer her phone.
    st.link_button(
        _("See what she sees (nothing can be sent)"),
        f"/p/me?preview={ask(preview_pass, patient_id=patient_id)}",
        icon=":material/visibility:",
    )


def _card_pdf(patient_id: int, url: str, package: str, person: str) -> bytes:
    patient = ask(card, patient_id=patient_id)
    words = translator(patient.language)
    return card_pdf(
        PatientCard(
            package=package,
            url=url,
            name=" · ".join(filter(None, (patient.masked_name, person))),
            steps=tuple(words(step) for step in STEPS),
        ),
        letterhead(patient.language),
    )
