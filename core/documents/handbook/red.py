"""The red-edged page of a handbook: 120 first, then what to do at red, orange and yellow.

A level is told by its name and its shape (red a disc, orange a triangle, yellow a ring), never by colour alone.
"""

from __future__ import annotations

from core.documents.handbook.frame import BOTTOM, HEAD, LABEL, LEFT, RIGHT, TOP, WIDE, Run
from core.documents.press.drawing import draw_path
from core.documents.press.paper import Style
from core.foundation.appearance.palette import ALERTS, CARD, INK, LINE, SOFT_INK
from core.foundation.language import plural, translator
from core.keepsakes.pictograms import circle
from core.packages.parts import Escalation
from core.sops.document import LEVEL_NAMES

RED = ALERTS["red"]
EDGE = 8.0


def escalation_pages(run: Run) -> None:
    """The red-edged page: 120 first, then what to do at red, orange and yellow."""
    sheet = run.sheet
    _ = translator(sheet.language)
    heading = _("When something is wrong")
    _red_page(run, heading, heading)
    size = _fitting(run, BOTTOM - 18 - run.y)
    for each in run.document.escalation:
        height = _level_height(run, each, size)
        if run.y + height > BOTTOM - 16:
            _red_page(run, heading)
        _level(run, each, height, size)
    if sheet.head.phone:
        text = _("Call the department: {phone}", phone=sheet.head.phone)
        style = sheet.fit(text, WIDE, 9, Style(17, "serif", INK, bold=True, leading=1.3), 10)
        sheet.put(text, LEFT, BOTTOM - 14, style, "center", WIDE)
    # Names change from day to day and a book does not: it says where they stand.
    text = _("Who takes the call today stands on the page “Today” in PilotDesk.")
    sheet.put(text, LEFT, BOTTOM - 5, LABEL, "center", WIDE)


def _red_page(run: Run, section: str, title: str = "") -> None:
    sheet = run.sheet
    _ = translator(sheet.language)
    run.page(section, title)
    out = sheet.bleed
    wide, high = sheet.wide, sheet.high
    for x, y, w, h in (
        (-out, -out, wide + 2 * out, EDGE + out), (-out, high - EDGE, wide + 2 * out, EDGE + out),
        (-out, 0, EDGE + out, high), (wide - EDGE, 0, EDGE + out, high),
    ):  # fmt: skip
        sheet.panel(x, y, w, h, RED)
    sheet.put(section, LEFT, TOP - 6, HEAD)
    sheet.panel(LEFT, TOP + 10, WIDE, 17, INK, radius=3)
    text = _("In an emergency call 120 first")
    style = sheet.fit(text, WIDE - 12, 13, Style(24, "serif", CARD, bold=True, leading=1.3), 12)
    sheet.put(text, LEFT, TOP + 10 + (17 - style.line_mm) / 2, style, "center", WIDE)
    run.y = TOP + 33


SIGNS, DEED = Style(11.5, leading=1.55), Style(12.5, "serif", INK, bold=True, leading=1.55)
BETWEEN = 4.0


def _fitting(run: Run, room: float) -> float:
    """The largest scale, down to three quarters, at which all levels stand on one page; else full size."""
    for size in (1, 0.94, 0.88, 0.82, 0.76):
        if sum(_level_height(run, each, size) + BETWEEN for each in run.document.escalation) <= room:
            return size
    return 1


def _level_height(run: Run, each: Escalation, size: float) -> float:
    signs, deed = SIGNS.sized(SIGNS.size * size), DEED.sized(DEED.size * size)
    inner = WIDE - 50
    return max(
        run.sheet.height_of(each.signs, inner, signs) + run.sheet.height_of(each.action, inner, deed) + 10, 27
    )


def _level(run: Run, each: Escalation, height: float, size: float) -> None:
    """One level: its name in words and its shape (red a disc, orange a triangle, yellow a ring) beside the text."""
    sheet = run.sheet
    _ = translator(sheet.language)
    y = run.y
    heavy = each.level == "red"
    sheet.panel(LEFT, y, WIDE, height, None, RED if heavy else SOFT_INK, 2.5, 1.1 if heavy else 0.35)
    x, middle = LEFT + 10, y + 9.5
    if each.level == "red":
        draw_path(sheet, circle(x, middle, 4), fill=RED)
    elif each.level == "orange":
        triangle = f"M{x - 4.2} {middle + 3.4}L{x} {middle - 4}L{x + 4.2} {middle + 3.4}Z"
        draw_path(sheet, triangle, fill=ALERTS["orange"])
    else:
        draw_path(sheet, circle(x, middle, 3.6), line=ALERTS["yellow"], width=1.1)
    name = _(LEVEL_NAMES[each.level])
    style = Style(11, colour=RED if heavy else INK, bold=True, leading=1.3)
    sheet.block(name, LEFT + 5, y + 15, 38, style)
    when = (
        _("at once") if each.within_minutes == 0
        else plural(sheet.language, "within {n} minute", "within {n} minutes", each.within_minutes)
        if each.within_minutes < 120
        else plural(sheet.language, "within {n} hour", "within {n} hours", each.within_minutes // 60)
    )  # fmt: skip
    lines = len(sheet.lines_of(name, 38, style))
    sheet.put(when, LEFT + 5, y + 15.5 + lines * style.line_mm, LABEL)
    signs, deed = SIGNS.sized(SIGNS.size * size), DEED.sized(DEED.size * size)
    below = sheet.block(each.signs, LEFT + 46, y + 3.5, WIDE - 50, signs)
    sheet.rule(LEFT + 46, below + 1.2, RIGHT - 4, below + 1.2, LINE)
    sheet.block(each.action, LEFT + 46, below + 2.4, WIDE - 50, deed)
    run.y = y + height + BETWEEN
