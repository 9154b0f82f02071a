"""Settings: department facts, locations, signed-off features, telling staff."""

import streamlit as st

from core.department import switches
from core.recognition.targets import TIPS_SWITCH
from core.recognition.tips import without_payment_code
from pages.manager.settings.bank_terms import bank_terms
from pages.manager.settings.facts import show_facts
from pages.manager.settings.places import show_locations
from pages.manager.settings.restocking import shelf
from pages.manager.settings.telling import telling
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import open_page
from pages.ui.sections import fold, tabs
from pages.ui.text import _, full_day, language, unmarked


def show_switch(switch: switches.Switch) -> None:
    feature = switch.feature
    state = _("on") if switch.works else (_("review overdue: off") if switch.on else _("off"))

    def sign_off() -> None:
        st.write(_(feature.effect))
        st.caption(_(feature.why))
        if switch.works:
            st.write(
                _("Signed off by {who}, document {document}; review due {when}.",
                  who=unmarked(switch.signed_by), document=unmarked(switch.document_number), when=full_day(switch.review_on))
            )  # fmt: skip
            if feature.code == TIPS_SWITCH:
                _who_cannot_be_tipped()
        form = Form(f"signed_{feature.code}")
        with st.form(f"switch_{feature.code}"):
            left, middle, right = st.columns(3)
            who = form.kept("signed_by", left.text_input, _("Signed off by"), switch.signed_by)
            document = form.kept(
                "document_number", middle.text_input, _("Document number"), switch.document_number
            )
            review = form.kept("review_on", right.date_input, _("Review date"), switch.review_on)
            turn_on = st.form_submit_button(_("Sign off and turn on"), type="primary")
            turn_off = st.form_submit_button(_("Turn off"), disabled=not switch.on)
        if (turn_on or turn_off) and do(
            switches.sign_off,
            place=form,
            code=feature.code,
            on=turn_on,
            signed_by=who,
            document_number=document,
            review_on=review,
        ):
            say(_("Saved."))
            st.rerun()

    fold(f"{_(feature.name)} · {state}", f"switch_{feature.code}_fold", sign_off)


def _who_cannot_be_tipped() -> None:
    if names := ask(without_payment_code):
        text = _(
            "No tip can be given yet to: {names}. Each uploads a payment code under “My account”.",
            names=("、" if language() == "zh" else ", ").join(names),
        )
        st.warning(unmarked(text), icon=":material/qr_code:")


def show_switches() -> None:
    st.caption(
        _("These features touch law or ethics. Each stays off until somebody responsible has signed for it.")
    )
    for each in ask(switches.switches):
        show_switch(each)


def show_bank() -> None:
    bank_terms()
    shelf()


open_page("settings.write", _("Settings"))
tabs(
    {
        "department": (_("Department"), show_facts),
        "places": (_("Locations"), show_locations),
        "features": (_("Signed-off features"), show_switches),
        "bank": (_("Health bank"), show_bank),
        "telling": (_("Telling staff"), telling),
    },
    "settings_tab",
    stay=True,
)
