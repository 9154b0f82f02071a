"""Albums: choose a finished journey, add photos and wishes, preview, download the book."""

import streamlit as st

from core.keepsakes.album_list import ALBUM_STATES, AlbumLine, finished_journeys
from core.keepsakes.albums import album
from pages.staff.albums.parts import photos, preview, write
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.rows import (
    Column,
    Line,
    State,
    filters,
    heading,
    open_here,
    opened,
    page_of,
    pages,
    remembered,
    rows,
    search,
)
from pages.ui.text import _, _n, full_day

SIZE = 100
TONES = {"unwritten": "none", "written": "done"}


def line(found: AlbumLine) -> Line:
    state = "written" if found.written else "unwritten"
    held = _n("{n} photo", "{n} photos", found.photos)
    return Line(
        str(found.enrolment_id),
        (
            found.patient_name,
            full_day(found.ended_on),
            State(_(ALBUM_STATES[state]), TONES[state]),
            held,
            found.package,
        ),
    )


def choose() -> None:
    """The finished journeys; whichever is chosen opens in their place."""
    text, only = search("album_text"), remembered("album_state")
    found = ask(finished_journeys, text=text, only=only, page=page_of("albums", text, only), page_size=SIZE)
    if not sum(found.counts.values()):
        empty_state(
            _("Nobody found. Check the spelling; an album begins when a journey is complete.")
            if text
            else _(
                "No finished journey yet. Complete an enrolment on the patient's page; then her album starts here."
            )
        )
        return
    filters(
        {state: _(name) for state, name in ALBUM_STATES.items()},
        found.counts,
        "album_state",
    )
    st.caption(_n("{n} album", "{n} albums", found.total))
    columns = [
        Column(_("Patient")),
        Column(_("Finished on"), 1.1),
        Column(_("State")),
        Column(_("Photos"), 0.7),
        Column(_("Package"), 1.6),
    ]
    chosen = rows(_("Albums"), columns, [line(each) for each in found.rows], "albums")
    pages("albums", found.page, found.pages, SIZE, found.total)
    if chosen:
        open_here("enrolment", chosen)


open_page("album.write", _("Albums"), _("A finished journey as a book: days, photos, badges and wishes."))
given = opened("enrolment")
if not given.isdigit():
    choose()
    st.stop()
chosen = ask(album, enrolment_id=int(given))
heading(f"{chosen.name} · {chosen.title}", _("All albums"), "enrolment", "albums")
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
