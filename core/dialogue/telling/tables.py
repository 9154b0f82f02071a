"""The ways to staff who are not looking, what goes there, and the links that open one case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

UNSENT = text("state IN ('waiting', 'sending', 'failed')")


class ChannelRow(Base):
    """A way to staff who are not looking at the screen. The address with its key is kept encrypted."""

    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # wecom | dingtalk | feishu | mail | webhook
    name: Mapped[str] = mapped_column(String(40))
    secret: Mapped[str] = mapped_column(String(4000))
    roles: Mapped[Any] = mapped_column(Document)  # who reads it: nurse | doctor | manager
    active: Mapped[bool] = mapped_column(default=True)
    tested_at: Mapped[datetime | None] = mapped_column(Instant)
    tested: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class OutboxRow(Base):
    """One message to staff on its way: waiting, sending, sent, unclear, failed, given_up."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("channel_id", "occasion"),
        Index("ix_outbox_next", "next_at", sqlite_where=UNSENT, postgresql_where=UNSENT),
        Index("ix_outbox_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    occasion: Mapped[str] = mapped_column(
        String(60)
    )  # "run:12:rung_1": what it is said for, once per channel
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # whose one-time link it carries
    words: Mapped[str] = mapped_column(String(2000))
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)


class DutyPassRow(Base):
    """A one-time link for the person on duty, to one case, from outside the house."""

    __tablename__ = "duty_passes"
    __table_args__ = (Index("ix_duty_passes_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    session_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
