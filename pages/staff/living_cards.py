"""The cards that open a patient's page: whose they are, and ending one of them or all."""

from __future__ import annotations

import streamlit as st

from core.foundation.clock import day_of
from core.people.link_holders import LONGEST_PERSON, RELATION_NAMES, LinkHolder, link_holders, needs_guardian
from core.people.phone_links import revoke_link
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.text import _, _n, day, unmarked


def living_cards(patient_id: int) -> None:
    """One line for each card, with the way to end it; a lost card or phone closes that card's page at once."""
    for one in ask(link_holders, patient_id=patient_id):
        said, act = st.columns([2.4, 1], vertical_alignment="center")
        said.markdown(f"**{_holder(one)}** · {_since(one)}")
        if one.closed:
            said.caption(_("Too many wrong digits: this card works on no new phone. Please give a new card."))
        with act.popover(_("End"), key=f"end_card_{one.link_id}"):
            st.write(_("This card and every phone confirmed with it stop working at once. Other cards stay."))
            if st.button(
                _("End the card of {person}", person=_holder(one)), type="primary", key=f"end_{one.link_id}"
            ) and do(revoke_link, patient_id=patient_id, link_id=one.link_id):
                say(_("The card of {person} has ended.", person=_holder(one)), at="card")
                st.session_state.pop("card_link", None)
                st.rerun()


def for_whom(patient_id: int, form: Form) -> tuple[str, str]:
    """Who gets the next card: the relation and, for anybody but the patient, the name."""
    child = ask(needs_guardian, patient_id=patient_id)
    if child:
        st.caption(_("Under 14: the first card is for a parent or guardian, with the name."))
    choices = ["guardian"] if child else list(RELATION_NAMES)
    relation = form.field(
        "relation",
        st.segmented_control,
        _("For whom is the card?"),
        choices,
        default=choices[0],
        format_func=lambda one: _(RELATION_NAMES[one]),
        key=f"card_relation_{patient_id}_{child}",
    )
    if relation in (None, "self"):
        return relation or "", ""
    person = form.field(
        "person",
        st.text_input,
        _("Name of that person, as she is to be called"),
        key=f"card_person_{patient_id}",
        max_chars=LONGEST_PERSON,
    )
    return relation, person


def _holder(one: LinkHolder) -> str:
    if one.relation == "self":
        return _(RELATION_NAMES["self"])
    return _("{person} ({relation})", person=unmarked(one.person), relation=_(RELATION_NAMES[one.relation]))


def _since(one: LinkHolder) -> str:
    since = _("since {day}", day=day(day_of(one.issued_at, the_house().zone)))
    return f"{since} · " + _n("{n} phone", "{n} phones", one.phones)
