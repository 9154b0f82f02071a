"""SOPs as people look for them: all packages at a glance, the versions of one, the draft being written, a print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.foundation.doors import Look, question
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import document_of as package_of
from core.packages.versions import draft_row
from core.people.tables import StaffRow
from core.sops.approval import first_own
from core.sops.document import ChangeEntry, Own, SopDocument, derive, same_standard
from core.sops.own import own_of, working_of
from core.sops.states import (
    GRACE_DAYS,
    REVIEW_SOON_DAYS,
    SopVersion,
    document_of,
    read_here,
    row_in_force,
    rows_in_force,
    shown,
    standing,
    title_of,
    version_rows,
    working_row,
    working_rows,
)
from core.sops.tables import SopReadingRow, SopVersionRow


@dataclass(frozen=True)
class SopLine:
    """One package's SOP at a glance. `number` is the version in force (None: none); `review` is "", "soon",
    "overdue" or "blocking"; `changed` that the package draft says something else by now; `working` the state of the
    version being made ("", "draft", "in_review"); `signed` of `readers` have read the version in force."""

    package_id: int
    title: str
    number: int | None
    version_id: int | None
    review_on: date | None
    review: str
    changed: bool
    working: str
    signed: int
    readers: int


@dataclass(frozen=True)
class Working:
    """The version being made: `working` is what its author sees (plain data, with the note for handing in and with
    problems), `own` its sound part, `preview` what that says together with the package today. Hand `changed_at` back
    to `drafts.keep_own`; None means nothing has been saved yet."""

    package_id: int
    own: Own
    preview: SopDocument
    status: str
    version_id: int | None
    changed_at: datetime | None
    return_reason: str
    working: dict[str, Any]
    changed_by_name: str


@dataclass(frozen=True)
class PrintState:
    """What a print's code says: `standing` of its version, and the version in force now, if there is one."""

    title: str
    number: int
    standing: str
    effective_on: date | None
    review_on: date | None
    ended_on: date | None
    current: int | None
    current_since: date | None


@question("package.read")
def overview(look: Look) -> list[SopLine]:
    """All packages with the state of their SOP, oldest package first."""
    people = _people_by_role(look)
    drafts = select(PackageVersionRow).where(PackageVersionRow.number == 0)
    in_force, work_on = rows_in_force(look.session, look.today), working_rows(look.session)
    signed = _signed(look, [row.id for row in in_force.values()])
    lines = []
    for draft_of in look.session.scalars(drafts.order_by(PackageVersionRow.package_id)):
        row, work = in_force.get(draft_of.package_id), work_on.get(draft_of.package_id)
        document = document_of(row) if row else None
        readers = {each for role in document.readers for each in people.get(role, ())} if document else set()
        draft = package_of(draft_of)
        lines.append(
            SopLine(
                package_id=draft_of.package_id, title=draft.name, number=row.number if row else None,
                version_id=row.id if row else None, review_on=row.review_on if row else None,
                review=review_state(row.review_on if row else None, look.today),
                changed=document is not None
                and not same_standard(document, derive(draft, document.own, document.number)),
                working=work or "",
                signed=len(readers & signed.get(row.id, set())) if row else 0, readers=len(readers),
            )
        )  # fmt: skip
    return lines


@question("package.read")
def versions(look: Look, *, package_id: int) -> list[SopVersion]:
    """All versions of a package's SOP, newest first."""
    return shown(look, version_rows(look.session, package_id))


@question("package.read")
def in_force(look: Look, *, package_id: int) -> SopVersion | None:
    """The version that applies today; what a sale is made under."""
    row = row_in_force(look.session, package_id, look.today)
    return shown(look, [row])[0] if row else None


@question("package.read")
def working(look: Look, *, package_id: int) -> Working:
    """The version being made, or where it would begin; refuses `UnknownPackage`."""
    package = package_of(draft_row(look.session, package_id))
    row = working_row(look.session, package_id)
    rows = version_rows(look.session, package_id)
    number = row.number if row else (rows[0].number if rows else 0) + 1
    own = own_of(row.own) if row else first_own(look, package_id)
    kept = row.own if row else own.model_dump(mode="json")
    name = look.session.scalar(select(StaffRow.name).where(StaffRow.id == row.author_id)) if row else ""
    pinned = document_of(row) if row else None
    preview = read_here(look, pinned or derive(package, own, number, _log(rows)), package_id)
    return Working(
        package_id, own, preview, row.status if row else "", row.id if row else None,
        row.changed_at if row else None, row.return_reason if row else "", working_of(kept), name or "",
    )  # fmt: skip


@question("public")
def print_state(look: Look, *, code: str) -> PrintState | None:
    """What the code on a print says today, or None for an unknown code. No content of the SOP."""
    row = look.session.scalar(select(SopVersionRow).where(SopVersionRow.code == code))
    if row is None:
        return None
    current = row_in_force(look.session, row.package_id, look.today)
    package = look.session.get_one(PackageRow, row.package_id)
    title = title_of(look, row) if row.document else package.name
    return PrintState(
        title, row.number, standing(row, look.today), row.effective_on, row.review_on, row.retired_on,
        current.number if current else None, current.effective_on if current else None,
    )  # fmt: skip


def review_state(review_on: date | None, today: date) -> str:
    """ "" while there is time, "soon" in the last thirty days, "overdue", and "blocking" after the grace period."""
    if review_on is None or review_on - today > timedelta(days=REVIEW_SOON_DAYS):
        return ""
    if today <= review_on:
        return "soon"
    return "blocking" if today > review_on + timedelta(days=GRACE_DAYS) else "overdue"


def _log(rows: list[SopVersionRow]) -> tuple[ChangeEntry, ...]:
    newest = next((row for row in rows if row.approved_at), None)
    document = document_of(newest) if newest else None
    return document.change_log if document else ()


def _people_by_role(look: Look) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, role in look.session.execute(select(StaffRow.id, StaffRow.role).where(StaffRow.active)):
        found.setdefault(role, set()).add(number)
    return found


def _signed(look: Look, version_ids: list[int]) -> dict[int, set[int]]:
    """Who has signed each of these versions."""
    query = select(SopReadingRow.version_id, SopReadingRow.staff_id).where(
        SopReadingRow.version_id.in_(version_ids)
    )
    found: dict[int, set[int]] = {}
    for version_id, staff_id in look.session.execute(query):
        found.setdefault(version_id, set()).add(staff_id)
    return found
