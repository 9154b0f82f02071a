"""Places, signed-off features and print runs of the department."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Instant


class LocationRow(Base):
    """A nurse station, clinic door, ultrasound room …: where tasks happen and praise posters hang."""

    __tablename__ = "locations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    floor: Mapped[str] = mapped_column(String(40), default="")
    route: Mapped[str] = mapped_column(String(300), default="")
    wait_minutes: Mapped[int | None]
    praise_code: Mapped[str] = mapped_column(String(12), unique=True)
    active: Mapped[bool] = mapped_column(default=True)


class SwitchRow(Base):
    """A sensitive feature, on only while somebody has signed for it: who, which document, until when."""

    __tablename__ = "switches"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    on: Mapped[bool] = mapped_column(default=False)
    signed_by: Mapped[str] = mapped_column(String(80), default="")
    document_number: Mapped[str] = mapped_column(String(80), default="")
    review_on: Mapped[date | None]
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class PrintRunRow(Base):
    """Something was printed for the walls: the posters, or the price list (of one package, or of all)."""

    __tablename__ = "print_runs"
    __table_args__ = (Index("ix_print_runs_kind_day", "kind", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # posters | price_list
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    day: Mapped[date]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
