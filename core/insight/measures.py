"""The measures: each a defined numerator over a denominator, counted by department day.

Definitions follow the measure table of the design (uptake within 14 days of the offer; no-show among booked
visits that were due; a praise counts from 50 characters; satisfied means 4 or 5 of 5). `core.insight.rollups`
runs `counts` for the days that were touched; `core.insight.board` folds the days into weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, String, and_, case, cast, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from core.bank.tables import LedgerEntryRow
from core.care.tables import AppointmentRow, EnrolmentRow, OfferRow, SurveyAnswerRow, TaskRow
from core.foundation.language import N_
from core.recognition.tables import RecognitionRow

UPTAKE_DAYS = 14
SATISFIED = 4


@dataclass(frozen=True)
class Measure:
    """A measure as people read it. `unit`: share (0–1), per_100, points or money (fen)."""

    code: str
    name: str
    numerator: str
    denominator: str
    unit: str
    improves: str  # increase | decrease | neither
    caveat: str = ""


MEASURES = {
    m.code: m
    for m in (
        Measure(
            "uptake", N_("Uptake"), N_("enrolled within 14 days of the offer"), N_("offers made"),
            "share", "increase", N_("Of those the package was explained to, not of all visits."),
        ),
        Measure(
            "noshow", N_("No-show rate"), N_("booked visits missed without cancelling"),
            N_("booked visits that were due"), "share", "decrease",
            N_("Visits cancelled in time are not counted."),
        ),
        Measure(
            "on_time", N_("Missions on time"), N_("missions done or excused inside their window"),
            N_("missions whose window has closed"), "share", "increase",
            N_("Missions that do not apply are not counted; “the doctor said rest” counts as done."),
        ),
        Measure(
            "praise", N_("Praise per 100 visits"), N_("praises of at least 50 characters"), N_("visits attended"),
            "per_100", "increase", N_("Not a measure of any one person."),
        ),
        Measure(
            "satisfied", N_("Satisfaction"), N_("answers of 4 or 5"), N_("answers to the one question"),
            "share", "increase", N_("Only those who answered; see the response rate."),
        ),
        Measure(
            "response", N_("Response rate"), N_("answers to the one question"), N_("visits attended"),
            "share", "increase",
        ),
        Measure(
            "revenue", N_("Revenue"), N_("paid less refunded"), N_("packages sold"), "money", "increase",
        ),
        Measure(
            "points_issued", N_("Points issued"), N_("points earned, less what was taken back"), N_("entries"),
            "points", "neither",
        ),
        Measure(
            "points_redeemed", N_("Points redeemed"), N_("points spent, less what was given back"), N_("entries"),
            "points", "neither",
        ),
        Measure(
            "points_net", N_("Change in outstanding points"), N_("all entries of the ledger"), N_("entries"),
            "points", "neither",
        ),
    )
}  # fmt: skip

Row = dict[str, Any]


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


def _queries(days: Sequence[date]) -> list[tuple[str, Select[Any]]]:
    """One grouped SELECT (day, package, numerator, denominator) per fact table and measure."""
    one = literal(1)
    visits = select(
        AppointmentRow.day,
        AppointmentRow.package_id,
        literal(0),
        func.sum(case((AppointmentRow.state == "attended", 1), else_=0)),
    ).where(AppointmentRow.day.in_(days))
    visits = visits.group_by(AppointmentRow.day, AppointmentRow.package_id)
    ledger = _ledger(days)
    return [
        ("uptake", _uptake(days)),
        ("noshow", _no_show(days)),
        ("on_time", _on_time(days)),
        ("praise", _per_day(RecognitionRow.day, RecognitionRow.package_id, func.count(), literal(0), days)),
        ("praise", visits),
        (
            "satisfied",
            _per_day(
                SurveyAnswerRow.day,
                SurveyAnswerRow.package_id,
                func.sum(case((SurveyAnswerRow.score >= SATISFIED, 1), else_=0)),
                func.count(),
                days,
            ),
        ),
        ("response", _per_day(SurveyAnswerRow.day, SurveyAnswerRow.package_id, func.count(), literal(0), days)),
        ("response", visits),
        (
            "revenue",
            _per_day(
                EnrolmentRow.enrolled_on, EnrolmentRow.package_id, func.sum(EnrolmentRow.amount_fen),
                func.sum(one), days,
            ),
        ),
        (
            "revenue",
            _per_day(
                EnrolmentRow.refunded_on, EnrolmentRow.package_id, -func.sum(EnrolmentRow.refund_fen),
                literal(0), days,
            ),
        ),
        *ledger,
    ]  # fmt: skip


def _per_day(day: Any, package: Any, numerator: Any, denominator: Any, days: Sequence[date]) -> Select[Any]:
    return select(day, package, numerator, denominator).where(day.in_(days)).group_by(day, package)


def _uptake(days: Sequence[date]) -> Select[Any]:
    """An offer counts when its enrolment followed within 14 days."""
    followed = and_(
        EnrolmentRow.id.is_not(None),
        EnrolmentRow.enrolled_on >= OfferRow.offered_on,
        _DaysBetween(OfferRow.offered_on, EnrolmentRow.enrolled_on) <= UPTAKE_DAYS,
    )
    return (
        select(OfferRow.offered_on, OfferRow.package_id, func.sum(case((followed, 1), else_=0)), func.count())
        .join(EnrolmentRow, EnrolmentRow.id == OfferRow.enrolment_id, isouter=True)
        .where(OfferRow.offered_on.in_(days))
        .group_by(OfferRow.offered_on, OfferRow.package_id)
    )


def _no_show(days: Sequence[date]) -> Select[Any]:
    missed = AppointmentRow.state == "no_show"
    return (
        select(
            AppointmentRow.day, AppointmentRow.package_id, func.sum(case((missed, 1), else_=0)), func.count()
        )
        .where(AppointmentRow.day.in_(days), AppointmentRow.state.in_(("attended", "no_show")))
        .group_by(AppointmentRow.day, AppointmentRow.package_id)
    )


def _on_time(days: Sequence[date]) -> Select[Any]:
    kept = and_(TaskRow.state.in_(("done", "excused")), TaskRow.done_on <= TaskRow.closes_on)
    return (
        select(TaskRow.closes_on, EnrolmentRow.package_id, func.sum(case((kept, 1), else_=0)), func.count())
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .where(TaskRow.closes_on.in_(days), TaskRow.state.in_(("planned", "done", "excused")))
        .group_by(TaskRow.closes_on, EnrolmentRow.package_id)
    )


def _ledger(days: Sequence[date]) -> list[tuple[str, Select[Any]]]:
    """A reversal counts against what it reverses: a voucher given back is not an earning."""
    reversed_entry = LedgerEntryRow.__table__.alias("reversed")
    kind = func.coalesce(cast(reversed_entry.c.kind, String), LedgerEntryRow.kind)
    base = (
        select(LedgerEntryRow.day, LedgerEntryRow.package_id)
        .join(reversed_entry, reversed_entry.c.id == LedgerEntryRow.reverses_id, isouter=True)
        .where(LedgerEntryRow.day.in_(days))
        .group_by(LedgerEntryRow.day, LedgerEntryRow.package_id)
    )

    def total(condition: Any, sign: int) -> Select[Any]:
        return base.add_columns(
            sign * func.sum(case((condition, LedgerEntryRow.points), else_=0)),
            func.sum(case((condition, 1), else_=0)),
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
def _sqlite(element: Any, compiler: Any, **keywords: Any) -> str:
    earlier, later = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(_DaysBetween, "postgresql")
def _postgresql(element: Any, compiler: Any, **keywords: Any) -> str:
    earlier, later = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"({later} - {earlier})"
