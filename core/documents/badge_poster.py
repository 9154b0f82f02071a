"""A badge to share: a seal, one sentence, the hospital's logo, as a PDF page and as a picture for the phone.

It carries **no health facts**: no week, no date, no department, no result. The name is printed only if the
patient wants it. Sharing earns nothing, so nothing on it asks to be shared.
One composition serves both outputs: it is measured on the PDF sheet and written a second time as SVG.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from html import escape
from io import BytesIO

import vl_convert
from PIL import Image

from core.documents.press.drawing import QUIET_ZONE, dark_runs, draw_path, draw_qr, draw_seal, qr_matrix
from core.documents.press.letterhead import MARK, Letterhead, Sheet, monogram
from core.documents.press.paper import MM_PER_POINT, Style, picture_shape
from core.foundation.appearance.palette import CARD, CORAL, HAZE, INK, JADE, MIDDLE, PAPER, SOFT_INK
from core.foundation.appearance.typefaces import register_for_pictures
from core.foundation.language import translator
from core.keepsakes.seal_drawing import seal, seal_markup

SIZE = (105.0, 140.0)  # 3:4, as phones show pictures
PIXELS_WIDE = 1080
# Three hills and the sun, in mm: the morning that also stands on the album's cover.
SUN = (86.0, 109.0, 9.5)
HILLS = (
    ("M0 112C18 102 34 104 52 110C70 116 88 104 105 101L105 140L0 140Z", HAZE),
    ("M0 121C22 114 40 121 60 118C80 115 92 113 105 116L105 140L0 140Z", MIDDLE),
    ("M0 126C26 122 46 129 66 125C84 122 96 124 105 125L105 140L0 140Z", JADE),
)


@dataclass(frozen=True)
class BadgePoster:
    """What may be shown to the whole world. `sentence` replaces the house's own; `name` and `url` (a public
    page of the hospital, printed as a QR code) only where wanted."""

    title: str
    pictogram: str
    sentence: str = ""
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class _Text:
    text: str
    y: float
    style: Style


def _composed(sheet: Sheet, poster: BadgePoster) -> tuple[_Text, ...]:
    """The lines of text, centred, with the top of each line box in mm."""
    _ = translator(sheet.language)
    sentence = poster.sentence or _("I have earned “{title}”", title=poster.title)
    style = sheet.fit(sentence, 85, 17, Style(19, "serif", INK, bold=True, leading=1.4), 11)
    lines = sheet.lines_of(sentence, 85, style)[:3]
    y = 76 + (17 - len(lines) * style.line_mm) / 2
    texts = [_Text(line.text, y + n * style.line_mm, style) for n, line in enumerate(lines)]
    if poster.name:
        by = Style(11, "serif", SOFT_INK, leading=1.3)
        texts.append(_Text("— " + sheet.shortened(poster.name, 70, by) + " —", 92.5, by))
    return tuple(texts)


def _sheet(head: Letterhead, title: str) -> Sheet:
    return Sheet(SIZE, replace(head, day=None), title)  # the day is a fact about the patient


def badge_poster_pdf(poster: BadgePoster, head: Letterhead) -> bytes:
    """One page of 105 × 140 mm."""
    sheet = _sheet(head, poster.title)
    sheet.new_page(PAPER)
    _ground(sheet)
    draw_seal(sheet, poster.title, "", poster.pictogram, 24.5, 15, 56)
    for text in _composed(sheet, poster):
        sheet.put(text.text, 0, text.y, text.style, "center", SIZE[0])
    _foot(sheet, poster)
    return sheet.pdf()


def _ground(sheet: Sheet) -> None:
    x, y, r = SUN
    sheet.panel(x - r, y - r, 2 * r, 2 * r, CORAL, radius=r)
    for d, colour in HILLS:
        draw_path(sheet, d, fill=colour)


def _foot(sheet: Sheet, poster: BadgePoster) -> None:
    used = sheet.logo(8, 128.5, 8, PAPER)
    hospital = _hospital(sheet, poster, used)
    sheet.put(hospital.text, used + 11, hospital.y, hospital.style)
    if poster.url:
        draw_qr(sheet, poster.url, SIZE[0] - 24, SIZE[1] - 24, 20)
    sheet.simulated_mark(0, 4, "center", SIZE[0])


def _hospital(sheet: Sheet, poster: BadgePoster, used: float) -> _Text:
    """The hospital's name beside a logo `used` mm wide, before the code where there is one."""
    name, room = sheet.head.hospital, SIZE[0] - used - (38 if poster.url else 20)
    style = sheet.fit(name, room, 7, Style(12, "serif", CARD, bold=True, leading=1.3), 7)
    return _Text(sheet.shortened(name, room, style), 132.5 - style.line_mm / 2, style)


def badge_poster_png(poster: BadgePoster, head: Letterhead, pixels_wide: int = PIXELS_WIDE) -> bytes:
    """The same poster as a PNG `pixels_wide` wide (3:4), for a phone to keep or share."""
    register_for_pictures()
    svg = badge_poster_svg(poster, head)
    return vl_convert.svg_to_png(svg, scale=pixels_wide / SIZE[0])


def badge_poster_svg(poster: BadgePoster, head: Letterhead) -> str:
    """The same poster as SVG; one unit is one mm. Text stays text and needs a Chinese font."""
    sheet = _sheet(head, poster.title)
    x, y, r = SUN
    drawing = seal(sheet.clean(poster.title), "", poster.pictogram, True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE[0]:g}" height="{SIZE[1]:g}" '
        f'viewBox="0 0 {SIZE[0]:g} {SIZE[1]:g}">',
        f'<rect width="{SIZE[0]:g}" height="{SIZE[1]:g}" fill="{PAPER}"/>',
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{CORAL}"/>',
        *(f'<path d="{d}" fill="{colour}"/>' for d, colour in HILLS),
        f'<g transform="translate(24.5 15)scale(.56)">{seal_markup(drawing)}</g>',
        *(
            _svg_text(sheet, text.text, SIZE[0] / 2, text.y, text.style, "middle")
            for text in _composed(sheet, poster)
        ),
        *_svg_foot(sheet, poster),
        "</svg>",
    ]
    return "".join(parts)


def _svg_text(sheet: Sheet, text: str, x: float, y: float, style: Style, anchor: str) -> str:
    size = style.size * MM_PER_POINT
    family = "Noto Serif SC,Songti SC,SimSun,serif" if style.family == "serif" else "Noto Sans SC,sans-serif"
    bold = f' stroke="{style.colour}" stroke-width="{size * 0.028:.3f}"' if style.bold else ""
    return (
        f'<text x="{x:.2f}" y="{y + style.line_mm / 2 + 0.38 * size:.2f}" font-family="{family}" '
        f'font-size="{size:.2f}" fill="{style.colour}" text-anchor="{anchor}"{bold}>'
        f"{escape(sheet.clean(text, style.family))}</text>"
    )


def _svg_foot(sheet: Sheet, poster: BadgePoster) -> list[str]:
    mark, used = _svg_logo(sheet)
    hospital = _hospital(sheet, poster, used)
    parts = [mark, _svg_text(sheet, hospital.text, used + 11, hospital.y, hospital.style, "start")]
    if poster.url:
        matrix = qr_matrix(poster.url)
        step = 20 / (len(matrix) + 2 * QUIET_ZONE)
        x, y = SIZE[0] - 24, SIZE[1] - 24
        start = step * QUIET_ZONE
        dark = "".join(f"M{column} {row}h{length}v1h-{length}Z" for row, column, length in dark_runs(matrix))
        parts.append(
            f'<rect x="{x}" y="{y}" width="20" height="20" fill="{CARD}"/><path transform="translate('
            f'{x + start:.3f} {y + start:.3f})scale({step:.4f})" d="{dark}"/>'
        )
    if sheet.head.simulated:
        parts.append(_svg_text(sheet, sheet.head.simulated_text, SIZE[0] / 2, 4, MARK, "middle"))
    return parts


def _svg_logo(sheet: Sheet) -> tuple[str, float]:
    """The logo as an embedded picture, or the monogram; and its width in mm."""
    path = sheet.head.logo
    shape = picture_shape(path)
    if path is None or not shape:
        letter = Style(8 * 0.56 / MM_PER_POINT, "serif", JADE, leading=1)
        tile = f'<rect x="8" y="128.5" width="8" height="8" rx="1.8" fill="{PAPER}"/>'
        return tile + _svg_text(sheet, monogram(sheet.head), 12, 128.5 + 8 * 0.22, letter, "middle"), 8
    wide = min(8 * shape[0] / shape[1], 24)
    with Image.open(path) as picture:
        picture.thumbnail((600, 600))
        buffer = BytesIO()
        picture.convert("RGBA").save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode()
    image = f'<image x="8" y="128.5" width="{wide:g}" height="8" href="data:image/png;base64,{data}"/>'
    return image, wide
