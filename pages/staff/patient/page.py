"""One patient's file: who she is, what comes next, and everything that can be done for her."""

import streamlit as st

from core.care.patient_file import PatientFile, patient_file
from core.dialogue.her_file import Conversation, conversation_of
from core.foundation.access import Actor
from core.foundation.errors import Refusal
from core.people.patients import card
from pages.staff.patient.conversation import conversation
from pages.staff.patient.details import card_and_phone, consents, details
from pages.staff.patient.growth import growth
from pages.staff.patient.package import packages, to_offer
from pages.staff.patient.quiet import gentle_stop_form, quiet_state
from pages.staff.patient.strip import strip
from pages.staff.patient.tasks import tasks
from pages.staff.patient.who import quiet_line, styles
from pages.staff.seek import addressed, chosen_patient, nobody
from pages.staff.waiting_words import words_of
from pages.ui.calls import actor, ask
from pages.ui.frame import open_page
from pages.ui.text import _, unmarked


def opened() -> PatientFile | Refusal | None:
    """The file the address names, why there is none, or None where it names nobody."""
    number = addressed()
    if number is None or not actor().may("patient.read"):
        return None
    try:
        found: PatientFile = ask(patient_file, patient_id=number)
    except Refusal as problem:
        return problem
    return found


def back_to_last() -> None:
    """The browser's Back loses whose file it was (Streamlit writes the next page's address over this one's): one click
    opens it again, and nobody is opened by herself."""
    last: int | None = st.session_state.get("last_file")
    if last is None:
        return
    try:
        name = ask(card, patient_id=last).name
    except Refusal:
        return
    if st.button(_("Back to {name}", name=unmarked(name)), icon=":material/history:"):
        st.query_params.from_dict({"id": str(last)})
        st.rerun()


def sections(held: PatientFile, who: Actor, spoken: bool) -> list[str]:
    """What can be opened, in the order of a nurse's day."""
    names = [*(["talk"] if spoken else []), "packages", "card", "consents", "details"]
    if held.stop is not None:
        return names
    names.insert(0, "tasks")
    if held.pregnancy:
        names.insert(1, "growth")
    return [*names, "quiet"] if who.may("enrolment.stop") else names


def show(name: str, held: PatientFile, who: Actor, talked: Conversation | None) -> None:
    if name == "tasks":
        if held.held:
            tasks(held, who)
        else:
            to_offer(held, who)
    elif name == "talk" and talked is not None:
        conversation(held, talked, who)
    elif name == "growth":
        growth(held.patient, quiet=held.stop is not None)
    elif name == "packages":
        packages(held, who)
    elif name == "card":
        card_and_phone(held)
    elif name == "consents":
        consents(held)
    elif name == "details":
        details(held, who)
    else:
        gentle_stop_form(held.patient)


held = opened()
who = open_page(
    "patient.read", unmarked(held.patient.name) if isinstance(held, PatientFile) else _("Patient")
)
if isinstance(held, Refusal):
    nobody(held)
elif held is None:
    back_to_last()
    chosen_patient("patient")
else:
    st.session_state["last_file"] = held.patient.id
    st.html(styles() + quiet_line(held))
    strip(held, who)
    words_of(held.patient.id)
    if held.stop is not None:
        quiet_state(held, who)
    names = {
        "tasks": _("Tasks"),
        "talk": _("Conversation"),
        "growth": _("Growth curve"),
        "packages": _("Package"),
        "card": _("Card and phone"),
        "consents": _("Consents"),
        "details": _("Details"),
        "quiet": _("Quiet care"),
    }
    talked: Conversation | None = (
        ask(conversation_of, patient_id=held.patient.id) if who.may("reply.read") else None
    )
    there = sections(held, who, talked is not None)
    chosen = st.segmented_control(
        _("View"), there, default=there[0], format_func=names.__getitem__, label_visibility="collapsed",
        key=f"view_{held.patient.id}_{held.state == 'quiet'}",
    )  # fmt: skip
    show(chosen or there[0], held, who, talked)
