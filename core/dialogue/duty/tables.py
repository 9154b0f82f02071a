"""Who answers for a role in a span of time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Document, Instant


class DutySpanRow(Base):
    """Who answers for a role in a span of time, and whether she took the shift and handed it over."""

    __tablename__ = "duty_spans"
    __table_args__ = (
        Index("ix_duty_spans_role", "role", "starts_at"),
        Index("ix_duty_spans_ends", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(10))  # nurse | doctor
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    phone: Mapped[str] = mapped_column(String(40))
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    backup_phone: Mapped[str] = mapped_column(String(40), default="")
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(500), default="")
    open_cases: Mapped[Any] = mapped_column(Document, nullable=True)
    warned_at: Mapped[datetime | None] = mapped_column(Instant)  # told that nobody took it
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
