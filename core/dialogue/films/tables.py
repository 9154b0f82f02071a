"""Films, photos and voice notes: the recording, a film on its way here, what was said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant


class RecordingRow(Base):
    """A film, photo or voice note of the conversation; the file is named by its content."""

    __tablename__ = "recordings"
    __table_args__ = (
        Index("ix_recordings_patient", "patient_id", "id"),
        Index("ix_recordings_state", "state", "id"),
        Index("ix_recordings_task", "task_id"),
        Index("ix_recordings_post", "post_id"),
        Index("ix_recordings_case", "case_id"),
        Index("ix_recordings_key", "key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id")
    )  # in which a film waits for its review
    kind: Mapped[str] = mapped_column(String(10))  # film | photo | voice
    by: Mapped[str] = mapped_column(String(10))  # patient | family | guardian | staff
    author: Mapped[str] = mapped_column(String(40), default="")
    link_id: Mapped[int | None] = mapped_column(ForeignKey("phone_links.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(
        String(12)
    )  # receiving | checking | converting | ready | refused | deleted
    reason: Mapped[str] = mapped_column(String(40), default="")
    key: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)


class UploadRow(Base):
    """A film on its way here, piece by piece; gone when it has arrived or was given up."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_touched", "touched_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    first_hash: Mapped[str] = mapped_column(String(64), default="")
    last_hash: Mapped[str] = mapped_column(String(64), default="")
    last_from: Mapped[int] = mapped_column(BigInteger)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    touched_at: Mapped[datetime] = mapped_column(Instant)


class FilmReviewRow(Base):
    """What a nurse said of a film: ticked lines of the rubric, a verdict, one sentence she reads."""

    __tablename__ = "film_reviews"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), unique=True)
    verdict: Mapped[str] = mapped_column(String(10))  # well_done | change | come_in
    rubric: Mapped[Any] = mapped_column(Document)  # positions of the ticked lines, from 1
    marks: Mapped[Any] = mapped_column(Document)  # [[second, word], …]
    sentence: Mapped[str] = mapped_column(String(500))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
