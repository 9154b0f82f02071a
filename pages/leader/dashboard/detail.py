"""One figure of the dashboard in detail: what may be said, its weeks as a chart or a table, its Excel file."""

from __future__ import annotations

import streamlit as st

from core.exchange.board_workbook import board_workbook
from core.foundation.language import N_
from core.insight.board import Board, Figure
from core.insight.board_tables import (
    definition,
    figure_text,
    interval_text,
    not_judged,
    phase,
    points_by_week,
)
from core.insight.charts import control
from core.insight.charts.columns import column_rows, columns
from core.insight.readings import reading
from core.insight.three_sentences import evidence
from pages.leader.dashboard import markup
from pages.ui.calls import later
from pages.ui.text import _, day, language, number, unmarked

COMPARED = (*markup.FIVE, "response", "answered", "unrecorded")
CHOICES = (*COMPARED, "revenue", "points")
BEFORE_AFTER, REACT, COLUMNS, TABLE = (
    N_("Before and after"),
    N_("Action needed?"),
    N_("By week"),
    N_("Table"),
)


def name(board: Board, code: str) -> str:
    return _("Points") if code == "points" else _(board.figures[code].measure.name)


def show(board: Board, package: str, simulated: bool) -> None:
    """Choose a figure and see it in detail; nothing is drawn before somebody asks."""
    names = {code: name(board, code) for code in CHOICES}
    chosen = st.pills(_("Look closer"), CHOICES, format_func=names.__getitem__, key="dashboard_detail")
    if chosen is None:
        st.caption(_("Choose a figure to see its weeks, its control chart and how it is counted."))
        return
    st.subheader(names[chosen])
    if chosen == "points":
        _points(board)
    elif chosen == "revenue":
        _revenue(board)
    else:
        _compared(board, board.figures[chosen])
    chosen_now = chosen
    st.download_button(
        _("Export this table (Excel)"),
        later(
            lambda: board_workbook(board, language(), code=chosen_now, package=package, simulated=simulated)
        ),
        file_name=f"{chosen}.xlsx",
        icon=":material/download:",
        key=f"export_{chosen}",
        on_click="ignore",
    )


def _compared(board: Board, figure: Figure) -> None:
    if text := evidence(figure, language()):
        st.write(unmarked(text))
    views = [REACT, TABLE] if figure.measure.unit == "per_100" else [BEFORE_AFTER, REACT, TABLE]
    chosen = _view(figure.measure.code, views)
    if not any(week.denominator for week in figure.weeks):
        st.info(_("Nothing was counted in this period."))
    elif chosen == BEFORE_AFTER:
        _before_and_after(figure)
    elif chosen == REACT:
        _control(figure)
    else:
        _weeks(figure)
    st.caption(definition(figure.measure, language()))
    if figure.measure.code == "uptake" and figure.waiting[1]:
        st.caption(not_judged(board, language()))


def _before_and_after(figure: Figure) -> None:
    weeks = figure.weeks
    rows = control.weekly_rows(
        [week.start for week in weeks],
        [week.numerator for week in weeks],
        [week.denominator for week in weeks],
        language(),
        figure.spans.pilot,
    )
    st.vega_lite_chart(rows, control.weekly_line(language()), theme=None, width="stretch")


def _control(figure: Figure) -> None:
    read = reading(figure)
    if read is None:
        st.info(_("The control chart begins with the first complete week."))
        return
    st.write(unmarked(read.text(language())))
    rows = read.rows(language(), figure.spans.first, figure.spans.last)
    spec = control.control(language(), read.unit, figure.measure.improves)
    st.vega_lite_chart(rows, spec, theme=None, width="stretch")


def _weeks(figure: Figure) -> None:
    header = [_("Week of"), _(figure.measure.name), _("Counted"), _("95% interval"), _("Phase")]
    rows = []
    for week in reversed(figure.weeks):
        count = (week.numerator, week.denominator)
        note = phase(figure, week.start, _) if week.complete else _("week not complete")
        rows.append(
            (
                day(week.start), figure_text(figure.measure, figure.worth(count), language()),
                f"{number(count[0])} / {number(count[1])}", interval_text(figure, count, language()), note,
            )
        )  # fmt: skip
    st.html(markup.table(header, rows))


def _revenue(board: Board) -> None:
    figure = board.figures["revenue"]
    if _view("revenue", [COLUMNS, TABLE]) == TABLE:
        header = [_("Week of"), _("Revenue"), _("packages sold"), _("Phase")]
        rows = [
            (
                day(week.start), figure_text(figure.measure, week.numerator, language()),
                number(week.denominator), phase(figure, week.start, _),
            )
            for week in reversed(figure.weeks)
        ]  # fmt: skip
        st.html(markup.table(header, rows))
    else:
        st.caption(_("Revenue in yuan"))
        _columns(figure, {_("Revenue"): [week.numerator for week in figure.weeks]}, money=True)
    st.caption(definition(figure.measure, language()))


def _points(board: Board) -> None:
    issued, redeemed = board.figures["points_issued"], board.figures["points_redeemed"]
    if board.package_id is not None:
        st.caption(
            _("Points of this package only; a purse belongs to the patient and may be spent anywhere.")
        )
    if _view("points", [COLUMNS, TABLE]) == TABLE:
        weeks = points_by_week(board, language())
        rows = [(day(row[0]), *map(number, row[2:]), row[1]) for row in reversed(weeks.rows)]
        st.html(markup.table([weeks.header[0], *weeks.header[2:], weeks.header[1]], rows))
    else:
        series = {
            _("Points issued"): [week.numerator for week in issued.weeks],
            _("Points redeemed"): [week.numerator for week in redeemed.weeks],
        }
        _columns(issued, series)
        st.caption(_("Issued upwards in jade, redeemed downwards in coral."))
    for figure in (issued, redeemed):
        counted = definition(figure.measure, language())
        st.caption(_("{measure}: {definition}", measure=_(figure.measure.name), definition=counted))


def _columns(figure: Figure, series: dict[str, list[int]], money: bool = False) -> None:
    if not any(any(values) for values in series.values()):
        st.info(_("Nothing was counted in this period."))
        return
    starts = [week.start for week in figure.weeks]
    rows = column_rows(starts, series, language(), figure.spans.pilot, money)
    st.vega_lite_chart(rows, columns(language(), two=len(series) > 1), theme=None, width="stretch")


def _view(code: str, views: list[str]) -> str:
    names = {view: _(view) for view in views}
    chosen = st.segmented_control(
        _("View"),
        views,
        format_func=names.__getitem__,
        default=views[0],
        key=f"view_{code}",
        label_visibility="collapsed",
    )
    return str(chosen or views[0])
