"""The pages staff work by: one designed page per step, then the wording of each mission.

A step's wording stands apart as a quotation, as large as its page allows, so that it can be read aloud from the desk.
A step with more text than one designed page holds flows over several pages and loses nothing.
"""

from __future__ import annotations

from core.documents.handbook.frame import BOTTOM, LABEL, LEFT, RIGHT, SECTION, TOP, WIDE, Run, actor_name, tag
from core.documents.press.drawing import draw_path, opening_quote
from core.documents.press.paper import Style
from core.foundation.appearance.palette import INK, JADE, JADE_DARK, JADE_WASH, SOFT_INK
from core.foundation.language import translator
from core.sops.document import MissionWords, Step

SIDE = 46.0  # mm: standard and time limit beside the wording
QUOTE = WIDE - SIDE - 8
LARGEST, SMALLEST = 21.0, 12.0
FRAME = 26.0  # mm of a quotation that are not text
SPOKEN = Style(LARGEST, "serif", INK, leading=1.62)
TRANSLATED = Style(10.5, "serif", SOFT_INK, leading=1.55)
CELL = Style(11, leading=1.6)


def step_pages(run: Run) -> None:
    """One page per step."""
    for step in run.document.steps:
        _step(run, step)


def _step(run: Run, step: Step) -> None:
    sheet = run.sheet
    _ = translator(sheet.language)
    count = len(run.document.steps)
    section = _("Step {number} of {count}", number=step.no, count=count)
    run.page(section, step.action, str(step.no), step.actor)
    y = _step_head(run, step)
    if not _designed(run, step, y):
        run.y = y
        _flowing(run, step)


def _step_head(run: Run, step: Step) -> float:
    """The big number, who acts, what is done. Returns the y below."""
    sheet = run.sheet
    number = Style(62, "serif", JADE_DARK, bold=True, leading=1)
    sheet.put(str(step.no), LEFT - 1, TOP - 5, number)
    x = LEFT + max(sheet.width_of(str(step.no), number), 22) + 7
    tag(sheet, actor_name(step.actor, sheet.language), x, TOP - 4)
    width = RIGHT - x
    title = sheet.fit(step.action, width, 19, Style(22, "serif", INK, bold=True, leading=1.3), 10)
    below = sheet.block(step.action, x, TOP + 4, width, title)
    y = max(below + 3, TOP + 20)
    sheet.rule(LEFT, y, RIGHT, y, JADE, 0.7)
    return y + 6


def _designed(run: Run, step: Step, y: float) -> bool:
    """Wording left, standard and time limit beside it, record and exception below; False where it does not fit."""
    sheet = run.sheet
    _ = translator(sheet.language)
    half = (WIDE - 6) / 2 - 10
    foot = max(sheet.height_of(text, half, CELL) for text in (step.record, step.exception)) + 14
    most = BOTTOM - y - foot - 6
    beside = sum(sheet.height_of(text, SIDE - 4, CELL) + 13 for text in (step.standard, step.time_limit))
    other = sheet.height_of(step.other_wording, QUOTE - 20, TRANSLATED) + 12 if step.other_wording else 0
    spoken = sheet.fit(step.wording, QUOTE - 20, most - other - FRAME, SPOKEN, SMALLEST)
    said = sheet.height_of(step.wording, QUOTE - 20, spoken)
    panel = max(said + other + FRAME, beside, 70)
    if panel > most:
        return False
    _quote(run, step, y, panel, spoken)
    x = RIGHT - SIDE
    below = _beside(run, _("Standard"), step.standard, x, y)
    _beside(run, _("Time limit"), step.time_limit, x, below)
    bottom = _below(run, step, y + panel + 6, foot)
    _notes(run, bottom)
    return True


def _quote(run: Run, step: Step, y: float, height: float, spoken: Style) -> None:
    sheet = run.sheet
    _ = translator(sheet.language)
    sheet.panel(LEFT, y, QUOTE, height, JADE_WASH)
    sheet.panel(LEFT, y, 1.8, height, JADE_DARK)
    opening_quote(sheet, LEFT + 7, y + 5, 10, JADE_DARK)
    sheet.put(_("Say it like this"), LEFT + 6, y + 5, LABEL, "right", QUOTE - 14)
    width = QUOTE - 20
    below = sheet.block(step.wording, LEFT + 12, y + 17, width, spoken)
    if step.other_wording:
        top = y + height - sheet.height_of(step.other_wording, width, TRANSLATED) - 6
        top = max(top, below + 6)
        sheet.rule(LEFT + 12, top - 3, LEFT + 12 + width, top - 3, JADE, 0.2)
        sheet.block(step.other_wording, LEFT + 12, top, width, TRANSLATED)


def _beside(run: Run, label: str, text: str, x: float, y: float) -> float:
    sheet = run.sheet
    sheet.rule(x, y, RIGHT, y, JADE_DARK, 0.5)
    y = sheet.put(label, x, y + 2, Style(10, colour=JADE_DARK, bold=True, leading=1.4))
    return sheet.block(text, x, y + 0.8, SIDE, CELL) + 6


def _below(run: Run, step: Step, y: float, height: float) -> float:
    """Where it is recorded, with a box to tick; what to do when it goes otherwise, in a dashed frame."""
    sheet = run.sheet
    _ = translator(sheet.language)
    half = (WIDE - 6) / 2
    sheet.panel(LEFT, y, half, height, None, SOFT_INK, 2, 0.35)
    with sheet.local_context():
        sheet.set_dash_pattern(1.4, 1.1)
        sheet.panel(LEFT + half + 6, y, half, height, None, SOFT_INK, 2, 0.35)
    name = Style(10, colour=JADE_DARK, bold=True, leading=1.4)
    sheet.panel(LEFT + 5, y + 4.2, 3.4, 3.4, None, JADE_DARK, 0.6, 0.4)
    sheet.put(_("Record"), LEFT + 10.5, y + 3.2, name)
    sheet.block(step.record, LEFT + 5, y + 9.5, half - 10, CELL)
    x = LEFT + half + 11
    draw_path(sheet, f"M{x} {y + 7.6}L{x + 2} {y + 4}L{x + 4} {y + 7.6}Z", line=JADE_DARK, width=0.4)
    sheet.put(_("If it goes otherwise"), x + 5.8, y + 3.2, name)
    sheet.block(step.exception, x, y + 9.5, half - 10, CELL)
    return y + height


def _notes(run: Run, y: float) -> None:
    """Ruled lines for what practice teaches, where the page has room for them."""
    sheet = run.sheet
    _ = translator(sheet.language)
    if BOTTOM - y < 26:
        return
    sheet.put(_("Notes for the next review"), LEFT, y + 5, LABEL)
    line = y + 18
    while line < BOTTOM:
        sheet.rule(LEFT, line, RIGHT, line, SOFT_INK, 0.15, dash=0.6)
        line += 8.5


def _flowing(run: Run, step: Step) -> None:
    """All parts of a long step one below the other, over as many pages as they need."""
    _ = translator(run.sheet.language)
    run.y = run.sheet.put(_("Say it like this"), LEFT, run.y, SECTION) + 1
    top, page = run.y, run.sheet.page
    run.text(step.wording, SPOKEN.sized(SMALLEST), LEFT + 7, WIDE - 10, gap=4)
    if run.sheet.page == page:
        run.sheet.panel(LEFT, top, 1.8, run.y - top - 3, JADE_DARK)
    if step.other_wording:
        run.text(step.other_wording, TRANSLATED, LEFT + 7, WIDE - 10, gap=5)
    for label, text in (
        (_("Standard"), step.standard), (_("Time limit"), step.time_limit),
        (_("Record"), step.record), (_("If it goes otherwise"), step.exception),
    ):  # fmt: skip
        run.titled(label, text)


# --- missions -------------------------------------------------------------------------------------


def mission_pages(run: Run) -> None:
    """What is said at each mission, several to a page; nothing where no task is delivered by staff."""
    _ = translator(run.sheet.language)
    if not run.document.missions:
        return
    run.headed(_("Wording of each task"))
    for mission in run.document.missions:
        _mission(run, mission)


def _mission(run: Run, mission: MissionWords) -> None:
    sheet = run.sheet
    said = Style(12.5, "serif", INK, leading=1.6)
    height = sheet.height_of(mission.wording, WIDE - 16, said)
    run.room(min(height + 12, BOTTOM - TOP))
    name = Style(12, "serif", INK, bold=True, leading=1.35)
    x = tag(sheet, actor_name(mission.actor, sheet.language), LEFT, run.y + 0.6, size=8.5)
    when = window_text(mission, run.document.anchor, sheet.language)
    room = RIGHT - x - 3 - sheet.width_of(sheet.clean(when), LABEL) - 4
    title = f"{mission.code} · {mission.title}"
    sheet.put(sheet.shortened(title, room, name), x + 3, run.y, name)
    sheet.put(when, LEFT, run.y + 0.9, LABEL, "right", WIDE)
    run.y += name.line_mm + 3
    top, page = run.y, sheet.page
    run.text(mission.wording, said, LEFT + 8, WIDE - 16, gap=6.5)
    if sheet.page == page:
        sheet.panel(LEFT, top, 1.4, run.y - top - 6.5, JADE)


def window_text(mission: MissionWords, anchor: str, language: str) -> str:
    """When a mission may be done: weeks of pregnancy, or days from the anchor date."""
    _ = translator(language)
    first, last = mission.opens_day, mission.closes_day
    if anchor == "last_period":
        return _("{first} to {last} weeks", first=f"{first // 7}+{first % 7}", last=f"{last // 7}+{last % 7}")
    if first == last:
        return _("day {first}", first=first)
    return _("day {first} to {last}", first=first, last=last)
