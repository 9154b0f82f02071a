"""Offers, enrolments, tasks, appointments and the one-question survey."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Instant


class OfferRow(Base):
    """The package was explained to an eligible patient: the denominator of uptake."""

    __tablename__ = "offers"
    __table_args__ = (Index("ix_offers_offered_on", "offered_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"))
    offered_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(10))  # thinking | accepted | declined
    reason: Mapped[str] = mapped_column(String(200), default="")
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class EnrolmentRow(Base):
    """One patient, one package version, one anchor date; price and terms pinned."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index("ix_enrolments_patient", "patient_id", "status"),
        Index("ix_enrolments_enrolled_on", "enrolled_on"),
        Index("ix_enrolments_status", "status", "enrolled_on"),
        CheckConstraint("amount_fen >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("package_versions.id"))
    anchor_kind: Mapped[str] = mapped_column(String(12))
    anchor_date: Mapped[date]
    enrolled_on: Mapped[date]
    expires_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(10))  # active | completed | stopped | cancelled
    amount_fen: Mapped[int]
    payment_method: Mapped[str] = mapped_column(String(12))
    receipt_number: Mapped[str] = mapped_column(String(40), unique=True)
    badge_target: Mapped[int | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    refund_fen: Mapped[int] = mapped_column(default=0)
    refunded_on: Mapped[date | None]
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who will call after a gentle stop
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    enrolled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class TaskRow(Base):
    """One thing to deliver or do, scheduled from the pinned version."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "code"),
        Index("ix_tasks_open", "state", "opens_on", "closes_on"),
        Index("ix_tasks_closes_on", "closes_on"),
        Index("ix_tasks_done_on", "done_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    code: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))
    counts_for_badge: Mapped[bool]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(15))  # planned | done | excused | cancelled | not_applicable
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    evidence: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Instant)


class AppointmentRow(Base):
    """A booked visit: attended, missed, or cancelled in time. Also the visits before the pilot."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("ix_appointments_day", "day", "state"),
        Index("ix_appointments_patient", "patient_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))  # booked | attended | no_show | cancelled
    reason: Mapped[str] = mapped_column(String(200), default="")


class SurveyAnswerRow(Base):
    """The one question, 1 to 5; 4 and 5 count as satisfied."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        Index("ix_survey_answers_day", "day"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    day: Mapped[date]
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(Instant)
