"""QR posters for locations and staff: one PDF, A4 or A6."""

import streamlit as st

from core.department.locations import locations
from core.department.switches import switches
from core.documents.poster import PraisePoster, posters_pdf
from core.people.staff import roster
from pages.ui.address import logo_path, only_this_machine, phone_address
from pages.ui.calls import ask, later
from pages.ui.frame import empty_state, facts, open_page
from pages.ui.inputs import today
from pages.ui.text import _, _n

PRAISED = ("nurse", "doctor", "front_desk", "manager")

open_page(
    "settings.write", _("QR posters"), _("One poster per place or person. The code opens the praise page.")
)
house = facts()
places = ask(locations, only_active=True)
people = [member for member in ask(roster, only_active=True) if member.role in PRAISED]
if not places:
    empty_state(
        _("No location yet. Add the nurse station in Settings first."), "manager/settings.py", _("Settings")
    )
    st.stop()
if only_this_machine():
    st.warning(
        _(
            "You opened PilotDesk as “localhost”: phones cannot reach that address. Open it by this machine's "
            "network address, or set PILOTDESK_PUBLIC_URL, before you print."
        )
    )
tips = next(s.works for s in ask(switches) if s.feature.code == "money_tips")
chosen_places = st.multiselect(
    _("Places"),
    places,
    default=places,
    format_func=lambda place: place.name,
    placeholder=_("Choose from the list"),
)
chosen_people = st.multiselect(
    _("People"), people, format_func=lambda member: member.name, placeholder=_("Choose from the list")
)
left, right = st.columns(2)
paper = left.segmented_control(_("Paper"), ["A4", "A6"], default="A4") or "A4"
printed = (
    right.segmented_control(
        _("Language"),
        ["zh", "en"],
        default=house.print_language,
        format_func={"zh": "中文", "en": "English"}.__getitem__,
    )
    or house.print_language
)


def poster(place: str, code: str, path: str, staff: str = "") -> PraisePoster:
    return PraisePoster(
        hospital=house.hospital,
        department=house.department,
        place=place,
        staff=staff,
        url=phone_address(path),
        short_code=code,
        short_address=phone_address("").split("//", 1)[1].rstrip("/"),
        tips_on=tips and bool(staff),
        logo_path=logo_path(house),
        simulated=house.simulated,
    )


def pdf() -> bytes:
    found = [poster(p.name, p.praise_code, f"t/{p.praise_code}") for p in chosen_places]
    found += [poster(house.department, m.praise_code, f"s/{m.praise_code}", m.name) for m in chosen_people]
    return posters_pdf(found, printed, "A6" if paper == "A6" else "A4", made_on=today())


count = len(chosen_places) + len(chosen_people)
st.download_button(
    _n("Download {n} poster (PDF)", "Download {n} posters (PDF)", count),
    later(pdf),
    file_name=f"posters_{paper}.pdf",
    mime="application/pdf",
    type="primary",
    disabled=not count,
    icon=":material/print:",
)
st.subheader(_("Codes for people who cannot scan"))
table = [
    {_("Name"): p.name, _("Code"): p.praise_code, _("Opens"): phone_address(f"t/{p.praise_code}")}
    for p in places
]
table += [
    {_("Name"): m.name, _("Code"): m.praise_code, _("Opens"): phone_address(f"s/{m.praise_code}")}
    for m in people
]
st.dataframe(table, hide_index=True, width="stretch")
