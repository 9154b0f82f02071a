"""Workbooks that come back: the refused rows to repair, and the empty form to fill.

Everything in them is text, so that leading zeros and long numbers survive the round.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from core.exchange.columns import plain_header
from core.exchange.fields import KINDS, Field
from core.exchange.findings import RefusedRow
from core.exchange.grids import Grid, shown
from core.exchange.workbook import (
    BODY_FONT,
    CORAL_WASH,
    FONT,
    JADE,
    SOFT_FONT,
    SOFT_INK,
    TEXT,
    TOP,
    WRAPPED,
    fit_columns,
    guarded,
    header_cells,
    sheet_name,
    styled,
    to_bytes,
)
from core.foundation.language import LANGUAGES, N_, Translate, translator

EXAMPLE_RECORD_NUMBER = "EXAMPLE-001"
_REASON = N_("Reason for refusal")
_ORIGINAL_ROW = N_("Row in the original file")
_REFUSED_FILL = PatternFill("solid", fgColor=CORAL_WASH)
_MEASURED_ROWS = 300
_TITLES = {"patients": N_("Patients"), "visits": N_("Past visits")}
_ROW_RULE = {
    "patients": N_("One patient a row. The grey example row is left out when the file is read; it may stay."),
    "visits": N_("One visit a row. The grey example row is left out when the file is read; it may stay."),
}


def refused_workbook(grid: Grid, refused: Sequence[RefusedRow], language: str) -> bytes:
    """The refused rows as they were, the faulty cells tinted, and two columns more: why, and where it stood.

    Repaired, the file can be read again as it is; the two columns are dropped then and never pile up.
    """
    _ = translator(language)
    faults: dict[int, list[RefusedRow]] = {}
    for fault in refused:
        faults.setdefault(fault.row_number, []).append(fault)
    ours = {plain_header(translator(lang)(text)) for lang in LANGUAGES for text in (_REASON, _ORIGINAL_ROW)}
    kept = [i for i, header in enumerate(grid.headers) if plain_header(header) not in ours]
    headers = [guarded(grid.headers[i]) for i in kept] + [_(_REASON), _(_ORIGINAL_ROW)]
    rows = [row for row in grid.rows if row.number in faults]

    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(_(N_("Rows to repair")), set()))
    lines = [[guarded(shown(row.cell(i))) for i in kept] for row in rows]
    fit_columns(sheet, [headers, *lines[:_MEASURED_ROWS]])
    reason_letter, row_letter = (get_column_letter(len(kept) + n) for n in (1, 2))
    sheet.column_dimensions[reason_letter].width = 60
    sheet.column_dimensions[row_letter].width = 16
    sheet.freeze_panes = "A2"
    sheet.append(header_cells(sheet, headers))
    for row, line in zip(rows, lines, strict=True):
        faulty = {fault.column for fault in faults[row.number]}
        reasons = "\n".join(f"{f.column_header}: {f.text(language)}" for f in faults[row.number])
        cells = [_text_cell(sheet, text, i in faulty) for i, text in zip(kept, line, strict=True)]
        why = styled(sheet, guarded(reasons), alignment=WRAPPED)
        sheet.append([*cells, why, styled(sheet, row.number)])
    return to_bytes(book)


def template_workbook(language: str, kind: str = "patients") -> bytes:
    """An empty form: headers that are recognised, one example row (left out when read), and a sheet of notes.

    The columns are formatted as text, so that what is typed keeps its leading zeros.
    """
    _ = translator(language)
    book = Workbook(write_only=True)
    taken: set[str] = set()
    _add_form(book.create_sheet(sheet_name(_(_TITLES[kind]), taken)), kind, _)
    _add_explanations(book.create_sheet(sheet_name(_(N_("How to fill in")), taken)), kind, _)
    return to_bytes(book)


def _add_form(sheet: WriteOnlyWorksheet, kind: str, _: Translate) -> None:
    fields = [field for field in KINDS[kind].values() if field.in_form]
    headers = [_header(field, _) for field in fields]
    example = [_example(field, _) for field in fields]
    fit_columns(sheet, [headers, example])
    for i in range(len(headers)):
        dimension = sheet.column_dimensions[get_column_letter(i + 1)]
        dimension.number_format = TEXT
        dimension.width = max(16, dimension.width)
    sheet.freeze_panes = "A2"
    sheet.append(header_cells(sheet, headers))
    italic = Font(name=FONT, italic=True, color=SOFT_INK, size=11)
    sheet.append([styled(sheet, text, font=italic, number_format=TEXT) for text in example])


def _add_explanations(sheet: WriteOnlyWorksheet, kind: str, _: Translate) -> None:
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 14
    sheet.column_dimensions["C"].width = 80
    sheet.freeze_panes = "A2"
    sheet.append(header_cells(sheet, [_(N_("Column")), _(N_("Needed?")), _(N_("How to write it"))]))
    bold = Font(name=FONT, bold=True, color=JADE, size=11)
    for field in (field for field in KINDS[kind].values() if field.in_form):
        need = (
            N_("required") if field.required else N_("recommended") if field.recommended else N_("optional")
        )
        sheet.append(
            [
                styled(sheet, _(field.label), font=bold),
                styled(sheet, _(need), font=BODY_FONT if field.required else SOFT_FONT),
                styled(sheet, _(field.hint), alignment=WRAPPED),
            ]
        )
    for line in (
        _ROW_RULE[kind],
        N_("Other columns may stand beside these and are not read. Identity card numbers are never needed."),
        N_("After reading you see what is new, known or in need of repair, before anything is stored."),
    ):
        told = styled(sheet, _(line), font=SOFT_FONT, alignment=WRAPPED)
        sheet.append([styled(sheet, ""), styled(sheet, ""), told])


def _header(field: Field, _: Translate) -> str:
    return f"{_(field.label)} *" if field.required else _(field.label)


def _example(field: Field, _: Translate) -> str:
    if field.name == "record_number":
        return EXAMPLE_RECORD_NUMBER
    return _(field.example) if field.example else ""


def _text_cell(sheet: WriteOnlyWorksheet, text: str, faulty: bool) -> WriteOnlyCell:
    alignment = WRAPPED if len(text) > 20 else TOP
    return styled(
        sheet, text, fill=_REFUSED_FILL if faulty else None, alignment=alignment, number_format=TEXT
    )
