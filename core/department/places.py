"""The places of the department: where a task happens, how to get there, where a praise poster hangs.

A place stands here because somebody of the house has entered it; that confirms it for every package, by its code. What a
ready package says of a place is another house's and reaches no patient.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select

from core.department.tables import LocationRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw

ADDED = declare("location.added", N_("Location added"))
CHANGED = declare("location.changed", N_("Location changed"))

# No look-alikes (0/O, 1/I/L): people type these codes from posters.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# Codes of what is nowhere in the house: at home, on the telephone, by video.
ELSEWHERE = frozenset({"HOME", "PHONE", "VIDEO", "LINE"})


@dataclass(eq=False)
class LocationNameMissing(Refusal):
    message = N_("Please give the location a name, for example “Ultrasound room 2”.")
    field = "name"


@dataclass(eq=False)
class LocationCodeTaken(Refusal):
    taken: str
    message = N_("There is already a location with the code {taken}. Choose another code.")
    field = "code"


@dataclass(frozen=True)
class Location:
    """A place; `praise_code` is the short code on its poster, `wait_minutes` an honest usual waiting time."""

    id: int
    code: str
    name: str
    floor: str
    route: str
    wait_minutes: int | None
    praise_code: str
    active: bool


def short_code(length: int = 6) -> str:
    """A random code people can read aloud and type."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@deed("settings.write")
def add_location(
    stamp: Stamp,
    *,
    name: str,
    code: str = "",
    floor: str = "",
    route: str = "",
    wait_minutes: int | None = None,
) -> int:
    """Add a place; without a code it gets one. Refuses an empty name and a code in use."""
    if not name.strip():
        raise LocationNameMissing
    code = code.strip() or f"loc_{short_code(5).lower()}"
    if stamp.session.scalar(select(LocationRow.id).where(LocationRow.code == code)):
        raise LocationCodeTaken(code)
    row = LocationRow(
        code=code[:40],
        name=name.strip()[:80],
        floor=floor.strip()[:40],
        route=route.strip()[:300],
        wait_minutes=wait_minutes,
        praise_code="L" + short_code(),
        active=True,
    )
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(ADDED, ("location", row.id), after={"code": row.code, "name": row.name})
    return row.id


@deed("settings.write")
def change_location(
    stamp: Stamp,
    *,
    location_id: int,
    name: str,
    floor: str = "",
    route: str = "",
    wait_minutes: int | None = None,
    active: bool = True,
    read: Raw | None = None,
) -> None:
    """Change a place; its poster code stays, so that posters on the wall stay right. `read` is what the form showed:
    refuses `ChangedMeanwhile`, and an empty name."""
    row = stamp.session.get_one(LocationRow, location_id)
    before = _facts(row)
    typed = {"name": name, "floor": floor, "route": route, "wait_minutes": wait_minutes, "active": active}
    facts = merged(typed, before, read)
    if not facts["name"].strip():
        raise LocationNameMissing
    row.name, row.floor, row.route = (
        facts["name"].strip()[:80], facts["floor"].strip()[:40], facts["route"].strip()[:300],
    )  # fmt: skip
    row.wait_minutes, row.active = facts["wait_minutes"], facts["active"]
    stamp.audit(CHANGED, ("location", location_id), before, _facts(row))


@question("public")
def locations(look: Look, *, only_active: bool = False) -> list[Location]:
    """All places in the order they were added; posters show them, so anybody may read them."""
    query = select(LocationRow).order_by(LocationRow.id)
    if only_active:
        query = query.where(LocationRow.active)
    return [_shown(row) for row in look.session.scalars(query)]


def _facts(row: LocationRow) -> Raw:
    return {name: getattr(row, name) for name in ("name", "floor", "route", "wait_minutes", "active")}


def _shown(row: LocationRow) -> Location:
    return Location(
        row.id, row.code, row.name, row.floor, row.route, row.wait_minutes, row.praise_code, row.active
    )
