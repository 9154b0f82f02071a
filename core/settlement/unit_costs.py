"""What a sale really took, from recorded facts, beside what the package's cost sheet assumed.

How often a step really happened is read from the fact its `happens` names; where none does, it is "not recorded", never
assumed. The minutes and materials of one time are the department's own figures of the SOP: nobody measures them here. Sales
that have ended and sales that still run stand apart, because what runs has not had all its steps yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.dialogue.answers.tables import DoseRow
from core.dialogue.cases.calls import SPOKEN
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.tables import CallRow, CaseEventRow, CaseRow
from core.foundation.doors import Look, question
from core.packages.costing import HOUR, Costs
from core.packages.parts import SopStep

TOO_FEW = 10  # sales below which an average of them says more about chance than about the package
SALE = "sale"


@dataclass(frozen=True)
class Facts:
    """How often each kind of fact (`parts.HAPPENS_NAMES`) was recorded in `sales` sales together."""

    sales: int
    times: Mapping[str, int]

    @property
    def too_few(self) -> bool:
        return self.sales < TOO_FEW

    def per_sale(self, kind: str) -> float | None:
        """How often per sale; None where no fact tells, or nothing was sold."""
        return self.times[kind] / self.sales if self.sales and kind in self.times else None


@dataclass(frozen=True)
class UnitFacts:
    """The facts of the sales of a package since a day: those that have ended, and those that still run."""

    ended: Facts
    running: Facts


@dataclass(frozen=True)
class Side:
    """One side of a comparison, for one sale: how often, minutes of staff time, wages and materials in fen."""

    times: float
    minutes: float
    labour_fen: float
    material_fen: float

    @property
    def total_fen(self) -> float:
        return self.labour_fen + self.material_fen


@dataclass(frozen=True)
class StepLine:
    """One step: what the cost sheet assumes and what really was; `really` is None where it is not recorded."""

    no: int
    actor: str
    action: str
    happens: str
    assumed: Side
    really: Side | None


@dataclass(frozen=True)
class Beside:
    """All steps, and the sums of those that are recorded: only they can be compared."""

    sales: int
    too_few: bool
    lines: tuple[StepLine, ...]

    @property
    def recorded(self) -> tuple[StepLine, ...]:
        return tuple(line for line in self.lines if line.really is not None)

    @property
    def assumed(self) -> Side:
        return _sum([line.assumed for line in self.recorded])

    @property
    def really(self) -> Side:
        return _sum([line.really for line in self.recorded if line.really is not None])


@question("package.write")
def unit_facts(look: Look, *, package_id: int, since: date | None = None) -> UnitFacts:
    """What was recorded for the sales of a package, enrolled on or after `since` (None: all): one statement for each
    kind of fact. A call counts when somebody spoke with us, a question or sign when it was answered, once for each case."""
    sold = [EnrolmentRow.package_id == package_id]
    if since is not None:
        sold.append(EnrolmentRow.enrolled_on >= since)
    counted = {kind: _split(look, query.where(*sold)) for kind, query in _STATEMENTS.items()}
    sides = [
        Facts(counted[SALE][runs], {kind: found[runs] for kind, found in counted.items()})
        for runs in (False, True)
    ]
    return UnitFacts(*sides)


def beside(steps: Sequence[SopStep], costs: Costs, facts: Facts) -> Beside:
    """The steps of an SOP as the cost sheet assumes them beside what the facts say, for one sale."""
    lines = tuple(_line(step, costs, facts) for step in steps if step.actor != "patient")
    return Beside(facts.sales, facts.too_few, lines)


# --- inner ----------------------------------------------------------------------------------------

_RUNS = (EnrolmentRow.status == "active").label("runs")


_REVIEW = cast(DoseRow.enrolment_id, String) + "/" + cast(func.date(DoseRow.at), String)


def _count(of: ColumnElement[Any] | InstrumentedAttribute[int] | None = None) -> Select[bool, int]:
    times = func.count() if of is None else func.count(of.distinct())
    return select(_RUNS, times).select_from(EnrolmentRow).group_by(_RUNS)


def _of_cases(kind: str) -> Select[bool, int]:
    return (
        _count(CaseRow.id)
        .join(CaseRow, CaseRow.enrolment_id == EnrolmentRow.id)
        .join(CaseEventRow, CaseEventRow.case_id == CaseRow.id)
        .where(CaseRow.kind == kind, CaseEventRow.kind == "answered")
    )


# Recordings and calls are found by the patient's index; the enrolment then says for which of her packages they were.
_STATEMENTS: Mapping[str, Select[bool, int]] = {
    SALE: _count(),
    "task": _count()
    .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
    .where(TaskRow.state == "done", TaskRow.role != "patient", TaskRow.done_by.is_not(None)),
    "visit": _count()
    .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
    .join(AppointmentRow, AppointmentRow.task_id == TaskRow.id)
    .where(AppointmentRow.state == "attended"),
    "film": _count()
    .join(
        RecordingRow,
        (RecordingRow.patient_id == EnrolmentRow.patient_id) & (RecordingRow.enrolment_id == EnrolmentRow.id),
    )
    .join(FilmReviewRow, FilmReviewRow.recording_id == RecordingRow.id),
    "question": _of_cases("question"),
    "alert": _of_cases("alert"),
    "sign": _of_cases("sign"),
    "call": _count()
    .join(
        CallRow, (CallRow.patient_id == EnrolmentRow.patient_id) & (CallRow.enrolment_id == EnrolmentRow.id)
    )
    .where(CallRow.outcome.in_(SPOKEN)),
    # One review of her doses, however many exercises it was for and however often one was put right that day.
    "dose": _count(_REVIEW).join(DoseRow, DoseRow.enrolment_id == EnrolmentRow.id),
}


def _split(look: Look, query: Select[bool, int]) -> dict[bool, int]:
    found = {bool(runs): int(times) for runs, times in look.session.execute(query)}
    return {False: 0, True: 0} | found


def _line(step: SopStep, costs: Costs, facts: Facts) -> StepLine:
    times = facts.per_sale(step.happens)
    really = None if times is None else _side(step, costs, times)
    return StepLine(step.no, step.actor, step.action, step.happens, _side(step, costs, step.times), really)


def _side(step: SopStep, costs: Costs, times: float) -> Side:
    minutes = step.minutes * times
    return Side(times, minutes, minutes * costs.wage(step.actor) / HOUR, step.material_fen * times)


def _sum(sides: Sequence[Side]) -> Side:
    return Side(
        sum(one.times for one in sides),
        sum(one.minutes for one in sides),
        sum(one.labour_fen for one in sides),
        sum(one.material_fen for one in sides),
    )
