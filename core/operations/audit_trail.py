"""Reading the audit trail: who, when, what, before → after; searchable, for export."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from core.foundation.audit import KINDS, AuditDetailRow, AuditEntryRow
from core.foundation.clock import day_bounds, day_of
from core.foundation.doors import Look, question
from core.foundation.open_types import Query, Raw
from core.operations.audit_names import Entry, Names, names_of
from core.operations.audit_sentences import sentence
from core.operations.audit_words import NAMELESS

PAGE = 50
# As many lines as one file takes in a few seconds; what is older follows in the next file.
FILE = 50_000
PORTION = 1000


@dataclass(frozen=True)
class AuditLine:
    """One entry as administrators read it; `label` is a gettext source, and so is `nameless`, which says who did it
    where `who` is empty."""

    id: int
    at: datetime
    who: str
    nameless: str
    kind: str
    label: str
    subject: str
    subject_id: int | None
    before: Raw | None
    after: Raw | None
    names: Names = field(repr=False, compare=False)

    def sentence(self, language: str, zone: ZoneInfo) -> str:
        """What happened, to whom, and what it changed; times in the department's zone."""
        return sentence(
            self.kind, self.label, (self.subject, self.subject_id), self.before, self.after, self.names,
            language, zone,
        )  # fmt: skip


@question("audit.read")
def trail(
    look: Look,
    *,
    first: date | None = None,
    last: date | None = None,
    kind: str | None = None,
    who: str = "",
    page: int = 0,
    size: int = PAGE,
) -> tuple[list[AuditLine], int]:
    """Entries, newest first, and how many there are in all. Days are the department's, both included."""
    wanted = _wanted(look, first, last, kind, who)
    total = _count(look, wanted)
    rows = look.session.execute(_newest(wanted).limit(size).offset(page * size))
    return _lines(look, [(entry, before, after) for entry, before, after in rows]), total


@question("audit.read")
def trail_file(
    look: Look,
    *,
    first: date | None = None,
    last: date | None = None,
    kind: str | None = None,
    who: str = "",
    most: int = FILE,
) -> tuple[list[AuditLine], int, date | None]:
    """The newest `most` entries for a file, how many were left out, and the day to choose as the last one of the
    next file (None when all are in). That day stands in both files, so that nothing falls between them."""
    wanted = _wanted(look, first, last, kind, who)
    total = _count(look, wanted)
    # In portions: a hundred thousand entries as objects of the session at once would be felt by everybody.
    rows = look.session.execute(
        _newest(wanted).limit(most),
        execution_options={"yield_per": PORTION},
    )
    lines: list[AuditLine] = []
    for portion in rows.partitions(PORTION):
        lines += _lines(look, [(entry, before, after) for entry, before, after in portion])
    left_out = total - len(lines)
    return lines, left_out, day_of(lines[-1].at, look.zone) if left_out and lines else None


def _wanted(
    look: Look, first: date | None, last: date | None, kind: str | None, who: str
) -> list[ColumnElement[bool]]:
    conditions = []
    if first:
        conditions.append(AuditEntryRow.at >= day_bounds(first, look.zone)[0])
    if last:
        conditions.append(AuditEntryRow.at < day_bounds(last, look.zone)[1])
    if kind:
        conditions.append(AuditEntryRow.kind == kind)
    if who.strip():
        conditions.append(AuditEntryRow.actor_name.contains(who.strip(), autoescape=True))
    return conditions


def _count(look: Look, wanted: list[ColumnElement[bool]]) -> int:
    return look.session.scalar(select(func.count()).select_from(AuditEntryRow).where(*wanted)) or 0


def _newest(wanted: list[ColumnElement[bool]]) -> Query:
    """Entries with what they changed, the newest first."""
    return (
        select(AuditEntryRow, AuditDetailRow.before, AuditDetailRow.after)
        .join(AuditDetailRow, AuditDetailRow.entry_id == AuditEntryRow.id, isouter=True)
        .where(*wanted)
        .order_by(AuditEntryRow.at.desc(), AuditEntryRow.id.desc())
    )


def _lines(look: Look, entries: list[Entry]) -> list[AuditLine]:
    names = names_of(look, entries)
    return [_line(entry, before, after, names) for entry, before, after in entries]


def _line(entry: AuditEntryRow, before: Raw | None, after: Raw | None, names: Names) -> AuditLine:
    kind = KINDS.get(entry.kind)
    return AuditLine(
        entry.id,
        entry.at,
        entry.actor_name,
        NAMELESS.get(entry.actor_kind, entry.actor_kind),
        entry.kind,
        kind.label if kind else entry.kind,
        entry.subject_kind,
        entry.subject_id,
        before,
        after,
        names,
    )
