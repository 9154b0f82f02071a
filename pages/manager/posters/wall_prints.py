"""What hangs on the wall, made at the click: posters with QR codes, and the price list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from secrets import token_hex

import streamlit as st

from core.department.places import Location
from core.department.prints import record_print
from core.department.switches import switches
from core.documents.poster import PraisePoster
from core.documents.price_list import PricedPackage, price_list_pdf
from core.foundation.clock import day_of
from core.foundation.house import House
from core.packages.shelf import ShelfItem, Version, version
from core.people.staff import StaffMember
from pages.ui.address import phone_address
from pages.ui.calls import ask, desk, doer
from pages.ui.paper import letterhead
from pages.ui.text import _, full_day


def language_choice(house: House, key: str) -> str:
    """The language of the print, the department's own at first."""
    chosen = st.segmented_control(
        _("Language"),
        ["zh", "en"],
        default=house.print_language,
        format_func={"zh": "中文", "en": "English"}.__getitem__,
        key=key,
    )
    return str(chosen or house.print_language)


def last_fetched(day: date | None) -> None:
    """When this was last made for printing."""
    st.caption(_("Last printed on {day}.", day=full_day(day)) if day else _("Not printed yet."))


def fetched(pdf: bytes, kind: str, package_ids: Sequence[int | None] = (None,)) -> bytes:
    """The file, its print run noted: where a download's click makes it, which is no run of the page."""
    for package_id in package_ids:
        desk().do(doer(), record_print, token_hex(8), kind=kind, package_id=package_id)
    return pdf


def posters(house: House, places: Sequence[Location], people: Sequence[StaffMember]) -> list[PraisePoster]:
    """One poster per place, then one per person. A tip is mentioned only where the page would offer one: signed off,
    and this person has a payment code."""
    tips = next(switch.works for switch in ask(switches) if switch.feature.code == "money_tips")
    short = phone_address("").split("//", 1)[1].rstrip("/")

    def one(place: str, code: str, path: str, staff: str = "", tip: bool = False) -> PraisePoster:
        return PraisePoster(
            place=place,
            staff=staff,
            url=phone_address(path),
            short_code=code,
            short_address=short,
            tips_on=tip,
        )

    found = [one(place.name, place.praise_code, f"t/{place.praise_code}") for place in places]
    return found + [
        one(
            house.department,
            member.praise_code,
            f"s/{member.praise_code}",
            member.name,
            tips and bool(member.payment_code_key),
        )
        for member in people
    ]


def price_list(house: House, chosen: Sequence[ShelfItem], language: str) -> bytes:
    """The chosen packages in their published version."""
    packages = [_priced(ask(version, version_id=item.version_id), house) for item in chosen]
    return price_list_pdf(packages, letterhead(language))


def _priced(sold: Version, house: House) -> PricedPackage:
    document = sold.document
    assert sold.published_at is not None
    return PricedPackage(
        name=document.name,
        promise=document.promise,
        audience=document.audience,
        price_fen=document.price_fen,
        valid_days=document.valid_days,
        included=tuple((right.name, right.count) for right in document.entitlements),
        tasks=sum(task.repeat_days for task in document.tasks if task.on),
        refund_terms=document.refund_terms,
        version=sold.number,
        published_on=day_of(sold.published_at, house.zone),
        limit=document.purchase_limit,
    )
