"""What the department has to sell: packages on sale, all packages at a glance, and every published version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.foundation.doors import Look, question
from core.packages.document import PackageDocument
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import (
    WORKING,
    UnknownPackage,
    as_read,
    document_of,
    draft_row,
    newest_row,
    sound_of,
)


@dataclass(frozen=True)
class ShelfItem:
    """A package on sale, in its newest version. Price in fen; `wording` is what its SOP says first, to be read aloud;
    `purchase_limit` as in the document."""

    package_id: int
    version_id: int
    number: int
    code: str
    name: str
    price_fen: int
    anchor: str
    promise: str
    audience: str
    wording: str
    purchase_limit: int | None


@dataclass(frozen=True)
class PackageLine:
    """One package for the manager: `number` 0 means never published; `changed` that the draft differs from
    it."""

    package_id: int
    code: str
    name: str
    on_sale: bool
    number: int
    published_at: datetime | None
    price_fen: int
    changed: bool


@dataclass(frozen=True)
class Version:
    """One published version, for ever the same."""

    id: int
    package_id: int
    number: int
    status: str
    document: PackageDocument
    published_at: datetime | None


@question("package.read")
def shelf(look: Look) -> list[ShelfItem]:
    """What can be sold today: packages on sale in their published version, by name."""
    query = (
        select(PackageRow, PackageVersionRow)
        .join(PackageVersionRow, PackageVersionRow.package_id == PackageRow.id)
        .where(PackageRow.on_sale, PackageVersionRow.status == "published")
        .order_by(PackageRow.name, PackageRow.id)
    )
    items = []
    for package, row in look.session.execute(query).all():
        document = as_read(look.session, document_of(row))
        items.append(
            ShelfItem(
                package.id, row.id, row.number, package.code, document.name,
                row.price_fen, document.anchor, document.promise, document.audience,
                document.sop.steps[0].wording, document.purchase_limit,
            )
        )  # fmt: skip
    return items


@question("package.read")
def overview(look: Look) -> list[PackageLine]:
    """All packages with their newest version, and whether the draft holds something that is not published."""
    lines = []
    for package in look.session.scalars(select(PackageRow).order_by(PackageRow.id)).all():
        working, newest = draft_row(look.session, package.id), newest_row(look.session, package.id)
        lines.append(
            PackageLine(
                package_id=package.id,
                code=package.code,
                name=sound_of(working)["name"],
                on_sale=package.on_sale,
                number=newest.number if newest else 0,
                published_at=newest.published_at if newest else None,
                price_fen=(newest or working).price_fen,
                changed=newest is None or WORKING in working.document or _differ(newest, working),
            )
        )
    return lines


def _differ(newest: PackageVersionRow, working: PackageVersionRow) -> bool:
    """Whether the draft says something else; parsed only where it is not the same to the letter."""
    return newest.document != sound_of(working) and document_of(newest) != document_of(working)


@question("package.read")
def version(look: Look, *, version_id: int) -> Version:
    """One version with its document as it is read, fields filled; refuses `UnknownPackage`."""
    row = look.session.get(PackageVersionRow, version_id)
    if row is None:
        raise UnknownPackage
    document = as_read(look.session, document_of(row))
    return Version(row.id, row.package_id, row.number, row.status, document, row.published_at)


@question("package.read")
def versions(look: Look, *, package_id: int) -> list[Version]:
    """All published versions as they are stored, fields and all, newest first."""
    query = select(PackageVersionRow).where(
        PackageVersionRow.package_id == package_id, PackageVersionRow.number > 0
    )
    return [
        Version(row.id, row.package_id, row.number, row.status, document_of(row), row.published_at)
        for row in look.session.scalars(query.order_by(PackageVersionRow.number.desc()))
    ]
