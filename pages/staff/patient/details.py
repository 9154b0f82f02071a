"""Her consents, her facts, and what she sees on her phone."""

from __future__ import annotations

import streamlit as st

from core.care.patient_file import PatientFile
from core.foundation.access import Actor
from core.operations.previews import preview_pass
from core.people.consents import (
    CHANNELS,
    PURPOSES,
    consents_of,
    depends_on_consents,
    record_consents,
)
from core.people.own_nurse import OwnNurse, name_own_nurse, nurses, own_nurse
from core.people.patients import PatientCard, edit_patient
from pages.staff.papers import patient_card
from pages.staff.patient.privacy import erase
from pages.ui.calls import ask, do, say, show_said
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import consent_fields, patient_fields
from pages.ui.sections import fold
from pages.ui.text import _, full_day, html, language, moment, unmarked


def consents(held: PatientFile) -> None:
    patient = held.patient
    show_said("consents")
    known = ask(consents_of, patient_id=patient.id)
    depends = ask(depends_on_consents, patient_id=patient.id, language=language())
    asking = f"consents_{patient.id}:asking"
    form = Form(f"consents_{patient.id}")
    with st.form(form.turn):
        given = {c.purpose: c.given for c in known}
        answers, channel = consent_fields(form, given)
        sent = st.form_submit_button(_("Record"), type="primary")
    lost = [
        purpose for purpose, lines in depends.items() if given[purpose] and not answers[purpose] and lines
    ]
    if sent:
        # Without the way in which she said so it is refused anyhow, at its field.
        st.session_state[asking] = lost if channel else []
    sure = False
    if lost and st.session_state.get(asking) == lost:
        sent, sure = False, _sure({purpose: depends[purpose] for purpose in lost}, form, asking)
    if (sent or sure) and do(
        record_consents, place=form, patient_id=patient.id, given=answers, channel=channel or ""
    ):
        say(_("The consents are recorded."), at="consents")
        st.rerun()
    st.caption(
        _("Taking a tick away takes effect at once. What would be lost by it is named and asked first.")
    )
    waits = [line for purpose, lines in depends.items() if not given[purpose] for line in lines]
    said = [
        f"{_(one.label)}: {moment(one.at, held.zone)} · {_(CHANNELS[one.channel])}" for one in known if one.at
    ]
    if said or waits:
        st.caption("  \n".join([*waits, *said]))


def _sure(lost: dict[str, list[str]], form: Form, asking: str) -> bool:
    """Name what goes, and ask once; whether she means it. Otherwise the boxes are ticked again, as she has agreed."""
    lines = "".join(f"<li>{html(line)}</li>" for said in lost.values() for line in said)
    title = _("Withdrawing: {names}", names=" · ".join(_(PURPOSES[purpose]) for purpose in lost))
    st.html(f"<div class='pd-step'><b>{html(title)}</b><ul>{lines}</ul></div>")
    if "service" in lost:
        st.caption(
            _("The refund is recorded below the package. By mistake: tick it again, then reopen the package.")
        )
    yes, no = st.columns(2)
    if no.button(_("No, leave everything as it is"), key=f"{asking}_no", width="stretch"):
        st.session_state.pop(asking)
        form.take_back(*lost)
        st.rerun()
    return yes.button(_("Yes, withdraw"), key=f"{asking}_yes", type="primary", width="stretch")


def details(held: PatientFile, who: Actor) -> None:
    """Her facts first; what ends everything is folded, for those who may."""
    _own_nurse(held.patient, who)
    _change(held)
    if who.may("settings.write"):
        fold(_("Privacy"), "privacy_of_her", lambda: erase(held.patient))


def _own_nurse(patient: PatientCard, who: Actor) -> None:
    """Whom her tasks are listed for first; chosen and kept in one act."""
    present: OwnNurse | None = ask(own_nurse, patient_id=patient.id)
    known = {one.id: one.name for one in ask(nurses)}
    if present:
        known.setdefault(present.id, present.name)
    form = Form(f"own_nurse_{patient.id}", adds=True)
    chosen = form.kept(
        "nurse",
        st.selectbox,
        _("Own nurse"),
        present.id if present else None,
        options=[None, *known],
        format_func=lambda number: known[number] if number else _("Nobody yet"),
        disabled=not who.may("patient.write"),
    )
    if form.touched and do(name_own_nurse, place=form, patient_id=patient.id, nurse_id=chosen):
        now = (
            _("Own nurse: {name}.", name=unmarked(known[chosen]))
            if chosen
            else _("Nobody is her own nurse now.")
        )
        say(now, at="details")
        st.rerun()


def _change(held: PatientFile) -> None:
    patient, key = held.patient, f"edit_{held.patient.id}"
    show_said("details")
    if held.pregnancy and held.pregnancy.of_course:
        due = full_day(held.pregnancy.due_on)
        st.caption(_("Due date {day}: it belongs to her package and is corrected there.", day=due))
    form = Form(key)
    with st.form("edit_patient"):
        values = patient_fields(form, patient, key=key, dated=held.may_be_dated)
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent and do(edit_patient, place=form, patient_id=patient.id, **values):
        say(_("Saved."), at="details")
        st.rerun()


def card_and_phone(held: PatientFile) -> None:
    """The card that opens her page, and her page as she sees it."""
    show_said("card")
    package = held.held[0].package_name if held.held else the_house().department
    act, sight = st.columns([1, 1.1])
    with act:
        patient_card(held.patient.id, package)
    with sight:
        st.caption(_("What she sees on her phone. Nothing can be sent from here."))
        st.iframe(
            f"/p/me?preview={ask(preview_pass, patient_id=held.patient.id)}", width="stretch", height=720
        )
