"""Praise, declared tips and the stories made of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Instant

KEPT = text("text_hash <> ''")


class RecognitionRow(Base):
    __tablename__ = "recognitions"
    __table_args__ = (
        Index("ix_recognitions_day", "day", "state"),
        Index("ix_recognitions_wall", "wall_month", "state"),
        # The same words are praise once; an erasure empties them.
        Index(
            "uq_recognitions_text_hash", "text_hash", unique=True, sqlite_where=KEPT, postgresql_where=KEPT
        ),
        Index("ix_recognitions_staff", "staff_id", "tip_state"),
        Index("ix_recognitions_newest", "staff_id", "id"),
        Index("ix_recognitions_inbox", "state", "day", "id", "may_show", "patient_id", "at"),
        CheckConstraint("tip_fen = 0 OR tip_fen BETWEEN 660 AND 6600", name="tip"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    device: Mapped[str | None] = mapped_column(String(64))  # a mark of the phone, another one each day
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(String(2000))
    text_hash: Mapped[str] = mapped_column(String(64))
    counted: Mapped[int]
    may_show: Mapped[bool] = mapped_column(default=False)  # the writer's consent to the story wall
    state: Mapped[str] = mapped_column(String(10))  # received | approved | kept
    story: Mapped[str] = mapped_column(String(2000), default="")
    wall_month: Mapped[date | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    tip_fen: Mapped[int] = mapped_column(default=0)
    tip_state: Mapped[str] = mapped_column(
        String(12), default="none"
    )  # none | declared | confirmed | not_received
    tip_decided_at: Mapped[datetime | None] = mapped_column(Instant)
