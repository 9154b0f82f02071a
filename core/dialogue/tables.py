"""What waits for us and what was said: cases, the thread, calls, and what a department set for the conversation.

Nothing of it is edited: a case keeps its whole history in `case_events`. Rows of one sub-room stand there.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

UNSETTLED = text("state IN ('open', 'answered')")


class PostRow(Base):
    """One word of the thread of a journey: hers, the team's, or the house's own."""

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_enrolment", "enrolment_id", "id"),
        Index("ix_posts_case", "case_id", "id"),
        Index("ix_posts_patient", "patient_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    by: Mapped[str] = mapped_column(String(10))  # patient | family | guardian | staff | house
    author: Mapped[str] = mapped_column(String(40), default="")
    link_id: Mapped[int | None] = mapped_column(ForeignKey("phone_links.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(String(2000), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class CaseRow(Base):
    """Something of hers that waits for us: an alert, a question, a film, a yellow sign, a silence."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_unsettled", "state", "kind", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
        Index("ix_cases_enrolment", "enrolment_id", "id"),
        Index("ix_cases_patient", "patient_id", "id"),
        Index("ix_cases_opened", "opened_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)  # all that leaves the house says only this
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    kind: Mapped[str] = mapped_column(String(10))  # alert | question | film | sign | silence
    level: Mapped[str] = mapped_column(String(10), default="")  # red | orange | yellow | ""
    state: Mapped[str] = mapped_column(String(10))  # open | answered | closed | withdrawn
    why: Mapped[Any] = mapped_column(
        Document
    )  # list of texts: the signs she ticked, the rules her answer met
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(
        Instant
    )  # our last answer, None while her word is the last
    decision: Mapped[str] = mapped_column(String(12), default="")  # watch | come_in | emergency
    decision_on: Mapped[date | None]
    advice: Mapped[str] = mapped_column(String(500), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class CaseEventRow(Base):
    """What happened to a case, in order; the newest number tells every desk that something changed. Append-only."""

    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_case", "case_id", "id"), Index("ix_case_events_at", "at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(String(300), default="")


class CallRow(Base):
    """One try to reach her by telephone and what came of it."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_patient", "patient_id", "id"),
        Index("ix_calls_case", "case_id", "id"),
        Index("ix_calls_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(300), default="")
    next_try_at: Mapped[datetime | None] = mapped_column(Instant)


class RulesTakenRow(Base):
    """Rules, promises and signs of a newer version that a named person let count for a running course."""

    __tablename__ = "rules_taken"
    __table_args__ = (Index("ix_rules_taken_enrolment", "enrolment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("package_versions.id"))
    reason: Mapped[str] = mapped_column(String(200))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class TextModuleRow(Base):
    """A sentence the team uses again and again, found by a few letters."""

    __tablename__ = "text_modules"

    id: Mapped[int] = mapped_column(primary_key=True)
    short: Mapped[str] = mapped_column(String(20), unique=True)
    words: Mapped[str] = mapped_column(String(1000))
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class DialogueSwitchRow(Base):
    """What a department switches on for the conversation: the duty page outside, sending after a restore, …"""

    __tablename__ = "dialogue_switches"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[Any] = mapped_column(Document)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
