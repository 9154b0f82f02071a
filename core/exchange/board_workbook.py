"""The dashboard as an Excel workbook: a summary, one sheet per measure, and how each figure is counted."""

from __future__ import annotations

from core.exchange.workbook import DECIMAL, MONEY, PERCENT, workbook
from core.foundation.language import translator
from core.insight.board import Board
from core.insight.board_tables import COMPARED, FIGURES, by_week, how_counted, points_by_week, summary
from core.insight.measures import MEASURES


def board_workbook(
    board: Board, language: str, *, code: str | None = None, package: str = "", simulated: bool = False
) -> bytes:
    """An .xlsx of `board`: everything, or with `code` one measure ("points" for points) and its notes.

    `package`: the name of the package the board was asked for. `simulated`: say so on the notes sheet.
    """
    if code is None:
        chosen = [summary(board, language), *(by_week(board.figures[each], language) for each in COMPARED)]
        chosen += [by_week(board.figures["revenue"], language), points_by_week(board, language)]
    elif code == "points":
        chosen = [points_by_week(board, language)]
    else:
        chosen = [by_week(board.figures[code], language)]
    notes = how_counted(board, language, package, simulated)
    sheets = {table.title: [table.header, *table.rows] for table in chosen}
    return workbook(sheets, notes, language=language, formats=_formats(language))


def _formats(language: str) -> dict[str, str]:
    """Header → number format; the headers of a measure's figures name their unit."""
    _ = translator(language)
    formats = {_(name): PERCENT for name in FIGURES["share"]}
    formats |= {_(name): DECIMAL for name in FIGURES["per_100"]}
    return formats | {_(MEASURES["revenue"].numerator): MONEY}
