"""Packages of the department: one draft to work on, published versions that never change.

What a patient bought is pinned to a published version. Publishing copies the draft to the next number; the
version before it goes on for those who hold it and is no longer sold. Rooms to the right (the bank with its
rewards) hear of a publication through `on_published`. What is on sale and which versions there are:
`core.packages.shelf`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.open_types import Raw
from core.packages.document import PackageDocument, problems
from core.packages.facts.checking import refuse_contradictions
from core.packages.faults.words import Problem
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import (
    UnknownPackage,
    as_read,
    document_of,
    draft_row,
    newest_row,
    working_of,
)
from core.people.tables import StaffRow

TAKEN = declare("package.taken", N_("Package taken over from a template"))
PUBLISHED = declare("package.published", N_("Package version published"))
SALE = declare("package.sale", N_("Package put on or off sale"))


@dataclass(eq=False)
class PackageCodeTaken(Refusal):
    code_taken: str
    message = N_(
        "There is already a package with the code {code_taken}. Edit that one, or choose another code."
    )
    field = "code"


@dataclass(eq=False)
class DraftHasProblems(Refusal):
    """The document breaks the rules of a package; `problems` says where, for showing beside the fields."""

    problems: tuple[Problem, ...]
    message = N_("The package cannot be saved yet: {where}: {problem} (problems found: {count})")

    @property
    def parameters(self) -> Raw:
        return {"count": len(self.problems), "where": self.problems[0].where or "-"}

    def text(self, language: str) -> str:
        first = self.problems[0].text(language)
        return translator(language)(self.message, problem=first, **self.parameters)


@dataclass(eq=False)
class NothingNewToPublish(Refusal):
    number: int
    message = N_("The draft is the same as version {number}. There is nothing new to publish.")


@dataclass(frozen=True)
class Published:
    """What was just published, for rooms that keep something of it; the document as it is read, fields filled."""

    package_id: int
    version_id: int
    number: int
    document: PackageDocument


PublishedHook = Callable[[Stamp, Published], None]
PUBLISHED_HOOKS: list[PublishedHook] = []


@dataclass(frozen=True)
class Draft:
    """The document being worked on. `document` is its last state without problems, `working` what it says now
    (plain data; the same where there are no problems). Hand `changed_at` back to `drafts.keep_draft`."""

    package_id: int
    document: PackageDocument
    working: Raw
    changed_at: datetime
    changed_by: int | None
    changed_by_name: str


# --- deeds ----------------------------------------------------------------------------------------


@deed("package.write")
def take_template(stamp: Stamp, *, document: Raw) -> int:
    """Begin a package from a document (`PackageDocument.model_dump(mode="json")`); returns its id, with a
    draft.

    Refuses an invalid document (`DraftHasProblems`) and a code in use (`PackageCodeTaken`).
    """
    parsed = _parsed(document)
    if stamp.session.scalar(select(PackageRow.id).where(PackageRow.code == parsed.code)):
        raise PackageCodeTaken(parsed.code)
    row = PackageRow(code=parsed.code, name=parsed.name, created_at=stamp.now, on_sale=True)
    stamp.session.add(row)
    stamp.session.flush()
    stamp.session.add(new_version(stamp, row.id, 0, "draft", parsed))
    stamp.session.flush()
    stamp.audit(TAKEN, ("package", row.id), after={"code": parsed.code, "name": parsed.name})
    return row.id


@deed("package.write")
def publish(stamp: Stamp, *, package_id: int) -> int:
    """Make the draft the next version on sale; returns its number. Refuses a draft with problems
    (`DraftHasProblems`), one whose texts say something else than the facts (`TextsDiffer`) and one equal to the newest
    version."""
    row = stamp.session.get(PackageRow, package_id)
    if row is None:
        raise UnknownPackage
    document = _parsed(working_of(draft_row(stamp.session, package_id)))
    newest = newest_row(stamp.session, package_id)
    if newest is not None and document_of(newest) == document:
        raise NothingNewToPublish(newest.number)
    refuse_contradictions(stamp.session, package_id, document.model_dump(mode="json"), document.language)
    stamp.session.execute(
        update(PackageVersionRow)
        .where(PackageVersionRow.package_id == package_id, PackageVersionRow.status == "published")
        .values(status="retired")
    )
    number = (newest.number if newest else 0) + 1
    version = new_version(stamp, package_id, number, "published", document)
    version.published_at = stamp.now
    stamp.session.add(version)
    told = as_read(stamp.session, document)
    row.name = told.name
    stamp.session.flush()
    for hook in PUBLISHED_HOOKS:
        hook(stamp, Published(package_id, version.id, number, told))
    old = newest.price_fen if newest else None
    stamp.audit(
        PUBLISHED,
        ("package", package_id),
        {"number": number - 1, "price_fen": old},
        {"number": number, "price_fen": document.price_fen, "tasks": len(document.tasks)},
    )
    return number


@deed("package.write")
def put_on_sale(stamp: Stamp, *, package_id: int, on_sale: bool) -> None:
    """Sell a package, or stop selling it; patients who hold it keep everything."""
    row = stamp.session.get(PackageRow, package_id)
    if row is None:
        raise UnknownPackage
    stamp.audit(SALE, ("package", package_id), {"on_sale": row.on_sale}, {"on_sale": on_sale})
    row.on_sale = on_sale


# --- questions ------------------------------------------------------------------------------------


@question("package.read")
def draft(look: Look, *, package_id: int) -> Draft:
    """The document being worked on; refuses `UnknownPackage`."""
    row = draft_row(look.session, package_id)
    name = look.session.scalar(select(StaffRow.name).where(StaffRow.id == row.changed_by)) or ""
    return Draft(package_id, document_of(row), working_of(row), row.changed_at, row.changed_by, name)


# --- what other rooms of core use -----------------------------------------------------------------


def on_published(hook: PublishedHook) -> PublishedHook:
    """Register what a room to the right does when a version is published; runs inside the deed."""
    if hook not in PUBLISHED_HOOKS:
        PUBLISHED_HOOKS.append(hook)
    return hook


# --- inner ----------------------------------------------------------------------------------------


def _parsed(raw: Raw) -> PackageDocument:
    found = problems(raw)
    if found:
        raise DraftHasProblems(tuple(found))
    return PackageDocument.model_validate(raw)


def new_version(
    stamp: Stamp, package_id: int, number: int, status: str, document: PackageDocument
) -> PackageVersionRow:
    return PackageVersionRow(
        package_id=package_id,
        number=number,
        status=status,
        document=document.model_dump(mode="json"),
        price_fen=document.price_fen,
        changed_at=stamp.now,
        changed_by=stamp.staff_id,
    )
