"""Album pages of the journey itself: cover, opening, time line, weeks, badges."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from itertools import islice

from core.documents.album.content import AlbumContent, Badge, Milestone
from core.documents.press.drawing import draw_path, draw_seal
from core.documents.press.letterhead import Sheet
from core.documents.press.paper import Style
from core.documents.press.scenery import morning
from core.foundation.appearance.palette import CARD, CORAL, FAR, INK, JADE, JADE_DARK, LINE, PAPER, SOFT_INK
from core.foundation.language import day_text, full_day_text, number_text, plural, translator
from core.keepsakes.pictograms import circle

MARGIN = 24.0
HEADING = Style(24, "serif", INK, bold=True, leading=1.35)
SOFT = Style(10, colour=SOFT_INK)
TOP = 56.0  # where the content of an inner page begins
BOTTOM = 190.0
SEALS = 12  # on one page, so that the words around the ring stay legible


def inner_page(sheet: Sheet, heading: str = "", note: str = "") -> None:
    """A page of the book's inside: paper, heading with a short coral rule, page number."""
    sheet.new_page(PAPER)
    if heading:
        sheet.put(heading, MARGIN, 26, HEADING)
        sheet.rule(MARGIN + 0.5, 41.5, MARGIN + 14, 41.5, CORAL, 0.9)
        sheet.put(sheet.shortened(note, sheet.wide - 2 * MARGIN, SOFT), MARGIN, 44.5, SOFT)
    sheet.put(str(sheet.page), 0, sheet.high - 13.5, Style(8, "serif", SOFT_INK), "center", sheet.wide)
    sheet.simulated_mark(MARGIN, sheet.high - 13, "right", sheet.wide - 2 * MARGIN)


def span_text(content: AlbumContent, language: str) -> str:
    """From the first to the last day, the year written once where it is the same."""
    first, last = content.started_on, content.ended_on
    if first.year == last.year and language == "en":
        return f"{day_text(first, language)} – {full_day_text(last, language)}"
    if first.year == last.year:
        return f"{full_day_text(first, language)} – {day_text(last, language)}"
    return f"{full_day_text(first, language)} – {full_day_text(last, language)}"


def cover(sheet: Sheet, content: AlbumContent) -> None:
    """Morning over hills; title, name, dates; the seal like the stamp of a painter."""
    _ = translator(sheet.language)
    sheet.new_page(PAPER)
    morning(sheet, 138, sheet.wide * 0.72, 19)
    width = sheet.wide - 2 * MARGIN
    style = sheet.fit(content.title, width, 34, Style(38, "serif", INK, bold=True, leading=1.3), 18)
    y = 34 + (30 - min(sheet.height_of(content.title, width, style), 30)) / 2
    y = sheet.block(content.title, MARGIN, y, width, style, "center")
    sheet.rule(sheet.wide / 2 - 9, y + 4, sheet.wide / 2 + 9, y + 4, CORAL, 0.9)
    name = Style(19, "serif", JADE_DARK, leading=1.4)
    y = sheet.put(sheet.shortened(content.name, width, name), MARGIN, y + 8, name, "center", width)
    sheet.put(span_text(content, sheet.language), MARGIN, y + 1, Style(11, colour=SOFT_INK), "center", width)
    last = content.badges[-1] if content.badges else None
    draw_seal(sheet, _("A journey together"), "", last.pictogram if last else "heart", MARGIN, 112, 36)
    sheet.letterhead(MARGIN, 187, 11, CARD, PAPER)
    sheet.simulated_mark(0, 6, "center", sheet.wide)


def opening(sheet: Sheet, content: AlbumContent) -> None:
    """The dedication, alone on its page."""
    _ = translator(sheet.language)
    inner_page(sheet)
    width = 130.0
    left = (sheet.wide - width) / 2
    draw_path(sheet, circle(sheet.wide / 2, 52, 2), fill=CORAL)
    style = Style(25, "serif", INK, bold=True, leading=1.4)
    dedication = _("For {name}", name=content.name)
    style = sheet.fit(dedication, width, 26, style, 14)
    y = sheet.block(dedication, left, 66, width, style, "center")
    text = _(
        "This book keeps the way you went with us,\nfrom {first} to {last}.\n"
        "Every step in it was yours.\nWe had the honour of walking beside you.",
        first=full_day_text(content.started_on, sheet.language),
        last=full_day_text(content.ended_on, sheet.language),
    )
    y = sheet.block(text, left, y + 10, width, Style(13.5, "serif", leading=2.0), "center")
    sheet.rule(sheet.wide / 2 - 6, y + 9, sheet.wide / 2 + 6, y + 9, JADE, 0.4)
    sheet.put(sheet.head.hospital, 0, y + 14, Style(10.5, "serif", SOFT_INK), "center", sheet.wide)
    sheet.put(sheet.head.department, 0, y + 20.5, Style(9.5, "serif", SOFT_INK), "center", sheet.wide)


def time_line(sheet: Sheet, content: AlbumContent) -> None:
    """The journey's points along a line, as many pages as it takes; two columns on wide paper."""
    _ = translator(sheet.language)
    points = _with_ends(content, sheet.language)
    columns = 2 if sheet.wide > 250 and len(points) > 7 else 1
    pages = -(-len(points) // (8 * columns))
    per_page = -(-len(points) // pages)
    room = (sheet.wide - 2 * MARGIN) / columns
    for start in range(0, len(points), per_page):
        inner_page(sheet, _("The way we went"), span_text(content, sheet.language))
        page = points[start : start + per_page]
        rows = -(-len(page) // columns)
        step = min((BOTTOM - TOP) / max(rows, 5), 24)
        for column in range(columns):
            part = page[column * rows : (column + 1) * rows]
            last = points[-1] in part and start + per_page >= len(points)
            _stretch(sheet, part, MARGIN + column * room, room, step, last)


def _with_ends(content: AlbumContent, language: str) -> list[Milestone]:
    """The milestones in order, opened and closed by the journey's own days where nothing stands there."""
    _ = translator(language)
    points = sorted(content.milestones, key=lambda point: point.day)
    if not points or points[0].day > content.started_on:
        points.insert(0, Milestone(content.started_on, "", _("We set out together")))
    if points[-1].day < content.ended_on or len(points) == 1:
        points.append(Milestone(content.ended_on, "", _("We have arrived")))
    return points


def _stretch(
    sheet: Sheet, points: list[Milestone], left: float, room: float, step: float, ends: bool
) -> None:
    """One column of the time line; years are written where they change."""
    axis = left + room * 0.31
    y0 = TOP + 6
    if len(points) > 1:
        sheet.rule(axis, y0, axis, y0 + (len(points) - 1) * step, JADE, 0.5)
    year: int | None = None
    for index, point in enumerate(points):
        y = y0 + index * step
        final = ends and index == len(points) - 1
        draw_path(sheet, circle(axis, y, 2.6), fill=PAPER, line=CORAL if final else JADE, width=0.6)
        draw_path(sheet, circle(axis, y, 1.5), fill=CORAL if final else JADE)
        _dated(sheet, point.day, left, axis - 7, y, point.day.year != year)
        year = point.day.year
        title = Style(15, "serif", leading=1.3)
        words = room * 0.69 - 10
        above = 3.4 if point.week_text else 0
        lines = sheet.lines_of(point.title, words, title)[:2] if step > 15 else []
        if len(lines) == 2:
            title = title.sized(12)
            lines = sheet.lines_of(point.title, words, title)[:2]
        texts = [line.text for line in lines] or [sheet.shortened(point.title, words, title)]
        top = y - len(texts) * title.line_mm / 2 - above * 0.6
        for text in texts:
            top = sheet.put(text, axis + 8, top, title)
        if point.week_text:
            sheet.put(point.week_text, axis + 8, top, Style(9, colour=JADE, leading=1.3))


def _dated(sheet: Sheet, day: date, left: float, right: float, y: float, with_year: bool) -> None:
    style = Style(11, leading=1.2)
    sheet.put(day_text(day, sheet.language), left, y - style.line_mm / 2, style, "right", right - left)
    if with_year:
        small = Style(7.5, colour=SOFT_INK, leading=1.2)
        sheet.put(str(day.year), left, y - style.line_mm / 2 - small.line_mm, small, "right", right - left)


def weeks(sheet: Sheet, content: AlbumContent) -> None:
    """The journey in numbers, its weeks as stepping stones, and the curve where there is one."""
    _ = translator(sheet.language)
    inner_page(sheet, _("Week by week"), span_text(content, sheet.language))
    _figures(sheet, content)
    chart = content.chart_png
    _stones(sheet, content, 88, 122 if chart else 184)
    if chart:
        width, height = sheet.wide - 2 * MARGIN, 56.0
        sheet.panel(MARGIN, 124, width, height, CARD, LINE, 2)
        sheet.image(BytesIO(chart), MARGIN + 3, 127, width - 6, height - 6, keep_aspect_ratio=True)
        note = " · ".join(p for p in (content.chart_caption, _("Your doctor will explain the curve.")) if p)
        sheet.put(sheet.shortened(note, width, SOFT), MARGIN, 182, Style(9, colour=SOFT_INK), "center", width)


def _figures(sheet: Sheet, content: AlbumContent) -> None:
    language = sheet.language
    met = len(set(content.weeks))
    figures = [
        (content.days, plural(language, "day on the way", "days on the way", content.days)),
        (
            len(content.milestones),
            plural(language, "point reached", "points reached", len(content.milestones)),
        ),
        (met, plural(language, "week we met", "weeks we met", met)),
    ]
    figures = [figure for figure in figures if figure[0]]
    width = (sheet.wide - 2 * MARGIN) / len(figures)
    for index, (count, word) in enumerate(figures):
        x = MARGIN + index * width
        big = Style(30, "serif", JADE_DARK, bold=True, leading=1.15)
        sheet.put(number_text(count, language), x, 56, big, "center", width)
        sheet.put(sheet.shortened(word, width - 4, SOFT), x, 70, SOFT, "center", width)
        if index:
            sheet.rule(x, 59, x, 75, LINE, 0.3)


def _stones(sheet: Sheet, content: AlbumContent, top: float, bottom: float) -> None:
    """One stone a week along a winding path; the weeks of `content.weeks` are filled and numbered."""
    passed = set(content.weeks)
    if passed:
        numbers = list(range(min(passed), max(passed) + 1))
    elif content.days <= 21:
        numbers = list(range(1, content.days + 1))
    else:
        numbers = list(range(1, -(-content.days // 7) + 1))
    numbers = numbers[:120]
    per_row = min(len(numbers), 7 if len(numbers) <= 14 else 10 if sheet.wide < 250 else 14)
    rows = -(-len(numbers) // per_row)
    gap = (sheet.wide - 2 * MARGIN - 16) / max(per_row, 7)
    rise = min((bottom - top) / rows, 24)
    r = min(gap * 0.3, rise * 0.34, 6.5)
    left = (sheet.wide - gap * (per_row - 1)) / 2
    y0 = top + ((bottom - top) - rise * (rows - 1)) / 2
    places = []
    for index, number in enumerate(numbers):
        row, column = divmod(index, per_row)
        column = column if row % 2 == 0 else per_row - 1 - column
        places.append((left + column * gap, y0 + row * rise, number))
    for (ax, ay, _a), (bx, by, _b) in zip(places, places[1:], strict=False):
        sheet.rule(ax, ay, bx, by, FAR, 0.6)
    for x, y, number in places:
        on = not passed or number in passed
        final = number == numbers[-1]
        fill = (CORAL if final else JADE) if on else PAPER
        draw_path(sheet, circle(x, y, r if on else r * 0.62), fill=fill, line=None if on else FAR, width=0.5)
        if on:
            style = Style(r * 2.0, colour=CARD, bold=True, leading=1)
            sheet.put(str(number), x - r, y - style.line_mm / 2, style, "center", 2 * r)


def badges(sheet: Sheet, content: AlbumContent) -> None:
    """The seals, large when they are few; twelve to a page at most, and as many on one page as on the next, in
    rows as even. Nothing where there are none."""
    _ = translator(sheet.language)
    left = list(content.badges)
    for count in even_parts(len(left), -(-len(left) // SEALS)):
        inner_page(sheet, _("Badges along the way"), _("One for each time you took part"))
        _seals(sheet, left[:count])
        del left[:count]


def even_parts(number: int, parts: int) -> list[int]:
    """`number` things in `parts` parts that differ by one at most, the larger ones first; none for none."""
    return [number // parts + (part < number % parts) for part in range(parts)]


def _seals(sheet: Sheet, page: list[Badge]) -> None:
    columns = min(len(page), 4 if sheet.wide > 250 or len(page) > 9 else 3 if len(page) > 4 else 2)
    rows = even_parts(len(page), -(-len(page) // columns))
    size = min((sheet.wide - 2 * MARGIN) / columns - 6, (BOTTOM - TOP - 2) / len(rows) - 6, 62)
    step = size + 7
    y = TOP + 2 + ((BOTTOM - TOP - 2) - (len(rows) * step - 7)) / 2
    waiting = iter(page)
    for in_row in rows:
        x = (sheet.wide - (in_row * step - 7)) / 2
        for badge in islice(waiting, in_row):
            draw_seal(sheet, badge.title, badge.week_text, badge.pictogram, x, y, size)
            x += step
        y += step
