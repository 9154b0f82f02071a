"""Printed matter: the letterhead everything is printed on, and a PDF's pages as pictures, so that every browser and
phone can show them."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import streamlit as st

from core.documents.press.letterhead import Letterhead, letterhead_of
from pages.ui.calls import desk
from pages.ui.frame import the_house
from pages.ui.inputs import today
from pages.ui.text import _, _n


def letterhead(language: str = "") -> Letterhead:
    """The house's letterhead for a print made now; without `language` in the department's own for printed matter."""
    house = the_house()
    return letterhead_of(house, desk().media, language or house.print_language, today())


@st.cache_data(max_entries=20, show_spinner=False)
def page_pictures(pdf: bytes, most: int = 40, dots_per_inch: int = 60) -> list[bytes]:
    """The first `most` pages as JPEGs."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = []
        for number in range(min(most, len(document))):
            picture = document[number].render(scale=dots_per_inch / 72).to_pil()
            held = BytesIO()
            picture.save(held, "JPEG", quality=82)
            pictures.append(held.getvalue())
        return pictures
    finally:
        document.close()


def show_pdf(pdf: bytes, file_name: str, columns: int = 3) -> None:
    """A download button, then the pages in a grid."""
    st.download_button(
        _("Download (PDF)"), pdf, file_name=file_name, mime="application/pdf", type="primary", icon=":material/print:",
        key=f"pdf_{file_name}",
        on_click="ignore",
    )  # fmt: skip
    pictures = page_pictures(pdf)
    st.caption(_n("{n} page", "{n} pages", len(pictures)))
    with st.container(key=f"pages_{file_name}"):
        places = st.columns(columns)
        for n, picture in enumerate(pictures):
            places[n % columns].image(picture, alt=_("Page {n}", n=n + 1), width="stretch")
