"""Vector drawing on a sheet: paths, seals and QR codes, written straight as PDF path operators.

One path per shape keeps a QR code free of the hairlines that separate rectangles show on screens, and prints
the same seal that the phone shows (`core.keepsakes.seals`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import segno

from core.documents.press.layout import CARD, MM_PER_POINT, Sheet, Style
from core.keepsakes.seals import ArcText, Seal, seal

QUIET_ZONE = 4  # modules of white around a QR code (ISO/IEC 18004)
_COMMAND = re.compile(r"([MLCQZ])([^MLCQZ]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[n : n + 2], 16) / 255:.3f}" for n in (1, 3, 5))


def draw_path(
    sheet: Sheet,
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


def _operators(sheet: Sheet, d: str, x: float, y: float, scale: float) -> list[str]:
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
    sheet: Sheet,
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


def _arc_text(sheet: Sheet, text: ArcText, cx: float, cy: float, unit: float) -> None:
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


def draw_qr(sheet: Sheet, content: str, x: float, y: float, size: float) -> float:
    """A QR code with its quiet zone in a white square of `size` mm. Returns the module's size in mm."""
    matrix = qr_matrix(content)
    module = size / (len(matrix) + 2 * QUIET_ZONE)
    sheet.panel(x, y, size, size, CARD)
    start = module * QUIET_ZONE
    d = "".join(dark_runs(matrix))
    draw_path(sheet, d, x + start, y + start, module, fill="#000000")
    return module


def dark_runs(matrix: list[list[bool]]) -> Iterable[str]:
    """The dark modules as rectangles of whole runs, in modules: the pieces of one path."""
    for row, modules in enumerate(matrix):
        begin = None
        for column, dark in enumerate([*modules, False]):
            if dark and begin is None:
                begin = column
            elif not dark and begin is not None:
                yield f"M{begin} {row}L{column} {row}L{column} {row + 1}L{begin} {row + 1}Z"
                begin = None
