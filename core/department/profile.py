"""Who we are: hospital and department, logo, time zone, the pilot's first day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.house import House, HouseRow, read_house
from core.foundation.images import CleanImage
from core.foundation.language import LANGUAGES, N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw
from core.foundation.telephones import telephone

SET_UP = declare("house.set_up", N_("Department set up"))
CHANGED = declare("house.changed", N_("Department facts changed"))


@dataclass(eq=False)
class NameMissing(Refusal):
    message = N_("Please enter the name of the {field}.")
    field: str = "hospital"  # type: ignore[misc]


@dataclass(eq=False)
class UnknownTimeZone(Refusal):
    name: str
    message = N_("“{name}” is not a time zone. Choose one from the list.")
    field = "time_zone"


@dataclass(eq=False)
class AlreadySetUp(Refusal):
    message = N_("This department has already been set up. Please sign in.")


# Rooms to the right that have something to give a new department; each hears the language it prints in.
Founder = Callable[[Stamp, str], None]
FOUNDERS: list[Founder] = []

# What people have fixed by the hour on the wall, and the zones before and after it was set right.
ZoneHandler = Callable[[Stamp, ZoneInfo, ZoneInfo], None]
ZONE_CHANGED: list[ZoneHandler] = []


def on_founding(founder: Founder) -> Founder:
    """Register what a room gives a new department; it runs inside the deed and does not audit."""
    if founder not in FOUNDERS:
        FOUNDERS.append(founder)
    return founder


@deed("settings.write")
def set_up(
    stamp: Stamp,
    *,
    hospital: str,
    department: str,
    time_zone: str = "Asia/Shanghai",
    print_language: str = "zh",
    logo: CleanImage | None = None,
    simulated: bool = False,
    pilot_start: date | None = None,
) -> None:
    """Found the department, once. Refuses `AlreadySetUp`, an empty name, an unknown time zone."""
    if stamp.session.get(HouseRow, 1) is not None:
        raise AlreadySetUp
    names = _checked_names(hospital, department, time_zone)
    stamp.session.add(
        HouseRow(
            id=1,
            **names,
            print_language=print_language if print_language in LANGUAGES else "zh",
            logo_key=_keep_logo(stamp, logo),
            phone="",
            address="",
            pilot_start=pilot_start,
            simulated=simulated,
        )
    )
    stamp.session.flush()
    for founder in FOUNDERS:
        founder(stamp, print_language if print_language in LANGUAGES else "zh")
    stamp.audit(SET_UP, ("house", 1), after=names)


def on_zone_changed(handler: ZoneHandler) -> ZoneHandler:
    """Register what a room does with what people have fixed by the hour on the wall, inside the deed that sets the time
    zone right. Registering twice is once."""
    if handler not in ZONE_CHANGED:
        ZONE_CHANGED.append(handler)
    return handler


@deed("settings.write")
def change_facts(
    stamp: Stamp,
    *,
    hospital: str,
    department: str,
    time_zone: str,
    print_language: str,
    phone: str,
    address: str,
    pilot_start: date | None,
    logo: CleanImage | None = None,
    read: Raw | None = None,
) -> None:
    """Change the department's facts; without `logo` the present one stays. `read` is what the form showed: refuses
    `ChangedMeanwhile` beside what `set_up` refuses.

    Refuses a telephone that is none (`NoTelephone`). Another time zone moves what is fixed by the hour on the wall (visits, shifts): ten o'clock stays ten o'clock."""
    row = stamp.session.get_one(HouseRow, 1, populate_existing=True)
    before = read_house(stamp.session)
    zone = ZoneInfo(row.time_zone)
    typed: Raw = {
        "hospital": hospital, "department": department, "time_zone": time_zone, "print_language": print_language,
        "phone": phone, "address": address, "pilot_start": pilot_start,
    }  # fmt: skip
    new = merged(typed, {name: getattr(row, name) for name in typed}, read)
    new |= {
        **_checked_names(new["hospital"], new["department"], new["time_zone"]),
        "print_language": new["print_language"] if new["print_language"] in LANGUAGES else "zh",
        "phone": telephone(new["phone"]),
        "address": new["address"].strip()[:200],
    }
    if logo:
        new["logo_key"] = _keep_logo(stamp, logo)
    for name, value in new.items():
        setattr(row, name, value)
    stamp.session.flush()
    if new["time_zone"] != zone.key:
        for handler in ZONE_CHANGED:
            handler(stamp, zone, ZoneInfo(new["time_zone"]))
    old = {name: getattr(before, name) for name in new}
    changed = {name for name in new if old[name] != new[name]}
    stamp.audit(
        CHANGED, ("house", 1), {n: old[n] for n in sorted(changed)}, {n: new[n] for n in sorted(changed)}
    )


@question("public")
def house(look: Look) -> House | None:
    """The department's facts; they stand on every poster, so anybody may read them."""
    return read_house(look.session)


def _checked_names(hospital: str, department: str, time_zone: str) -> dict[str, str]:
    if not hospital.strip():
        raise NameMissing(N_("hospital"))
    if not department.strip():
        raise NameMissing(N_("department"))
    if time_zone not in available_timezones():
        raise UnknownTimeZone(time_zone)
    return {
        "hospital": hospital.strip()[:120],
        "department": department.strip()[:120],
        "time_zone": time_zone,
    }


def _keep_logo(stamp: Stamp, logo: CleanImage | None) -> str | None:
    return stamp.media.put(logo.data, logo.suffix) if logo else None
