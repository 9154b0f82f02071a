"""Amounts, points, telephones and places written out in a text, beside what the facts say.

Judged is what a department decides elsewhere: the package's price, what rewards are worth and cost, what a rule earns, the
house's telephone, the floor of a place. An amount that no fact of the package knows may still be right (a parking fee):
somebody says so once (`core.packages.facts.checking`). Points are judged only where they are given or where the text
belongs to something that has points, so that a score of pain is none. Emergency numbers are too short to be found.
The words that are looked for: `data/reference/packages/facts.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from core.department.switches import TIPS_FEN
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.foundation.reference import reference
from core.packages.facts.filling import FIELD, SLOT, SLOTS, HouseFacts, package_values

# What is said about a kind of find; the first four say something else than a fact and hold back publishing.
SENTENCES: dict[str, str] = {
    "money": N_("“{found}” is neither the price nor another amount of this package."),
    "points": N_("“{found}” is not what the rules of this package give or ask."),
    "phone": N_("“{found}” is not the telephone of the department in Settings."),
    "place": N_("“{found}” is not among the places in Settings."),
    "unknown": N_("“{found}” is no field. Patients would read it as it stands."),
    "same": N_("“{found}” is right today. As a field it stays right."),
}
# Of these somebody may say that they are right as they stand.
MAY_STAY = frozenset({"money", "points", "phone", "place"})


@dataclass(frozen=True)
class Known:
    """The facts a text is held against. Money in fen; `money` and `points` name the fields of a sum, the likeliest first
    (none where it has none); `names` are all fields that say something."""

    money: tuple[tuple[int, tuple[str, ...]], ...] = ()
    points: tuple[tuple[int, tuple[str, ...]], ...] = ()
    phone: str = ""
    places: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Literal:
    """One find in a text, from `start` to `end`. `offers` are the fields that may stand there instead, the likeliest
    first; `kind` is a key of `SENTENCES`."""

    kind: str
    text: str
    start: int
    end: int
    offers: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it contradicts the facts."""
        return self.kind != "same"


def known_facts(raw: Raw, house: HouseFacts | None) -> Known:
    """What a package (plain data, possibly with gaps) and the house know."""
    money: dict[int, list[str]] = {fen: [] for fen in TIPS_FEN}
    points: dict[int, list[str]] = {}
    money.setdefault(_whole(raw.get("price_fen")), []).append("price")
    for one in raw.get("entitlements") or []:
        money.setdefault(_whole(one.get("value_fen")), [])
    for one in raw.get("amends") or []:
        money.setdefault(_whole(one.get("refund_fen")), [])
    for one in raw.get("rewards") or []:
        money.setdefault(_whole(one.get("value_fen")), []).append(f"worth_{one.get('code')}")
        points.setdefault(_whole(one.get("cost_points")), []).append(f"cost_{one.get('code')}")
    for one in raw.get("earning_rules") or []:
        points.setdefault(_whole(one.get("points")), []).append(f"points_{one.get('code')}")
    # What says nothing yet is no field: a reward without a worth would leave its braces in the text.
    names = {"price", "phone", "hospital", "department", *package_values(raw, "zh")}
    names |= {f"place_{one.code}" for one in house.places} if house else set()
    # A place of a task is a field even before the house has confirmed it: until then it sends to the desk.
    names |= {f"place_{task['place'].get('code')}" for task in raw.get("tasks") or [] if task.get("place")}
    return Known(
        tuple((sum_, tuple(found)) for sum_, found in sorted(money.items()) if sum_),
        tuple((sum_, tuple(found)) for sum_, found in sorted(points.items()) if sum_),
        house.phone if house else "",
        tuple(" ".join((*one[1:], house.address)) for one in house.places) if house else (),
        frozenset(names),
    )


@lru_cache(maxsize=4096)
def literals(
    text: str, known: Known, has_points: bool = False, own: frozenset[str] = frozenset()
) -> tuple[Literal, ...]:
    """What a text writes out, in its order. `has_points` for the text of something that has points of its own; `own` are
    names of fields that somebody else fills (those of a message)."""
    plain = text.translate(_WIDE)
    found: list[Literal] = []
    for one in (
        *_unknown(plain, known, own), *_slots(plain), *_phones(plain, known), *_money(plain, known),
        *_points(plain, known, has_points), *_places(plain, known),
    ):  # fmt: skip
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return tuple(
        Literal(one.kind, text[one.start : one.end], one.start, one.end, one.offers)
        for one in sorted(found, key=lambda one: one.start)
    )


# --- inner ----------------------------------------------------------------------------------------

_WORDS = reference("packages/facts")
_WIDE = str.maketrans(_WORDS["wide"])
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMERAL = f"[{''.join((*_WORDS['numerals'], *_WORDS['tens'], _WORDS['zero']))}]"
# "199块", but no pieces of anything ("3块纱布").
_AFTER = "|".join((*map(re.escape, _WORDS["money_after"]), _WORDS["money_pieces"]))
_MONEY = re.compile(
    rf"(?:{'|'.join(map(re.escape, _WORDS['money_before']))})\s*(?P<after>{_NUMBER})"
    rf"|(?<![\d.])(?P<before>{_NUMBER})\s?-?(?P<large>{_WORDS['ten_thousand']})?\s?(?:{_AFTER})"
    rf"|(?P<said>{_NUMERAL}{{2,}})(?:{_AFTER})",
    re.IGNORECASE,
)
_POINTS = re.compile(
    rf"\+?(?<![\d.–~-])({_NUMBER})\s?(?:{_WORDS['points_after']}|{_WORDS['points_after_en']})", re.IGNORECASE
)
_GIVEN_BEFORE = re.compile(_WORDS["points_earned_before"], re.IGNORECASE)
_GIVEN_AFTER = re.compile(_WORDS["points_earned_after"], re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\(?0\d{2,3}\)?[- ]?\d{3,4}[- ]?\d{4}"
    r"|[48]00[- ]?\d{3}[- ]?\d{4}|[48]00[- ]?\d{4}[- ]?\d{3})(?!\d)"
)
_LOCAL = re.compile(r"(?<![\d.-])\d{3,4}[- ]?\d{4}(?![\d-])")
_ASKED = re.compile(_WORDS["telephone_before"], re.IGNORECASE)
_PLACES = tuple(
    (kind, re.compile(pattern)) for kind, patterns in _WORDS["places"].items() for pattern in patterns
)
# Anything in braces, of either width, and a brace left alone.
_BRACES = re.compile(r"[{\uff5b][^{}\uff5b\uff5d]*[}\uff5d]|[{}\uff5b\uff5d]")


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _unknown(text: str, known: Known, own: frozenset[str]) -> Iterator[Literal]:
    for one in _BRACES.finditer(text):
        field = FIELD.fullmatch(one[0])
        if field is None or (field[1] not in known.names and field[1] not in own):
            yield Literal("unknown", one[0], one.start(), one.end())


def _slots(text: str) -> Iterator[Literal]:
    for one in SLOT.finditer(text):
        yield Literal("same", one[0], one.start(), one.end(), (SLOTS[one[0]],))


def _phones(text: str, known: Known) -> Iterator[Literal]:
    numbers = [*_PHONE.finditer(text)]
    numbers += [one for one in _LOCAL.finditer(text) if _ASKED.search(text[: one.start()])]
    own = _digits(known.phone)
    # Without a telephone in Settings there is nothing to contradict; going live asks for one.
    for one in numbers if own else ():
        right = _digits(one[0]) in own
        yield Literal("same" if right else "phone", one[0], one.start(), one.end(), ("phone",))


def _digits(number: str) -> str:
    """The digits alone, without the country's own prefix."""
    found = "".join(re.findall(r"\d", number))
    return found[2:] if number.strip().startswith(("+86", "86")) and len(found) > 11 else found


def _money(text: str, known: Known) -> Iterator[Literal]:
    money = dict(known.money)
    for one in _MONEY.finditer(text):
        fen = _fen(one)
        if not fen:
            continue
        if fen not in money:
            offers = ("price",) if any("price" in names for names in money.values()) else ()
            yield Literal("money", one[0], one.start(), one.end(), offers)
        elif money[fen]:
            yield Literal("same", one[0], one.start(), one.end(), money[fen])


def _fen(one: re.Match[str]) -> int:
    if one["said"]:
        return _spoken(one["said"]) * 100
    amount = Decimal((one["after"] or one["before"]).replace(",", "")) * 100
    return int(amount * 10_000 if one["large"] else amount)


def _spoken(numeral: str) -> int:
    """A Chinese numeral below ten thousand; 0 where it is none."""
    total, digit = 0, 0
    for sign in numeral:
        if sign in _WORDS["numerals"]:
            digit = _WORDS["numerals"][sign]
        elif sign in _WORDS["tens"]:
            total, digit = total + (digit or 1) * _WORDS["tens"][sign], 0
    return total + digit if any(sign in _WORDS["tens"] for sign in numeral) else 0


def _points(text: str, known: Known, has_points: bool) -> Iterator[Literal]:
    points = dict(known.points)
    if not points:
        return
    for one in _POINTS.finditer(text):
        n = int(Decimal(one[1].replace(",", "")))
        given = (
            has_points
            or one[0].startswith("+")
            or _GIVEN_BEFORE.search(text[: one.start()])
            or _GIVEN_AFTER.search(text[one.end() :])
        )
        start = one.start(1)  # the plus stays
        if not given:
            continue
        offers = points[n] if n in points else tuple(name for names in points.values() for name in names)
        kind = "same" if n in points else "points"
        yield Literal(kind, text[start : one.end()], start, one.end(), offers)


def _places(text: str, known: Known) -> Iterator[Literal]:
    told = _told(known.places)
    for where, one in _places_in(text):
        if where not in told:
            yield Literal("place", one[0], one.start(), one.end())


@lru_cache(maxsize=64)
def _told(places: tuple[str, ...]) -> frozenset[tuple[str, str, int]]:
    """The floors, buildings and lifts that Settings name, however they are written there."""
    return frozenset(where for place in places for where, _one in _places_in(place.translate(_WIDE)))


def _places_in(text: str) -> Iterator[tuple[tuple[str, str, int], re.Match[str]]]:
    """Each floor, building and lift a text names: the kind, the letter of a building, the number (below the ground it is
    negative), so that "二楼", "2F" and "second floor" are one."""
    for kind, pattern in _PLACES:
        for one in pattern.finditer(text):
            (name, said), *_none = ((name, said) for name, said in one.groupdict().items() if said)
            number = _counted(said)
            letter = "" if number else said.upper()
            yield (kind, letter, -number if name == "below" else number), one


def _counted(said: str) -> int:
    """A number in digits, as a Chinese numeral or an English ordinal; 0 where it is none."""
    if said.isdecimal():
        return int(said)
    known: dict[str, int] = _WORDS["ordinals"] | _WORDS["numerals"]
    return known.get(said.lower()) or _spoken(said)
