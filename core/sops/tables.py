"""Versions of SOPs and who has read and signed them. What is approved stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Document, Instant


class SopVersionRow(Base):
    """One version of a package's SOP. `own` is what the department adds; `document` is the snapshot pinned when
    it is handed in (a SopDocument as JSON, absent in a draft). From approval on nothing changes but the end of
    its life: `retired_on` is the first day on which it no longer applies, `superseded_by` the number that takes
    its place."""

    __tablename__ = "sop_versions"
    __table_args__ = (UniqueConstraint("package_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"), index=True)
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))  # draft | in_review | approved | retired
    code: Mapped[str] = mapped_column(String(24), unique=True)
    own: Mapped[Any] = mapped_column(Document)
    document: Mapped[Any] = mapped_column(Document, nullable=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    effective_on: Mapped[date | None]
    review_on: Mapped[date | None]
    return_reason: Mapped[str] = mapped_column(String(300), default="")
    retired_on: Mapped[date | None]
    retire_reason: Mapped[str] = mapped_column(String(300), default="")
    superseded_by: Mapped[int | None]


class SopReadingRow(Base):
    """Somebody has read and signed one version; `score` of `questions` were right. They differ only in signatures from
    before a wrong answer stopped one."""

    __tablename__ = "sop_readings"
    __table_args__ = (UniqueConstraint("version_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("sop_versions.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    score: Mapped[int]
    questions: Mapped[int]
