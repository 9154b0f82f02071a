"""Whether two databases hold the same: rows and a hash of every table, sums that people know, and what protects a table.

A hash is the sum of the hashes of its rows, so that it needs no order: engines sort texts differently.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Connection, Table, func, inspect, select, text

from core.bank.tables import LedgerEntryRow
from core.care.tables import AppointmentRow, EnrolmentRow, RefundRow, TaskRow
from core.foundation.audit import AuditEntryRow
from core.foundation.language import N_
from core.foundation.open_types import Query
from core.operations.schema import metadata
from core.people.tables import PatientRow

AT_ONCE = 5_000
_ROOM = 1 << 256
_FILE = re.compile(r"\b([0-9a-f]{2})/\1[0-9a-f]{62}\.[a-z0-9]{1,8}\b")
# These remember files that went on purpose.
MEMORIES = ("audit_entries", "audit_details", "requests")

# What somebody who knows the department recognises; money in fen.
SUMS: dict[str, Query] = {
    N_("patients"): select(func.count()).select_from(PatientRow),
    N_("visits"): select(func.count()).select_from(AppointmentRow),
    N_("tasks"): select(func.count()).select_from(TaskRow),
    N_("paid for packages (fen)"): select(func.coalesce(func.sum(EnrolmentRow.amount_fen), 0)),
    N_("refunded (fen)"): select(func.coalesce(func.sum(RefundRow.amount_fen), 0)),
    N_("points in all accounts"): select(func.coalesce(func.sum(LedgerEntryRow.points), 0)),
    N_("entries of the audit trail"): select(func.count()).select_from(AuditEntryRow),
}


@dataclass
class Contents:
    """What a table holds: how many rows, their hash, and the keys of the stored files they name."""

    rows: int = 0
    hash: int = 0
    files: set[str] = field(default_factory=set)

    def same(self, other: Contents) -> bool:
        return (self.rows, self.hash) == (other.rows, other.hash)


def contents(link: Connection, table: Table) -> Contents:
    """Everything in a table, read as the programme reads it."""
    found = Contents()
    documents = [place for place, column in enumerate(table.columns) if isinstance(column.type, JSON)]
    listed = table.name not in MEMORIES
    rows = link.execute(select(*table.columns), execution_options={"yield_per": AT_ONCE})
    for row in rows:
        values = list(row)
        for place in documents:
            values[place] = _plain(values[place])
        line = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
        found.rows += 1
        found.hash += int.from_bytes(hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest())
        if listed and "/" in line:
            found.files.update(match[0] for match in _FILE.finditer(line))
    found.hash %= _ROOM
    return found


def sums(link: Connection) -> dict[str, int]:
    return {name: int(link.execute(query).scalar() or 0) for name, query in SUMS.items()}


def guarded(link: Connection) -> set[str]:
    """The tables whose rows a trigger protects."""
    if link.dialect.name == "sqlite":
        query = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND tgenabled <> 'D' AND relnamespace = current_schema()::regnamespace"
        )
    return set(link.execute(text(query)).scalars())


def occupied(link: Connection) -> str | None:
    """A table or view that is in the way: one of somebody else, or one of ours that holds something. None for an empty
    database, and for one in which PilotDesk was started but nothing entered."""
    inspector = inspect(link)
    ours = {table.name for table in metadata.sorted_tables}
    for name in [*inspector.get_table_names(), *inspector.get_view_names()]:
        if name == "alembic_version":
            continue
        if (
            name not in ours
            or link.execute(select(text("1")).select_from(text(f'"{name}"')).limit(1)).first()
        ):
            return name
    return None


def _plain(value: Any) -> Any:
    """JSON as both engines give it back: PostgreSQL writes 1e2 as 100."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
