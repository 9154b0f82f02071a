"""The health bank: accounts, append-only entries, lots, rewards and vouchers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Instant


class AccountRow(Base):
    """`balance` is materialised: the sum of the account's entries, changed only together with them."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("balance >= 0", name="balance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), unique=True)
    balance: Mapped[int] = mapped_column(default=0)
    opened_on: Mapped[date]


class LedgerEntryRow(Base):
    """One immutable line; the database refuses UPDATE and DELETE."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index("ix_ledger_entries_account", "account_id", "id"),
        Index("ix_ledger_entries_day", "day", "kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(10))  # earn | redeem | expire | interest | adjust | reverse
    points: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    rule: Mapped[str] = mapped_column(String(30), default="")
    source: Mapped[str | None] = mapped_column(String(80), unique=True)  # the event that earned, once only
    reverses_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ledger_entries.id"), unique=True)
    actor_id: Mapped[int | None]
    approver_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    package_id: Mapped[int | None]


class LotRow(Base):
    """What is left of one earning; redeemed soonest-to-expire first."""

    __tablename__ = "lots"
    __table_args__ = (
        Index("ix_lots_account", "account_id", "expires_on", "id"),
        CheckConstraint('"left" >= 0', name="left"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("ledger_entries.id"), unique=True)
    left: Mapped[int]
    expires_on: Mapped[date | None]


class LotUseRow(Base):
    """Which lot paid for which entry, so that a reversal gives back exactly what was taken."""

    __tablename__ = "lot_uses"
    __table_args__ = (UniqueConstraint("entry_id", "lot_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("ledger_entries.id"))
    lot_id: Mapped[int] = mapped_column(BigId, ForeignKey("lots.id"))
    points: Mapped[int]


class RewardRow(Base):
    """Something points or badges buy. `stock` None means unlimited."""

    __tablename__ = "rewards"
    __table_args__ = (CheckConstraint("stock IS NULL OR stock >= 0", name="stock"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))  # points | badges
    cost_points: Mapped[int | None]
    value_fen: Mapped[int | None]
    valid_days: Mapped[int] = mapped_column(default=180)
    terms: Mapped[str] = mapped_column(String(500), default="")
    stock: Mapped[int | None]
    needs_signoff: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class VoucherRow(Base):
    """A reward a patient holds; the code is shown at the counter."""

    __tablename__ = "vouchers"
    __table_args__ = (Index("ix_vouchers_patient", "patient_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    entry_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ledger_entries.id"))
    state: Mapped[str] = mapped_column(String(10))  # issued | redeemed | cancelled
    issued_at: Mapped[datetime] = mapped_column(Instant)
    valid_until: Mapped[date]
    redeemed_at: Mapped[datetime | None] = mapped_column(Instant)
    redeemed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
