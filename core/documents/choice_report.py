"""The choice of the pilot department on one A4 page, for leadership: decision, figures, scores, weights, what if.

Bars carry the number of their criterion and columns carry the same number, so black-and-white print loses nothing.
A draft says that it is one, and so does an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.choice.result import Result, Standing
from core.choice.study import Candidate, Decision, Study
from core.choice.words import out_text, points_text, sensitivity_words, standing_text, weights_text
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A4, Style
from core.foundation.appearance.palette import (
    CARD,
    CORAL_INK,
    CORAL_WASH,
    INK,
    JADE,
    JADE_DARK,
    JADE_WASH,
    LINE,
    SOFT_INK,
)
from core.foundation.clock import day_of
from core.foundation.language import full_day_text, percent_text, plural, translator

MARGIN = 15.0
WIDE = A4[0] - 2 * MARGIN
NAME, TOTAL = 57.0, 18.0  # mm: first and last column
CELL = (WIDE - NAME - TOTAL) / 7
TOP = 5.0  # points: the end of the bars' scale
FOOT = 27.0  # mm kept for signatures and notes
SMALL = Style(8, colour=SOFT_INK, leading=1.45)
BODY = Style(9, leading=1.5)
HEAD = Style(10.5, "serif", JADE_DARK, bold=True)


@dataclass(frozen=True)
class ChoiceReport:
    """A study with its result (`core.choice.result.result_of`), as leadership reads it. `zone` turns the
    moment of the decision into a day."""

    study: Study
    result: Result
    zone: ZoneInfo


def choice_report_pdf(report: ChoiceReport, head: Letterhead) -> bytes:
    """The page as a PDF; it is one page for as many candidates as a study holds."""
    _ = translator(head.language)
    sheet = Sheet(A4, head, f"{_('Choosing the pilot department')} · {report.study.title}")
    sheet.new_page()
    y = _decision(sheet, report, _head(sheet, report))
    y = _table(sheet, report, y + 4)
    y = _bars(sheet, report, y + 4)
    _anchors(sheet, report, _what_if(sheet, report, y + 3) + 4)
    _foot(sheet)
    return sheet.pdf()


def _head(sheet: Sheet, report: ChoiceReport) -> float:
    _ = translator(sheet.language)
    sheet.letterhead(MARGIN, 11, 9, department=False)
    sheet.put(sheet.head.day_text, MARGIN, 13.2, SMALL, "right", WIDE)
    sheet.rule(MARGIN, 23, sheet.wide - MARGIN, 23, JADE, 0.6)
    title = Style(18, "serif", bold=True, leading=1.3)
    sheet.put(_("Choosing the pilot department"), MARGIN, 26, title)
    marks = [_("Draft")] if not report.study.decided else []
    marks += [_("Example: invented figures")] if report.study.example else []
    right = sheet.wide - MARGIN
    for mark in reversed(marks):
        style = Style(8.5, colour=CORAL_INK, leading=1.3)
        width = sheet.width_of(mark, style) + 7
        sheet.panel(right - width, 28, width, 6.4, CORAL_WASH, radius=3.2)
        sheet.put(mark, right - width, 29.2, style, "center", width)
        right -= width + 2
    sheet.put(sheet.shortened(report.study.title, WIDE, SMALL), MARGIN, 35, SMALL)
    return 41.0


def _decision(sheet: Sheet, report: ChoiceReport, y: float) -> float:
    """The decision with reason and name; in a draft, who stands first and that nothing is decided."""
    _ = translator(sheet.language)
    made, inner = report.study.decision, WIDE - 12
    if made is None:
        text, style = standing_text(report.result, sheet.language), Style(11, "serif")
        height = 13 + sheet.height_of(text, inner, style)
        sheet.panel(MARGIN, y, WIDE, height, CARD, LINE, radius=3)
        sheet.put(
            _("Nothing has been decided yet"), MARGIN + 6, y + 3.5, Style(9, colour=CORAL_INK, bold=True)
        )
        sheet.block(text, MARGIN + 6, y + 9.5, inner, style)
        return y + height
    name = Style(17, "serif", JADE_DARK, bold=True, leading=1.3)
    name = sheet.fit(report.study.candidate(made.candidate_id).name, inner, 9, name, 10)
    reason = sheet.fit(made.reason, inner, 27, Style(10, "serif"), 6.5)
    height = 26 + sheet.height_of(made.reason, inner, reason)
    sheet.panel(MARGIN, y, WIDE, height, JADE_WASH, radius=3)
    sheet.put(_("The pilot begins in"), MARGIN + 6, y + 3.5, SMALL)
    sheet.put(report.study.candidate(made.candidate_id).name, MARGIN + 6, y + 8, name)
    below = sheet.block(made.reason, MARGIN + 6, y + 17.5, inner, reason, justify=True)
    sheet.put(_signed(report, made, sheet.language), MARGIN + 6, below + 1, SMALL)
    return y + height


def _signed(report: ChoiceReport, made: Decision, language: str) -> str:
    _ = translator(language)
    day = full_day_text(day_of(made.decided_at, report.zone), language)
    text = _("Decided by {name} on {day}", name=made.decided_by, day=day)
    first = report.result.leaders
    if first and made.candidate_id not in {each.id for each in first}:
        text += " · " + _("not the first in the ranking")
    return text


def _row_height(report: ChoiceReport) -> float:
    return 9.0 if len(report.study.candidates) <= 5 else 8.0


def _table(sheet: Sheet, report: ChoiceReport, y: float) -> float:
    """Scores by candidate; above each column its criterion and weight."""
    _ = translator(sheet.language)
    study, high = report.study, _row_height(report)
    sheet.put(_("Scores, 1 to 5, and weights"), MARGIN, y, HEAD)
    y += 7
    x = MARGIN + NAME
    name, weight = Style(7, colour=SOFT_INK, leading=1.25), Style(8, colour=JADE_DARK, bold=True, leading=1.3)
    for number, criterion in enumerate(study.frame.criteria, start=1):
        sheet.panel(x + CELL / 2 - 2.2, y, 4.4, 4.4, criterion.colour, radius=1)
        sheet.put(
            str(number), x, y + 0.55, Style(7.5, colour=criterion.on, bold=True, leading=1.25), "center", CELL
        )
        label = criterion.short(sheet.language)
        sheet.put(label, x, y + 5.2, sheet.fit(label, CELL, name.line_mm, name, 5), "center", CELL)
        share = percent_text(report.result.weights[criterion.code], sheet.language)
        sheet.put(share, x, y + 8.8, weight, "center", CELL)
        x += CELL
    sheet.put(_("Total of 5"), x, y + 5.2, name, "right", TOTAL)
    sheet.put(_("Department"), MARGIN, y + 5.2, name)
    y += 13.5
    sheet.rule(MARGIN, y, sheet.wide - MARGIN, y, SOFT_INK, 0.3)
    for standing in report.result.standings:
        y = _ranked_row(sheet, report, standing, y, high)
    for candidate, missing in report.result.waiting:
        y = _plain_row(
            sheet,
            candidate,
            plural(sheet.language, "{n} score missing", "{n} scores missing", missing),
            y,
            high,
        )
    for candidate, _reasons in report.result.out:
        y = _plain_row(
            sheet, candidate, _("Knocked out: {why}", why=out_text(study, candidate, sheet.language)), y, high
        )
    return y


def _who(sheet: Sheet, candidate: Candidate, place: str, y: float, high: float, bold: bool = False) -> None:
    _ = translator(sheet.language)
    lines = (high - 1) / 2
    top = Style(9.5 if high >= 9 else 8.2, colour=INK, bold=bold, leading=1.2)
    sheet.put(place, MARGIN, y + 1, top)
    top = sheet.fit(candidate.name, NAME - 7, top.line_mm, top, 7)
    sheet.put(sheet.shortened(candidate.name, NAME - 7, top), MARGIN + 5.5, y + 1, top)
    figures = []
    if candidate.patients_per_month:
        figures.append(_("patients a month: {n}", n=candidate.patients_per_month))
    if candidate.visits_per_journey:
        figures.append(candidate.visits_per_journey)
    small = Style(6.8, colour=SOFT_INK, leading=1.25)
    text = " · ".join(figures)
    small = sheet.fit(text, NAME - 7, small.line_mm, small, 5.5)
    sheet.put(sheet.shortened(text, NAME - 7, small), MARGIN + 5.5, y + 1 + lines, small)


def _ranked_row(sheet: Sheet, report: ChoiceReport, standing: Standing, y: float, high: float) -> float:
    made = report.study.decision
    chosen = made is not None and made.candidate_id == standing.candidate.id
    if chosen:
        sheet.panel(MARGIN - 2, y + 0.2, WIDE + 4, high - 0.4, JADE_WASH, radius=1.5)
    _who(sheet, standing.candidate, str(standing.place), y, high, standing.place == 1)
    x, figure = MARGIN + NAME, Style(10, leading=1.2)
    middle = y + (high - figure.line_mm) / 2
    for criterion in report.study.frame.criteria:
        sheet.put(str(standing.candidate.scores[criterion.code]), x, middle, figure, "center", CELL)
        x += CELL
    whole = Style(11, colour=JADE_DARK, bold=True, leading=1.2)
    sheet.put(points_text(standing.total, sheet.language), x, middle - 0.2, whole, "right", TOTAL)
    sheet.rule(MARGIN, y + high, sheet.wide - MARGIN, y + high)
    return y + high


def _plain_row(sheet: Sheet, candidate: Candidate, text: str, y: float, high: float) -> float:
    """A candidate that is not ranked, and why."""
    _who(sheet, candidate, "–", y, high)
    width = WIDE - NAME
    style = sheet.fit(text, width, high - 1.2, Style(7.8, colour=SOFT_INK, leading=1.25), 5.5)
    sheet.block(text, MARGIN + NAME, y + (high - sheet.height_of(text, width, style)) / 2, width, style)
    sheet.rule(MARGIN, y + high, sheet.wide - MARGIN, y + high)
    return y + high


def _bars(sheet: Sheet, report: ChoiceReport, y: float) -> float:
    """Each total as a bar made of what every criterion contributes."""
    _ = translator(sheet.language)
    if not report.result.standings:
        return y
    sheet.put(_("What each criterion contributes"), MARGIN, y, HEAD)
    y += 7.5
    few = len(report.result.standings) <= 5
    left, high, gap = MARGIN + 42, 6.0 if few else 4.6, 1.6 if few else 1.0
    scale = (WIDE - 42 - 14) / TOP
    bottom = y + len(report.result.standings) * (high + gap)
    for mark in range(int(TOP) + 1):
        sheet.rule(left + mark * scale, y - 1, left + mark * scale, bottom, LINE, 0.2)
    for standing in report.result.standings:
        figure = Style(8.5, leading=1.2)
        label = sheet.fit(standing.candidate.name, 40, figure.line_mm, figure, 6.5)
        sheet.put(
            sheet.shortened(standing.candidate.name, 40, label), MARGIN, y + (high - label.line_mm) / 2, label
        )
        x = left
        for number, criterion in enumerate(report.study.frame.criteria, start=1):
            wide = standing.parts[criterion.code] * scale
            if wide:
                sheet.panel(x, y, wide, high, criterion.colour, CARD, width=0.3)
            if wide > 3:
                digit = Style(7.5, colour=criterion.on, bold=True, leading=1.2)
                sheet.put(str(number), x, y + (high - digit.line_mm) / 2, digit, "center", wide)
            x += wide
        sheet.put(
            points_text(standing.total, sheet.language), x + 1.5, y + (high - figure.line_mm) / 2, figure
        )
        y += high + gap
    return bottom


def _what_if(sheet: Sheet, report: ChoiceReport, y: float) -> float:
    """How firm the result is; shrunk, rather than cut, where many things changed."""
    _ = translator(sheet.language)
    sheet.put(_("If a weight moves"), MARGIN, y, HEAD)
    said = sensitivity_words(report.study, report.result, sheet.language)
    glue = "" if sheet.language == "zh" else " "
    text = glue.join(said) + "\n" + weights_text(report.study, report.result, sheet.language)
    room = sheet.high - FOOT - (y + 6.5)
    return sheet.block(text, MARGIN, y + 6.5, WIDE, sheet.fit(text, WIDE, room, BODY, 5.5))


def _anchors(sheet: Sheet, report: ChoiceReport, y: float) -> None:
    """What the scores mean, where the page has room for it: with many candidates it has not."""
    _ = translator(sheet.language)
    rows, high, label = report.study.frame.criteria, 5.0, 46.0
    if y + 6.5 + high * len(rows) > sheet.high - FOOT:
        return
    sheet.put(_("What the scores mean"), MARGIN, y, HEAD)
    y += 6.5
    # the best score is described at most length
    columns, style = (
        ((1, 0.0, 31.0), (3, 31.0, 39.0), (5, 70.0, 64.0)),
        Style(7.5, colour=SOFT_INK, leading=1.25),
    )
    for number, criterion in enumerate(rows, start=1):
        name = f"{number} {criterion.name(sheet.language)}"
        named = Style(7.5, leading=1.25)
        sheet.put(name, MARGIN, y, sheet.fit(name, label - 2, named.line_mm, named, 5.5))
        for score, at, wide in columns:
            text = f"{score} = {criterion.anchor(score, sheet.language)}"
            sheet.put(text, MARGIN + label + at, y, sheet.fit(text, wide - 2, style.line_mm, style, 5))
        y += high


def _foot(sheet: Sheet) -> None:
    _ = translator(sheet.language)
    y = sheet.high - FOOT + 9
    half = (WIDE - 12) / 2
    for x, label in ((MARGIN, _("Signature")), (MARGIN + half + 12, _("Date"))):
        sheet.rule(x, y, x + half, y, SOFT_INK, 0.25)
        sheet.put(label, x, y + 0.8, SMALL)
    note = _(
        "The ranking advises; people decide. Scores are judgements against written anchors, not measurements."
    )
    sheet.put(note, MARGIN, sheet.high - 10.5, Style(7, colour=SOFT_INK))
    sheet.simulated_mark(MARGIN, sheet.high - 10.5, "right", WIDE)
