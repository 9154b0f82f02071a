"""Settings: department facts, locations, signed-off features, telling staff."""

from zoneinfo import available_timezones

import streamlit as st

from core.department import profile as department
from core.department import switches
from core.foundation.language import LANGUAGES
from pages.manager.settings.bank_terms import bank_terms
from pages.manager.settings.films import films_kept
from pages.manager.settings.places import show_locations
from pages.manager.settings.restocking import shelf
from pages.manager.settings.telling import telling
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import open_page, the_house
from pages.ui.sections import fold, tabs
from pages.ui.text import _, full_day


def show_facts() -> None:
    house = the_house()
    form = Form()
    with st.form("facts"):
        left, right = st.columns(2)
        hospital = form.field("hospital", left.text_input, _("Hospital"), house.hospital)
        name = form.field("department", right.text_input, _("Department"), house.department)
        left, right = st.columns(2)  # pairs of their own, so that a phone shows them in this order
        phone = left.text_input(
            _("Department's phone"), house.phone, help=_("Printed on cards and shown to patients")
        )
        address = right.text_input(_("Address"), house.address)
        left, right = st.columns(2)
        zones = sorted(available_timezones())
        zone = left.selectbox(_("Time zone"), zones, index=zones.index(house.time_zone))
        printed = right.selectbox(
            _("Language of printed matter"),
            LANGUAGES,
            index=LANGUAGES.index(house.print_language),
            format_func=lambda code: {"zh": "中文", "en": "English"}[code],
        )
        left, right = st.columns(2)
        start = left.date_input(
            _("First day of the pilot"),
            house.pilot_start,
            help=_("Measures compare the weeks before and after it"),
        )
        logo = form.field(
            "logo", right.file_uploader, _("Logo (optional; PNG or JPEG)"), type=["png", "jpg", "jpeg"]
        )
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent and do(
        department.change_facts,
        place=form,
        hospital=hospital,
        department=name,
        time_zone=zone,
        print_language=printed,
        phone=phone,
        address=address,
        pilot_start=start,
        logo=logo.getvalue() if logo else None,
    ):
        say(_("Saved."))
        st.rerun()
    films_kept()


def show_switch(switch: switches.Switch) -> None:
    feature = switch.feature
    state = _("on") if switch.works else (_("review overdue: off") if switch.on else _("off"))

    def sign_off() -> None:
        st.write(_(feature.effect))
        st.caption(_(feature.why))
        if switch.works:
            st.write(
                _("Signed off by {who}, document {document}; review due {when}.",
                  who=switch.signed_by, document=switch.document_number, when=full_day(switch.review_on))
            )  # fmt: skip
        form = Form()
        with st.form(f"switch_{feature.code}"):
            left, middle, right = st.columns(3)
            who = form.field("signed_by", left.text_input, _("Signed off by"), switch.signed_by)
            document = form.field(
                "document_number", middle.text_input, _("Document number"), switch.document_number
            )
            review = form.field("review_on", right.date_input, _("Review date"), switch.review_on)
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
