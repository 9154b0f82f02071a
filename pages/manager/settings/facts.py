"""What the department is called, where it is, in which zone, and when its pilot began."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from core.department import profile as department
from core.foundation.images import clean_logo
from core.foundation.language import LANGUAGES
from pages.manager.settings.films import films_kept
from pages.ui.calls import do, prepared, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.text import _


def show_facts() -> None:
    house = the_house()
    form = Form("facts")
    with st.form("facts"):
        left, right = st.columns(2)
        hospital = form.kept("hospital", left.text_input, _("Hospital"), house.hospital)
        name = form.kept("department", right.text_input, _("Department"), house.department)
        left, right = st.columns(2)  # pairs of their own, so that a phone shows them in this order
        phone = form.kept(
            "phone", left.text_input, _("Department's phone"), house.phone,
            help=_("Printed on cards and shown to patients"),
        )  # fmt: skip
        address = form.kept("address", right.text_input, _("Address"), house.address)
        left, right = st.columns(2)
        zones = sorted(available_timezones())
        zone = form.kept("time_zone", left.selectbox, _("Time zone"), house.time_zone, options=zones)
        printed = form.kept(
            "print_language",
            right.selectbox,
            _("Language of printed matter"),
            house.print_language,
            options=LANGUAGES,
            format_func=lambda code: {"zh": "中文", "en": "English"}[code],
        )
        left, right = st.columns(2)
        start = form.kept(
            "pilot_start",
            left.date_input,
            _("First day of the pilot"),
            house.pilot_start,
            help=_("Measures compare the weeks before and after it"),
        )
        logo = form.field(
            "logo", right.file_uploader, _("Logo (optional; PNG or JPEG)"), type=["png", "jpg", "jpeg"]
        )
        sent = st.form_submit_button(_("Save"), type="primary")
    clean = prepared(lambda: clean_logo(logo.getvalue()), form) if sent and logo else None
    if (
        sent
        and (clean or not logo)
        and do(
            department.change_facts,
            place=form,
            hospital=hospital,
            department=name,
            time_zone=zone,
            print_language=printed,
            phone=phone,
            address=address,
            pilot_start=start,
            logo=clean,
        )
    ):
        say(_("Saved."))
        st.rerun()
    films_kept()
