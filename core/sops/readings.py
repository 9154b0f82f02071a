"""Reading and signing: each version by each person who works by it, with a short check; who has not yet is visible.

A wrong answer stops a signature and names the questions to reread, to be answered again at once: a signature says that
somebody knows what to do. It is never taken back; the next version asks for a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.foundation.access import SignInNeeded
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.people.tables import StaffRow
from core.sops.document import SopDocument
from core.sops.states import (
    SopVersion,
    UnknownSopVersion,
    document_of,
    read_here,
    shown,
    standing,
    title_of,
    version_row,
)
from core.sops.tables import SopReadingRow, SopVersionRow

READ = declare("sop.read", N_("SOP read and signed"))
TO_READ = ("in_force", "scheduled")


@dataclass(eq=False)
class NotForReading(Refusal):
    message = N_("This version is not in use: only approved versions are read and signed.")


@dataclass(eq=False)
class AnswersMissing(Refusal):
    asked: int
    message = N_(
        "Please answer all questions first ({asked}). A wrong answer is no harm: it shows what to reread."
    )


@dataclass(eq=False)
class AnswersWrong(Refusal):
    """`places` are the questions, from 0, that were answered wrongly."""

    places: tuple[int, ...]
    message = N_("Not right yet: question {numbers}. Read once more what is shown there, then answer again.")

    def text(self, language: str) -> str:
        between = "、" if language == "zh" else ", "
        numbers = between.join(str(at + 1) for at in self.places)
        return translator(language)(self.message, numbers=numbers)


@dataclass(frozen=True)
class Signature:
    """One person and one version: `at` is None while it is not signed. `due` says that the person must sign;
    `score` of `questions` were right."""

    staff_id: int
    name: str
    role: str
    due: bool
    at: datetime | None = None
    score: int = 0
    questions: int = 0


@dataclass(frozen=True)
class OwnSignature:
    """One version I have signed."""

    version_id: int
    title: str
    number: int
    standing: str
    effective_on: date | None
    at: datetime
    score: int
    questions: int


@deed("own.account")
def sign(stamp: Stamp, *, version_id: int, answers: list[str]) -> dict[str, int]:
    """Sign a version as read, with the chosen answers in the order of its questions.

    Returns {"score", "questions"}. Signing twice returns the first result. Refuses a version that is not in use
    (`NotForReading`), unanswered questions (`AnswersMissing`) and wrong answers (`AnswersWrong`): a signature says that
    somebody knows what to do.
    """
    reader = stamp.staff_id
    if reader is None:
        raise SignInNeeded
    row = version_row(stamp.session, version_id)
    known = stamp.session.scalar(
        select(SopReadingRow).where(SopReadingRow.version_id == version_id, SopReadingRow.staff_id == reader)
    )
    if known is not None:
        return {"score": known.score, "questions": known.questions}
    if standing(row, stamp.today) not in TO_READ:
        raise NotForReading
    quiz = read_here(stamp, SopDocument.model_validate(row.document), row.package_id).own.quiz
    if len(answers) != len(quiz) or not all(answers):
        raise AnswersMissing(len(quiz))
    wrong = tuple(
        at for at, (answer, each) in enumerate(zip(answers, quiz, strict=True)) if answer != each.right
    )
    if wrong:
        raise AnswersWrong(wrong)
    score = len(quiz)
    stamp.session.add(
        SopReadingRow(version_id=version_id, staff_id=reader, at=stamp.now, score=score, questions=len(quiz))
    )
    stamp.session.flush()
    stamp.audit(
        READ, ("sop", version_id), after={"number": row.number, "score": score, "questions": len(quiz)}
    )
    return {"score": score, "questions": len(quiz)}


# --- questions ------------------------------------------------------------------------------------


@question("sop.approve")
def signatures(look: Look, *, version_id: int) -> list[Signature]:
    """Everybody who must sign this version or has signed it: who has not yet comes first, then by name."""
    document = document_of(version_row(look.session, version_id))
    readers = document.readers if document else ()
    read = {
        row.staff_id: row
        for row in look.session.scalars(select(SopReadingRow).where(SopReadingRow.version_id == version_id))
    }
    found = []
    for person in look.session.scalars(select(StaffRow).order_by(StaffRow.name, StaffRow.id)):
        mine, due = read.get(person.id), person.active and person.role in readers
        if mine is None and not due:
            continue
        done = (mine.at, mine.score, mine.questions) if mine else (None, 0, 0)
        found.append(Signature(person.id, person.name, person.role, due, *done))
    return sorted(found, key=lambda each: each.at is not None)


@question("own.account")
def waiting_for_me(look: Look) -> list[SopVersion]:
    """The versions I must read and have not signed: those in force or soon to be, oldest first."""
    signed = set(
        look.session.scalars(select(SopReadingRow.version_id).where(SopReadingRow.staff_id == look.staff_id))
    )
    query = select(SopVersionRow).where(SopVersionRow.approved_at.is_not(None)).order_by(SopVersionRow.id)
    rows = [
        row
        for row in look.session.scalars(query)
        if row.id not in signed and standing(row, look.today) in TO_READ
    ]
    found = shown(look, rows)
    return [each for each in found if look.actor.role in each.text.readers]


@question("own.account")
def my_signatures(look: Look) -> list[OwnSignature]:
    """What I have signed, newest first."""
    query = (
        select(SopReadingRow, SopVersionRow)
        .join(SopVersionRow, SopVersionRow.id == SopReadingRow.version_id)
        .where(SopReadingRow.staff_id == look.staff_id)
        .order_by(SopReadingRow.at.desc(), SopReadingRow.id.desc())
    )
    return [
        OwnSignature(
            row.id, title_of(look, row), row.number, standing(row, look.today), row.effective_on,
            reading.at, reading.score, reading.questions,
        )
        for reading, row in look.session.execute(query)
    ]  # fmt: skip


@question("own.account")
def readable(look: Look, *, version_id: int) -> SopVersion:
    """One version for its readers; refuses what is not approved (`UnknownSopVersion`)."""
    row = version_row(look.session, version_id)
    if row.approved_at is None:
        raise UnknownSopVersion
    return shown(look, [row])[0]
