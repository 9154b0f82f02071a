"""The dashboard as tables: the same figures that are drawn, with counts and intervals, and how each is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.foundation.language import (
    N_,
    Translate,
    full_day_text,
    number_text,
    percent_text,
    plural,
    translator,
)
from core.insight.board import Board, Figure
from core.insight.comparisons import proportion
from core.insight.measures import MEASURES, UPTAKE_DAYS, Measure
from core.insight.rates import rate
from core.insight.readings import reading
from core.insight.three_sentences import evidence

COMPARED = tuple(code for code, measure in MEASURES.items() if measure.unit in ("share", "per_100"))
TOTALS = ("revenue", "points_issued", "points_redeemed")

ABOUT = (
    N_("A difference between before and after does not prove that the pilot caused it."),
    N_(
        "Before and after compare the 26 weeks before the pilot with everything since its first day, whatever "
        "period is shown."
    ),
    N_("The 95% interval says how far chance alone may carry a figure of this size."),
    N_("Weeks begin on Monday; a week is cut where the period or the pilot begins or ends inside it."),
    N_("A control chart reads complete weeks only and says when no action is needed."),
)


@dataclass(frozen=True)
class Table:
    """A table with typed cells (dates, integers, shares from 0 to 1, Decimal yuan); headers are translated."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def figure_text(measure: Measure, value: float | None, language: str) -> str:
    """A figure in the unit of its measure: 0.443 → "44.3%", 3.21 → "3.2", fen as whole yuan; "–" for nobody."""
    if value is None:
        return "–"
    match measure.unit:
        case "share":
            return percent_text(value, language)
        case "per_100":
            return number_text(value, language, "#,##0.0")
        case "money":
            return number_text(round(value / 100), language, "¥#,##0;-¥#,##0")
        case _:
            return number_text(round(value), language)


def interval_text(figure: Figure, count: tuple[int, int], language: str) -> str:
    """The 95 % interval of a count of this measure, "" for nobody and for totals."""
    low, high = bounds(figure, count)
    if low is None:
        return ""
    return f"{figure_text(figure.measure, low, language)} – {figure_text(figure.measure, high, language)}"


def bounds(figure: Figure, count: tuple[int, int]) -> tuple[float | None, float | None]:
    """The 95 % interval in the unit of the measure, (None, None) for nobody and for totals."""
    if not count[1] or figure.measure.unit not in ("share", "per_100"):
        return None, None
    known = proportion(*count) if figure.measure.unit == "share" else rate(*count)
    return known.low, known.high


def summary(board: Board, language: str) -> Table:
    """One line per measure: before, since the start, and what may be said. Figures are text: their units differ."""
    _ = translator(language)
    header = (
        _("Measure"), _("Before: numerator"), _("Before: denominator"), _("Before: figure"),
        _("Since the start: numerator"), _("Since the start: denominator"), _("Since the start: figure"),
        _("95% interval"), _("Conclusion"), _("Latest week"),
    )  # fmt: skip
    rows = []
    for code in (*COMPARED, *TOTALS):
        figure = board.figures[code]
        chart = reading(figure)
        basis = evidence(figure, language) if code in COMPARED else ""
        rows.append(
            (
                _(figure.measure.name), *_cells(figure, figure.before, language),
                *_cells(figure, figure.after, language), interval_text(figure, figure.after, language),
                basis, chart.text(language) if chart else "",
            )
        )  # fmt: skip
    return Table(_("Summary"), header, tuple(rows))


# Per unit: the headers of figure, lower and upper bound; one header has one number format in a workbook.
FIGURES = {
    "share": (N_("Share"), N_("95% from"), N_("95% to")),
    "per_100": (N_("Per 100 visits"), N_("Per 100: 95% from"), N_("Per 100: 95% to")),
}


def by_week(figure: Figure, language: str) -> Table:
    """The weeks of the period shown, oldest first; shares and rates with their 95 % interval."""
    _, measure = translator(language), figure.measure
    figures = FIGURES.get(measure.unit, ())
    header = (
        _("Week of"), _("Phase"), _(measure.numerator), _(measure.denominator), *map(_, figures), _("Remark"),
    )  # fmt: skip
    rows = []
    for week in figure.weeks:
        count = (week.numerator, week.denominator)
        known = (figure.worth(count), *bounds(figure, count)) if figures else ()
        remark = "" if week.complete else _("week not complete")
        rows.append(
            (week.start, phase(figure, week.start, _), _amount(figure, count[0]), count[1], *known, remark)
        )
    return Table(_(measure.name), header, tuple(rows))


def points_by_week(board: Board, language: str) -> Table:
    """Points issued, redeemed and outstanding at each week's end, oldest first."""
    _ = translator(language)
    issued, redeemed = board.figures["points_issued"], board.figures["points_redeemed"]
    header = (
        _("Week of"), _("Phase"), _("Points issued"), _("Points redeemed"), _("Outstanding at the end"),
    )  # fmt: skip
    rows = [
        (came.start, phase(issued, came.start, _), came.numerator, went.numerator, left)
        for came, went, left in zip(issued.weeks, redeemed.weeks, board.outstanding_by_week, strict=True)
    ]
    return Table(_("Points"), header, tuple(rows))


def phase(figure: Figure, day: date, _: Translate) -> str:
    pilot = figure.spans.pilot
    if pilot is None:
        return ""
    return _("After the start") if day >= pilot else _("Before the start")


def how_counted(board: Board, language: str, package: str = "", simulated: bool = False) -> dict[str, str]:
    """Term → meaning: the period, the package, and how every figure is counted."""
    _, spans = translator(language), board.spans
    notes = {}
    if simulated:
        notes[_("Simulated data")] = _("Every figure here is invented for demonstration. None is a result.")
    days = {"first": full_day_text(spans.first, language), "last": full_day_text(spans.last, language)}
    notes[_("Period")] = _("{first} to {last}", **days)
    start = full_day_text(spans.pilot, language) if spans.pilot else _("not set")
    notes[_("First day of the pilot")] = start
    notes[_("Package")] = package or _("All packages")
    for measure in MEASURES.values():
        notes[_(measure.name)] = definition(measure, language)
    notes[_("How to read this")] = "\n".join(_(line) for line in ABOUT)
    waiting = board.figures["uptake"].waiting[1]
    if waiting:
        notes[_("Not judged yet")] = not_judged(board, language)
    return notes


def definition(measure: Measure, language: str) -> str:
    """How a measure is counted: its numerator, its denominator, and what to bear in mind."""
    _ = translator(language)
    texts = {"numerator": _(measure.numerator), "denominator": _(measure.denominator)}
    match measure.unit:
        case "share":
            text = _("{numerator} ÷ {denominator}.", **texts)
        case "per_100":
            text = _("{numerator} ÷ {denominator} × 100.", **texts)
        case _:
            text = _("Sum: {numerator}.", **texts)
    gap = "" if language == "zh" else " "
    return text[:1].upper() + text[1:] + (gap + _(measure.caveat) if measure.caveat else "")


def not_judged(board: Board, language: str) -> str:
    """The offers that are too young for a judgement."""
    _ = translator(language)
    enrolled, offers = board.figures["uptake"].waiting
    return plural(
        language,
        "{offers} offer of the last {days} days is not judged yet (enrolled so far: {enrolled}).",
        "{offers} offers of the last {days} days are not judged yet (enrolled so far: {enrolled}).",
        offers,
        offers=number_text(offers, language), enrolled=number_text(enrolled, language), days=UPTAKE_DAYS,
    )  # fmt: skip


def _cells(figure: Figure, count: tuple[int, int], language: str) -> tuple[Decimal | int, int, str]:
    """Numerator (money in yuan), denominator, and the figure as text."""
    return _amount(figure, count[0]), count[1], figure_text(figure.measure, figure.worth(count), language)


def _amount(figure: Figure, value: int) -> Decimal | int:
    return Decimal(value) / 100 if figure.measure.unit == "money" else value
