"""Albums: choose a finished journey, add photos and wishes, preview, download the book."""

import streamlit as st

from core.keepsakes import albums
from pages.staff.albums.parts import photos, preview, write
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.text import _, _n, full_day


def choose() -> int | None:
    given = st.query_params.get("enrolment", "")
    if given.isdigit():
        return int(given)
    text = st.text_input(
        _("Name, last four digits of the phone, or record number"), key="album_text", icon=":material/search:"
    )
    lines = ask(albums.finished_journeys, text=text)
    if not lines:
        empty_state(
            _(
                "No finished journey yet. Complete an enrolment on the patient's page; then her album starts here."
            )
        )
        return None
    for line in lines:
        with st.container(border=True):
            about, act = st.columns([4, 1], vertical_alignment="center")
            photos = _n("{n} photo", "{n} photos", line.photos)
            state = _("written") if line.written else _("not written yet")
            about.markdown(
                f"**{line.patient_name}** · {line.package} · {full_day(line.ended_on)}  \n{photos} · {state}"
            )
            if act.button(_("Open album"), key=f"album_{line.enrolment_id}", width="stretch"):
                st.query_params["enrolment"] = str(line.enrolment_id)
                st.rerun()
    return None


open_page("album.write", _("Albums"), _("A finished journey as a book: days, photos, badges and wishes."))
enrolment_id = choose()
if enrolment_id is None:
    st.stop()
chosen = ask(albums.album, enrolment_id=enrolment_id)
back, heading = st.columns([1, 5], vertical_alignment="center")
if back.button(_("All albums"), icon=":material/arrow_back:"):
    st.query_params.clear()
    st.rerun()
heading.subheader(f"{chosen.name} · {chosen.title}")
if not chosen.may_album:
    st.info(_("The patient has not agreed to an album. Record the consent on her page first."))
    st.stop()
texts, pictures, book = st.tabs([_("Texts"), _("Photos"), _("Preview and print")])
with texts:
    write(chosen)
with pictures:
    photos(chosen)
with book:
    preview(chosen)
