"""What she answered and which dose is hers. Nothing is edited: a newer row stands beside the older one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

STANDING = text("replaced_at IS NULL")


class AnswerRow(Base):
    """What was answered to one task: by her, by somebody of her family, or by staff for her. The one without
    `replaced_at` counts; older ones stay."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_enrolment", "enrolment_id", "at"),
        Index("ix_answers_patient", "patient_id", "at"),
        Index("ix_answers_task", "task_id", "id"),
        Index(
            "uq_answers_standing", "task_id", "kind",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(10))  # patient | family | guardian | staff
    author: Mapped[str] = mapped_column(String(40), default="")  # "" for the patient herself
    link_id: Mapped[int | None] = mapped_column(ForeignKey("phone_links.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(
        String(10)
    )  # tick | count | scale | value | checklist | photo | video | words
    number: Mapped[float | None]
    ticks: Mapped[Any] = mapped_column(Document, nullable=True)  # positions of the ticked items, from 1
    words: Mapped[str] = mapped_column(String(500), default="")
    level: Mapped[str] = mapped_column(String(10), default="")  # "" | yellow | orange | red
    hits: Mapped[Any] = mapped_column(Document, nullable=True)  # the rules it met, as they were said to her
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)


class DoseRow(Base):
    """Her own dose of a task, set by the role the package names; the one without `replaced_at` counts."""

    __tablename__ = "doses"
    __table_args__ = (
        Index("ix_doses_enrolment", "enrolment_id", "id"),
        Index(
            "uq_doses_standing", "enrolment_id", "task_code",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    task_code: Mapped[str] = mapped_column(String(20))
    sets: Mapped[int]
    reps: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)
