"""Vector drawing on paper: paths, seals, QR codes, cut marks, written straight as PDF path operators.

One path per shape keeps a QR code free of the hairlines that separate rectangles show on screens, and prints
the same seal that the phone shows (`core.keepsakes.seal_drawing`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import segno

from core.documents.press.paper import MM_PER_POINT, Paper, Style
from core.foundation.appearance.palette import CARD, INK
from core.keepsakes.seal_drawing import ArcText, Seal, seal
from core.packages.exercise_drawings import drawing_strokes

QUIET_ZONE = 4  # modules of white around a QR code (ISO/IEC 18004)
_COMMAND = re.compile(r"([MLCQZ])([^MLCQZ]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
# One half of a quotation mark, 10 units high.
_QUOTE = "M5 0C1.6 0.9 0 3.4 0 6.6C0 8.6 1.1 9.8 2.7 9.8C4.2 9.8 5.2 8.7 5.2 7.3C5.2 5.9 4.2 5 2.9 5C2.6 5 2.4 5 2.2 5.1C2.5 3.2 3.6 1.9 5.6 1.1Z"


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[n : n + 2], 16) / 255:.3f}" for n in (1, 3, 5))


def draw_path(
    sheet: Paper,
    d: str,
    x: float = 0,
    y: float = 0,
    scale: float = 1,
    fill: str | None = None,
    line: str | None = None,
    width: float = 0.3,
    dash: tuple[float, float] | None = None,
) -> None:
    """Draw an SVG path of absolute M, L, C, Q, Z commands with its origin at (`x`, `y`) mm.

    `scale` is mm per path unit; `width` and `dash` are mm. Line ends and corners are round.
    """
    out = ["q 1 J 1 j"]
    if fill:
        out.append(f"{_rgb(fill)} rg")
    if line:
        out.append(f"{_rgb(line)} RG {width * sheet.k:.3f} w")
    if dash:
        out.append(f"[{dash[0] * sheet.k:.3f} {dash[1] * sheet.k:.3f}] 0 d")
    out += _operators(sheet, d, x, y, scale)
    out.append({(True, True): "B", (True, False): "f", (False, True): "S"}[(bool(fill), bool(line))] + " Q")
    sheet.operators(" ".join(out))


def draw_exercise(
    sheet: Paper, name: str, x: float, y: float, wide: float, high: float
) -> tuple[float, float]:
    """A drawing of `core.packages.exercise_drawings`, as large as `wide` × `high` mm allow; returns its size in mm."""
    (units_wide, units_high), strokes = drawing_strokes(name)
    scale = min(wide / units_wide, high / units_high)
    for one in strokes:
        draw_path(sheet, one.d, x, y, scale, one.fill, one.line, one.width * scale)
    return units_wide * scale, units_high * scale


def _operators(sheet: Paper, d: str, x: float, y: float, scale: float) -> list[str]:
    def point(px: float, py: float) -> str:
        return f"{(x + px * scale) * sheet.k:.3f} {(sheet.h - y - py * scale) * sheet.k:.3f}"

    out: list[str] = []
    here = (0.0, 0.0)
    for command, rest in _COMMAND.findall(d):
        numbers = [float(n) for n in _NUMBER.findall(rest)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "Z":
            out.append("h")
        elif command == "M":
            out.append(point(*points[0]) + " m")
        elif command == "L":
            out += [point(*p) + " l" for p in points]
        elif command == "C":
            out += [" ".join(point(*p) for p in points[n : n + 3]) + " c" for n in range(0, len(points), 3)]
        else:
            control, end = points  # a quadratic curve raised to a cubic one
            first = tuple(h + (c - h) * 2 / 3 for h, c in zip(here, control, strict=True))
            second = tuple(e + (c - e) * 2 / 3 for e, c in zip(end, control, strict=True))
            out.append(f"{point(*first)} {point(*second)} {point(*end)} c")
        if points:
            here = points[-1]
    return out


def draw_seal(
    sheet: Paper,
    title: str,
    week_text: str,
    pictogram: str,
    x: float,
    y: float,
    size: float,
    earned: bool = True,
) -> None:
    """Print a badge, `size` mm in diameter, its square's corner at (`x`, `y`): the drawing of the phone."""
    drawing: Seal = seal(sheet.clean(title), sheet.clean(week_text), pictogram, earned)
    unit = size / 100
    for shape in drawing.shapes:
        offset = shape.offset * unit
        step = shape.scale * unit
        dash = (shape.dash[0] * step, shape.dash[1] * step) if shape.dash else None
        draw_path(
            sheet, shape.d, x + offset, y + offset, step, shape.fill, shape.line, shape.width * step, dash
        )
    for text in drawing.texts:
        _arc_text(sheet, text, x + size / 2, y + size / 2, unit)


def _arc_text(sheet: Paper, text: ArcText, cx: float, cy: float, unit: float) -> None:
    """Characters along the circle, centred at the top or the foot, each turned to stand on it."""
    style = Style(text.size * unit / MM_PER_POINT, colour=text.colour, bold=True, leading=1)
    radius = text.radius * unit
    advances = [sheet.width_of(char, style) + text.spacing * unit for char in text.text]
    travelled = -(sum(advances) - text.spacing * unit) / 2
    # `put` centres a Han character on its line box; the baseline lies 0.88 em below the top of the box.
    drop = 0.88 * text.size * unit
    for char, advance in zip(text.text, advances, strict=True):
        middle = travelled + (advance - text.spacing * unit) / 2
        angle = math.degrees(middle / radius) * (-1 if text.upper else 1)
        baseline = cy - radius if text.upper else cy + radius
        with sheet.rotation(angle, cx, cy):
            sheet.put(char, cx - (advance - text.spacing * unit) / 2, baseline - drop, style)
        travelled += advance


def qr_matrix(content: str) -> list[list[bool]]:
    """The modules of a QR code for `content` without quiet zone: error correction M or, at no cost in size,
    better. True is dark."""
    return [[bool(module) for module in row] for row in segno.make_qr(content, error="m").matrix]


@lru_cache(maxsize=64)
def _dark(content: str) -> tuple[str, int]:
    """A code's dark modules as operators of rectangles, one module a unit, the first row below the origin; and how
    many modules a side has. Written once: the pages of a handbook all carry the same code."""
    matrix = qr_matrix(content)
    runs = (f"{column} {-row - 1} {length} 1 re" for row, column, length in dark_runs(matrix))
    return " ".join(runs), len(matrix)


def draw_qr(sheet: Paper, content: str, x: float, y: float, size: float) -> float:
    """A QR code with its quiet zone in a white square of `size` mm. Returns the module's size in mm."""
    dark, modules = _dark(content)
    module = size / (modules + 2 * QUIET_ZONE)
    sheet.panel(x, y, size, size, CARD)
    left, top = (x + module * QUIET_ZONE) * sheet.k, (sheet.h - y - module * QUIET_ZONE) * sheet.k
    scale = module * sheet.k
    sheet.operators(f"q 0 g {scale:.5f} 0 0 {scale:.5f} {left:.3f} {top:.3f} cm {dark} f Q")
    return module


def dark_runs(matrix: list[list[bool]]) -> Iterator[tuple[int, int, int]]:
    """The dark modules as whole runs: row, first column, length."""
    for row, modules in enumerate(matrix):
        begin = None
        for column, dark in enumerate([*modules, False]):
            if dark and begin is None:
                begin = column
            elif not dark and begin is not None:
                yield row, begin, column - begin
                begin = None


def cut_marks(
    sheet: Paper, across: Sequence[float], down: Sequence[float], gap: float, length: float
) -> None:
    """Hairlines `length` mm long at every cut, `gap` mm outside the outermost: `across` are the x, `down` the y."""
    left, right, top, bottom = across[0] - gap, across[-1] + gap, down[0] - gap, down[-1] + gap
    for x in across:
        sheet.rule(x, top - length, x, top, INK, 0.12)
        sheet.rule(x, bottom, x, bottom + length, INK, 0.12)
    for y in down:
        sheet.rule(left - length, y, left, y, INK, 0.12)
        sheet.rule(right, y, right + length, y, INK, 0.12)


def opening_quote(sheet: Paper, x: float, y: float, size: float, colour: str) -> None:
    """An opening quotation mark `size` mm high: drawn, because the typefaces set it differently in each language."""
    for half in (0.0, 7.0):
        draw_path(sheet, _QUOTE, x + half * size / 10, y, size / 10, fill=colour)
