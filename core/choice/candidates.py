"""Candidates of a study: their figures, the knock-outs with evidence, the scores. Every change is saved alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from core.choice.criteria import SCORES, frame_of
from core.choice.study import ANSWERS, count_candidates, open_candidate, open_study
from core.choice.tables import ChoiceCandidateRow, ChoiceKnockoutRow, ChoiceScoreRow
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import merged, refuse_changed
from core.foundation.open_types import Raw

ADDED = declare("choice.candidate_added", N_("Candidate department added"))
CHANGED = declare("choice.candidate_changed", N_("Candidate department changed"))
REMOVED = declare("choice.candidate_removed", N_("Candidate department removed"))
CHECKED = declare("choice.knockout_checked", N_("Knock-out checked"))
SCORED = declare("choice.scored", N_("Candidate department scored"))

MOST = 8  # as many as one printed page shows legibly


@dataclass(eq=False)
class CandidateNameMissing(Refusal):
    message = N_("Please give the department a name.")
    field = "name"


@dataclass(eq=False)
class CandidateNameTaken(Refusal):
    name: str
    message = N_("“{name}” is already a candidate of this study.")
    field = "name"


@dataclass(eq=False)
class TooManyCandidates(Refusal):
    most: int
    message = N_("A study compares at most {most} departments. Remove one that has no chance first.")
    field = "name"


@dataclass(eq=False)
class EvidenceMissing(Refusal):
    message = N_("A knock-out needs evidence: what was seen, where, and when. It has not been saved yet.")
    field = "evidence"


@dataclass(eq=False)
class ScoreOutOfRange(Refusal):
    score: int
    message = N_("{score} is not a score. Choose 1 to 5.")
    field = "score"


@dataclass(eq=False)
class UnknownCriterion(Refusal):
    unknown: str
    message = N_("This study does not know “{unknown}”. Please reload the page.")


@deed("package.write")
def add_candidate(
    stamp: Stamp,
    *,
    study_id: int,
    name: str,
    patients_per_month: str = "",
    visits_per_journey: str = "",
    notes: str = "",
) -> int:
    """Put a department on the list; figures are kept as typed. Returns its id.

    Refuses a missing name, one already on the list, and more than 8 candidates.
    """
    open_study(stamp, study_id)
    name = _free_name(stamp, study_id, name, None)
    if count_candidates(stamp.session, study_id) >= MOST:
        raise TooManyCandidates(MOST)
    row = ChoiceCandidateRow(
        study_id=study_id,
        name=name,
        patients_per_month=patients_per_month.strip()[:40],
        visits_per_journey=visits_per_journey.strip()[:40],
        notes=notes.strip()[:300],
    )
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(ADDED, ("choice", study_id), after={"candidate": row.id, **_figures(row)})
    return row.id


@deed("package.write")
def change_candidate(
    stamp: Stamp,
    *,
    candidate_id: int,
    name: str,
    patients_per_month: str = "",
    visits_per_journey: str = "",
    notes: str = "",
    read: Raw | None = None,
) -> None:
    """Change name and figures. Refuses a missing or taken name, and `ChangedMeanwhile` where the fields showed something
    else (`read`)."""
    study, row = open_candidate(stamp, candidate_id)
    typed = {
        "name": name, "patients_per_month": patients_per_month, "visits_per_journey": visits_per_journey,
        "notes": notes,
    }  # fmt: skip
    facts = merged(typed, {field: getattr(row, field) for field in typed}, read)
    name = _free_name(stamp, study.id, facts["name"], candidate_id)
    before = _figures(row)
    row.name = name
    row.patients_per_month = facts["patients_per_month"].strip()[:40]
    row.visits_per_journey = facts["visits_per_journey"].strip()[:40]
    row.notes = facts["notes"].strip()[:300]
    stamp.audit(CHANGED, ("choice", study.id), before, {"candidate": candidate_id, **_figures(row)})


@deed("package.write")
def remove_candidate(stamp: Stamp, *, candidate_id: int) -> None:
    """Take a department off the list, with its answers and scores; the audit trail keeps them."""
    study, row = open_candidate(stamp, candidate_id)
    session = stamp.session
    scores = session.scalars(select(ChoiceScoreRow).where(ChoiceScoreRow.candidate_id == candidate_id))
    before = {
        "candidate": candidate_id,
        **_figures(row),
        "scores": {each.code: each.score for each in scores},
    }
    for table in (ChoiceScoreRow, ChoiceKnockoutRow):
        session.execute(delete(table).where(table.candidate_id == candidate_id))
    session.delete(row)
    session.flush()
    stamp.audit(REMOVED, ("choice", study.id), before)


@deed("package.write")
def check_knockout(
    stamp: Stamp, *, candidate_id: int, code: str, answer: str, evidence: str = "", read: Raw | None = None
) -> None:
    """Answer one knock-out: "clear", "out", or "" for not checked.

    Refuses "out" without evidence (`EvidenceMissing`): nobody is ruled out by hearsay; and `ChangedMeanwhile` where a
    colleague answered since the fields showed `read`. ValueError for an answer that is none.
    """
    if answer not in ANSWERS:
        raise ValueError(answer)
    study, candidate = open_candidate(stamp, candidate_id)
    if code not in {each.code for each in frame_of(study.frame).knockouts}:
        raise UnknownCriterion(code)
    evidence = evidence.strip()[:200]
    if answer == "out" and not evidence:
        raise EvidenceMissing
    row = stamp.session.get(ChoiceKnockoutRow, (candidate_id, code), populate_existing=True)
    before = {"answer": row.answer, "evidence": row.evidence} if row else None
    refuse_changed(before or {"answer": "", "evidence": ""}, read)
    if row is None:
        row = ChoiceKnockoutRow(candidate_id=candidate_id, code=code)
        stamp.session.add(row)
    row.answer, row.evidence = answer, evidence
    after = {"candidate": candidate.name, "knockout": code, "answer": answer, "evidence": evidence}
    stamp.audit(CHECKED, ("choice", study.id), before, after)


@deed("package.write")
def score(stamp: Stamp, *, candidate_id: int, code: str, score: int | None) -> None:
    """Give one criterion its score from 1 to 5, or take it back with None. Refuses other numbers."""
    study, candidate = open_candidate(stamp, candidate_id)
    if code not in frame_of(study.frame).codes:
        raise UnknownCriterion(code)
    if score is not None and score not in SCORES:
        raise ScoreOutOfRange(score)
    row = stamp.session.get(ChoiceScoreRow, (candidate_id, code))
    before = {"score": row.score} if row else None
    if score is None:
        if row is not None:
            stamp.session.delete(row)
    elif row is None:
        stamp.session.add(ChoiceScoreRow(candidate_id=candidate_id, code=code, score=score))
    else:
        row.score = score
    after = {"candidate": candidate.name, "criterion": code, "score": score}
    stamp.audit(SCORED, ("choice", study.id), before, after)


# --- inner ----------------------------------------------------------------------------------------


def _free_name(stamp: Stamp, study_id: int, name: str, mine: int | None) -> str:
    name = name.strip()[:60]
    if not name:
        raise CandidateNameMissing
    query = select(ChoiceCandidateRow.id).where(
        ChoiceCandidateRow.study_id == study_id, ChoiceCandidateRow.name == name
    )
    if stamp.session.scalar(query) not in (None, mine):
        raise CandidateNameTaken(name)
    return name


def _figures(row: ChoiceCandidateRow) -> dict[str, str]:
    return {
        "name": row.name,
        "patients_per_month": row.patients_per_month,
        "visits_per_journey": row.visits_per_journey,
        "notes": row.notes,
    }
