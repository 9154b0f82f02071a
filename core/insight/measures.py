"""The measures: each a defined numerator over a denominator, counted by department day.

Definitions follow the measure table of the design (uptake within 14 days of the offer; no-show among booked
visits that were due; a praise counts from 50 characters, once a day and writer or phone; satisfied means 4 or 5 of 5). `core.insight.rollups`
runs `counts` for the days that were touched; `core.insight.board` folds the days into weeks.

Nothing here asks what day it is: a count of a day changes only when its facts change, so a stored count stays
right. When a day may be *judged* is another matter (`Measure.settled`) and is asked when the board is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.bank.tables import LedgerEntryRow
from core.care.tables import AppointmentRow, EnrolmentRow, OfferRow, RefundRow, SurveyAnswerRow, TaskRow
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.tables import CaseRow
from core.foundation.language import N_
from core.foundation.open_types import Column, Query, Raw
from core.recognition.praise import counted_once
from core.recognition.tables import RecognitionRow

UPTAKE_DAYS = 14
SATISFIED = 4


@dataclass(frozen=True)
class Measure:
    """A measure as people read it. `unit`: share (0–1), per_100, points or money (fen).

    `open_days`: how many days after a day its count may still turn without anybody's mistake; such days are
    left out of every figure and judgement. None: a day counts at once. `nothing_before`: what to say where
    nothing was measured before the pilot. `asked`: nobody gives it before the house asks for it, so that visits of the
    time before without any are a gap, not a zero. `compared`: false
    for a measure that is watched, but whose before and after is no result of the pilot. `counted`: a count in words,
    for shares and for figures per 100.
    """

    code: str
    name: str
    numerator: str
    denominator: str
    unit: str
    improves: str  # increase | decrease | neither
    caveat: str = ""
    open_days: int | None = None
    nothing_before: str = N_("Not measured before the pilot.")
    asked: bool = False
    compared: bool = True
    counted: str = ""

    def settled(self, today: date) -> date:
        """The last day whose count can be judged on `today`."""
        return today if self.open_days is None else today - timedelta(days=self.open_days + 1)


MEASURES = {
    m.code: m
    for m in (
        Measure(
            "uptake", N_("Uptake"), N_("enrolled within 14 days of the offer"), N_("offers made"),
            "share", "increase",
            N_(
                "Of those the package was explained to, not of all visits. Offers of the last 14 days are left "
                "out: these patients may still decide."
            ),
            open_days=UPTAKE_DAYS, nothing_before=N_("Not measured before the pilot: nothing was offered then."), counted=N_("{n} offers, {events} enrolled"),
        ),
        Measure(
            "noshow", N_("No-show rate"), N_("booked visits missed without cancelling"),
            N_("booked visits that were due"), "share", "decrease",
            N_(
                "Visits cancelled in time are not counted, nor are visits without a recorded outcome. A day "
                "counts when it is over."
            ),
            open_days=0, counted=N_("{n} visits due, {events} missed"),
        ),
        Measure(
            "on_time", N_("Tasks on time"), N_("tasks done or waived inside their window"),
            N_("tasks whose window has closed"), "share", "increase",
            N_(
                "Tasks that were cancelled or do not apply are not counted; “the doctor said rest” counts "
                "as done."
            ),
            open_days=0, nothing_before=N_("Not measured before the pilot: there were no tasks then."), counted=N_("{n} tasks due, {events} on time"),
        ),
        Measure(
            "praise", N_("Praise per 100 visits"), N_("praises of at least 50 characters"), N_("visits attended"),
            "per_100", "increase", N_("Not a measure of any one person. A writer, or a phone, counts once a day."),
            nothing_before=N_("Not measured before the pilot: praise could not be given then."), asked=True, counted=N_("{n} visits, {events} praises"),
        ),
        Measure(
            "satisfied", N_("Satisfaction"), N_("answers of 4 or 5"), N_("answers to the one question"),
            "share", "increase",
            N_("Only those who answered, on a scale of 1 to 5; see the answers per 100 visits."),
            nothing_before=N_("Not measured before the pilot: nobody was asked then."), counted=N_("{n} answers, {events} satisfied"),
        ),
        Measure(
            "response", N_("Answers per 100 visits"), N_("answers to the one question"), N_("visits attended"),
            "per_100", "neither", N_("The fewer answer, the less satisfaction says about everybody."),
            compared=False, asked=True, counted=N_("{n} visits, {events} answers"),
        ),
        Measure(
            "unrecorded", N_("Visits without an outcome"), N_("past visits still marked as booked"),
            N_("past visits not cancelled"), "share", "decrease",
            N_("They are in no other figure. Record them as attended, missed or cancelled."),
            open_days=0, compared=False, counted=N_("{n} past visits, {events} without an outcome"),
        ),
        Measure(
            "answered", N_("Answered in time"), N_("promised answers given in time"),
            N_("promised answers that were due"), "share", "increase",
            N_(
                "By the promises of the packages: questions, films, urgent and today's signs. What left the queue before "
                "its time is not counted."
            ),
            open_days=3, nothing_before=N_("Not measured before the pilot: nothing was promised then."),
            counted=N_("{n} answers due, {events} in time"),
        ),
        Measure(
            "revenue", N_("Revenue"), N_("paid less refunded"), N_("packages sold"), "money", "increase",
            N_("A sale counts on the day of enrolment, a refund on the day it was paid back."),
        ),
        Measure(
            "points_issued", N_("Points issued"), N_("points earned, less what was taken back"), N_("entries"),
            "points", "neither", N_("With interest and corrections."),
        ),
        Measure(
            "points_redeemed", N_("Points redeemed"), N_("points spent, less what was given back"), N_("entries"),
            "points", "neither", N_("Expired points are not counted here."),
        ),
        Measure(
            "points_net", N_("Change in outstanding points"), N_("all entries of the ledger"), N_("entries"),
            "points", "neither", N_("Outstanding points are the sum of all entries since the first."),
        ),
    )
}  # fmt: skip

Row = Raw


def counts(session: Session, days: Sequence[date]) -> list[Row]:
    """Every measure for the given days, one row per day, measure and package; days without facts give no row."""
    found: dict[tuple[date, str, int], list[int]] = {}
    for measure, query in _queries(days):
        for day, package, numerator, denominator in session.execute(query):
            cell = found.setdefault((day, measure, package or 0), [0, 0])
            cell[0] += int(numerator or 0)
            cell[1] += int(denominator or 0)
    return [
        {"day": day, "measure": measure, "package_id": package, "numerator": n, "denominator": d}
        for (day, measure, package), (n, d) in sorted(found.items())
        if n or d
    ]


def _queries(days: Sequence[date]) -> list[tuple[str, Query]]:
    """One grouped SELECT (day, package, numerator, denominator) per fact table and measure."""
    answers = (SurveyAnswerRow.day, SurveyAnswerRow.package_id)
    satisfied = _number_of(SurveyAnswerRow.score >= SATISFIED)
    nothing, visits = literal(0), _visits(days)
    return [
        ("uptake", _uptake(days)),
        ("noshow", _outcomes(days, "no_show", ("attended", "no_show"))),
        ("unrecorded", _outcomes(days, "booked", ("booked", "attended", "no_show"))),
        ("on_time", _on_time(days)),
        ("praise", _praise(days)),
        ("praise", visits),
        ("satisfied", _per_day(*answers, satisfied, func.count(), days)),
        ("response", _per_day(*answers, func.count(), nothing, days)),
        ("response", visits),
        ("answered", _answered(days)),
        *_revenue(days),
        *_ledger(days),
    ]


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _per_day(
    day: Column, package: Column, numerator: Column, denominator: Column, days: Sequence[date]
) -> Query:
    return select(day, package, numerator, denominator).where(day.in_(days)).group_by(day, package)


def _uptake(days: Sequence[date]) -> Query:
    """An offer counts when its enrolment followed within 14 days."""
    followed = and_(
        EnrolmentRow.id.is_not(None),
        EnrolmentRow.enrolled_on >= OfferRow.offered_on,
        _DaysBetween(OfferRow.offered_on, EnrolmentRow.enrolled_on) <= UPTAKE_DAYS,
    )
    offers = _per_day(OfferRow.offered_on, OfferRow.package_id, _number_of(followed), func.count(), days)
    return offers.join_from(OfferRow, EnrolmentRow, EnrolmentRow.id == OfferRow.enrolment_id, isouter=True)


def _outcomes(days: Sequence[date], counted: str, among: Sequence[str]) -> Query:
    hit = _number_of(AppointmentRow.state == counted)
    visits = _per_day(AppointmentRow.day, AppointmentRow.package_id, hit, func.count(), days)
    return visits.where(AppointmentRow.state.in_(among))


def _visits(days: Sequence[date]) -> Query:
    attended = _number_of(AppointmentRow.state == "attended")
    return _per_day(AppointmentRow.day, AppointmentRow.package_id, literal(0), attended, days)


def _on_time(days: Sequence[date]) -> Query:
    kept = and_(TaskRow.state.in_(("done", "excused")), TaskRow.done_on <= TaskRow.closes_on)
    missions = _per_day(TaskRow.closes_on, EnrolmentRow.package_id, _number_of(kept), func.count(), days)
    return missions.join_from(TaskRow, EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id).where(
        TaskRow.state.in_(("planned", "done", "excused"))
    )


def _praise(days: Sequence[date]) -> Query:
    praises = _per_day(RecognitionRow.day, RecognitionRow.package_id, func.count(), literal(0), days)
    return praises.where(counted_once())


def _answered(days: Sequence[date]) -> Query:
    """Of the promises whose clock began on a day, those met; a case that left the queue before its time owes nothing."""
    kept = PromiseRunRow.met_at <= PromiseRunRow.due_at
    runs = _per_day(PromiseRunRow.day, EnrolmentRow.package_id, _number_of(kept), func.count(), days)
    owed = or_(PromiseRunRow.ended_at.is_(None), PromiseRunRow.ended_at > PromiseRunRow.due_at)
    return (
        runs.join_from(PromiseRunRow, CaseRow, CaseRow.id == PromiseRunRow.case_id)
        .join(EnrolmentRow, EnrolmentRow.id == CaseRow.enrolment_id)
        .where(owed)
    )


def _revenue(days: Sequence[date]) -> list[tuple[str, Query]]:
    package = EnrolmentRow.package_id
    paid, back = func.sum(EnrolmentRow.amount_fen), -func.sum(RefundRow.amount_fen)
    refunds = _per_day(RefundRow.day, package, back, literal(0), days)
    return [
        ("revenue", _per_day(EnrolmentRow.enrolled_on, package, paid, func.count(), days)),
        ("revenue", refunds.join_from(RefundRow, EnrolmentRow, EnrolmentRow.id == RefundRow.enrolment_id)),
    ]


def _ledger(days: Sequence[date]) -> list[tuple[str, Query]]:
    """A reversal counts against what it reverses: a voucher given back is not an earning."""
    reversed_entry = LedgerEntryRow.__table__.alias("reversed")
    kind = func.coalesce(cast(reversed_entry.c.kind, String), LedgerEntryRow.kind)
    base = (
        select(LedgerEntryRow.day, LedgerEntryRow.package_id)
        .join(reversed_entry, reversed_entry.c.id == LedgerEntryRow.reverses_id, isouter=True)
        .where(LedgerEntryRow.day.in_(days))
        .group_by(LedgerEntryRow.day, LedgerEntryRow.package_id)
    )

    def total(condition: ColumnElement[bool], sign: int) -> Query:
        return base.add_columns(
            sign * func.sum(case((condition, LedgerEntryRow.points), else_=0)),
            _number_of(condition),
        )

    return [
        ("points_issued", total(kind.in_(("earn", "interest", "adjust")), 1)),
        ("points_redeemed", total(kind == "redeem", -1)),
        ("points_net", base.add_columns(func.sum(LedgerEntryRow.points), func.count())),
    ]


class _DaysBetween(FunctionElement[int]):
    """Whole days between two stored dates; the two engines say it differently."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(_DaysBetween, "sqlite")
def _sqlite(element: _DaysBetween, compiler: SQLCompiler, **keywords: Any) -> str:
    earlier, later = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(_DaysBetween, "postgresql")
def _postgresql(element: _DaysBetween, compiler: SQLCompiler, **keywords: Any) -> str:
    earlier, later = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"({later} - {earlier})"
