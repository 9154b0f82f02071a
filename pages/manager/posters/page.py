"""What hangs on the wall: QR posters for places and people in one PDF, and the price list."""

import streamlit as st

from core.department.places import locations
from core.department.prints import last_prints
from core.documents.poster_pack import FORMS, pack_pdf
from core.packages.shelf import shelf
from core.people.staff import roster
from pages.manager.posters.wall_prints import fetched, language_choice, last_fetched, posters, price_list
from pages.manager.web_address import address_wanted
from pages.ui.address import phone_address
from pages.ui.calls import ask, later
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.paper import letterhead
from pages.ui.sections import fold
from pages.ui.text import _, _n

PRAISED = ("nurse", "doctor", "front_desk", "manager")


def poster_part() -> None:
    """All places and people at first; leave out who should have none."""
    places = ask(locations, only_active=True)
    people = [member for member in ask(roster, only_active=True) if member.role in PRAISED]
    if not places:
        text = _("No location yet. Add the nurse station in Settings first.")
        empty_state(text, "manager/settings/page.py", _("Settings"))
        return
    address_wanted()
    hint = _("Choose from the list")
    chosen = st.multiselect(
        _("Places"), places, default=places, format_func=lambda place: place.name, placeholder=hint
    )
    named = st.multiselect(
        _("People"), people, default=people, format_func=lambda member: member.name, placeholder=hint
    )
    left, right = st.columns([3, 1])
    form = left.segmented_control(
        _("Paper"), list(FORMS), default="a4", format_func=lambda form: _(FORMS[form]), required=True
    )
    with right:
        language = language_choice(house, "poster_language")
    if form == "a6_sheet":
        st.caption(_("Cut to 95 × 134 mm: whole A6 cards would leave a sheet of A4 no room for cut marks."))
    if form == "a6_shop":
        st.caption(_("Exact A6 with 3 mm of bleed, a card a page. Tell the print shop: “with cut marks”."))
    count = len(chosen) + len(named)
    st.download_button(
        _n("Download {n} poster (PDF)", "Download {n} posters (PDF)", count),
        later(
            lambda: fetched(pack_pdf(posters(house, chosen, named), letterhead(language), form), "posters")
        ),
        file_name=f"posters_{form}.pdf",
        mime="application/pdf",
        type="primary",
        disabled=not count,
        icon=":material/print:",
        on_click="ignore",
    )
    last_fetched(ask(last_prints)["posters"])

    def codes() -> None:
        rows = [(place.name, place.praise_code, f"t/{place.praise_code}") for place in places]
        rows += [(member.name, member.praise_code, f"s/{member.praise_code}") for member in people]
        st.dataframe(
            [
                {_("Name"): name, _("Code"): code, _("Opens"): phone_address(path)}
                for name, code, path in rows
            ],
            hide_index=True,
            width="stretch",
        )

    fold(_("Codes for people who cannot scan"), "poster_codes", codes)


def price_part() -> None:
    """What is on sale, in its published version."""
    items = ask(shelf)
    if not items:
        text = _("Nothing is on sale yet. Publish a package, and its price list can be printed here.")
        empty_state(text, "manager/packages/page.py", _("Packages"))
        return
    chosen = st.multiselect(
        _("Packages"),
        items,
        default=items,
        format_func=lambda item: item.name,
        placeholder=_("Choose from the list"),
    )
    language = language_choice(house, "price_language")
    held = (None,) if len(chosen) == len(items) else tuple(item.package_id for item in chosen)
    st.download_button(
        _("Download the price list (PDF)"),
        later(lambda: fetched(price_list(house, chosen, language), "price_list", held)),
        file_name="price_list.pdf",
        mime="application/pdf",
        type="primary",
        disabled=not chosen,
        icon=":material/sell:",
        on_click="ignore",
    )
    last_fetched(ask(last_prints)["price_list"])
    st.caption(_("Print it again when a package gets a new version: the list names version and day."))


open_page(
    "settings.write",
    _("Posters and price list"),
    _(
        "What hangs on the wall: a poster per place and person whose code opens the praise page, and open prices."
    ),
)
house = the_house()
st.subheader(_("QR posters"))
poster_part()
st.subheader(_("Price list"))
price_part()
