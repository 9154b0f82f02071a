"""Facts of the house and of the package as fields of a text: "{price}", "{phone}", "{place_US}", "{points_CHECKUP}".

A text is kept with its fields and filled whenever it is read, so that a price or a telephone is written once. What the
package itself says (price, rewards, points) is filled from the package at hand; hospital, department, telephone and places
from what Settings say at that moment. A place that nobody of the house has entered there is not told: whoever asks is sent
to the front desk. A name that is no fact is left as it stands: messages fill theirs for each patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.department.tables import LocationRow
from core.foundation.database import connection_of
from core.foundation.fast.statements import Hot
from core.foundation.house import read_house
from core.foundation.language import N_, number_text, plural, translator
from core.foundation.open_types import Raw, Value
from core.foundation.reference import reference
from core.packages.fields import Part
from core.packages.parts import EVENT_NAMES

AnyPart = TypeVar("AnyPart", bound=Part)

FIELD = re.compile(r"{([A-Za-z][\w-]*)}", re.ASCII)
# Texts of before there were fields left a gap for what the house knows: it is filled like the field.
SLOTS: dict[str, str] = dict(reference("packages/facts")["slots"])
SLOT = re.compile("|".join(map(re.escape, SLOTS)))
_OF_PACKAGE = {"price_fen", "rewards", "earning_rules"}
_HOUSE_NAMES = ("hospital", "department", "phone")

NAMES: dict[str, str] = {
    "price": N_("Price"),
    "phone": N_("24-hour telephone"),
    "hospital": N_("Hospital"),
    "department": N_("Department"),
}
# Said where Settings have no telephone, so that no sentence ends in "call".
NO_NUMBER = N_("(ask the front desk for the number)")
# Before the code of a place, a reward or an earning rule.
KINDS: dict[str, str] = {
    "place_": N_("Location"), "worth_": N_("Worth"), "cost_": N_("Costs in points"), "points_": N_("Points"),
}  # fmt: skip


class KnownPlace(NamedTuple):
    """A place as Settings have it."""

    code: str
    name: str
    floor: str
    route: str


class HouseFacts(NamedTuple):
    """What the house says of itself today; `places` are those in use, in the order they were entered."""

    hospital: str
    department: str
    phone: str
    places: tuple[KnownPlace, ...]
    address: str = ""


_PLACES = Hot(
    select(LocationRow.code, LocationRow.name, LocationRow.floor, LocationRow.route)
    .where(LocationRow.active)
    .order_by(LocationRow.id)
)


def house_facts(session: Session, with_places: bool = True) -> HouseFacts | None:
    """What Settings say at this moment; None on a machine that has not been set up."""
    house = read_house(session)
    if house is None:
        return None
    rows = _PLACES.all(connection_of(session)) if with_places else ()
    places = tuple(KnownPlace(*row) for row in rows)
    return HouseFacts(house.hospital, house.department, house.phone, places, house.address)


# --- what a field says ------------------------------------------------------------------------------


def money_words(fen: int, language: str) -> str:
    """An amount as it stands in a sentence: 19900 → "199元" / "199 yuan", 660 → "6.6元", 0 → "免费"."""
    _ = translator(language)
    if not fen:
        return _("free of charge")
    amount = Decimal(fen) / 100
    said = f"{amount.normalize():f}" if language == "zh" else number_text(amount, language)
    return _("{amount} yuan", amount=said)


def place_words(place: KnownPlace, language: str) -> str:
    """A place in a sentence, with building and floor where they are known."""
    _ = translator(language)
    return _("{name} ({floor})", name=place.name, floor=place.floor) if place.floor else place.name


def package_values(raw: Raw, language: str) -> dict[str, str]:
    """What a package (plain data, possibly with gaps) says for its own fields."""
    said: dict[str, str] = {}
    if isinstance(raw.get("price_fen"), int):
        said["price"] = money_words(raw["price_fen"], language)
    for one in raw.get("rewards") or []:
        if one.get("value_fen"):
            said[f"worth_{one['code']}"] = money_words(one["value_fen"], language)
        if one.get("cost_points"):
            said[f"cost_{one['code']}"] = _points(one["cost_points"], language)
    for one in raw.get("earning_rules") or []:
        if one.get("points"):
            said[f"points_{one['code']}"] = _points(one["points"], language)
    return said


def own_values(document: Part, language: str) -> dict[str, str]:
    """`package_values` of a package's document."""
    return package_values(document.model_dump(mode="python", include=_OF_PACKAGE), language)


def house_values(house: HouseFacts | None, language: str, names: Iterable[str] = ()) -> dict[str, str]:
    """What the house says for its fields; of `names`, those of places that Settings do not know send to the desk."""
    if house is None:
        return {}
    said = {name: str(getattr(house, name)) for name in _HOUSE_NAMES}
    said["phone"] = said["phone"] or translator(language)(NO_NUMBER)
    said |= {
        name: translator(language)(N_("the place the front desk tells you"))
        for name in names
        if name.startswith("place_")
    }
    return said | {f"place_{one.code}": place_words(one, language) for one in house.places}


def _points(n: int, language: str) -> str:
    said = str(n) if language == "zh" else number_text(n, language)
    return plural(language, "{points} point", "{points} points", n, points=said)


# --- filling ----------------------------------------------------------------------------------------


def names_in(value: Value) -> frozenset[str]:
    """The names of all fields, and of gaps for a fact, in the texts of a part or of plain data."""
    if isinstance(value, str):
        if "{" not in value and "〔" not in value and "[" not in value:
            return frozenset()
        return frozenset(FIELD.findall(value)) | {SLOTS[slot] for slot in SLOT.findall(value)}
    if isinstance(value, Part):
        value = [getattr(value, name) for name in type(value).model_fields]
    elif isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return frozenset().union(*map(names_in, value))
    return frozenset()


def is_field(name: str) -> bool:
    """Whether a name is one of a fact, whatever package it stands in."""
    return name in NAMES or name.startswith(tuple(KINDS))


def filled(text: str, said: Mapping[str, str]) -> str:
    """The text with the fields that `said` knows; a gap is filled where the fact is not empty. What is put in is never
    read as text with fields."""

    def put(found: re.Match[str]) -> str:
        slot = SLOTS.get(found[0])
        return said.get(slot) or found[0] if slot else said.get(found[1], found[0])

    return _ANY.sub(put, text)


_ANY = re.compile(f"{FIELD.pattern}|{SLOT.pattern}", re.ASCII)


def filled_data(value: Value, said: Mapping[str, str]) -> Value:
    """Plain data with all its texts filled."""
    if isinstance(value, str):
        return filled(value, said)
    if isinstance(value, dict):
        return {name: filled_data(one, said) for name, one in value.items()}
    if isinstance(value, list):
        return [filled_data(one, said) for one in value]
    return value


def filled_part(part: AnyPart, said: Mapping[str, str]) -> AnyPart:
    """A part with all its texts filled. Not checked again: a filled text may be longer than what an editor may write."""
    return type(part).model_construct(
        **{name: _filled_value(getattr(part, name), said) for name in type(part).model_fields}
    )


def _filled_value(value: Value, said: Mapping[str, str]) -> Value:
    if isinstance(value, str):
        return filled(value, said)
    if isinstance(value, Part):
        return filled_part(value, said)
    if isinstance(value, tuple):
        return tuple(_filled_value(one, said) for one in value)
    if isinstance(value, dict):
        return {name: _filled_value(one, said) for name, one in value.items()}
    return value


def labels(names: Iterable[str], package: Raw, house: HouseFacts | None, language: str) -> dict[str, str]:
    """What each field is called between its braces in an editor: "价格", "地点·超声科"; two of the same name have their
    code behind it."""
    _ = translator(language)
    titles = {
        f"place_{one['place'].get('code')}": one["place"].get("name") for one in package.get("tasks") or []
    }
    titles |= {f"place_{one.code}": one.name for one in house.places} if house else {}
    for one in package.get("rewards") or []:
        # What it is worth may stand behind the name.
        short = re.split(r"[(\uff08{]", str(one.get("name") or ""))[0].strip()
        titles |= {f"worth_{one.get('code')}": short, f"cost_{one.get('code')}": short}
    for one in package.get("earning_rules") or []:
        titles[f"points_{one.get('code')}"] = _(EVENT_NAMES.get(one.get("event"), ""))
    found: dict[str, str] = {}
    for name in names:
        before = next((one for one in KINDS if name.startswith(one)), "")
        code = name.removeprefix(before)
        title = re.sub(r"[{}]", "", str(titles.get(name) or code))
        called = f"{_(KINDS[before])}·{title}" if before else _(NAMES.get(name, name))
        found[name] = called if called not in found.values() else f"{called}·{code}"
    return found


def shown(text: str, known: Mapping[str, str]) -> str:
    """A text as an editor shows it, its fields under their names (`labels`)."""
    return FIELD.sub(lambda found: f"{{{known.get(found[1], found[1])}}}", text)


def kept(text: str, known: Mapping[str, str]) -> str:
    """A text as it is stored, after an editor showed it."""
    for name, called in known.items():
        text = text.replace(f"{{{called}}}", f"{{{name}}}")
    return text
