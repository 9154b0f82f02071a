"""The queue of the team's desk: what waits for us, in the order in which it was promised.

Urgent cases stand on top (red before orange), then whatever has a promised minute by that minute, then the rest by its
age. A page costs the same few statements whether ten or a thousand wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, select

from core.care.tables import EnrolmentRow
from core.dialogue.cases.cases import KIND_NAMES, UNSETTLED, UnknownCase
from core.dialogue.clocks.promises import standing
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CallRow, CaseEventRow, CaseRow, PostRow
from core.foundation.doors import Look, question
from core.foundation.fast.statements import Hot
from core.foundation.paging import COUNTED_TO, counted_to
from core.packages.tables import PackageRow
from core.people.tables import PatientRow, StaffRow

PAGE = 50
SHORT = 90  # characters of her last words that a line shows
HERS = ("patient", "family", "guardian")
# How far back late committers are looked for: two replicas may commit their numbers out of order.
_BACK = 64
UNMET = PromiseRunRow.met_at.is_(None) & PromiseRunRow.ended_at.is_(None)


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. `patient_name` as the staff's lists show it, `day_number` the days since the anchor date,
    `due_at` the promised instant (None: nothing promised) with its `standing` ("" without a promise; for a case that
    was answered, of its last run), `taken_by` a name and `taken_id` a number of staff, `last_words` the beginning of
    what she wrote last, `recordings` the numbers of films, photos and voice notes of hers, `calls` the tries to reach
    her by telephone and `next_try_at` when the next one is planned."""

    case_id: int
    code: str
    kind: str
    level: str
    state: str
    patient_id: int
    patient_name: str
    phone: str
    quiet: bool
    enrolment_id: int
    package: str
    day_number: int
    own_nurse: str
    why: tuple[str, ...]
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    standing: str
    taken_id: int | None
    taken_by: str
    decision: str
    decision_on: date | None
    advice: str
    last_words: str
    recordings: tuple[int, ...]
    calls: int
    next_try_at: datetime | None

    @property
    def urgent(self) -> bool:
        """It is closed only with a decision."""
        return self.level in ("red", "orange")


# The clock that runs is the newest run of its case. Looked up case by case: a join would let PostgreSQL read all runs for
# each case until it has counted the table.
_DUE = (
    select(case((UNMET, PromiseRunRow.due_at)))
    .where(PromiseRunRow.case_id == CaseRow.id)
    .order_by(PromiseRunRow.id.desc())
    .limit(1)
    .correlate(CaseRow)
    .scalar_subquery()
)


@question("reply.read")
def waiting(
    look: Look, *, mine: bool = False, kind: str = "", limit: int = PAGE, offset: int = 0
) -> list[Waiting]:
    """What waits for an answer of ours. `mine`: what the one who asks has taken, and what patients whose own nurse she
    is wait for; `kind` a key of `cases.KIND_NAMES`."""
    rank = case((CaseRow.level == "red", 0), (CaseRow.level == "orange", 1), else_=2)
    query = (
        select(CaseRow.id, rank.label("rank"), _DUE.label("due"), CaseRow.opened_at)
        .where(CaseRow.state == "open", *_asked(look, mine, kind))
        .subquery()
    )
    found = query.c
    order = (found.rank, found.due.asc().nulls_last(), found.opened_at, found.id)
    ids = look.session.scalars(select(found.id).order_by(*order).offset(offset).limit(limit))
    return _lines(look, list(ids))


@question("reply.read")
def answered(look: Look, *, mine: bool = False, kind: str = "", limit: int = PAGE) -> list[Waiting]:
    """What we answered and what waits for her, the newest answer first; until it is closed."""
    query = (
        select(CaseRow.id)
        .where(CaseRow.state == "answered", *_asked(look, mine, kind))
        .order_by(CaseRow.answered_at.desc(), CaseRow.id.desc())
        .limit(limit)
    )
    return _lines(look, list(look.session.scalars(query)))


@question("reply.read")
def one_case(look: Look, *, case_id: int) -> Waiting:
    """One case, settled or not; refuses `UnknownCase`."""
    found = _lines(look, [case_id])
    if not found:
        raise UnknownCase
    return found[0]


@question("reply.read")
def counts(look: Look, *, mine: bool = False) -> dict[str, int]:
    """How many wait of each kind, and under "answered" for her; `COUNTED_TO` + 1 means more than so many."""
    of = [
        counted_to(select(CaseRow.id).where(CaseRow.state == "open", *_asked(look, mine, kind)), COUNTED_TO)
        for kind in KIND_NAMES
    ]
    hers = counted_to(
        select(CaseRow.id).where(CaseRow.state == "answered", *_asked(look, mine, "")), COUNTED_TO
    )
    return dict(zip((*KIND_NAMES, "answered"), look.session.execute(select(*of, hers)).one(), strict=True))


@dataclass(frozen=True)
class Hers:
    """How many words of a patient wait for an answer of ours, and the case that was opened first (None: none)."""

    many: int
    first: int | None


_HERS = Hot(
    select(func.count().label("many"), func.min(CaseRow.id).label("first")).where(
        CaseRow.patient_id == bindparam("wanted"), CaseRow.state == "open"
    )
)


@question("reply.read")
def open_of(look: Look, *, patient_id: int) -> Hers:
    """What of a patient waits for an answer of ours."""
    return Hers(*_HERS.one(look.link, wanted=patient_id))


_OPEN = Hot(select(counted_to(select(CaseRow.id).where(CaseRow.state == "open"), 99).label("open")))
_EVENTS = select(func.max(CaseEventRow.id)).scalar_subquery()
_CHANGED = Hot(
    select(
        func.coalesce(_EVENTS, 0).label("newest"),
        select(func.count())
        .select_from(CaseEventRow)
        .where(CaseEventRow.id > _EVENTS - _BACK)
        .scalar_subquery()
        .label("close"),
        func.coalesce(select(func.max(PostRow.id)).scalar_subquery(), 0).label("words"),
    )
)


@question("reply.read")
def open_now(look: Look) -> int:
    """How many wait for an answer of ours, counted as far as 100."""
    return int(_OPEN.one(look.link)[0])


@question("reply.read")
def change_number(look: Look) -> int:
    """A number that grows whenever a case or a thread changed: the newest event and word. The events just before are
    counted with them, because another replica may commit a lower number later than a higher one."""
    return sum(map(int, _CHANGED.one(look.link)))


# --- inner ----------------------------------------------------------------------------------------


def _asked(look: Look, mine: bool, kind: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if kind:
        conditions.append(CaseRow.kind == kind)
    if mine:
        own = select(PatientRow.id).where(PatientRow.own_nurse_id == look.actor.id)
        conditions.append((CaseRow.taken_by == look.actor.id) | CaseRow.patient_id.in_(own))
    return conditions


_TAKER, _NURSE = StaffRow.__table__.alias("taker"), StaffRow.__table__.alias("nurse")
_LAST_WORDS = (
    select(PostRow.words)
    .where(PostRow.case_id == CaseRow.id, PostRow.by.in_(HERS))
    .order_by(PostRow.id.desc())
    .limit(1)
    .scalar_subquery()
)
_EARLIER = PromiseRunRow.__table__.alias("earlier")
_LAST_RUN = (
    select(func.max(_EARLIER.c.id))
    .where(_EARLIER.c.case_id == CaseRow.id)
    .correlate(CaseRow)
    .scalar_subquery()
)
_SHOWN = (
    select(
        CaseRow.id, CaseRow.code, CaseRow.kind, CaseRow.level, CaseRow.state, CaseRow.patient_id, CaseRow.enrolment_id,
        CaseRow.why, CaseRow.opened_at, CaseRow.answered_at, CaseRow.closed_at, CaseRow.taken_by, CaseRow.decision,
        CaseRow.decision_on, CaseRow.advice, PatientRow.name, PatientRow.phone, PatientRow.silenced_at,
        EnrolmentRow.anchor_date, PackageRow.name.label("package"), PromiseRunRow.due_at, PromiseRunRow.met_at,
        PromiseRunRow.ended_at, _TAKER.c.name.label("taker"), _NURSE.c.name.label("nurse"),
        _LAST_WORDS.label("last_words"),
    )
    .join(PatientRow, PatientRow.id == CaseRow.patient_id)
    .join(EnrolmentRow, EnrolmentRow.id == CaseRow.enrolment_id)
    .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
    .outerjoin(PromiseRunRow, PromiseRunRow.id == _LAST_RUN)
    .outerjoin(_TAKER, _TAKER.c.id == CaseRow.taken_by)
    .outerjoin(_NURSE, _NURSE.c.id == PatientRow.own_nurse_id)
)  # fmt: skip


def _lines(look: Look, ids: list[int]) -> list[Waiting]:
    """The lines of these cases, in their order."""
    rows = {row.id: row for row in look.session.execute(_SHOWN.where(CaseRow.id.in_(ids)))} if ids else {}
    recordings, calls = _recordings(look, ids), _calls(look, ids)
    return [
        _line(look, rows[one], tuple(recordings.get(one, ())), calls.get(one, (0, None)))
        for one in ids
        if one in rows
    ]


def _line(look: Look, row: Any, recordings: tuple[int, ...], calls: tuple[int, datetime | None]) -> Waiting:
    words = (row.last_words or "").strip()
    return Waiting(
        case_id=row.id,
        code=row.code,
        kind=row.kind,
        level=row.level,
        state=row.state,
        patient_id=row.patient_id,
        patient_name=row.name,
        phone=row.phone,
        quiet=row.silenced_at is not None,
        enrolment_id=row.enrolment_id,
        package=row.package,
        day_number=(look.today - row.anchor_date).days,
        own_nurse=row.nurse or "",
        why=tuple(row.why or ()),
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        due_at=row.due_at,
        met_at=row.met_at,
        standing=standing(row.due_at, row.met_at, row.ended_at, look.now) if row.due_at else "",
        taken_id=row.taken_by,
        taken_by=row.taker or "",
        decision=row.decision,
        decision_on=row.decision_on,
        advice=row.advice,
        last_words=words if len(words) <= SHORT else words[: SHORT - 1] + "…",
        recordings=recordings,
        calls=calls[0],
        next_try_at=calls[1] if row.state in UNSETTLED else None,
    )


def _recordings(look: Look, ids: list[int]) -> dict[int, list[int]]:
    """Her recordings by case: a film waits in its case, a photo hangs on a word."""
    if not ids:
        return {}
    of = func.coalesce(RecordingRow.case_id, PostRow.case_id)
    ready = (RecordingRow.by.in_(HERS), RecordingRow.state == "ready")
    in_case = select(RecordingRow.id).where(RecordingRow.case_id.in_(ids), *ready)
    on_word = (
        select(RecordingRow.id)
        .join(PostRow, PostRow.id == RecordingRow.post_id)
        .where(PostRow.case_id.in_(ids), *ready)
    )
    query = (
        select(of, RecordingRow.id)
        .outerjoin(PostRow, PostRow.id == RecordingRow.post_id)
        .where(RecordingRow.id.in_(in_case.union(on_word)))
        .order_by(RecordingRow.id)
    )
    found: dict[int, list[int]] = {}
    for case_id, recording_id in look.session.execute(query):
        found.setdefault(case_id, []).append(recording_id)
    return found


def _calls(look: Look, ids: list[int]) -> dict[int, tuple[int, datetime | None]]:
    """How often she was called about each case, and when the next try is planned (by the last call alone)."""
    if not ids:
        return {}
    last = (
        select(func.max(CallRow.id).label("id"), func.count().label("many"))
        .where(CallRow.case_id.in_(ids))
        .group_by(CallRow.case_id)
        .subquery()
    )
    query = select(CallRow.case_id, last.c.many, CallRow.next_try_at).join(last, last.c.id == CallRow.id)
    return {row[0]: (row[1], row[2]) for row in look.session.execute(query)}
