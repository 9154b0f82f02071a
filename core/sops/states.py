"""The life of an SOP version: its states, the allowed moves as one table, and which version applies on a day.

A version applies from `effective_on` until the day before `retired_on`. Approving the next one sets that day for all
before it, so a version approved for next Monday leaves the present one standing until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CursorResult, Select, or_, select, update
from sqlalchemy.orm import Session

from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Value
from core.packages.document import PackageDocument
from core.packages.facts.filling import house_facts
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import UnknownPackage, pinned
from core.people.tables import StaffRow
from core.sops.document import SopDocument, as_read
from core.sops.tables import SopVersionRow

GRACE_DAYS = 14  # an overdue review may wait this long before new sales stop
REVIEW_SOON_DAYS = 30

STANDINGS: dict[str, str] = {
    "draft": N_("Draft"),
    "in_review": N_("In review"),
    "scheduled": N_("Approved, not yet in force"),
    "in_force": N_("In force"),
    "retired": N_("Retired"),
}


@dataclass(frozen=True)
class Move:
    """An allowed step from one state to another."""

    source: str
    target: str


MOVES: dict[str, Move] = {
    "submit": Move("draft", "in_review"),
    "return": Move("in_review", "draft"),
    "approve": Move("in_review", "approved"),
    "supersede": Move("approved", "retired"),
    "reinstate": Move("retired", "approved"),  # its successor was retired before it ever came into force
    "retire": Move("approved", "retired"),
}


@dataclass(eq=False)
class UnknownSopVersion(Refusal):
    message = N_("This SOP version does not exist. Please reload the page.")


@dataclass(eq=False)
class SopHasMovedOn(Refusal):
    """The version is not in the state this move begins from."""

    message = N_("This SOP version is in another state meanwhile. Reload the page to see it.")


@dataclass(frozen=True)
class SopVersion:
    """One version as people see it. `status` is draft, in_review, approved or retired; `standing` says what that
    means today (a key of STANDINGS). In a draft `document` is None."""

    id: int
    package_id: int
    number: int
    status: str
    standing: str
    code: str
    document: SopDocument | None
    author_id: int | None
    author: str
    approver: str
    submitted_at: datetime | None
    approved_at: datetime | None
    effective_on: date | None
    review_on: date | None
    return_reason: str
    retired_on: date | None
    retire_reason: str
    superseded_by: int | None

    @property
    def text(self) -> SopDocument:
        """The document of a version that has been handed in."""
        assert self.document is not None
        return self.document


def latest_review(effective_on: date) -> date:
    """The last possible review date: twelve months after the version comes into force."""
    try:
        return effective_on.replace(year=effective_on.year + 1)
    except ValueError:  # 29 February
        return date(effective_on.year + 1, 2, 28)


def standing(row: SopVersionRow, today: date) -> str:
    """What a row's state means on `today`: a key of STANDINGS."""
    if row.status in ("draft", "in_review"):
        return row.status
    if row.retired_on is not None and row.retired_on <= today:
        return "retired"
    assert row.effective_on is not None
    return "in_force" if row.effective_on <= today else "scheduled"


def move(stamp: Stamp, row: SopVersionRow, name: str, **values: Value) -> None:
    """Make one move of MOVES, in the database only if the row still is where the move begins.

    Refuses an illegal or overtaken move (`SopHasMovedOn`).
    """
    step = MOVES[name]
    moved: CursorResult[Any] = stamp.session.execute(
        update(SopVersionRow)
        .where(SopVersionRow.id == row.id, SopVersionRow.status == step.source)
        .values(status=step.target, changed_at=stamp.now, **values)
        .execution_options(synchronize_session=False)
    )  # type: ignore[assignment]
    if moved.rowcount != 1:
        raise SopHasMovedOn
    stamp.session.refresh(row)


# --- rows -----------------------------------------------------------------------------------------


def version_row(session: Session, version_id: int) -> SopVersionRow:
    row = session.get(SopVersionRow, version_id)
    if row is None:
        raise UnknownSopVersion
    return row


def version_rows(session: Session, package_id: int) -> list[SopVersionRow]:
    """All versions of a package, newest first."""
    query = select(SopVersionRow).where(SopVersionRow.package_id == package_id)
    return list(session.scalars(query.order_by(SopVersionRow.number.desc())))


def working_row(session: Session, package_id: int) -> SopVersionRow | None:
    """The version being written or reviewed; there is at most one."""
    query = select(SopVersionRow).where(
        SopVersionRow.package_id == package_id, SopVersionRow.status.in_(("draft", "in_review"))
    )
    return session.scalar(query)


def working_rows(session: Session) -> dict[int, str]:
    """The state of every version being written or reviewed, by its package."""
    query = select(SopVersionRow.package_id, SopVersionRow.status).where(
        SopVersionRow.status.in_(("draft", "in_review"))
    )
    return {row.package_id: row.status for row in session.execute(query)}


def row_in_force(session: Session, package_id: int, day: date) -> SopVersionRow | None:
    """The version that applies on `day`."""
    query = _in_force(day).where(SopVersionRow.package_id == package_id)
    return session.scalar(query.order_by(SopVersionRow.number.desc()).limit(1))


def rows_in_force(session: Session, day: date) -> dict[int, SopVersionRow]:
    """The version of every package that applies on `day`, by package."""
    # The newest comes last and stays.
    return {row.package_id: row for row in session.scalars(_in_force(day).order_by(SopVersionRow.number))}


def _in_force(day: date) -> Select[SopVersionRow]:
    """What `standing` calls in force, asked of the database: every version carries its whole text."""
    return select(SopVersionRow).where(
        SopVersionRow.status.in_(("approved", "retired")),
        SopVersionRow.effective_on <= day,
        or_(SopVersionRow.retired_on.is_(None), SopVersionRow.retired_on > day),
    )


def get_package(stamp: Stamp, package_id: int) -> PackageRow:
    """The package's row for a deed; refuses `UnknownPackage`."""
    row = stamp.session.get(PackageRow, package_id)
    if row is None:
        raise UnknownPackage
    return row


def document_of(row: SopVersionRow) -> SopDocument | None:
    """The document as it is stored, its fields for facts of the house not filled."""
    return None if row.document is None else SopDocument.model_validate(row.document)


def read_here(look: Look, document: SopDocument, package_id: int) -> SopDocument:
    """The document as it is read today, with what the house and the published package say in its fields."""
    published = _published(look, {package_id}).get(package_id, [])
    return as_read(document, house_facts(look.session), _as_of(look, published, None))


def title_of(look: Look, row: SopVersionRow) -> str:
    """What a version that was handed in is called."""
    document = row.document or {}
    title = str(document["title"])
    return (
        read_here(look, SopDocument.model_validate(document), row.package_id).title if "{" in title else title
    )


def _published(look: Look, package_ids: set[int]) -> dict[int, list[tuple[int, datetime]]]:
    """The published versions of packages with the instant each came, the oldest first."""
    query = (
        select(PackageVersionRow.package_id, PackageVersionRow.id, PackageVersionRow.published_at)
        .where(
            PackageVersionRow.package_id.in_(sorted(package_ids)),
            PackageVersionRow.number > 0,
        )
        .order_by(PackageVersionRow.number)
    )
    found: dict[int, list[tuple[int, datetime]]] = {}
    for package_id, version_id, published_at in look.session.execute(query):
        if published_at is not None:
            found.setdefault(package_id, []).append((version_id, published_at))
    return found


def _as_of(
    look: Look, published: list[tuple[int, datetime]], retired_on: date | None
) -> PackageDocument | None:
    """What was sold on the last day of a version that was retired, or is sold now; None before the first publication."""
    known = [one for one in published if retired_on is None or day_of(one[1], look.zone) < retired_on]
    return pinned(look.session, *known[-1]) if known else None


def shown(look: Look, rows: Iterable[SopVersionRow]) -> list[SopVersion]:
    """Rows as questions return them, with the names of author and approver. What was retired says what was sold then."""
    session, today, rows = look.session, look.today, list(rows)
    house, published = house_facts(session), _published(look, {row.package_id for row in rows})

    def told(row: SopVersionRow) -> SopDocument | None:
        document = document_of(row)
        over = row.retired_on if standing(row, today) == "retired" else None
        package = _as_of(look, published.get(row.package_id, []), over)
        return None if document is None else as_read(document, house, package)

    ids = {each for row in rows for each in (row.author_id, row.approver_id) if each}
    people = select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(ids))
    names = {person.id: person.name for person in session.execute(people)}
    return [
        SopVersion(
            id=row.id, package_id=row.package_id, number=row.number, status=row.status,
            standing=standing(row, today), code=row.code, document=told(row), author_id=row.author_id,
            author=names.get(row.author_id or 0, ""), approver=names.get(row.approver_id or 0, ""),
            submitted_at=row.submitted_at, approved_at=row.approved_at, effective_on=row.effective_on,
            review_on=row.review_on, return_reason=row.return_reason, retired_on=row.retired_on,
            retire_reason=row.retire_reason, superseded_by=row.superseded_by,
        )
        for row in rows
    ]  # fmt: skip
