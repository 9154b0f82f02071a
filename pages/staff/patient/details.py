"""Her consents, her facts, and what she sees on her phone."""

from __future__ import annotations

import streamlit as st

from core.care.patient_file import PatientFile
from core.foundation.access import Actor
from core.operations.previews import preview_pass
from core.people.consents import CHANNELS, consents_of, record_consents
from core.people.own_nurse import OwnNurse, name_own_nurse, nurses, own_nurse
from core.people.patients import PatientCard, edit_patient
from pages.staff.papers import patient_card
from pages.staff.patient.privacy import erase
from pages.ui.calls import ask, do, say, show_said
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import as_read, consent_fields, patient_fields, read_anew, settle
from pages.ui.kept import as_stored
from pages.ui.sections import fold
from pages.ui.text import _, full_day, moment


def consents(held: PatientFile) -> None:
    patient = held.patient
    show_said("consents")
    known = ask(consents_of, patient_id=patient.id)
    form = Form()
    with st.form("consents"):
        given = {c.purpose: c.given for c in known}
        answers, channel = consent_fields(form, as_stored(f"patient_{patient.id}", given), given)
        ends = any(one.status == "active" for one in held.held)
        if ends:
            st.caption(
                _(
                    "Without the consent to the service her package ends today with its tasks, visits and reminders; its "
                    "refund is recorded below the package. Taken away by mistake: tick it again, then reopen the package."
                )
            )
            sure = st.checkbox(
                _("Yes: without this consent her package ends today"),
                key=as_stored(f"ends_{patient.id}", given),
            )
        sent = st.form_submit_button(_("Record"), type="primary")
    withdrawn = ends and given.get("service") and not answers.get("service")
    if sent and withdrawn and not sure:
        st.error(_("Her package would end with it. Tick the box above the button if that is meant."))
    elif sent and do(
        record_consents, place=form, patient_id=patient.id, given=answers, channel=channel or ""
    ):
        say(_("The consents are recorded."), at="consents")
        st.rerun()
    st.caption(_("Taking a tick away takes effect at once: photos, stories and messages of that purpose go."))
    said = [
        f"{_(one.label)}: {moment(one.at, held.zone)} · {_(CHANNELS[one.channel])}" for one in known if one.at
    ]
    if said:
        st.caption("  \n".join(said))


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
    chosen = st.selectbox(
        _("Own nurse"),
        [None, *known],
        index=[None, *known].index(present.id if present else None),
        format_func=lambda number: known[number] if number else _("Nobody yet"),
        key=as_stored(f"own_nurse_{patient.id}", present),
        disabled=not who.may("patient.write"),
    )
    if chosen != (present.id if present else None) and do(
        name_own_nurse, patient_id=patient.id, nurse_id=chosen
    ):
        now = _("Own nurse: {name}.", name=known[chosen]) if chosen else _("Nobody is her own nurse now.")
        say(now, at="details")
        st.rerun()


def _change(held: PatientFile) -> None:
    patient, key = held.patient, f"edit_{held.patient.id}"
    show_said("details")
    if held.pregnancy and held.pregnancy.of_course:
        due = full_day(held.pregnancy.due_on)
        st.caption(_("Due date {day}: it belongs to her package and is corrected there.", day=due))
    form = Form()
    with st.form("edit_patient"):
        values = patient_fields(form, patient, key=key, dated=held.may_be_dated)
        sent = st.form_submit_button(_("Save"), type="primary")
    if not sent:
        return
    if do(edit_patient, place=form, patient_id=patient.id, read=as_read(patient, key, values), **values):
        settle(key, values)
        say(_("Saved."), at="details")
        st.rerun()
    read_anew(patient, key, values)


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
