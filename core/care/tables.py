"""Going live, offers, enrolments, tasks, appointments, the one-question survey, growth and gentle stops."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

ACTIVE = text("status = 'active'")
STANDING = text("withdrawn_at IS NULL")
PLANNED = text("coalesce(state, '') = 'planned'")


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
        Index("ix_enrolments_ended", "status", "ended_on"),
        Index("ix_enrolments_running", "expires_on", sqlite_where=ACTIVE, postgresql_where=ACTIVE),
        # Two front desks at once: the second active enrolment of the same package is refused by the database.
        Index(
            "uq_enrolments_active",
            "patient_id",
            "package_id",
            unique=True,
            sqlite_where=ACTIVE,
            postgresql_where=ACTIVE,
        ),
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
    status: Mapped[str] = mapped_column(String(10))  # active | completed | run_out | stopped | cancelled
    amount_fen: Mapped[int]
    payment_method: Mapped[str] = mapped_column(String(12))
    receipt_number: Mapped[str] = mapped_column(String(40), unique=True)
    badge_target: Mapped[int | None]
    badge_promised: Mapped[int | None]  # the lowest target so far; the target never rises above it again
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    refund_fen: Mapped[int] = mapped_column(default=0)
    refunded_on: Mapped[date | None]
    enrolled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class RefundRow(Base):
    """Money paid back for an enrolment, or (negative, `reverses_id`) such a refund taken back. `enrolments.refund_fen` and
    `refunded_on` are the sum and the last day of them, kept by `core.care.sale.refund_rows` alone."""

    __tablename__ = "refunds"
    __table_args__ = (
        Index("ix_refunds_enrolment", "enrolment_id", "id"),
        Index("ix_refunds_day", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    number: Mapped[str] = mapped_column(String(50), unique=True)  # of the slip
    amount_fen: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    cause: Mapped[str] = mapped_column(String(16), default="")
    rule_fen: Mapped[int | None]  # what the rule gave; None where there was no rule
    rule_from: Mapped[str] = mapped_column(String(10), default="")  # sold | entered | ""
    lines: Mapped[Any] = mapped_column(Document, nullable=True)  # the reckoning, as `refund_rules.Line.kept`
    reason: Mapped[str] = mapped_column(String(200), default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)
    amends: Mapped[bool] = mapped_column(
        default=False
    )  # paid for a missed promise, whatever becomes of the course


class CourseEndingRow(Base):
    """How a course ended and what that took, so that a mistake can be taken back: reopened once, with a reason."""

    __tablename__ = "course_endings"
    __table_args__ = (Index("ix_course_endings_enrolment", "enrolment_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    status: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    took: Mapped[Any] = mapped_column(Document)
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reopen_reason: Mapped[str] = mapped_column(String(200), default="")


class TaskRow(Base):
    """One thing to deliver or do, scheduled from the pinned version."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "code"),
        # With the code, so that the messages of a day find theirs among all that opens on it.
        Index("ix_tasks_open", "state", "opens_on", "closes_on", "code", "enrolment_id"),
        Index("ix_tasks_closes_on", "closes_on"),
        Index("ix_tasks_done_on", "done_on"),
        Index("ix_tasks_changed", "state", "changed_at"),
        # The few of all tasks that are still to do, by the end of their window, with all that a list is counted by. The
        # state stands in front because SQLite, which knows no frequencies here, takes an equality first; the condition
        # is one that no other statement has by chance, or SQLite would take this index for them as well.
        Index(
            "ix_tasks_planned", "state", "closes_on", "opens_on", "enrolment_id", "code", "role",
            sqlite_where=PLANNED, postgresql_where=PLANNED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    code: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))
    counts_for_badge: Mapped[bool]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(15))  # planned | done | excused | cancelled | not_applicable
    done_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Instant)  # as told; `changed_at` is when it was recorded
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    evidence: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Instant)


# Tasks that are known already (a person's, a visit's) are only asked: SQLite would take an index of states before theirs.
IS_STILL_PLANNED = func.coalesce(TaskRow.state, literal_column("''")) == literal_column("'planned'")
# Where many are looked through by the end of their window: both together are found by `ix_tasks_planned`.
IS_PLANNED = and_(TaskRow.state == "planned", IS_STILL_PLANNED)


class AppointmentRow(Base):
    """A booked visit: attended, missed, or cancelled in time. Also the visits before the pilot.

    A visit of the baseline may belong to nobody in the house's list: it then counts without a person.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        Index("ix_appointments_day", "day", "state"),
        Index("ix_appointments_state", "state", "day", "task_id"),
        Index("ix_appointments_patient", "patient_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))  # booked | attended | no_show | cancelled
    reason: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Instant)


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


class GrowthMeasurementRow(Base):
    """One ultrasound measurement; never edited, only struck out with a reason and entered anew."""

    __tablename__ = "growth_measurements"
    __table_args__ = (Index("ix_growth_measurements_patient", "patient_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    day: Mapped[date]
    ga_days: Mapped[int]
    hc_mm: Mapped[float | None]
    ac_mm: Mapped[float | None]
    fl_mm: Mapped[float | None]
    efw_g: Mapped[int | None]
    formula: Mapped[str] = mapped_column(String(20), default="")  # where efw_g comes from
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    struck_at: Mapped[datetime | None] = mapped_column(Instant)
    struck_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    strike_reason: Mapped[str] = mapped_column(String(200), default="")


class GentleStopRow(Base):
    """One clinician's act that silenced everything for a patient; `took` is what a mistaken stop gives back."""

    __tablename__ = "gentle_stops"
    __table_args__ = (Index("ix_gentle_stops_open", "called_at", "lifted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # loss | death | transfer | complaint | other
    note: Mapped[str] = mapped_column(String(300), default="")
    caller_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    refund_proposed: Mapped[bool]
    took: Mapped[Any] = mapped_column(Document)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    stopped_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    called_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    call_note: Mapped[str] = mapped_column(String(300), default="")
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lift_reason: Mapped[str] = mapped_column(String(200), default="")


class ReadinessOverrideRow(Base):
    """A point of the go-live list that a manager set aside with a reason; it counts until it is withdrawn."""

    __tablename__ = "readiness_overrides"
    __table_args__ = (
        Index(
            "uq_readiness_overrides_standing", "package_id", "point",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"), index=True)
    point: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class GoLiveRow(Base):
    """A package went on sale to patients; `states` is what each point of the list said then. Append-only."""

    __tablename__ = "go_lives"

    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"), primary_key=True)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    states: Mapped[Any] = mapped_column(Document)
