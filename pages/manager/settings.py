"""Settings: department facts, locations, signed-off features."""

from zoneinfo import available_timezones

import streamlit as st

from core.department import facts as department
from core.department import locations, switches
from core.foundation.language import LANGUAGES
from pages.ui.calls import ask, do, say
from pages.ui.frame import empty_state, facts, open_page
from pages.ui.text import _, full_day


def show_facts() -> None:
    house = facts()
    with st.form("facts"):
        left, right = st.columns(2)
        hospital = left.text_input(_("Hospital"), house.hospital)
        name = right.text_input(_("Department"), house.department)
        phone = left.text_input(
            _("Department's phone"), house.phone, help=_("Printed on cards and shown to patients")
        )
        address = right.text_input(_("Address"), house.address)
        zones = sorted(available_timezones())
        zone = left.selectbox(_("Time zone"), zones, index=zones.index(house.time_zone))
        printed = right.selectbox(
            _("Language of printed matter"),
            LANGUAGES,
            index=LANGUAGES.index(house.print_language),
            format_func=lambda code: {"zh": "中文", "en": "English"}[code],
        )
        start = left.date_input(
            _("First day of the pilot"),
            house.pilot_start,
            help=_("Measures compare the weeks before and after it"),
        )
        logo = right.file_uploader(_("Logo (optional; PNG or JPEG)"), type=["png", "jpg", "jpeg"])
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent and do(
        department.change_facts,
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


def location_form(place: locations.Location | None) -> None:
    with st.form(f"location_{place.id if place else 'new'}", clear_on_submit=place is None):
        left, right = st.columns(2)
        values = {
            "name": left.text_input(_("Name"), place.name if place else ""),
            "floor": right.text_input(_("Building and floor"), place.floor if place else ""),
            "route": st.text_input(_("Way to get there"), place.route if place else "",
                                   placeholder=_("for example: lift B to the 3rd floor, then left")),
            "wait_minutes": left.number_input(_("Usual waiting time in minutes"), 0, 600,
                                              place.wait_minutes if place else None),
        }  # fmt: skip
        if place:
            values["active"] = right.checkbox(_("In use"), place.active)
        sent = st.form_submit_button(_("Save") if place else _("Add this location"), type="primary")
    if not sent:
        return
    if (
        do(locations.change_location, location_id=place.id, **values)
        if place
        else do(locations.add_location, "location", **values)
    ):
        say(_("Saved."))
        st.rerun()


def show_locations() -> None:
    places = ask(locations.locations)
    if not places:
        empty_state(_("No location yet. Add the nurse station first: its QR poster opens the praise page."))
    for place in places:
        mark = "" if place.active else f" · {_('not in use')}"
        with st.expander(f"{place.name} · {place.floor}{mark}"):
            location_form(place)
    with st.expander(_("Add a location"), icon=":material/add_location:", expanded=not places):
        location_form(None)


def show_switch(switch: switches.Switch) -> None:
    feature = switch.feature
    state = _("on") if switch.works else (_("review overdue: off") if switch.on else _("off"))
    with st.expander(f"{_(feature.name)} · {state}"):
        st.write(_(feature.effect))
        st.caption(_(feature.why))
        if switch.works:
            st.write(
                _("Signed off by {who}, document {document}; review due {when}.",
                  who=switch.signed_by, document=switch.document_number, when=full_day(switch.review_on))
            )  # fmt: skip
        with st.form(f"switch_{feature.code}"):
            left, middle, right = st.columns(3)
            who = left.text_input(_("Signed off by"), switch.signed_by)
            document = middle.text_input(_("Document number"), switch.document_number)
            review = right.date_input(_("Review date"), switch.review_on)
            turn_on = st.form_submit_button(_("Sign off and turn on"), type="primary")
            turn_off = st.form_submit_button(_("Turn off"), disabled=not switch.on)
        if (turn_on or turn_off) and do(
            switches.sign_off,
            code=feature.code,
            on=turn_on,
            signed_by=who,
            document_number=document,
            review_on=review,
        ):
            say(_("Saved."))
            st.rerun()


open_page("settings.write", _("Settings"))
about, places, signed = st.tabs([_("Department"), _("Locations"), _("Signed-off features")])
with about:
    show_facts()
with places:
    show_locations()
with signed:
    st.caption(
        _("These features touch law or ethics. Each stays off until somebody responsible has signed for it.")
    )
    for each in ask(switches.switches):
        show_switch(each)
