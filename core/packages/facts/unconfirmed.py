"""Places that packages name and nobody of the house has confirmed: until then no patient reads of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.department.places import ELSEWHERE
from core.department.tables import LocationRow
from core.foundation.doors import Look, question
from core.packages.tables import PackageVersionRow
from core.packages.versions import document_of


@dataclass(frozen=True)
class Unconfirmed:
    """A place as a package has it, to be looked at; `package` is the name of the first that names it."""

    code: str
    name: str
    route: str
    package: str


@question("package.read")
def unconfirmed_places(look: Look) -> list[Unconfirmed]:
    """Of the drafts and the versions on sale, each place once. To confirm one, add it under its code
    (`core.department.places.add_location`)."""
    known = {*look.session.scalars(select(LocationRow.code)), *ELSEWHERE, ""}
    query = (
        select(PackageVersionRow)
        .where(PackageVersionRow.status.in_(("draft", "published")))
        .order_by(PackageVersionRow.package_id, PackageVersionRow.number)
    )
    found: dict[str, Unconfirmed] = {}
    for row in look.session.scalars(query):
        document = document_of(row)
        for task in document.tasks:
            place = task.place
            if task.on and place.code not in known:
                found.setdefault(place.code, Unconfirmed(place.code, place.name, place.route, document.name))
    return list(found.values())
