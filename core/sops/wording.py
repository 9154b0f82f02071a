"""Which words of a package an SOP was approved with, and whether what is on sale still says them.

What counts as wording is `core.packages.document.PackageDocument.wording`; an SOP notes its mark when it is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import object_session

from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.foundation.fast.recent import Recent
from core.foundation.open_types import Raw
from core.packages.document import PackageDocument
from core.packages.facts.filling import filled_part, own_values
from core.packages.tables import PackageVersionRow
from core.packages.versions import document_of, draft_row
from core.sops.document import SopDocument, derive, same_text
from core.sops.states import row_in_force
from core.sops.tables import SopVersionRow

# What an SOP of an earlier PilotDesk, which noted no mark, is held to: its own text without money.
_BESIDE_ITS_TEXT: Raw = {
    "number": True, "change_log": True, "own": True, "wording": True, "facts": True, "sources": True, "price_fen": True,
    "entitlements": {"__all__": {"value_fen"}},
    "steps": {"__all__": {"minutes", "material_fen", "times", "happens", "other_wording"}},
}  # fmt: skip
COMPARED: Recent[bool] = Recent(most=200)


def carries(row: SopVersionRow, package: PackageDocument) -> bool:
    """Whether an SOP version that was handed in says what this package says."""
    if row.document is None:
        return False
    marked = row.document.get("wording")
    if marked:
        return bool(marked == package.wording) or _same_read(row, marked, package)
    document = SopDocument.model_validate(row.document)
    return same_text(document, derive(package, document.own, document.number), _BESIDE_ITS_TEXT)


def _same_read(row: SopVersionRow, marked: str, package: PackageDocument) -> bool:
    """Whether a published version with the words of this SOP reads as `package` does once their fields are filled: an
    amount that became a field says nothing else."""
    session = object_session(row)
    assert session is not None
    query = select(PackageVersionRow).where(
        PackageVersionRow.package_id == row.package_id,
        PackageVersionRow.number > 0,
        PackageVersionRow.published_at.is_not(None),
    )
    documents = (document_of(each) for each in session.scalars(query))
    return any(each.wording == marked and _read(each) == _read(package) for each in documents)


def _read(package: PackageDocument) -> str:
    return filled_part(package, own_values(package, package.language)).wording


def unapproved(look: Look, versions: dict[int, list[SopVersionRow]]) -> dict[int, tuple[int, date]]:
    """The packages whose published version says what no SOP was approved for: its number and the day it was published.
    `versions` are all SOP versions of each package.

    An SOP counts that was in force on the day of publication or after it. So whoever has the next wording approved
    before publishing it goes on selling the present one meanwhile.
    """
    query = select(PackageVersionRow).where(
        PackageVersionRow.package_id.in_(sorted(versions)),
        PackageVersionRow.status == "published",
        PackageVersionRow.published_at <= look.now,  # for a clock that was set back it is not there yet
    )
    found = {}
    for published in look.session.scalars(query):
        assert published.published_at is not None
        since = day_of(published.published_at, look.zone)
        held = [row for row in versions[published.package_id] if _held(row, since, look.today)]
        if not any(_carried(look, row, published) for row in held):
            found[published.package_id] = published.number, since
    return found


@question("package.read")
def draft_unapproved(look: Look, *, package_id: int) -> bool:
    """Whether publishing the draft as it is would pause new sales: an SOP is in force, but for other words."""
    row = row_in_force(look.session, package_id, look.today)
    return row is not None and not carries(row, document_of(draft_row(look.session, package_id)))


def coming(rows: Iterable[SopVersionRow], package: PackageDocument, today: date) -> SopVersionRow | None:
    """The approved version that says this and comes into force on a later day, if there is one."""
    later = (
        row for row in rows if row.status == "approved" and row.effective_on and row.effective_on > today
    )
    return next((row for row in later if carries(row, package)), None)


# --- inner ------------------------------------------------------------------------------------------


def _held(row: SopVersionRow, since: date, today: date) -> bool:
    """Whether a version was in force on `since` or on a day from then until today."""
    if row.approved_at is None or row.effective_on is None or row.effective_on > today:
        return False
    return row.retired_on is None or row.retired_on >= since


def _carried(look: Look, row: SopVersionRow, published: PackageVersionRow) -> bool:
    """`carries`, compared once per process: neither an approved SOP nor a published version changes."""
    engine = look.session.get_bind().engine.url
    key = (engine, row.id, row.approved_at, published.id, published.published_at)
    known = COMPARED.get(key)
    return COMPARED.put(key, carries(row, document_of(published))) if known is None else known
