"""Places that packages name and the house does not vouch for: nobody has confirmed them, or they are no longer in use. Until
then no patient reads of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.department.places import ELSEWHERE
from core.department.tables import LocationRow
from core.foundation.doors import Look, question
from core.packages.document import PackageDocument
from core.packages.parts import Place
from core.packages.tables import PackageVersionRow
from core.packages.versions import document_of


@dataclass(frozen=True)
class Unconfirmed:
    """A place as a package has it, to be looked at; `package` is the name of the first that names it. `unused`: Settings
    have it, but not in use."""

    code: str
    name: str
    route: str
    package: str
    unused: bool = False


@question("package.read")
def unconfirmed_places(look: Look) -> list[Unconfirmed]:
    """Of the drafts and the versions on sale, each place once. To confirm one, add it under its code
    (`core.department.places.add_location`); one that is not in use is taken into use again there, or replaced in the
    package."""
    in_use = places_in_use(look)
    query = (
        select(PackageVersionRow)
        .where(PackageVersionRow.status.in_(("draft", "published")))
        .order_by(PackageVersionRow.package_id, PackageVersionRow.number)
    )
    found: dict[str, Unconfirmed] = {}
    for row in look.session.scalars(query):
        document = document_of(row)
        for code, place in needed_places(document).items():
            if not in_use.get(code):
                unused = code in in_use
                found.setdefault(code, Unconfirmed(code, place.name, place.route, document.name, unused))
    return list(found.values())


# --- for other rooms --------------------------------------------------------------------------------


def needed_places(document: PackageDocument) -> dict[str, Place]:
    """The places of the house that a package sends patients to, by code; the last that is written counts."""
    return {
        task.place.code: task.place
        for task in document.tasks
        if task.on and task.place.code not in ("", *ELSEWHERE)
    }


def places_in_use(look: Look) -> dict[str, bool]:
    """The places of Settings by code, and whether each is in use."""
    rows = look.session.execute(select(LocationRow.code, LocationRow.active)).all()
    return {row.code: row.active for row in rows}
