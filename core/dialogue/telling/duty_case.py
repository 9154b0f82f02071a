"""What the duty page shows: one case and nothing else. Of its patient the masked name, the package and the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select

from core.care.plan.planning import week_of
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.cases.cases import UNSETTLED
from core.dialogue.cases.thread import Attached, Word, words_of_case
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import course_of
from core.dialogue.films.tables import RecordingRow
from core.dialogue.recordings.recordings import Playable, UnknownRecording, playable
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.doors import Look, question
from core.people.masking import masked_name
from core.people.tables import PatientRow, StaffRow


@dataclass(frozen=True)
class DutyCase:
    """One case for whoever answers it from outside. `day` counts from the anchor date, `weeks` is the gestational age of
    a pregnancy ("24+0", else ""), `name` is masked, `taken_by`
    the name of whoever has it ("" for nobody), `mine` whether that is the asking person."""

    case_id: int
    code: str
    kind: str
    level: str
    why: tuple[str, ...]
    state: str
    opened_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    decision: str
    decision_on: date | None
    taken_by: str
    mine: bool
    may_decide: bool
    name: str
    package: str
    day: int
    weeks: str
    said: str
    words: tuple[Word, ...]
    files: tuple[Attached, ...]

    @property
    def settled(self) -> bool:
        return self.state not in UNSETTLED


@question("reply.write")
def duty_case(look: Look, *, case_id: int) -> DutyCase:
    """The case, with her words of it and the files that belong to it."""
    row = look.session.get_one(CaseRow, case_id)
    course = course_of(look, row.enrolment_id)
    patient = look.session.get_one(PatientRow, row.patient_id)
    answer = look.session.get(AnswerRow, row.answer_id) if row.answer_id else None
    taker = look.session.get(StaffRow, row.taken_by) if row.taken_by else None
    return DutyCase(
        row.id, row.code, row.kind, row.level, tuple(row.why), row.state, row.opened_at, _due_at(look, row),
        row.answered_at, row.decision, row.decision_on, taker.name if taker else "",
        taker is not None and taker.id == look.staff_id, look.actor.may("reply.decide"), masked_name(patient.name),
        course.sold.name, (look.today - course.anchor_date).days,
        week_of(course.sold.anchor, course.anchor_date, look.today), answer.words if answer else "",
        tuple(words_of_case(look, case_id)), tuple(_files(look, row)),
    )  # fmt: skip


@question("reply.write")
def duty_recording(look: Look, *, case_id: int, recording_id: int) -> Playable:
    """A recording of this very case. Refuses `UnknownRecording` for every other one."""
    row = look.session.get_one(CaseRow, case_id)
    of_case = or_(
        RecordingRow.post_id.in_(select(PostRow.id).where(PostRow.case_id == case_id)), _beside(row)
    )
    if look.session.scalar(select(RecordingRow.id).where(RecordingRow.id == recording_id, of_case)) is None:
        raise UnknownRecording
    return playable(look, recording_id=recording_id)


def _due_at(look: Look, row: CaseRow) -> datetime | None:
    return look.session.scalar(
        select(PromiseRunRow.due_at)
        .where(PromiseRunRow.case_id == row.id)
        .order_by(PromiseRunRow.id.desc())
        .limit(1)
    )


def _files(look: Look, row: CaseRow) -> list[Attached]:
    """Her film and the photos of the task the case is about, which are no part of a word."""
    rows = look.session.scalars(
        select(RecordingRow).where(_beside(row), RecordingRow.state == "ready").order_by(RecordingRow.id)
    )
    return [Attached(each.id, each.kind, each.state, each.seconds) for each in rows]


def _beside(row: CaseRow) -> ColumnElement[bool]:
    mine = RecordingRow.case_id == row.id
    if row.task_id is None:
        return mine
    return or_(mine, (RecordingRow.task_id == row.task_id) & (RecordingRow.patient_id == row.patient_id))
