"""What was bought and what became of it: uses told or taken back, refund rules entered for versions sold before, amends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

STANDING = text("undone_at IS NULL")


class EntitlementMarkRow(Base):
    """What somebody told about an entitlement beside the facts that count themselves: a use by hand, a counted use taken
    back, one more given. Taken back itself by `undone_at`."""

    __tablename__ = "entitlement_marks"
    __table_args__ = (
        Index("ix_entitlement_marks_enrolment", "enrolment_id", "id"),
        # One counted use is taken back once.
        Index(
            "uq_entitlement_marks_standing", "enrolment_id", "code", "source", "ref",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))  # used | taken_back | given
    # Of a use taken back: by what it was counted and the number of that fact. Else NULL: two of them are two.
    source: Mapped[str | None] = mapped_column(String(10))
    ref: Mapped[int | None] = mapped_column(BigInteger)
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undo_reason: Mapped[str] = mapped_column(String(200), default="")


class RefundRuleRow(Base):
    """The refund rule of a version that was sold before rules were fields; entered once by a manager who has compared it
    with the text."""

    __tablename__ = "refund_rules"

    version_id: Mapped[int] = mapped_column(ForeignKey("package_versions.id"), primary_key=True)
    rule: Mapped[Any] = mapped_column(Document)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class AmendsRow(Base):
    """What a missed promise owes her: the apology and what goes with it, drafted once for each run of the clock."""

    __tablename__ = "amends"
    __table_args__ = (
        Index("ix_amends_state", "state", "id"),
        Index("ix_amends_enrolment", "enrolment_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("promise_runs.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # a kind of `core.packages.promises`
    state: Mapped[str] = mapped_column(String(10))  # drafted | sent | dropped
    words: Mapped[str] = mapped_column(String(2000))
    offer: Mapped[str] = mapped_column(String(12), default="nothing")  # nothing | entitlement | refund
    entitlement: Mapped[str | None] = mapped_column(String(20))
    refund_fen: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    mark_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement_marks.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"))
