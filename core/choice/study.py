"""A study of which department begins, as it is read: candidates with answers and scores, weights, decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.choice.criteria import Frame, Knockout, frame_of
from core.choice.tables import (
    ChoiceCandidateRow,
    ChoiceDecisionRow,
    ChoiceKnockoutRow,
    ChoiceScoreRow,
    ChoiceStudyRow,
)
from core.foundation.doors import Look, Stamp, question
from core.foundation.errors import Refusal
from core.foundation.language import N_

METHODS = {"slider": N_("by slider"), "pairwise": N_("by comparing in pairs")}
ANSWERS = {"": N_("Not checked"), "clear": N_("Passes"), "out": N_("Knocked out")}


@dataclass(eq=False)
class UnknownStudy(Refusal):
    message = N_("This study does not exist any more. Please reload the page.")


@dataclass(eq=False)
class UnknownCandidate(Refusal):
    message = N_("This candidate is no longer part of the study. Please reload the page.")


@dataclass(eq=False)
class AlreadyDecided(Refusal):
    title: str
    message = N_("“{title}” has been decided and stays as it is. Begin a new study that takes it over.")


@dataclass(frozen=True)
class Answer:
    """One knock-out: "clear", "out" or "" (not checked), and what the answer rests on."""

    answer: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Candidate:
    """A department that might begin. Figures as typed; `answers` by knock-out, `scores` (1–5) by criterion."""

    id: int
    name: str
    patients_per_month: str
    visits_per_journey: str
    notes: str
    answers: Mapping[str, Answer]
    scores: Mapping[str, int]

    def answer(self, code: str) -> Answer:
        return self.answers.get(code, Answer())

    def out_by(self, frame: Frame) -> list[Knockout]:
        """The knock-outs that rule this candidate out."""
        return [each for each in frame.knockouts if self.answer(each.code).answer == "out"]

    def unchecked(self, frame: Frame) -> list[Knockout]:
        return [each for each in frame.knockouts if not self.answer(each.code).answer]


@dataclass(frozen=True)
class Decision:
    candidate_id: int
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class Study:
    """Everything of one study. `points` are slider positions 0–10 by criterion, `judgements` whole numbers by pair
    (`core.choice.ahp`); `method` says which of the two weighs. Hand `revision` back when deciding."""

    id: int
    title: str
    state: str
    example: bool
    follows: int | None
    frame: Frame
    candidates: tuple[Candidate, ...]
    method: str
    points: Mapping[str, int]
    judgements: Mapping[str, int]
    revision: int
    changed_at: datetime
    decision: Decision | None

    @property
    def decided(self) -> bool:
        return self.decision is not None

    def candidate(self, candidate_id: int) -> Candidate:
        """Refuses `UnknownCandidate`."""
        for each in self.candidates:
            if each.id == candidate_id:
                return each
        raise UnknownCandidate


@dataclass(frozen=True)
class StudyLine:
    """One study in a list; `winner` is "" while it is a draft, `superseded` that a later decision replaced it."""

    id: int
    title: str
    state: str
    example: bool
    winner: str
    decided_at: datetime | None
    superseded: bool


# --- questions ------------------------------------------------------------------------------------


@question("package.write")
def studies(look: Look) -> list[StudyLine]:
    """All studies, the newest first."""
    query = (
        select(ChoiceStudyRow, ChoiceDecisionRow.decided_at, ChoiceCandidateRow.name)
        .outerjoin(ChoiceDecisionRow, ChoiceDecisionRow.study_id == ChoiceStudyRow.id)
        .outerjoin(ChoiceCandidateRow, ChoiceCandidateRow.id == ChoiceDecisionRow.candidate_id)
        .order_by(ChoiceStudyRow.id.desc())
    )
    found = look.session.execute(query).all()
    replaced = {row.follows for row, _at, _name in found if row.state == "decided"}
    return [
        StudyLine(row.id, row.title, row.state, row.example, name or "", at, row.id in replaced)
        for row, at, name in found
    ]


@question("package.write")
def study(look: Look, *, study_id: int) -> Study:
    """One study with all that is in it; refuses `UnknownStudy`."""
    return read_study(look.session, study_id)


# --- what other rooms of this folder use ----------------------------------------------------------


def read_study(session: Session, study_id: int) -> Study:
    """The study as it stands; refuses `UnknownStudy`."""
    row = session.get(ChoiceStudyRow, study_id)
    if row is None:
        raise UnknownStudy
    made = session.get(ChoiceDecisionRow, study_id)
    return Study(
        id=row.id,
        title=row.title,
        state=row.state,
        example=row.example,
        follows=row.follows,
        frame=frame_of(row.frame),
        candidates=_candidates(session, study_id),
        method=row.method,
        points=dict(row.points),
        judgements=dict(row.judgements),
        revision=row.revision,
        changed_at=row.changed_at,
        decision=Decision(made.candidate_id, made.reason, made.decided_by, made.decided_at) if made else None,
    )


def _candidates(session: Session, study_id: int) -> tuple[Candidate, ...]:
    mine = select(ChoiceCandidateRow.id).where(ChoiceCandidateRow.study_id == study_id)
    answers: defaultdict[int, dict[str, Answer]] = defaultdict(dict)
    for each in session.scalars(select(ChoiceKnockoutRow).where(ChoiceKnockoutRow.candidate_id.in_(mine))):
        answers[each.candidate_id][each.code] = Answer(each.answer, each.evidence)
    scores: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for given in session.scalars(select(ChoiceScoreRow).where(ChoiceScoreRow.candidate_id.in_(mine))):
        scores[given.candidate_id][given.code] = given.score
    rows = select(ChoiceCandidateRow).where(ChoiceCandidateRow.study_id == study_id)
    return tuple(
        Candidate(
            row.id, row.name, row.patients_per_month, row.visits_per_journey, row.notes,
            answers[row.id], scores[row.id],
        )
        for row in session.scalars(rows.order_by(ChoiceCandidateRow.id))
    )  # fmt: skip


def open_study(stamp: Stamp, study_id: int) -> ChoiceStudyRow:
    """The row of a draft, counted as changed: whoever decides meanwhile is told. Refuses `UnknownStudy`
    and `AlreadyDecided`."""
    row = stamp.session.scalar(select(ChoiceStudyRow).where(ChoiceStudyRow.id == study_id))
    if row is None:
        raise UnknownStudy
    if row.state == "decided":
        raise AlreadyDecided(row.title)
    row.revision += 1
    row.changed_at = stamp.now
    return row


def open_candidate(stamp: Stamp, candidate_id: int) -> tuple[ChoiceStudyRow, ChoiceCandidateRow]:
    """A candidate of a draft with its study locked. Refuses `UnknownCandidate` and `AlreadyDecided`."""
    found = stamp.session.scalar(
        select(ChoiceCandidateRow.study_id).where(ChoiceCandidateRow.id == candidate_id)
    )
    if found is None:
        raise UnknownCandidate
    owner = open_study(stamp, found)
    row = stamp.session.get(ChoiceCandidateRow, candidate_id, populate_existing=True)
    if row is None:  # removed while we waited for the lock
        raise UnknownCandidate
    return owner, row


def count_candidates(session: Session, study_id: int) -> int:
    query = select(func.count()).where(ChoiceCandidateRow.study_id == study_id)
    return session.scalar(query) or 0
