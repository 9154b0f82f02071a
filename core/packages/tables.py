"""Packages and their versions. What is published stays as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Document, Instant


class PackageRow(Base):
    __tablename__ = "packages"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    on_sale: Mapped[bool] = mapped_column(default=True)


class PackageVersionRow(Base):
    """`number` is 0 for the one draft, 1, 2, … for published versions; `document` is a PackageDocument as
    JSON."""

    __tablename__ = "package_versions"
    __table_args__ = (UniqueConstraint("package_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"), index=True)
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))  # draft | published | retired
    document: Mapped[Any] = mapped_column(Document)
    price_fen: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class SettledTextRow(Base):
    """Somebody said that `literal` (an amount, a telephone, a place written out) is right in a text of the package, which is
    known by its words (SHA-256): a changed text is asked about anew."""

    __tablename__ = "settled_texts"
    __table_args__ = (UniqueConstraint("package_id", "digest", "literal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    literal: Mapped[str] = mapped_column(String(80))
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
