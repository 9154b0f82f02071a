"""Choosing the pilot department: studies begun, taken over, decided.

Knock-outs come first, then seven criteria scored 1 to 5 against written anchors, weights by slider or by comparing
in pairs, a ranking, and a decision with a reason and a name. The ranking advises; people decide, and may decide
otherwise with a reason. A decided study never changes: a new one takes it over and supersedes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from core.choice.criteria import example, frame_document, frame_of
from core.choice.result import result_of
from core.choice.study import Study, open_study, read_study
from core.choice.tables import (
    ChoiceCandidateRow,
    ChoiceDecisionRow,
    ChoiceKnockoutRow,
    ChoiceScoreRow,
    ChoiceStudyRow,
)
from core.choice.weights import POINTS_START
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import LANGUAGES, N_, pick
from core.foundation.open_types import Raw

BEGUN = declare("choice.begun", N_("Study of the pilot department begun"))
RENAMED = declare("choice.renamed", N_("Study of the pilot department renamed"))
DISCARDED = declare("choice.discarded", N_("Draft study of the pilot department discarded"))
DECIDED = declare("choice.decided", N_("Pilot department decided"))

FEWEST = 2  # one candidate alone is no choice


@dataclass(eq=False)
class StudyTitleMissing(Refusal):
    message = N_("Please give the study a title, for example “Pilot department 2026”.")
    field = "title"


@dataclass(eq=False)
class NotDecidedYet(Refusal):
    message = N_("Only a decided study can be taken over. This one is still a draft: change it directly.")


@dataclass(eq=False)
class TooFewCandidates(Refusal):
    fewest: int
    message = N_("A choice needs at least {fewest} candidates. Add the departments you are thinking of.")
    field = "candidate_id"


@dataclass(eq=False)
class CandidateUnfinished(Refusal):
    name: str
    knockouts: int
    scores: int
    message = N_(
        "“{name}” is not finished: knock-outs not checked: {knockouts}, scores missing: {scores}. Finish it "
        "or remove it, so that the comparison is fair."
    )
    field = "candidate_id"


@dataclass(eq=False)
class WinnerKnockedOut(Refusal):
    name: str
    message = N_("“{name}” is ruled out by a knock-out. Settle that first, or choose another department.")
    field = "candidate_id"


@dataclass(eq=False)
class DeciderMissing(Refusal):
    message = N_("Please write the name of whoever decided.")
    field = "decided_by"


@dataclass(eq=False)
class StudyChangedMeanwhile(Refusal):
    message = N_("The study has been changed since you saw it. Look at the ranking again, then decide.")


REASON_LEAST = 10
REASON_MOST = 400  # characters, as many as the printed page holds legibly

# --- deeds ----------------------------------------------------------------------------------------


@deed("package.write")
def begin_study(stamp: Stamp, *, title: str) -> int:
    """Begin an empty study in which every criterion weighs the same; returns its id. Refuses an empty title."""
    row = _new(stamp, _title(title), example=False)
    stamp.audit(BEGUN, ("choice", row.id), after={"title": row.title})
    return row.id


@deed("package.write")
def begin_example(stamp: Stamp, *, language: str) -> int:
    """Begin a study filled with five invented departments, in `language` ("zh" or "en"); returns its id.

    It is marked as an example on every screen and print for ever. ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    found = example()
    row = _new(stamp, pick(language, found["title_zh"], found["title_en"]), example=True)
    row.method, row.judgements = "pairwise", found["judgements"]
    for each in found["candidates"]:
        candidate = ChoiceCandidateRow(
            study_id=row.id,
            name=pick(language, each["zh"], each["en"]),
            patients_per_month=each["patients_per_month"],
            visits_per_journey=pick(language, each["visits_zh"], each["visits_en"]),
            notes=pick(language, found["note_zh"], found["note_en"]),
        )
        evidence = pick(language, found["evidence_zh"], found["evidence_en"])
        answers = {k.code: ("clear", evidence) for k in frame_of(row.frame).knockouts}
        _add_filled(stamp, candidate, answers, each["scores"])
    stamp.audit(BEGUN, ("choice", row.id), after={"title": row.title, "example": True})
    return row.id


@deed("package.write")
def take_over(stamp: Stamp, *, study_id: int) -> int:
    """Begin a new draft from a decided study, with its candidates, answers, scores and weights; returns its id.

    When the new one is decided it supersedes the old one, which stays readable. Refuses a draft.
    """
    old = read_study(stamp.session, study_id)
    if not old.decided:
        raise NotDecidedYet
    row = _new(stamp, old.title, example=old.example)
    row.follows = study_id
    row.frame = stamp.session.get_one(ChoiceStudyRow, study_id).frame
    row.method, row.points, row.judgements = old.method, dict(old.points), dict(old.judgements)
    for each in old.candidates:
        candidate = ChoiceCandidateRow(
            study_id=row.id,
            name=each.name,
            patients_per_month=each.patients_per_month,
            visits_per_journey=each.visits_per_journey,
            notes=each.notes,
        )
        answers = {code: (given.answer, given.evidence) for code, given in each.answers.items()}
        _add_filled(stamp, candidate, answers, dict(each.scores))
    stamp.audit(BEGUN, ("choice", row.id), after={"title": row.title, "follows": study_id})
    return row.id


@deed("package.write")
def rename_study(stamp: Stamp, *, study_id: int, title: str) -> None:
    """Refuses an empty title and a decided study."""
    row = open_study(stamp, study_id)
    before, row.title = row.title, _title(title)
    stamp.audit(RENAMED, ("choice", study_id), {"title": before}, {"title": row.title})


@deed("package.write")
def discard_study(stamp: Stamp, *, study_id: int) -> None:
    """Delete a draft with all that is in it. Refuses a decided study."""
    row = open_study(stamp, study_id)
    session = stamp.session
    mine = select(ChoiceCandidateRow.id).where(ChoiceCandidateRow.study_id == study_id)
    names = list(
        session.scalars(select(ChoiceCandidateRow.name).where(ChoiceCandidateRow.study_id == study_id))
    )
    for table in (ChoiceScoreRow, ChoiceKnockoutRow):
        session.execute(delete(table).where(table.candidate_id.in_(mine)))
    session.execute(delete(ChoiceCandidateRow).where(ChoiceCandidateRow.study_id == study_id))
    title = row.title
    session.delete(row)
    session.flush()
    stamp.audit(DISCARDED, ("choice", study_id), {"title": title, "candidates": names})


@deed("package.write")
def decide(
    stamp: Stamp, *, study_id: int, candidate_id: int, reason: str, decided_by: str, seen_revision: int
) -> None:
    """Decide for a candidate, first in the ranking or not; the study never changes afterwards.

    Refuses when the study changed since `seen_revision`, with fewer than two candidates, when a candidate that
    stays in is not fully checked and scored, when the weights cannot be used (`InconsistentComparison`,
    `ComparisonIncomplete`, `NothingCounts`), a knocked-out winner, a missing reason or name.
    """
    reason, decided_by = reasons.given(reason, least=REASON_LEAST, most=REASON_MOST), decided_by.strip()[:60]
    row = open_study(stamp, study_id)
    if row.revision != seen_revision + 1:
        raise StudyChangedMeanwhile
    stamp.session.flush()
    seen = read_study(stamp.session, study_id)
    winner = seen.candidate(candidate_id)
    _require_finished(seen)
    result = result_of(seen)
    if winner.out_by(seen.frame):
        raise WinnerKnockedOut(winner.name)
    if not decided_by:
        raise DeciderMissing
    row.state = "decided"
    stamp.session.add(
        ChoiceDecisionRow(
            study_id=study_id,
            candidate_id=candidate_id,
            reason=reason,
            decided_by=decided_by,
            recorded_by=stamp.staff_id,
            decided_at=stamp.now,
        )
    )
    after = {"winner": winner.name, "reason": reason, "decided_by": decided_by, "weights": result.weights}
    after["totals"] = {each.candidate.name: each.total for each in result.standings}
    stamp.audit(DECIDED, ("choice", study_id), None, after)


# --- inner ----------------------------------------------------------------------------------------


def _title(title: str) -> str:
    title = title.strip()[:80]
    if not title:
        raise StudyTitleMissing
    return title


def _new(stamp: Stamp, title: str, example: bool) -> ChoiceStudyRow:
    frame = frame_document()
    row = ChoiceStudyRow(
        title=title,
        state="draft",
        example=example,
        frame=frame,
        method="slider",
        points=dict.fromkeys(frame_of(frame).codes, POINTS_START),
        judgements={},
        revision=0,
        created_at=stamp.now,
        changed_at=stamp.now,
    )
    stamp.session.add(row)
    stamp.session.flush()
    return row


def _add_filled(
    stamp: Stamp, candidate: ChoiceCandidateRow, answers: dict[str, tuple[str, str]], scores: Raw
) -> None:
    stamp.session.add(candidate)
    stamp.session.flush()
    for code, (answer, evidence) in answers.items():
        stamp.session.add(
            ChoiceKnockoutRow(candidate_id=candidate.id, code=code, answer=answer, evidence=evidence)
        )
    for code, value in scores.items():
        stamp.session.add(ChoiceScoreRow(candidate_id=candidate.id, code=code, score=value))
    stamp.session.flush()


def _require_finished(study: Study) -> None:
    if len(study.candidates) < FEWEST:
        raise TooFewCandidates(FEWEST)
    for each in study.candidates:
        if each.out_by(study.frame):
            continue
        missing = sum(code not in each.scores for code in study.frame.codes)
        unchecked = len(each.unchecked(study.frame))
        if missing or unchecked:
            raise CandidateUnfinished(each.name, unchecked, missing)
