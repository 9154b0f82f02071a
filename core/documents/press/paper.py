"""The paper everything is printed on: page set-up, text blocks, rules, areas, pictures.

Coordinates are millimetres from the top left of the trimmed page. Text is placed by the top of its line box,
breaks by `core.documents.press.breaking`, and never crashes on a character the font lacks. PDFs carry their title
and language, and the day they were made instead of a clock reading, so equal contents give equal bytes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from fpdf import FPDF
from fpdf.enums import TextMode
from PIL import Image, UnidentifiedImageError

from core.documents.press.breaking import Line, break_lines
from core.documents.press.fonts import outlines, printable, typeface
from core.foundation.appearance.palette import CARD, INK, LINE
from core.foundation.appearance.typefaces import Family
from core.foundation.writing.punctuation import mostly_han, settled_marks

A4, A5, A6 = (210.0, 297.0), (148.0, 210.0), (105.0, 148.0)
MM_PER_POINT = 25.4 / 72

Align = Literal["left", "center", "right"]
_STOPS = " 。、.,;:\uff0c\uff1b\uff1a"


@dataclass(frozen=True)
class Style:
    """How text looks: `size` in points, `leading` as a multiple of the size, `bold` drawn by outline."""

    size: float
    family: Family = "sans"
    colour: str = INK
    bold: bool = False
    leading: float = 1.55

    @property
    def line_mm(self) -> float:
        """Height of one line in mm."""
        return self.size * MM_PER_POINT * self.leading

    def sized(self, size: float) -> Style:
        return replace(self, size=size)


class Paper(FPDF):
    """A document of pages `width` × `height` mm, written in `language` ("zh" or "en").

    `bleed` mm are added on every side for a print shop; coordinates stay those of the trimmed page.
    `made_on` becomes the creation date; without it a fixed day is written, never the machine's clock.
    """

    def __init__(
        self,
        size: tuple[float, float],
        language: str,
        title: str,
        made_on: date | None = None,
        bleed: float = 0,
    ) -> None:
        self.wide, self.high, self.bleed = size[0], size[1], bleed
        self.language = language
        super().__init__(unit="mm", format=(self.wide + 2 * bleed, self.high + 2 * bleed))
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_title(title)
        self.set_lang("zh-CN" if language == "zh" else "en-GB")
        self.set_creator("PilotDesk")
        self.set_creation_date(datetime.combine(made_on or date(2000, 1, 1), time(), UTC))
        self._widths: dict[tuple[Family, str], float] = {}

    # pages ---------------------------------------------------------------------------------------------

    def new_page(self, colour: str | None = None) -> None:
        """Begin a page, filled to the bleed with `colour` where one is given."""
        self.add_page()
        if self.bleed:
            shift = self.bleed * self.k
            self._out(f"1 0 0 1 {shift:.3f} {-shift:.3f} cm")
        if colour:
            self.panel(
                -self.bleed, -self.bleed, self.wide + 2 * self.bleed, self.high + 2 * self.bleed, colour
            )

    def operators(self, code: str) -> None:
        """PDF drawing operators, as they are, on the current page (`core.documents.press.drawing` writes them)."""
        self._out(code)

    def pdf(self) -> bytes:
        """The finished document."""
        for family, font in self.fonts.items():
            font.ttfont = outlines(family)  # type: ignore[arg-type, union-attr]
        return bytes(self.output())

    # text ----------------------------------------------------------------------------------------------

    def _face(self, family: Family, size: float) -> None:
        self._known(family)
        self.set_font(family, size=size)

    def _known(self, family: Family) -> Container[int]:
        """The code points of a family, which the document takes in only when it really uses it."""
        if family not in self.fonts:
            self.fonts[family] = typeface(family, len(self.fonts) + 1)
            self._set_min_pdf_version("1.6")  # which knows outlines keyed by CID
        return self.fonts[family].cmap  # type: ignore[union-attr]

    def clean(self, text: str, family: Family = "sans") -> str:
        """`text` with only characters the font can draw, and the marks of its own language."""
        return settled_marks(printable(text, self._known(family)))

    def width_of(self, text: str, style: Style) -> float:
        """Width of one line in mm."""
        total = 0.0
        for char in text:
            key = (style.family, char)
            if key not in self._widths:
                self._face(style.family, 100)
                self._widths[key] = self.get_string_width(char) / 100
            total += self._widths[key]
        return total * style.size

    def lines_of(self, text: str, width: float, style: Style) -> list[Line]:
        """`text` broken for a column of `width` mm."""
        return break_lines(self.clean(text, style.family), width, lambda part: self.width_of(part, style))

    def height_of(self, text: str, width: float, style: Style) -> float:
        """Height in mm that `text` takes in a column of `width` mm."""
        return len(self.lines_of(text, width, style)) * style.line_mm

    def fit(self, text: str, width: float, height: float, style: Style, smallest: float) -> Style:
        """The largest size, from `style.size` down to `smallest` points, at which `text` fits the box."""
        size = style.size
        while size > smallest and self.height_of(text, width, style.sized(size)) > height:
            size -= 0.5
        return style.sized(max(size, smallest))

    def shortened(self, text: str, width: float, style: Style) -> str:
        """One line of at most `width` mm, cut with an ellipsis."""
        text = " ".join(self.clean(text, style.family).split())
        if self.width_of(text, style) <= width:
            return text
        dots = "…" if mostly_han(text) else "..."
        while text and self.width_of(text + dots, style) > width:
            text = text[:-1]
        return text.rstrip(_STOPS) + dots

    def put(
        self, text: str, x: float, y: float, style: Style, align: Align = "left", width: float = 0
    ) -> float:
        """One line, its box beginning at `y`; aligned inside `width` (or at the point `x` when 0).
        Returns the y below the line."""
        text = self.clean(text, style.family).replace("\n", " ")
        spare = width - self.width_of(text, style)
        self._write(text, x + {"left": 0, "center": spare / 2, "right": spare}[align], y, style)
        return y + style.line_mm

    def _write(self, text: str, x: float, y: float, style: Style, spacing: float = 0) -> None:
        # The middle of a Han character lies 0.38 em above the baseline.
        baseline = y + style.line_mm / 2 + 0.38 * style.size * MM_PER_POINT
        with self.local_context():
            self._face(style.family, style.size)
            self.set_text_color(style.colour)
            if spacing:
                self.set_char_spacing(spacing * self.k)
            if style.bold:
                self.set_draw_color(style.colour)
                self.text_mode = TextMode.FILL_STROKE
                self.line_width = style.size * 0.028  # fpdf2 writes this one in points
            self.text(x, baseline, text)

    def block(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        style: Style,
        align: Align = "left",
        justify: bool = False,
    ) -> float:
        """A paragraph or several; returns the y below. `justify` closes small gaps at the right edge of
        Chinese lines by letter spacing; English stays ragged."""
        return self.print_lines(self.lines_of(text, width, style), x, y, width, style, align, justify)

    def print_lines(
        self,
        lines: Iterable[Line],
        x: float,
        y: float,
        width: float,
        style: Style,
        align: Align = "left",
        justify: bool = False,
    ) -> float:
        """Lines from `lines_of`, one below the other; for text that runs over several pages."""
        for line in lines:
            spare = width - self.width_of(line.text, style)
            gaps = len(line.text) - 1
            small = 0 < spare <= 2 * style.size * MM_PER_POINT
            if justify and small and gaps > 4 and not line.last and mostly_han(line.text):
                self._write(line.text, x, y, style, spare / gaps)
            elif line.text:
                self._write(line.text, x + {"left": 0, "center": spare / 2, "right": spare}[align], y, style)
            y += style.line_mm
        return y

    # lines and areas -----------------------------------------------------------------------------------

    def rule(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str = LINE,
        width: float = 0.25,
        dash: float = 0,
    ) -> None:
        """A straight line `width` mm thick, dashed where `dash` mm are given."""
        with self.local_context():
            self.set_draw_color(colour)
            self.set_line_width(width)
            if dash:
                self.set_dash_pattern(dash, dash)
            self.line(x1, y1, x2, y2)

    def panel(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str | None = CARD,
        line: str | None = None,
        radius: float = 0,
        width: float = 0.25,
    ) -> None:
        """A rectangle, filled and/or outlined, with round corners of `radius` mm."""
        with self.local_context():
            if fill:
                self.set_fill_color(fill)
            if line:
                self.set_draw_color(line)
                self.set_line_width(width)
            style = ("D" if line else "") + ("F" if fill else "")
            # fpdf2 falls back to square corners when the radius is the whole half.
            radius = min(radius, min(w, h) / 2 - 0.001)
            self.rect(x, y, w, h, style=style, round_corners=radius > 0, corner_radius=radius)

    # pictures ------------------------------------------------------------------------------------------

    def picture(self, path: Path, x: float, y: float, w: float, h: float) -> None:
        """A picture file, whole and in its own proportions, centred in the box; JPEGs go in untouched."""
        self.image(str(path), x=x, y=y, w=w, h=h, keep_aspect_ratio=True)


def picture_shape(path: Path | None) -> tuple[int, int] | None:
    """Width and height in pixels; None where there is no readable picture. Refuses more than 40 megapixels,
    which is read from the header (a small file can unpack to half a gigabyte)."""
    if path is None:
        return None
    try:
        with Image.open(path) as picture:
            wide, high = picture.size
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return (wide, high) if 0 < wide * high <= 40_000_000 else None
