"""What stands about a task elsewhere: in the pinned package of its enrolment, and in the department's list of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.department.tables import LocationRow
from core.foundation.doors import Look
from core.packages.document import PackageDocument
from core.packages.parts import Task
from core.packages.versions import pinned


@dataclass(frozen=True)
class Place:
    """Where: as the department's list of places has it, or else as the package says. Wait in minutes."""

    code: str
    name: str
    floor: str
    route: str
    wait_minutes: int | None


def places(look: Look) -> dict[str, Place]:
    """The department's places by code."""
    query = select(
        LocationRow.code, LocationRow.name, LocationRow.floor, LocationRow.route, LocationRow.wait_minutes
    ).where(LocationRow.active)
    return {row.code: Place(*row) for row in look.session.execute(query)}


def place_of(written: Task, known: dict[str, Place]) -> Place:
    """Where a task happens: the department's own description of the place, or the package's."""
    own = known.get(written.place.code)
    if own is None:
        return Place(written.place.code, written.place.name, "", written.place.route, None)
    return Place(own.code, own.name, own.floor, own.route or written.place.route, own.wait_minutes)


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
