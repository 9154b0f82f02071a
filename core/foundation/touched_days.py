"""Days whose facts have changed since the measures were last counted.

A deed marks the days it touches in its own transaction; `core.insight.rollups` recounts them
before it reads. Recounting is idempotent, incrementing would not be.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.foundation.database import Base, BigId, connection_of
from core.foundation.fast.statements import Hot


class TouchedDayRow(Base):
    """One mark; several marks of one day are normal and are cleared together."""

    __tablename__ = "touched_days"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    day: Mapped[date] = mapped_column(index=True)


_TOUCH = Hot(insert(TouchedDayRow).inline(), ("day",))


def touch(session: Session, days: Iterable[date]) -> None:
    """Mark days as changed (the department's calendar days)."""
    for day in sorted(set(days)):
        _TOUCH.change(connection_of(session), day=day)


def touched(session: Session) -> list[date]:
    return list(session.scalars(select(TouchedDayRow.day).distinct()))
