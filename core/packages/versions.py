"""Package versions as documents: read from their rows once, compared field by field. For rooms of core.

A document is stored with the fields of its texts (`document_of`); what is shown, printed or said is `pinned`, in which the
facts of the house and of the package stand (`core.packages.facts.filling`)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from core.foundation.errors import Refusal
from core.foundation.fast.recent import Recent
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.facts.filling import HouseFacts, filled_part, house_facts, house_values, own_values
from core.packages.message_texts import FIELDS
from core.packages.tables import PackageVersionRow


@dataclass(eq=False)
class UnknownPackage(Refusal):
    message = N_("This package does not exist. Please reload the page.")


def pinned(session: Session, version_id: int, published_at: datetime | None = None) -> PackageDocument:
    """The document of a published version as it is read, its fields filled; parsed once per process.

    Hand over `published_at` where it was joined anyway, or it is looked up: it tells two databases apart
    that were opened one after the other under the same address, such as a demo that was reset.
    """
    if published_at is None:
        return as_read(session, document_of(session.get_one(PackageVersionRow, version_id)))
    found = PARSED.get(_key(session, version_id, published_at))
    return as_read(session, found or document_of(session.get_one(PackageVersionRow, version_id)))


def as_read(session: Session, stored: PackageDocument) -> PackageDocument:
    """A stored document with its fields filled from what package and house say now; itself where it has none."""
    names = stored.fact_names
    if not names:
        return stored
    house = None
    if any(not one.startswith(OF_PACKAGE) for one in names):
        house = _house(session, any(one.startswith("place_") for one in names))
    # With the document itself, so that an address in memory stays that document's.
    found = READ.get((id(stored), house))
    if found is not None and found[0] is stored:
        return found[1]
    return READ.put((id(stored), house), (stored, _told(stored, said_by(stored, house))))[1]


def _told(stored: PackageDocument, said: dict[str, str]) -> PackageDocument:
    """The document with its fields filled; but what a message says of house and patient is put in, and judged whether it
    may leave the house, when it goes out (`core.messages.words`)."""
    later = {name: f"{{{name}}}" for name in FIELDS if said.get(name)}
    known = {name: value for name, value in said.items() if name not in FIELDS} | later
    messages = tuple(filled_part(one, known) for one in stored.messages)
    return filled_part(stored, said).model_copy(update={"messages": messages})


def _house(session: Session, with_places: bool) -> HouseFacts | None:
    """What the house says, asked once in a transaction: lists read a document for every line."""
    known = _HOUSES.setdefault(session, {})
    if with_places not in known:
        known[with_places] = house_facts(session, with_places)
    return known[with_places]


def said_by(document: PackageDocument, house: HouseFacts | None) -> dict[str, str]:
    """What the fields of a document say, in its language."""
    language = document.language
    return own_values(document, language) | house_values(house, language, document.fact_names)


# The two halves of a draft with problems; neither is a field of a package.
SOUND, WORKING = "_sound", "_working"
# A few dozen versions at most are in use.
PARSED: Recent[PackageDocument] = Recent(most=200)
READ: Recent[tuple[PackageDocument, PackageDocument]] = Recent(most=200)
# By transaction: a session lives no longer than one.
_HOUSES: WeakKeyDictionary[Session, dict[bool, HouseFacts | None]] = WeakKeyDictionary()
# Fields that need nothing of the house.
OF_PACKAGE = ("price", "worth_", "cost_", "points_")


def document_of(row: PackageVersionRow) -> PackageDocument:
    """The document of a draft (parsed each time) or of a published version (parsed once per process). Of a
    draft with problems it is the last state without any."""
    if row.number == 0 or row.published_at is None:
        return PackageDocument.model_validate(row.document.get(SOUND, row.document))
    session = object_session(row)
    assert session is not None
    key = _key(session, row.id, row.published_at)
    return PARSED.get(key) or PARSED.put(key, PackageDocument.model_validate(row.document))


def _key(session: Session, version_id: int, published_at: datetime) -> Hashable:
    return session.get_bind().engine.url, version_id, published_at


def sound_of(row: PackageVersionRow) -> dict[str, Any]:
    """The last state of a draft without problems, as plain data."""
    found: dict[str, Any] = row.document.get(SOUND, row.document)
    return found


def working_of(row: PackageVersionRow) -> dict[str, Any]:
    """What a draft says at this moment, problems included, as plain data."""
    found: dict[str, Any] = row.document.get(WORKING, row.document)
    return found


def stored(sound: PackageDocument, working: dict[str, Any] | None) -> dict[str, Any]:
    """A draft as it is kept in its row: the document alone, or its last sound state beside what is being
    worked on."""
    document = sound.model_dump(mode="json")
    return document if working is None else {SOUND: document, WORKING: working}


def draft_row(session: Session, package_id: int) -> PackageVersionRow:
    row = session.scalar(
        select(PackageVersionRow).where(
            PackageVersionRow.package_id == package_id, PackageVersionRow.number == 0
        )
    )
    if row is None:
        raise UnknownPackage
    return row


def newest_row(session: Session, package_id: int) -> PackageVersionRow | None:
    query = select(PackageVersionRow).where(
        PackageVersionRow.package_id == package_id, PackageVersionRow.number > 0
    )
    return session.scalar(query.order_by(PackageVersionRow.number.desc()).limit(1))


def differences(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of the fields that changed, by their path: {"tasks.P01.title": …}."""
    before, after = dict(leaves(old)), dict(leaves(new))
    changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    return {p: before[p] for p in changed if p in before}, {p: after[p] for p in changed if p in after}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of plain data with its path; entries of lists by their code or number ("tasks.P01.title")."""
    if isinstance(value, dict):
        children = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        # Entries are known by their code, so that inserting one does not show all that follow as changed;
        # what moved shows as another order.
        if value and all(isinstance(item, dict) and "code" in item for item in value):
            yield f"{path}.order", [item["code"] for item in value]
        children = [
            (str(item.get("code", item.get("no", n))) if isinstance(item, dict) else str(n), item)
            for n, item in enumerate(value)
        ]
    else:
        yield path, value
        return
    for name, item in children:
        yield from leaves(item, f"{path}.{name}" if path else name)
