"""What became of the messages that were due."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Instant


class MessageSendRow(Base):
    """What became of one message that was due: sent, left out, or that word taken back.

    Rows are appended, never changed (only erasure blanks their words): the one with the highest `turn` counts, and
    the turn makes sure that of two people at once only one has said it. `about` is the task a message speaks of.
    """

    __tablename__ = "message_sends"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "code", "about", "due_on", "turn"),
        Index("ix_message_sends_due_on", "due_on"),
        Index("ix_message_sends_patient", "patient_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    code: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(20), default="")
    due_on: Mapped[date]
    turn: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))  # sent | skipped | taken_back
    channel: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
