"""The audit trail: who did what to whom, when, before and after. Append-only.

What is personal in an entry lies in `audit_details`, which an erasure may blank; the entry
itself stays for ever (the database refuses UPDATE and DELETE on it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant


class AuditEntryRow(Base):
    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_kind_at", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None]


class AuditDetailRow(Base):
    __tablename__ = "audit_details"

    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("audit_entries.id"), primary_key=True)
    before: Mapped[Any] = mapped_column(Document, nullable=True)
    after: Mapped[Any] = mapped_column(Document, nullable=True)


@dataclass(frozen=True)
class AuditKind:
    """A kind of deed: its name for people (gettext source), and which of its details are personal.

    Erasing a person blanks exactly the `personal` keys of before and after (`core.people.erasure`).
    """

    code: str
    label: str
    personal: tuple[str, ...]


KINDS: dict[str, AuditKind] = {}


def declare(code: str, label: str, personal: tuple[str, ...] = ()) -> str:
    """Register an audit kind at the top of the module whose deed writes it; returns the code."""
    if code in KINDS and KINDS[code].label != label:
        raise ValueError(f"audit kind {code} is declared twice")
    KINDS[code] = AuditKind(code, label, personal)
    return code
