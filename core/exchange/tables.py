"""How somebody explained the headers of a file, for the next file of the same headers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Document, Instant
from core.foundation.open_types import Raw


class LayoutRow(Base):
    """No header and no cell is kept, only the digest of the headers, the places of the columns and the words of states."""

    __tablename__ = "table_layouts"
    __table_args__ = (Index("ix_table_layouts_kind", "kind", "at"),)

    headers_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # patients | visits
    columns: Mapped[Raw] = mapped_column(Document)
    words: Mapped[Raw] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
