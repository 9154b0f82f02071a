"""Daily roll-ups: one row per day, package and measure."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base


class DailyCountRow(Base):
    """`package_id` 0 holds what belongs to no package. Numerator and denominator add up over days."""

    __tablename__ = "daily_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numerator: Mapped[int] = mapped_column(BigInteger)
    denominator: Mapped[int] = mapped_column(BigInteger)
