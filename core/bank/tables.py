"""The health bank: accounts, append-only entries, lots, interest years, rewards and vouchers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

NEVER = date(9999, 12, 31)  # a day instead of NULL, because the engines sort NULL to different ends


class AccountRow(Base):
    """`balance` is materialised: the sum of the account's entries, changed only together with them.

    `next_due_on` is the first day on which something falls due by itself (a lot expires, an interest
    year ends); it may be too early, never too late. `settled_to` is the last anniversary that was settled.
    """

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("balance >= 0", name="balance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), unique=True)
    balance: Mapped[int] = mapped_column(default=0)
    opened_on: Mapped[date]
    settled_to: Mapped[date]
    next_due_on: Mapped[date] = mapped_column(index=True)


class LedgerEntryRow(Base):
    """One immutable line; the database refuses UPDATE and DELETE, and lines that make no sense."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index("ix_ledger_entries_account", "account_id", "id"),
        Index("ix_ledger_entries_day", "day", "kind"),
        CheckConstraint("kind IN ('earn', 'redeem', 'expire', 'interest', 'adjust', 'reverse')", name="kind"),
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("kind NOT IN ('earn', 'interest') OR points > 0", name="gain"),
        CheckConstraint("kind NOT IN ('redeem', 'expire') OR points < 0", name="loss"),
        CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint("kind <> 'adjust' OR coalesce(approver_id <> actor_id, false)", name="second_person"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(10))  # earn | redeem | expire | interest | adjust | reverse
    points: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    rule: Mapped[str] = mapped_column(String(30), default="")
    # The event that earned, once only; by bytes, so that a range finds those of one event.
    source: Mapped[str | None] = mapped_column(
        String(80).with_variant(String(80, collation="C"), "postgresql"), unique=True
    )
    reverses_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ledger_entries.id"), unique=True)
    actor_id: Mapped[int | None]
    approver_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    package_id: Mapped[int | None]


class LotRow(Base):
    """What is left of one earning; redeemed soonest-to-expire first, gone at the start of `expires_on`."""

    __tablename__ = "lots"
    __table_args__ = (
        # Only what is left: years of spent lots must not slow the next redemption down.
        Index(
            "ix_lots_live", "account_id", "expires_on", "id",
            sqlite_where=text('"left" > 0'), postgresql_where=text('"left" > 0'),
        ),
        CheckConstraint('"left" >= 0', name="left"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("ledger_entries.id"), unique=True)
    points: Mapped[int]
    left: Mapped[int]
    expires_on: Mapped[date]


class LotUseRow(Base):
    """Which lot paid for which entry, so that a reversal gives back exactly what was taken.

    Negative points gave something back. A lot's `left` is its points less its uses.
    """

    __tablename__ = "lot_uses"
    __table_args__ = (UniqueConstraint("entry_id", "lot_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("ledger_entries.id"))
    lot_id: Mapped[int] = mapped_column(BigId, ForeignKey("lots.id"), index=True)
    points: Mapped[int]


class InterestYearRow(Base):
    """One settled interest year with its whole reckoning; `posted` 0 has no entry. Never changed."""

    __tablename__ = "interest_years"
    __table_args__ = (UniqueConstraint("account_id", "ends_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    begins_on: Mapped[date]
    ends_on: Mapped[date]  # the anniversary, not part of the year
    posted: Mapped[int]
    entry_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ledger_entries.id"), unique=True)
    reckoning: Mapped[Any] = mapped_column(Document)


class BankTermsRow(Base):
    """The terms of the bank from a day on; an interest year keeps those of its first day. Never changed."""

    __tablename__ = "bank_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(index=True)
    terms: Mapped[Any] = mapped_column(Document)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class AdjustmentRow(Base):
    """A proposed adjustment waiting for its second person."""

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="second_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), index=True)  # proposed | approved | declined
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    entry_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ledger_entries.id"))


class RewardRow(Base):
    """Something points or badges buy. `stock` None means unlimited.

    `listed_stock` is what the published document last said: publishing again without changing it
    leaves the count on the shelf alone.
    """

    __tablename__ = "rewards"
    __table_args__ = (
        UniqueConstraint("package_id", "code"),
        CheckConstraint("stock IS NULL OR stock >= 0", name="stock"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))  # points | badges
    cost_points: Mapped[int | None]
    value_fen: Mapped[int | None]
    valid_days: Mapped[int] = mapped_column(default=180)
    terms: Mapped[str] = mapped_column(String(500), default="")
    stock: Mapped[int | None]
    listed_stock: Mapped[int | None]
    needs_signoff: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class VoucherRow(Base):
    """A reward a patient holds; the code is shown at the counter. Name, terms and worth are pinned."""

    __tablename__ = "vouchers"
    __table_args__ = (
        Index("ix_vouchers_patient", "patient_id", "state"),
        Index("ix_vouchers_enrolment", "enrolment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    entry_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ledger_entries.id"), unique=True)
    source: Mapped[str | None] = mapped_column(String(80), unique=True)  # whose badges earned it, once only
    name: Mapped[str] = mapped_column(String(80))
    terms: Mapped[str] = mapped_column(String(500), default="")
    value_fen: Mapped[int | None]
    cost_points: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))  # issued | redeemed | cancelled
    issued_at: Mapped[datetime] = mapped_column(Instant)
    valid_until: Mapped[date]  # the last day
    redeemed_at: Mapped[datetime | None] = mapped_column(Instant)
    redeemed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")


# The same tables for statements without the unit of work.
ACCOUNTS = cast(Table, AccountRow.__table__)
ENTRIES = cast(Table, LedgerEntryRow.__table__)
LOTS = cast(Table, LotRow.__table__)
LOT_USES = cast(Table, LotUseRow.__table__)
INTEREST_YEARS = cast(Table, InterestYearRow.__table__)
REWARDS = cast(Table, RewardRow.__table__)
VOUCHERS = cast(Table, VoucherRow.__table__)
