"""The badge as a seal: a two-tone ring with the title around it, a pictogram inside, the week at the foot.

`seal` describes the drawing once, in a square of 100 × 100 units; `seal_svg` writes it for the phone and
`core.documents.press.drawing.draw_seal` prints the same description. Earned seals are in colour, seals still to
come in outline: never grey-ed out as a reproach, only not yet stamped.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from html import escape
from zlib import crc32

from core.foundation.appearance.palette import CARD, CORAL, JADE, SLATE, SOFT_INK
from core.foundation.appearance.typefaces import SCREEN
from core.keepsakes.pictograms import GRID, Stroke, circle, pictogram

SIZE = 100
CENTRE = 50.0
TITLE_RADIUS = 37.3
FOOT_RADIUS = 44.7
TITLE_ARC = 210
FOOT_ARC = 110
PICTOGRAM_SIZE = 43.0
PICTOGRAM_LINE = 2.0
FONTS = ",".join(SCREEN)


@dataclass(frozen=True)
class Shape:
    """A path in units of the 100-square: filled, or a line `width` units wide.

    `dash` is (on, off) in units; ends and corners are round. A pictogram's shape carries its own grid:
    multiply by `scale` and add `offset`.
    """

    d: str
    fill: str | None = None
    line: str | None = None
    width: float = 0.0
    dash: tuple[float, float] | None = None
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class ArcText:
    """Text on a circle around the centre: `upper` reads clockwise over the top, else along the foot.

    `size` and `spacing` are in units; the baseline is the circle of `radius`.
    """

    text: str
    radius: float
    size: float
    spacing: float
    colour: str
    upper: bool


@dataclass(frozen=True)
class Seal:
    """Everything a pen needs, back to front."""

    shapes: tuple[Shape, ...]
    texts: tuple[ArcText, ...]
    label: str


def _width(text: str) -> float:
    """Estimated width in em. The phone's fonts differ, so the estimate is on the wide side."""
    widths = {"W": 1.0, "F": 1.0, "A": 1.0}
    return sum(
        widths.get(unicodedata.east_asian_width(c), 0.34 if c in " .,:;!'ijlI|()" else 0.62) for c in text
    )


def _arc_text(text: str, radius: float, degrees: float, largest: float, colour: str, upper: bool) -> ArcText:
    """Text fitted to an arc: smaller first, shortened with an ellipsis only when 5.4 units are not enough."""
    room = radius * degrees * 3.14159 / 180
    size = min(largest, room / max(_width(text), 1.0))
    if size < 5.4:
        size = 5.4
        while text and (_width(text) + 1) * size > room:
            text = text[:-1]
        text = text.rstrip() + "…"
    wide = all(unicodedata.east_asian_width(c) in "WF" for c in text)
    spare = max(0.0, room * 0.62 - _width(text) * size) / max(len(text), 1)
    spacing = min(spare, size * (0.32 if wide else 0.05))
    return ArcText(text, radius, round(size, 2), round(spacing, 2), colour, upper)


def _ring(earned: bool) -> tuple[Shape, ...]:
    if earned:
        return (
            Shape(circle(CENTRE, CENTRE, 49.5), fill=JADE),
            Shape(circle(CENTRE, CENTRE, 47.6), line=CARD, width=0.7, dash=(0, 2.3)),
            Shape(circle(CENTRE, CENTRE, 34), fill=CORAL),
            Shape(circle(CENTRE, CENTRE, 32.2), fill=CARD),
        )
    return (
        Shape(circle(CENTRE, CENTRE, 48.8), fill=CARD, line=SLATE, width=1.2, dash=(3.2, 2.2)),
        Shape(circle(CENTRE, CENTRE, 33.4), line=SLATE, width=0.9),
    )


def _side_dots(colour: str, texts: tuple[ArcText, ...]) -> tuple[Shape, ...]:
    """The two points where title and foot meet, left out where the title itself needs the room."""
    title = texts[0]
    used = (_width(title.text) * title.size + len(title.text) * title.spacing) / (title.radius * 3.14159)
    if used > 1.0 or len(texts) == 1:
        return ()
    return (Shape(circle(9.6, 59, 1.3) + circle(90.4, 59, 1.3), fill=colour),)


def _placed(strokes: tuple[Stroke, ...], earned: bool) -> tuple[Shape, ...]:
    scale = PICTOGRAM_SIZE / GRID
    offset = CENTRE - PICTOGRAM_SIZE / 2
    tones = {"line": JADE, "accent": CORAL} if earned else {"line": SLATE, "accent": SLATE}
    shapes = []
    for stroke in strokes:
        colour = tones[stroke.tone]
        shape = Shape(stroke.d, fill=CARD if stroke.hides else None, scale=scale, offset=offset)
        if stroke.filled and earned:
            shapes.append(replace(shape, fill=colour))
        else:
            shapes.append(replace(shape, line=colour, width=PICTOGRAM_LINE))
    return tuple(shapes)


def seal(title: str, week_text: str, pictogram_name: str, earned: bool) -> Seal:
    """The drawing of one badge. `week_text` may be empty (a poster shows no health facts)."""
    colour = CARD if earned else SOFT_INK
    texts = tuple(
        _arc_text(" ".join(text.split()), radius, arc, largest, colour, upper)
        for text, radius, arc, largest, upper in (
            (title, TITLE_RADIUS, TITLE_ARC if week_text else 250, 10.5, True),
            (week_text, FOOT_RADIUS, FOOT_ARC, 8.2, False),
        )
        if text.strip()
    )
    dots = _side_dots(CORAL if earned else SLATE, texts) if texts else ()
    label = " · ".join(part for part in (title.strip(), week_text.strip()) if part)
    return Seal(_ring(earned) + dots + _placed(pictogram(pictogram_name), earned), texts, label)


def _shape_svg(shape: Shape) -> str:
    parts = [f'<path d="{shape.d}" fill="{shape.fill or "none"}"']
    if shape.line:
        parts.append(f' stroke="{shape.line}" stroke-width="{shape.width:g}"')
    if shape.dash:
        parts.append(f' stroke-dasharray="{shape.dash[0]:g} {shape.dash[1]:g}"')
    return "".join(parts) + "/>"


def _text_svg(text: ArcText, anchor: str) -> str:
    # A whole circle entered at the far side, so that long titles may pass the horizontal.
    sweep = 1 if text.upper else 0
    far = CENTRE + text.radius if text.upper else CENTRE - text.radius
    near = CENTRE - text.radius if text.upper else CENTRE + text.radius
    arc = f"A{text.radius:g} {text.radius:g} 0 0 {sweep} "
    d = f"M{CENTRE:g} {far:g}{arc}{CENTRE:g} {near:g}{arc}{CENTRE:g} {far:g}"
    return (
        f'<path id="{anchor}" d="{d}" fill="none"/><text font-family="{FONTS}" font-size="{text.size:g}" '
        f'letter-spacing="{text.spacing:g}" text-anchor="middle" fill="{text.colour}" '
        f'stroke="{text.colour}" stroke-width=".22"><textPath href="#{anchor}" startOffset="50%">'
        f"{escape(text.text)}</textPath></text>"
    )


def seal_markup(drawing: Seal) -> str:
    """The inside of the SVG, for a poster that sets the seal among other things (100 × 100 units)."""
    ring = [shape for shape in drawing.shapes if shape.scale == 1.0]
    figure = [shape for shape in drawing.shapes if shape.scale != 1.0]
    key = f"{crc32(repr(drawing).encode()):x}"
    inner = "".join(_shape_svg(shape) for shape in ring)
    if figure:
        place = f"translate({figure[0].offset:g} {figure[0].offset:g})scale({figure[0].scale:.4g})"
        inner += f'<g transform="{place}">' + "".join(_shape_svg(shape) for shape in figure) + "</g>"
    texts = "".join(_text_svg(text, f"s{key}{n}") for n, text in enumerate(drawing.texts))
    return f'<g stroke-linecap="round" stroke-linejoin="round">{inner}</g>{texts}'


def seal_svg(title: str, week_text: str, pictogram: str, earned: bool, size: int = 96) -> str:
    """The badge as an inline SVG of `size` CSS pixels: under 3 KB, no font file, no style attribute.

    The text is readable to a screen reader through `aria-label`. An unknown pictogram becomes the star.
    """
    drawing = seal(title, week_text, pictogram, earned)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{size}" height="{size}" '
        f'role="img" aria-label="{escape(drawing.label, quote=True)}">{seal_markup(drawing)}</svg>'
    )
