"""Her exercises on paper (A4, two to a page): for whoever has no smartphone, and for the wall beside the bed.

Each has its drawing, three steps large enough to be read from the bed, and what to look out for; 120 stands on every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents.press.drawing import draw_exercise
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A4, Style
from core.foundation.appearance.palette import CARD, INK, JADE_DARK, LINE, SOFT_INK
from core.foundation.language import plural, translator
from core.packages.exercise_drawings import DRAWINGS

MARGIN, TOP, HIGH = 12.0, 46.0, 112.0  # mm: the edge, the first exercise, the room of one
WIDE = A4[0] - 2 * MARGIN
PICTURE = 88.0  # mm: the largest side of a drawing
TITLE = Style(17, "serif", INK, bold=True, leading=1.3)
STEP = Style(15.5, leading=1.4)
CARE = Style(10.5, leading=1.45)
SMALL = Style(8.5, colour=SOFT_INK, leading=1.4)


@dataclass(frozen=True)
class ExerciseOnPaper:
    """`drawing` is a name of `exercise_drawings.DRAWINGS`, `sets` of `reps` a day (0: nothing is counted); `care` is what
    else is to be read, line by line."""

    title: str
    drawing: str
    steps: tuple[str, ...]
    care: str
    sets: int = 0
    reps: int = 0


def exercise_sheet_pdf(package: str, exercises: Sequence[ExerciseOnPaper], head: Letterhead) -> bytes:
    """The exercises as A4 pages."""
    _ = translator(head.language)
    sheet = Sheet(A4, head, _("Exercises at home"))
    for at, one in enumerate(exercises):
        if at % 2 == 0:
            sheet.new_page(CARD)
            sheet.headed(_("Exercises at home"), package, MARGIN, 19)
            _foot(sheet)
        _exercise(sheet, one, TOP + (at % 2) * (HIGH + 6))
    if not sheet.page:
        sheet.new_page(CARD)
    return sheet.pdf()


def _exercise(sheet: Sheet, one: ExerciseOnPaper, y: float) -> None:
    _ = translator(sheet.language)
    sheet.rule(MARGIN, y, MARGIN + WIDE, y, LINE)
    dose = _dose(one, sheet.language)
    said = Style(15, colour=JADE_DARK, bold=True, leading=1.3)
    room = WIDE - sheet.width_of(sheet.clean(dose), said) - 6
    title = sheet.fit(one.title, room, TITLE.line_mm, TITLE, 11)
    sheet.put(one.title, MARGIN, y + 3, title)
    sheet.put(dose, MARGIN, y + 3.5, said, "right", WIDE)
    top, foot = y + 14, y + HIGH
    _wide, high = draw_exercise(sheet, one.drawing, MARGIN, top, PICTURE, PICTURE)
    mark = DRAWINGS[one.drawing].mark
    if mark:
        sheet.block(_(mark), MARGIN, top + high + 1.5, PICTURE, SMALL)
    x, width = MARGIN + PICTURE + 7, WIDE - PICTURE - 7
    lines = one.care.splitlines()
    # What has to be so before she begins stands above the steps.
    before = lines.pop(0) if lines and not lines[0].startswith("- ") else ""
    after = "\n".join(line.replace("- ", "· ", 1) for line in lines)
    if before:
        top = sheet.block(before, x, top, width, CARE) + 2
    steps = STEP
    most = foot - top - sheet.height_of(after, width, CARE) - 1.5
    while steps.size > 12 and _steps_high(sheet, one, width, steps) > most:
        steps = steps.sized(steps.size - 0.5)
    top = _steps(sheet, one, x, top, width, steps) + 1.5
    sheet.block(after, x, top, width, sheet.fit(after, width, foot - top, CARE, 7.5))


def _steps_high(sheet: Sheet, one: ExerciseOnPaper, width: float, style: Style) -> float:
    return sum(sheet.height_of(step, width - 10, style) + 2 for step in one.steps)


def _steps(sheet: Sheet, one: ExerciseOnPaper, x: float, y: float, width: float, style: Style) -> float:
    """The steps with the numbers of the pictures. Returns the y below."""
    disc = 6.6
    for number, step in enumerate(one.steps, 1):
        sheet.panel(x, y + (style.line_mm - disc) / 2, disc, disc, JADE_DARK, radius=disc / 2)
        digit = Style(11, colour=CARD, bold=True, leading=1)
        sheet.put(str(number), x, y + (style.line_mm - digit.line_mm) / 2, digit, "center", disc)
        y = sheet.block(step, x + 10, y, width - 10, style) + 2
    return y


def _dose(one: ExerciseOnPaper, language: str) -> str:
    if not one.sets:
        return ""
    _ = translator(language)
    much = (
        plural(language, "{n} time", "{n} times", one.sets)
        if one.reps == 1
        else _("{sets} × {reps}", sets=one.sets, reps=one.reps)
    )
    return f"{_('Each day')} {much}"


def _foot(sheet: Sheet) -> None:
    """120 on every page, and whom to call."""
    _ = translator(sheet.language)
    y = sheet.high - 16
    text = _("In an emergency call 120 first")
    if sheet.head.phone:
        text += " · " + _("Call the department: {phone}", phone=sheet.head.phone)
    sheet.panel(MARGIN, y, WIDE, 8.5, JADE_DARK, radius=2)
    style = sheet.fit(text, WIDE - 6, 6.5, Style(12, colour=CARD, bold=True, leading=1.3), 8)
    sheet.put(text, MARGIN, y + (8.5 - style.line_mm) / 2, style, "center", WIDE)
    sheet.footed("", MARGIN, y + 10)
