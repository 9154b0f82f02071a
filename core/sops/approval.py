"""The SOP of a package: written, handed in, approved by somebody else, retired; and whether it stops new sales.

The steps live in the package draft; handing in pins what the package says at that moment. An approved version never
changes, the next one takes its place. A review is due at most twelve months after a version comes into force; when it
is overdue for longer than `GRACE_DAYS`, and while what is published says something no SOP was approved for, the package
is not to be sold anew (`sales_blocked`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core.department.places import short_code
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, full_day_text, translator
from core.foundation.open_types import Raw
from core.packages.facts.checking import refuse_contradictions
from core.packages.versions import document_of as package_of
from core.packages.versions import draft_row
from core.sops.document import ChangeEntry, Own, SopDocument, derive
from core.sops.own import WORKING, own_of, problems, working_of
from core.sops.starter import starter
from core.sops.states import (
    GRACE_DAYS,
    document_of,
    get_package,
    latest_review,
    move,
    standing,
    version_row,
    version_rows,
    working_row,
)
from core.sops.tables import SopVersionRow
from core.sops.wording import unapproved

SUBMITTED = declare("sop.submitted", N_("SOP handed in for review"))
RETURNED = declare("sop.returned", N_("SOP returned to its author"))
APPROVED = declare("sop.approved", N_("SOP approved"))
RETIRED = declare("sop.retired", N_("SOP retired"))

EARLIEST_NOTICE = timedelta(days=180)  # a version cannot be approved for a day further away
OWN_PARTS: dict[str, str] = {
    "owner": N_("Owner"),
    "definitions": N_("Words as used here"),
    "kpis": N_("Indicators"),
    "audit": N_("Audit list"),
    "training": N_("Training and competence"),
    "related": N_("Related documents"),
    "quiz": N_("Questions after reading"),
    "other_wording": N_("Wording in the other language"),
}


@dataclass(eq=False)
class SopPartInvalid(Refusal):
    """Something typed breaks a rule; `part` is the label of the part, `found` what is wrong, both catalogue texts."""

    part: str
    found: str
    known: Raw
    message = N_("{part}: {problem}")

    def text(self, language: str) -> str:
        _ = translator(language)
        return _(self.message, part=_(self.part), problem=_(self.found, **self.known))


@dataclass(eq=False)
class SopUnderReview(Refusal):
    message = N_("This SOP is being reviewed. Wait for the answer, or take it back with a reason.")


@dataclass(eq=False)
class ChangeNoteMissing(Refusal):
    """`field` is what is missing: "what" or "why"."""

    field: str = "what"  # type: ignore[misc]
    message = N_("Please say in a sentence each what changed and why: it goes into the change log.")


@dataclass(eq=False)
class SopOwnerMissing(Refusal):
    message = N_("Please choose the owner of this SOP, who answers questions about it.")
    field = "owner"


@dataclass(eq=False)
class AuthorCannotApprove(Refusal):
    message = N_("You handed this version in, so somebody else must approve it.")


@dataclass(eq=False)
class EffectiveDayInvalid(Refusal):
    message = N_("A version comes into force today or on a day of the next six months.")
    field = "effective_on"


@dataclass(eq=False)
class ReviewDayInvalid(Refusal):
    day: date
    message = N_("The review date lies after the first day in force and no later than {day}.")
    field = "review_on"


@dataclass(frozen=True)
class SalesBlock:
    """Why a package is not to be sold anew: `why` is "review_overdue" (since `since`), "retired" or "wording": then
    `number` is the package's version, published on `since`, whose words no SOP was approved for."""

    package_id: int
    number: int
    why: str
    since: date

    def text(self, language: str) -> str:
        """The reason as a sentence in `language` ("zh" or "en")."""
        source = _BLOCKED[self.why]
        day = full_day_text(self.since, language)
        return translator(language)(source, number=self.number, day=day)


_BLOCKED = {
    "review_overdue": N_(
        "New sales pause: the review of SOP version {number} was due on {day}. Approve a reviewed version to go on."
    ),
    "wording": N_(
        "New sales pause: the wording published on {day} as version {number} has not been approved with the SOP yet."
    ),
    "retired": N_("New sales pause: SOP version {number} was retired on {day} and none has taken its place."),
}


# --- deeds ----------------------------------------------------------------------------------------


@deed("package.write")
def submit(stamp: Stamp, *, package_id: int, what: str, why: str) -> int:
    """Hand the SOP in for review: pins what package and department say now. Returns the version's id.

    `what` and `why` go into the change log. Handing in an unchanged SOP is how a yearly review is recorded.
    Refuses a missing note or owner, a version already under review, and texts that say something else than the facts
    (`TextsDiffer`).
    """
    what = reasons.remark(what, most=reasons.LONGEST_NOTE, field="what")
    why = reasons.remark(why, most=reasons.LONGEST_NOTE, field="why")
    if not what or not why:
        raise ChangeNoteMissing("why" if what else "what")
    get_package(stamp, package_id)
    row = working_row(stamp.session, package_id) or begun(stamp, package_id)
    if row.status == "in_review":
        raise SopUnderReview
    _sound(row)
    own = own_of(row.own)
    if not own.owner:
        raise SopOwnerMissing
    entry = ChangeEntry(
        number=row.number,
        day=stamp.today,
        who=stamp.actor.name,
        what=what,
        why=why,
    )
    package = package_of(draft_row(stamp.session, package_id))
    facts = package.model_dump(mode="json")
    for texts in (facts, own.model_dump(mode="json")):
        refuse_contradictions(stamp.session, package_id, texts, package.language, facts)
    log = (*_log_before(stamp, package_id, row.number), entry)
    document = derive(package, own, row.number, log)
    move(
        stamp, row, "submit", document=document.model_dump(mode="json"), author_id=stamp.staff_id,
        submitted_at=stamp.now, return_reason="",
    )  # fmt: skip
    stamp.audit(
        SUBMITTED, ("sop", row.id), after={"number": row.number, "what": entry.what, "why": entry.why}
    )
    return row.id


@deed("sop.approve")
def send_back(stamp: Stamp, *, version_id: int, reason: str) -> None:
    """Return a version to its author with a reason; the author may take it back in the same way."""
    reason = reasons.given(reason, most=reasons.LONGEST_NOTE)
    row = version_row(stamp.session, version_id)
    move(stamp, row, "return", return_reason=reason, document=None, submitted_at=None)
    stamp.audit(RETURNED, ("sop", row.id), after={"number": row.number, "reason": row.return_reason})


@deed("sop.approve")
def approve(stamp: Stamp, *, version_id: int, effective_on: date, review_on: date) -> None:
    """Approve a version from `effective_on` on; it takes the place of all before it on that day.

    Refuses the author (`AuthorCannotApprove`), a day in force in the past or more than six months ahead, and a
    review later than twelve months after it.
    """
    row = version_row(stamp.session, version_id)
    if row.author_id is not None and row.author_id == stamp.staff_id:
        raise AuthorCannotApprove
    if not stamp.today <= effective_on <= stamp.today + EARLIEST_NOTICE:
        raise EffectiveDayInvalid
    if not effective_on < review_on <= latest_review(effective_on):
        raise ReviewDayInvalid(latest_review(effective_on))
    move(
        stamp, row, "approve", approver_id=stamp.staff_id, approved_at=stamp.now,
        effective_on=effective_on, review_on=review_on,
    )  # fmt: skip
    for other in version_rows(stamp.session, row.package_id):
        if other.number < row.number:
            _end(stamp, other, row)
    stamp.audit(
        APPROVED, ("sop", row.id),
        after={"number": row.number, "effective_on": effective_on, "review_on": review_on},
    )  # fmt: skip


@deed("sop.approve")
def retire(stamp: Stamp, *, version_id: int, reason: str) -> None:
    """End a version today, with a reason. Retired before it came into force, it leaves the one before in place."""
    reason = reasons.given(reason, most=reasons.LONGEST_NOTE)
    row = version_row(stamp.session, version_id)
    early = standing(row, stamp.today) == "scheduled"
    move(stamp, row, "retire", retired_on=stamp.today, retire_reason=reason)
    if early:
        for other in version_rows(stamp.session, row.package_id):
            if other.superseded_by == row.number and other.retired_on == row.effective_on:
                move(stamp, other, "reinstate", retired_on=None, superseded_by=None)
    stamp.audit(RETIRED, ("sop", row.id), after={"number": row.number, "reason": row.retire_reason})


# --- questions ------------------------------------------------------------------------------------


@question("package.read")
def sales_blocked(look: Look, *, package_id: int) -> SalesBlock | None:
    """Why this package is not to be sold anew today, or None.

    A package without any approved SOP is not blocked here: readiness before the first sale is asked elsewhere.
    """
    return sales_blocks(look, [package_id]).get(package_id)


def sales_blocks(look: Look, package_ids: Iterable[int]) -> dict[int, SalesBlock]:
    """Those of these packages that are not to be sold anew today, each with why; in one query."""
    query = select(SopVersionRow).where(SopVersionRow.package_id.in_(sorted(set(package_ids))))
    versions: dict[int, list[SopVersionRow]] = {}
    for row in look.session.scalars(query.order_by(SopVersionRow.number.desc())):
        versions.setdefault(row.package_id, []).append(row)
    found = {package_id: _block(rows, look.today) for package_id, rows in versions.items()}
    sold = {package_id: rows for package_id, rows in versions.items() if _approved_once(rows, look.today)}
    for package_id, (number, since) in unapproved(look, sold).items():
        found[package_id] = found[package_id] or SalesBlock(package_id, number, "wording", since)
    return {package_id: block for package_id, block in found.items() if block is not None}


# --- inner ----------------------------------------------------------------------------------------


def _block(rows: list[SopVersionRow], today: date) -> SalesBlock | None:
    """What keeps a package from being sold, by all its SOP's versions, the newest first."""
    states = [(row, standing(row, today)) for row in rows]
    row = next((row for row, state in states if state == "in_force"), None)
    if row is not None:
        assert row.review_on is not None
        overdue = today > row.review_on + timedelta(days=GRACE_DAYS)
        return SalesBlock(row.package_id, row.number, "review_overdue", row.review_on) if overdue else None
    last = next((row for row, state in states if state == "retired"), None)
    if last is None or last.retired_on is None:
        return None
    return SalesBlock(last.package_id, last.number, "retired", last.retired_on)


def _approved_once(rows: list[SopVersionRow], today: date) -> bool:
    return any(row.approved_at and row.effective_on and row.effective_on <= today for row in rows)


def first_own(stamp: Look, package_id: int) -> Own:
    """Where the next version's own part begins: with the newest version's, else with the starter set."""
    rows = version_rows(stamp.session, package_id)
    if rows:
        return own_of(rows[0].own)
    return starter(package_of(draft_row(stamp.session, package_id)).language)


def begun(stamp: Stamp, package_id: int) -> SopVersionRow:
    newest = stamp.session.scalar(
        select(SopVersionRow.number).where(SopVersionRow.package_id == package_id)
        .order_by(SopVersionRow.number.desc()).limit(1)
    )  # fmt: skip
    row = SopVersionRow(
        package_id=package_id, number=(newest or 0) + 1, status="draft", code=short_code(12),
        own=first_own(stamp, package_id).model_dump(mode="json"), changed_at=stamp.now, author_id=stamp.staff_id,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    return row


def _sound(row: SopVersionRow) -> None:
    """Refuses to hand in a draft that still has problems, and names the first (`SopPartInvalid`)."""
    found = problems(working_of(row.own)) if WORKING in row.own else []
    if found:
        part = OWN_PARTS.get(found[0].where.split(".")[0], N_("SOP"))
        raise SopPartInvalid(part, found[0].message, dict(found[0].parameters))


def _log_before(stamp: Stamp, package_id: int, number: int) -> tuple[ChangeEntry, ...]:
    """The change log of the newest approved version before `number`."""
    for row in version_rows(stamp.session, package_id):
        document: SopDocument | None = document_of(row) if row.approved_at else None
        if row.number < number and document is not None:
            return document.change_log
    return ()


def _end(stamp: Stamp, row: SopVersionRow, by: SopVersionRow) -> None:
    """Let `row` apply no longer than until the version `by` comes into force."""
    if row.status == "approved":
        move(stamp, row, "supersede", retired_on=by.effective_on, superseded_by=by.number)
    elif row.retired_on is not None and by.effective_on is not None and row.retired_on > by.effective_on:
        row.retired_on, row.superseded_by = by.effective_on, by.number
        stamp.session.flush()
