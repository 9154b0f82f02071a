"""What she waits for, as her phone shows it: each open word of hers with its promised time and who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, case, func, or_, select

from core.dialogue.clocks.promises import Standing, standing
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.doors import Look, question
from core.foundation.fast.statements import Hot
from core.people.tables import PatientRow, StaffRow

# How long what was answered or decided stays on her start page.
SHOWN = timedelta(days=1)


@dataclass(frozen=True)
class OwnCase:
    """One case of hers. `standing` is "" where nothing was promised; `taken_by` names who has it, "" for nobody yet.
    `written_at` is when we wrote to her in it, where that is its last word: an apology comes before the answer."""

    case_id: int
    kind: str
    level: str
    state: str
    opened_at: datetime
    due_at: datetime | None
    standing: Standing | str
    taken_by: str
    taken_title: str
    answered_at: datetime | None
    decision: str
    decision_on: date | None
    advice: str
    written_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether our answer is still to come."""
        return self.state == "open"


# Only while nobody of hers has written after it.
_WRITTEN = (
    select(case((or_(PostRow.by == "staff", PostRow.by == "house"), PostRow.at)))
    .where(PostRow.case_id == CaseRow.id)
    .order_by(PostRow.id.desc())
    .limit(1)
    .correlate(CaseRow)
    .scalar_subquery()
)
_OWN = Hot(
    select(
        CaseRow.id, CaseRow.kind, CaseRow.level, CaseRow.state, CaseRow.opened_at,
        PromiseRunRow.due_at, PromiseRunRow.met_at, PromiseRunRow.ended_at,
        StaffRow.name, StaffRow.title, CaseRow.answered_at,
        CaseRow.decision, CaseRow.decision_on, CaseRow.advice, _WRITTEN.label("written_at"),
    )
    .outerjoin(
        PromiseRunRow,
        (PromiseRunRow.case_id == CaseRow.id) & PromiseRunRow.met_at.is_(None) & PromiseRunRow.ended_at.is_(None),
    )
    .outerjoin(StaffRow, StaffRow.id == CaseRow.taken_by)
    .join(PatientRow, PatientRow.id == CaseRow.patient_id)
    .where(
        CaseRow.patient_id == bindparam("patient_id"),
        CaseRow.opened_at >= func.coalesce(PatientRow.heard_since, CaseRow.opened_at),
        CaseRow.kind != "silence",
        or_(CaseRow.state == "open", CaseRow.answered_at > bindparam("since")),
    )
    .order_by(CaseRow.id.desc())
    .limit(10)
)  # fmt: skip


@question("patient.self")
def own_cases(look: Look) -> tuple[OwnCase, ...]:
    """What the asking patient waits for and what was answered within a day: alerts first, then what waits, then the newest."""
    rows = _OWN.all(look.link, patient_id=look.actor.id, since=look.now - SHOWN)
    found = [
        OwnCase(
            row.id, row.kind, row.level, row.state, row.opened_at, row.due_at,
            standing(row.due_at, row.met_at, row.ended_at, look.now) if row.due_at else "",
            row.name or "", row.title or "", row.answered_at, row.decision, row.decision_on, row.advice,
            row.written_at,
        )
        for row in _OWN.typed(look.link, rows)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.kind != "alert", not one.waits)))
