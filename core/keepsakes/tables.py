"""Albums and their photos."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Instant


class AlbumRow(Base):
    __tablename__ = "albums"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(60))  # as the patient wishes to be named
    doctor_name: Mapped[str] = mapped_column(String(40), default="")
    doctor_message: Mapped[str] = mapped_column(String(1000), default="")
    nurse_name: Mapped[str] = mapped_column(String(40), default="")
    nurse_message: Mapped[str] = mapped_column(String(1000), default="")
    shape: Mapped[str] = mapped_column(String(10), default="square")  # square | landscape
    changed_at: Mapped[datetime] = mapped_column(Instant)


class AlbumPhotoRow(Base):
    __tablename__ = "album_photos"
    __table_args__ = (Index("ix_album_photos_album", "album_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    album_id: Mapped[int] = mapped_column(ForeignKey("albums.id"))
    media_key: Mapped[str] = mapped_column(String(120))
    width: Mapped[int]
    height: Mapped[int]
    caption: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int]
