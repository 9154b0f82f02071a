"""Drafts as an editor leaves them: kept at every change, with their problems; copied to a second package.

Nothing typed is lost because something else is missing. What reads a draft without being its editor (SOPs,
previews, prints) reads its last state without problems.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update

from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.packages.document import PackageDocument, problems
from core.packages.editing import free_code
from core.packages.publishing import new_version
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import UnknownPackage, differences, document_of, draft_row, stored, working_of

SAVED = declare("package.saved", N_("Package draft saved"))
COPIED = declare("package.copied", N_("Package copied"))
# A package of 60 tasks has about 150,000 characters.
LARGEST = 2_000_000
LONGEST_NAME = 80  # characters


@dataclass(eq=False)
class NotAPackage(Refusal):
    message = N_("This is not a package draft, or it is too large to be one. Nothing was saved.")


@dataclass(eq=False)
class SomebodyElseSaved(Refusal):
    message = N_(
        "Somebody else has saved this draft meanwhile. Reload to see it; your text has not been saved."
    )


@dataclass(eq=False)
class CodeIsFixed(Refusal):
    code_kept: str
    message = N_("The code of a package stays {code_kept}: sold packages are known by it.")
    field = "code"


@dataclass(eq=False)
class CopyWithoutName(Refusal):
    message = N_("Please enter a name for the copy.")
    field = "name"


@deed("package.write")
def keep_draft(stamp: Stamp, *, package_id: int, working: Raw, expected_changed_at: datetime) -> datetime:
    """Keep what an editor has on the screen, with its problems; returns the new `changed_at`.

    A draft with problems keeps its last sound state beside it: that is what previews, SOPs and prints read
    until the problems are gone. Refuses when the draft has been saved since `expected_changed_at`
    (`SomebodyElseSaved`), another code (`CodeIsFixed`), and what is no package. Sold versions are never touched.
    """
    row = stamp.session.get(PackageRow, package_id)
    if row is None:
        raise UnknownPackage
    _plain_package(working)
    if working.get("code") != row.code:
        raise CodeIsFixed(row.code)
    before = draft_row(stamp.session, package_id)
    old = working_of(before)
    faulty = bool(problems(working))
    sound = document_of(before) if faulty else PackageDocument.model_validate(working)
    saved: CursorResult[Any] = stamp.session.execute(
        update(PackageVersionRow)
        .where(PackageVersionRow.id == before.id, PackageVersionRow.changed_at == expected_changed_at)
        .values(
            document=stored(sound, working if faulty else None), price_fen=sound.price_fen,
            changed_at=stamp.now, changed_by=stamp.staff_id,
        )
    )  # type: ignore[assignment]  # fmt: skip
    if saved.rowcount != 1:
        raise SomebodyElseSaved
    stamp.audit(SAVED, ("package", package_id), *differences(old, working))
    return stamp.now


@deed("package.write")
def copy_package(stamp: Stamp, *, package_id: int, name: str, working: Raw | None = None) -> int:
    """A second package with the same content under another name and code; returns its id. `working` is what
    an editor has on the screen (default: the draft). Nothing sold, printed or earned moves over. Refuses by field:
    no name, and one of more than `LONGEST_NAME` characters."""
    name = reasons.remark(name, most=LONGEST_NAME, field="name")
    if not name:
        raise CopyWithoutName
    source = draft_row(stamp.session, package_id)
    content = dict(working or working_of(source))
    _plain_package(content)
    codes = set(stamp.session.scalars(select(PackageRow.code)))
    content["code"] = free_code(f"{document_of(source).code}_2", codes, most=40)
    content["name"] = name
    sound = (
        document_of(source).model_copy(update={"code": content["code"], "name": content["name"]})
        if problems(content)
        else PackageDocument.model_validate(content)
    )
    row = PackageRow(code=sound.code, name=sound.name, created_at=stamp.now, on_sale=True)
    stamp.session.add(row)
    stamp.session.flush()
    version = new_version(stamp, row.id, 0, "draft", sound)
    if problems(content):
        version.document = stored(sound, content)
    stamp.session.add(version)
    stamp.session.flush()
    stamp.audit(
        COPIED, ("package", row.id), after={"code": sound.code, "name": sound.name, "from": package_id}
    )
    return row.id


def _plain_package(working: Raw) -> None:
    """Refuses what could never become a package, and what would fill the disk."""
    try:
        size = len(json.dumps(working))
    except (TypeError, ValueError, RecursionError):
        raise NotAPackage from None
    tasks, sop = working.get("tasks"), working.get("sop")
    if size > LARGEST or not isinstance(tasks, list) or not isinstance(sop, dict):
        raise NotAPackage
