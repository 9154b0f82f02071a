"""The letterhead: who prints, for whom to see, in which language, on which day; and the sheet that carries it.

Everything the house prints takes one `Letterhead`, made by `letterhead_of`, and is drawn on a `Sheet`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.documents.press.paper import MM_PER_POINT, Align, Paper, Style, picture_shape
from core.foundation.appearance.palette import INK, JADE, PAPER, SOFT_INK
from core.foundation.files import MediaStore
from core.foundation.house import House
from core.foundation.language import N_, full_day_text, translator

SIMULATED = N_("simulated data")
MARK = Style(6.5, colour=SOFT_INK)


@dataclass(frozen=True)
class Letterhead:
    """`language` ("zh" or "en") is the language of the print, `day` the day it is made (None: it shall not show);
    `simulated` marks the demo department. `phone` is the department's."""

    hospital: str
    department: str
    language: str
    day: date | None = None
    logo: Path | None = None
    phone: str = ""
    simulated: bool = False

    @property
    def day_text(self) -> str:
        """The day in words, "" where there is none."""
        return full_day_text(self.day, self.language) if self.day else ""

    @property
    def simulated_text(self) -> str:
        """The mark on everything that shows the demo department's invented people, in both languages; "" elsewhere."""
        return f"{translator('zh')(SIMULATED)} / {translator('en')(SIMULATED)}" if self.simulated else ""


def letterhead_of(house: House, media: MediaStore, language: str, day: date) -> Letterhead:
    """The house's letterhead for a print made on `day`; a logo whose file is gone is left out."""
    logo = media.local_path(house.logo_key) if house.logo_key and media.exists(house.logo_key) else None
    return Letterhead(house.hospital, house.department, language, day, logo, house.phone, house.simulated)


class Sheet(Paper):
    """A document on the house's paper: `Paper` in the letterhead's language, dated with its day."""

    def __init__(self, size: tuple[float, float], head: Letterhead, title: str, bleed: float = 0) -> None:
        super().__init__(size, head.language, title, head.day, bleed)
        self.head = head

    def logo(self, x: float, y: float, h: float, colour: str = JADE) -> float:
        """The hospital's logo, `h` mm high and at most three times as wide; without a usable file a monogram
        of the hospital's first character. Returns the width used."""
        path = self.head.logo
        shape = picture_shape(path)
        if path is not None and shape:
            w = min(h * shape[0] / shape[1], 3 * h)
            self.picture(path, x, y, w, h)
            return w
        self.panel(x, y, h, h, colour, radius=h * 0.22)
        letter = Style(h * 0.56 / MM_PER_POINT, "serif", PAPER if colour != PAPER else JADE, leading=1)
        self.put(monogram(self.head), x, y + h * 0.22, letter, "center", h)
        return h

    def letterhead(
        self,
        x: float,
        y: float,
        h: float = 11,
        colour: str = INK,
        mark: str = JADE,
        department: bool = True,
        room: float = 0,
    ) -> None:
        """Logo with the hospital's name and the department beside it, `h` mm high, in `room` mm (0: to the edge)."""
        used = self.logo(x, y, h, mark)
        hospital, below = self.head.hospital, self.head.department if department else ""
        room = (room or self.wide - x - 8) - used - h * 0.3
        big = Style(h * 1.12, "serif", colour, bold=True, leading=1.3)
        big = self.fit(hospital, room, big.line_mm, big, 7)
        small = Style(h * 0.8, "sans", SOFT_INK if colour == INK else colour, leading=1.3)
        top = y + (h - big.line_mm - (small.line_mm if below else 0)) / 2
        self.put(self.shortened(hospital, room, big), x + used + h * 0.3, top, big)
        if below:
            self.put(self.shortened(below, room, small), x + used + h * 0.3, top + big.line_mm, small)

    def headed(self, title: str, note: str, margin: float, size: float) -> float:
        """The head of a paper that is one sheet: letterhead, rule, title, and a note to the right of it. Returns the
        y below."""
        self.letterhead(margin, 13)
        self.rule(margin, 30, self.wide - margin, 30, JADE, 0.6)
        style = Style(size, "serif", bold=True, leading=1.4)
        self.put(title, margin, 34, style)
        small = Style(9.5, colour=SOFT_INK)
        note = self.shortened(note, 80, small)
        self.put(
            note, margin, 34 + (style.line_mm - small.line_mm) / 2, small, "right", self.wide - 2 * margin
        )
        return 34 + style.line_mm

    def footed(self, note: str, margin: float, y: float) -> None:
        """The last line of such a paper: on demo data the mark, and a note or page number to the right."""
        self.simulated_mark(margin, y, "left")
        self.put(note, margin, y, MARK, "right", self.wide - 2 * margin)

    def simulated_mark(self, x: float, y: float, align: Align = "center", width: float = 0) -> None:
        """The mark of invented data, small; nothing in a real department."""
        if self.head.simulated:
            self.put(self.head.simulated_text, x, y, MARK, align, width)


def monogram(head: Letterhead) -> str:
    """What stands where there is no logo: the hospital's first character."""
    return (head.hospital.strip() or "+")[0]
