"""What stands about a task elsewhere: in the pinned package of its enrolment, and in the department's list of places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from core.department.places import ELSEWHERE
from core.department.tables import LocationRow
from core.foundation.doors import Look
from core.packages.document import PackageDocument
from core.packages.parts import Task
from core.packages.versions import pinned


@dataclass(frozen=True)
class Place:
    """Where: as the department's list of places has it. One that is not on it has the package's name for the staff, is not
    `confirmed` and is never told to a patient. Wait in minutes."""

    code: str
    name: str
    floor: str
    route: str
    wait_minutes: int | None
    confirmed: bool = True


def places(look: Look) -> dict[str, Place]:
    """The department's places by code."""
    query = select(
        LocationRow.code, LocationRow.name, LocationRow.floor, LocationRow.route, LocationRow.wait_minutes
    ).where(LocationRow.active)
    return {row.code: Place(*row) for row in look.session.execute(query)}


def place_of(written: Task, known: dict[str, Place]) -> Place:
    """Where a task happens: the department's own description of the place. The way there that a package came with is
    another house's; only what is nowhere in a house (at home, by telephone) needs nobody to confirm it."""
    own = known.get(written.place.code)
    if own is not None:
        return own
    if written.place.code in ELSEWHERE:
        return Place(written.place.code, written.place.name, "", written.place.route, None)
    return Place(written.place.code, written.place.name, "", "", None, confirmed=False)


def place_for_patient(written: Task, known: dict[str, Place]) -> Place:
    """`place_of` as a patient may read it: nothing but the code of what the house has not confirmed."""
    place = place_of(written, known)
    return place if place.confirmed else replace(place, name="")


class Sheets:
    """The pinned documents of one list, by version: rows come in tens of thousands."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._documents: dict[int, PackageDocument] = {}

    def document(self, version_id: int, published_at: datetime | None) -> PackageDocument:
        known = self._documents.get(version_id)
        if known is None:
            known = pinned(self._look.session, version_id, published_at)
            self._documents[version_id] = known
        return known

    def task(self, version_id: int, published_at: datetime | None, code: str) -> Task:
        return self.document(version_id, published_at).task(code)
