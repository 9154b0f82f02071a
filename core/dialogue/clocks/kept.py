"""What was promised and what was kept: of one patient as a list, of the house as counts of the last days.

Minutes are those of the clock from her word to our answer, nights and closed hours included; how late an answer was
counts from the promised instant. A promise that still runs counts to neither side, one that ended without an answer
(she deleted the film, the course was stopped) is counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select

from core.dialogue.clocks.promises import standing
from core.dialogue.clocks.tables import PromiseRunRow, PromiseStepRow
from core.dialogue.tables import CaseRow
from core.foundation.clock import day_bounds
from core.foundation.doors import Look, question
from core.foundation.quiet_hours import NIGHT_BEGINS, NIGHT_ENDS
from core.people.tables import StaffRow

DAYS, MONTH, MOST, MOST_STEPS = 7, 28, 30, 200


@dataclass(frozen=True)
class Run:
    """One promise: her word at `started_at`, promised until `due_at`, answered at `met_at` by `by`; `standing` a key of
    `promises.STANDING_NAMES`, `kind` of the case."""

    case_id: int
    code: str
    kind: str
    level: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    standing: str
    by: str


@dataclass(frozen=True)
class Tally:
    """Promises of one kind (a kind of `packages.promises`). `kept`, `late` (answered after the time), `missed` (over and
    not answered), `running` and `ended` add up to `n`. `median` and `worst` are minutes until the answer over `answered`
    of them, None without any; `latest` the most minutes past the promised instant, 0 where all were kept."""

    kind: str
    n: int
    kept: int
    late: int
    missed: int
    running: int
    ended: int
    median: int | None
    worst: int | None
    latest: int

    @property
    def answered(self) -> int:
        return self.kept + self.late

    @property
    def settled(self) -> int:
        """What can be judged: kept, answered late, or missed."""
        return self.kept + self.late + self.missed


@dataclass(frozen=True)
class NightStep:
    """A step of the ladder last night: due, noticed (later where the house was down), and the names of who was told."""

    code: str
    kind: str
    level: str
    step: str
    due_at: datetime
    noticed_at: datetime
    told: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """The last `days` days up to now, by kind and in all, and the steps of the night from 20:00 to 8:00."""

    days: int
    total: Tally
    kinds: tuple[Tally, ...]
    night: tuple[NightStep, ...]


@question("reply.read")
def kept(look: Look, *, days: int = DAYS) -> Kept:
    """What became of the promises whose clock began in the last `days` days, and the steps of the night."""
    total, kinds = _tallies(look, days)
    return Kept(days, total, kinds, _night(look))


@question("dashboard.read")
def answer_times(look: Look, *, days: int = MONTH) -> tuple[Tally, tuple[Tally, ...]]:
    """The same in all and by kind, for the board: in time, median and worst minutes of the last four weeks."""
    return _tallies(look, days)


def _tallies(look: Look, days: int) -> tuple[Tally, tuple[Tally, ...]]:
    since = day_bounds(look.today - timedelta(days=days - 1), look.zone)[0]
    rows = look.session.execute(
        select(
            PromiseRunRow.kind, PromiseRunRow.started_at, PromiseRunRow.due_at, PromiseRunRow.met_at,
            PromiseRunRow.ended_at,
        ).where(PromiseRunRow.started_at >= since)
    ).all()  # fmt: skip
    runs = [
        (row.kind, row.started_at, row.due_at, row.met_at, standing(row.due_at, row.met_at, row.ended_at, look.now))
        for row in rows
    ]  # fmt: skip
    kinds = [kind for kind in ("orange", "question", "film", "yellow") if any(run[0] == kind for run in runs)]
    kinds += sorted({run[0] for run in runs} - set(kinds))
    return (
        _tally("", runs, look.now),
        tuple(_tally(kind, [run for run in runs if run[0] == kind], look.now) for kind in kinds),
    )


@question("reply.read")
def promises_of(look: Look, *, patient_id: int, limit: int = MOST) -> list[Run]:
    """What was promised to a patient and what became of it, the newest first."""
    rows = look.session.execute(
        select(PromiseRunRow, CaseRow.code, CaseRow.kind, CaseRow.level, StaffRow.name)
        .join(CaseRow, CaseRow.id == PromiseRunRow.case_id)
        .outerjoin(StaffRow, StaffRow.id == PromiseRunRow.met_by)
        .where(CaseRow.patient_id == patient_id)
        .order_by(PromiseRunRow.id.desc())
        .limit(limit)
    )
    return [
        Run(
            run.case_id, code, kind, level, run.started_at, run.due_at, run.met_at,
            standing(run.due_at, run.met_at, run.ended_at, look.now), name or "",
        )
        for run, code, kind, level, name in rows
    ]  # fmt: skip


_One = tuple[str, datetime, datetime, datetime | None, str]


def _tally(kind: str, runs: Sequence[_One], now: datetime) -> Tally:
    counts = {
        name: sum(run[4] == name for run in runs)
        for name in ("met", "answered_late", "missed", "runs", "ended")
    }
    taken = [_minutes(met - started) for _kind, started, _due, met, _how in runs if met is not None]
    past = [
        _minutes((met or now) - due)
        for _kind, _started, due, met, how in runs
        if how in ("answered_late", "missed")
    ]
    return Tally(
        kind, len(runs), counts["met"], counts["answered_late"], counts["missed"], counts["runs"], counts["ended"],
        round(median(taken)) if taken else None, max(taken) if taken else None, max(past, default=0),
    )  # fmt: skip


def _minutes(span: timedelta) -> int:
    """Whole minutes, begun ones counted."""
    return -(-int(span.total_seconds()) // 60)


def _night(look: Look) -> tuple[NightStep, ...]:
    """The steps due last night (tonight, where it has begun), the oldest first."""
    hour = look.now.astimezone(look.zone).hour
    evening = look.today if hour >= NIGHT_BEGINS else look.today - timedelta(days=1)
    midnight = day_bounds(evening, look.zone)[0]
    begins, ends = midnight + timedelta(hours=NIGHT_BEGINS), midnight + timedelta(hours=24 + NIGHT_ENDS)
    rows = look.session.execute(
        select(PromiseStepRow, CaseRow.code, CaseRow.kind, CaseRow.level)
        .join(PromiseRunRow, PromiseRunRow.id == PromiseStepRow.run_id)
        .join(CaseRow, CaseRow.id == PromiseRunRow.case_id)
        .where(PromiseStepRow.due_at >= begins, PromiseStepRow.due_at < ends)
        .order_by(PromiseStepRow.due_at, PromiseStepRow.id)
        .limit(MOST_STEPS)
    ).all()
    asked = {int(number) for step, *_ in rows for number in step.told or ()}
    names: dict[int, str] = {}
    if asked:
        for number, name in look.session.execute(
            select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(asked))
        ):
            names[number] = name
    return tuple(
        NightStep(
            code, kind, level, step.step, step.due_at, step.noticed_at,
            tuple(names[number] for number in map(int, step.told or ()) if number in names),
        )
        for step, code, kind, level in rows
    )  # fmt: skip
