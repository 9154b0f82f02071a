"""Promises as rows of instants, the steps taken in them, silence, and the days on which a house works."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

UNMET = text("met_at IS NULL AND ended_at IS NULL")


class PromiseRunRow(Base):
    """One run of a promise's clock for one case: from her word until our answer (`met_at`), or until the case left
    the queue for another reason (`ended_at`). Met at or before `due_at` is kept, later is missed and later answered."""

    __tablename__ = "promise_runs"
    __table_args__ = (
        Index("ix_promise_runs_case", "case_id", "id"),
        Index("ix_promise_runs_started", "started_at"),
        Index("ix_promise_runs_due", "due_at", sqlite_where=UNMET, postgresql_where=UNMET),
        Index("uq_promise_runs_running", "case_id", unique=True, sqlite_where=UNMET, postgresql_where=UNMET),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(10))  # a kind of `core.packages.promises`
    role: Mapped[str] = mapped_column(String(10))  # who answers: nurse | doctor
    minutes: Mapped[int]
    day: Mapped[date | None] = mapped_column(index=True)  # of her word, in the department's zone
    started_at: Mapped[datetime] = mapped_column(Instant)
    begins_at: Mapped[datetime] = mapped_column(Instant)  # asked outside the spans: the next opening
    warn_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    met_at: Mapped[datetime | None] = mapped_column(Instant)
    met_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PromiseStepRow(Base):
    """A step of a running promise that was taken: the warning, a rung of the ladder, the miss. Once each."""

    __tablename__ = "promise_steps"
    __table_args__ = (UniqueConstraint("run_id", "step"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("promise_runs.id"))
    step: Mapped[str] = mapped_column(String(12))  # told | rung_1 … | warning | missed
    due_at: Mapped[datetime] = mapped_column(Instant)
    noticed_at: Mapped[datetime] = mapped_column(Instant)  # later than due where the house was down
    told: Mapped[Any] = mapped_column(Document)  # numbers of the staff who were told


class SilenceStepRow(Base):
    """Since her last sign of life at `since` we wrote, or asked a colleague to call. Once each."""

    __tablename__ = "silence_steps"
    __table_args__ = (UniqueConstraint("enrolment_id", "since", "step"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    since: Mapped[datetime] = mapped_column(Instant)
    step: Mapped[str] = mapped_column(String(10))  # message | call
    at: Mapped[datetime] = mapped_column(Instant)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))


class CalendarDayRow(Base):
    """A public holiday, or a weekend day on which everybody works (China moves them, and publishes it yearly)."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # holiday | workday
    name: Mapped[str] = mapped_column(String(40), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
