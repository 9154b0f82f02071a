"""An album's parts: its texts, its photos, the book itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.documents.album.album import album_pdf
from core.documents.album.content import content_of
from core.foundation.images import clean_image
from core.keepsakes import albums
from core.keepsakes.seal_drawing import seal_svg
from pages.ui.calls import desk, do, prepared, say
from pages.ui.form import Form
from pages.ui.paper import letterhead, show_pdf
from pages.ui.text import _, _n


def write(album: albums.Album) -> None:
    form = Form(f"album_{album.enrolment_id}")
    with st.form("album_texts"):
        left, right = st.columns(2)
        values: dict[str, Any] = {
            "name": form.kept(
                "name", left.text_input, _("Name on the cover, as the patient wishes"), album.name
            ),
            "title": form.kept("title", right.text_input, _("Title"), album.title),
            "doctor_name": form.kept("doctor_name", left.text_input, _("Doctor"), album.doctor_name),
            "nurse_name": form.kept("nurse_name", right.text_input, _("Nurse"), album.nurse_name),
            "doctor_message": form.kept(
                "doctor_message", left.text_area, _("The doctor's message"), album.doctor_message, height=160
            ),
            "nurse_message": form.kept(
                "nurse_message", right.text_area, _("The nurses' wishes"), album.nurse_message, height=160
            ),
        }
        st.caption(_("No diagnosis, no results: words for the person, as you would write in a card."))
        values["shape"] = (
            form.kept(
                "shape",
                st.segmented_control,
                _("Format"),
                album.shape,
                options=["square", "landscape"],
                format_func={"square": "21 × 21 cm", "landscape": _("A4 landscape")}.__getitem__,
            )
            or "square"
        )
        sent = st.form_submit_button(_("Keep the texts"), type="primary")
    if sent and do(albums.write_album, "album", place=form, enrolment_id=album.enrolment_id, **values):
        say(_("The album's texts are kept."))
        st.rerun()


def photos(album: albums.Album) -> None:
    if not album.may_photos:
        st.info(_("The patient has not agreed to photos. Record the consent on her page first."))
        return
    with st.form("album_photos", clear_on_submit=True):
        files = st.file_uploader(
            _("Choose photos (JPEG, PNG or WebP, at most 20 MB each)"),
            type=["jpg", "jpeg", "png", "webp"],
            accept_multiple_files=True,
        )
        sent = st.form_submit_button(_("Add these photos"), type="primary")
    if sent and files:
        bar = st.progress(0.0, text=_("Adding photos …"))
        added = 0
        for n, file in enumerate(files, start=1):
            clean = prepared(partial(clean_image, file.getvalue()))
            if clean and do(albums.add_photo, enrolment_id=album.enrolment_id, picture=clean):
                added += 1
            bar.progress(n / len(files))
        bar.empty()
        if added == len(files):
            say(_n("{n} photo added.", "{n} photos added.", added))
            st.rerun()
    if sent and not files:
        st.info(
            _("No photo has arrived. One marked red is larger than 20 MB: please choose a smaller copy."),
            icon=":material/info:",
        )
    if not album.photos:
        st.caption(_("No photos yet. An album works without them, too."))
        return
    form = Form(f"album_photos_{album.enrolment_id}")
    with st.form("captions"):
        changes = []
        places = st.columns(4)
        for n, photo in enumerate(album.photos):
            with places[n % 4]:
                st.image(thumbnail(photo.media_key), alt=photo.caption or _("Photo"))
                changes.append(
                    {
                        "id": photo.id,
                        "caption": form.kept(
                            f"caption_{photo.id}", st.text_input, _("Caption"), photo.caption, max_chars=80
                        ),
                        "position": form.kept(
                            f"position_{photo.id}",
                            st.number_input,
                            _("Place"),
                            n + 1,
                            min_value=1,
                            max_value=99,
                        ),
                    }  # fmt: skip
                )
        kept = st.form_submit_button(_("Keep captions and order"))
    if kept and do(albums.caption_photos, place=form, enrolment_id=album.enrolment_id, photos=changes):
        say(_("Captions and order are kept."))
        st.rerun()
    with st.popover(_("Remove a photo"), icon=":material/delete:"):
        names = {photo.id: photo.caption or f"#{n}" for n, photo in enumerate(album.photos, start=1)}
        gone = st.selectbox(_("Photo"), list(names), format_func=names.__getitem__)
        if st.button(_("Remove this photo from the album"), type="primary") and do(
            albums.remove_photo, enrolment_id=album.enrolment_id, photo_id=gone
        ):
            say(_("The photo is removed."))
            st.rerun()


@st.cache_data(max_entries=200, show_spinner=False)
def thumbnail(key: str) -> bytes:
    from core.foundation.images import clean_image

    return clean_image(desk().media.read(key), longest=360).data


def pdf(album: albums.Album) -> bytes:
    content = content_of(album, desk().media)
    return album_pdf(content, letterhead(album.language), "A4" if album.shape == "landscape" else "square")


def preview(album: albums.Album) -> None:
    st.markdown(
        "".join(
            f"<span>{seal_svg(b.title, b.week_text, b.pictogram, True, 84)}</span>" for b in album.badges[:20]
        ),
        unsafe_allow_html=True,
    )
    made = st.session_state.get("album_pdf")
    if not (made and made[0] == album):
        if not st.button(_("Make the album"), type="primary", icon=":material/auto_stories:"):
            return
        with st.spinner(_("Laying out the pages …")):
            made = st.session_state["album_pdf"] = (album, pdf(album))
        st.rerun()
    show_pdf(made[1], "album.pdf")
