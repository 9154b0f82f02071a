"""The choice of the pilot department. Once decided, nothing of a study changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, Document, Instant


class ChoiceStudyRow(Base):
    """A study of which department begins. `frame` keeps the criteria it was begun with; `points` and `judgements`
    are both kept, `method` says which of them weighs. Once a decision exists nothing of a study changes."""

    __tablename__ = "choice_studies"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10))  # draft | decided
    example: Mapped[bool]
    follows: Mapped[int | None] = mapped_column(ForeignKey("choice_studies.id"))
    frame: Mapped[Any] = mapped_column(Document)
    method: Mapped[str] = mapped_column(String(10))  # slider | pairwise
    points: Mapped[Any] = mapped_column(Document)
    judgements: Mapped[Any] = mapped_column(Document)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ChoiceCandidateRow(Base):
    """A department that might begin; its figures are kept as they were typed."""

    __tablename__ = "choice_candidates"
    __table_args__ = (UniqueConstraint("study_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("choice_studies.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    patients_per_month: Mapped[str] = mapped_column(String(40))
    visits_per_journey: Mapped[str] = mapped_column(String(40))
    notes: Mapped[str] = mapped_column(String(300))


class ChoiceKnockoutRow(Base):
    """The answer to one knock-out: "clear", "out" or "" (not checked yet), and what it rests on."""

    __tablename__ = "choice_knockouts"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("choice_candidates.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    answer: Mapped[str] = mapped_column(String(5))
    evidence: Mapped[str] = mapped_column(String(200))


class ChoiceScoreRow(Base):
    __tablename__ = "choice_scores"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),)

    candidate_id: Mapped[int] = mapped_column(ForeignKey("choice_candidates.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    score: Mapped[int]


class ChoiceDecisionRow(Base):
    """Who decided what and why: one per study, never changed."""

    __tablename__ = "choice_decisions"

    study_id: Mapped[int] = mapped_column(ForeignKey("choice_studies.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("choice_candidates.id"))
    reason: Mapped[str] = mapped_column(String(600))
    decided_by: Mapped[str] = mapped_column(String(60))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)
