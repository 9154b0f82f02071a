"""All praise posters of a department in one PDF, ready for the printer and the knife.

Three forms. "a4": a poster a page. "a6_sheet": four cards to a sheet of A4 for the office's own printer. Four whole
A6 would fill such a sheet to its edges, where an office printer cannot print and no mark finds room, so the cards are
cut to 95 × 134 mm; neighbours share a cut, the coloured field runs 3 mm over the outer ones. "a6_shop": a card a page
in exact A6 with 3 mm of bleed, cut marks, and the page boxes a print shop reads. Words keep at least 3 mm from every
cut in all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from core.documents.poster import PraisePoster, draw_poster, posters_pdf
from core.documents.press.drawing import cut_marks
from core.documents.press.letterhead import MARK, Letterhead, Sheet
from core.documents.press.paper import A4, A6
from core.foundation.appearance.palette import CARD
from core.foundation.language import N_, translator

Form = Literal["a4", "a6_sheet", "a6_shop"]
FORMS: dict[Form, str] = {
    "a4": N_("A4, one a page"),
    "a6_sheet": N_("A6, four to an A4 sheet"),
    "a6_shop": N_("A6 for a print shop"),
}
BLEED = 3.0
CARD_WIDE = 95.0
CARD_HIGH = CARD_WIDE * A6[1] / A6[0]
SLUG = 10.0  # mm around the card of a print shop's page, for bleed and marks
_MARK, _GAP = 4.5, BLEED + 0.5  # length of a cut mark, and its distance from the cut: outside the bleed


def pack_pdf(posters: Sequence[PraisePoster], head: Letterhead, form: Form = "a4") -> bytes:
    """The posters in the order given, in one of the `FORMS`. An empty list gives one blank page."""
    if form == "a4" or not posters:
        return posters_pdf(posters, head)
    return (_sheets if form == "a6_sheet" else _cards)(posters, head)


def _sheets(posters: Sequence[PraisePoster], head: Letterhead) -> bytes:
    _ = translator(head.language)
    sheet = Sheet(A4, head, _("Praise posters"))
    left, top = (A4[0] - 2 * CARD_WIDE) / 2, (A4[1] - 2 * CARD_HIGH) / 2
    sheets = -(-len(posters) // 4)
    for number in range(1, sheets + 1):
        four = posters[4 * number - 4 : 4 * number]
        sheet.new_page(CARD)
        for place, poster in enumerate(four):
            x, y = left + place % 2 * CARD_WIDE, top + place // 2 * CARD_HIGH
            with _placed(sheet, x, y, CARD_WIDE, CARD_HIGH):
                draw_poster(sheet, poster, CARD_WIDE / A4[0], BLEED)
        columns, rows = min(len(four), 2), -(-len(four) // 2)
        cuts = [left + n * CARD_WIDE for n in range(columns + 1)]
        cut_marks(sheet, cuts, [top + n * CARD_HIGH for n in range(rows + 1)], _GAP, _MARK)
        text = _("Cut at the marks · sheet {number} of {sheets}", number=number, sheets=sheets)
        line = " · ".join(part for part in (text, head.day_text) if part)
        # For whoever cuts: under the left column, between two marks, on the part that is cut away.
        sheet.put(line, left, top + 2 * CARD_HIGH + _GAP, MARK, "center", CARD_WIDE)
    return sheet.pdf()


def _cards(posters: Sequence[PraisePoster], head: Letterhead) -> bytes:
    _ = translator(head.language)
    wide, high = A6
    sheet = Sheet((wide + 2 * SLUG, high + 2 * SLUG), head, _("Praise posters"))
    for poster in posters:
        sheet.new_page(CARD)
        with _placed(sheet, SLUG, SLUG, wide, high):
            draw_poster(sheet, poster, wide / A4[0], BLEED)
        cut_marks(sheet, [SLUG, SLUG + wide], [SLUG, SLUG + high], _GAP, _MARK)
        page = sheet.pages[sheet.page]
        page.trim_box = _box(sheet, SLUG)  # type: ignore[attr-defined]
        page.bleed_box = _box(sheet, SLUG - BLEED)  # type: ignore[attr-defined]
    return sheet.pdf()


@contextmanager
def _placed(sheet: Sheet, x: float, y: float, wide: float, high: float) -> Iterator[None]:
    """Everything drawn inside lies on a card of `wide` × `high` mm whose corner is at (`x`, `y`)."""
    kept = sheet.wide, sheet.high
    with sheet.local_context():
        sheet.operators(f"1 0 0 1 {x * sheet.k:.3f} {-y * sheet.k:.3f} cm")
        sheet.wide, sheet.high = wide, high
        try:
            yield
        finally:
            sheet.wide, sheet.high = kept


def _box(sheet: Sheet, inset: float) -> str:
    """A page box `inset` mm inside the paper, as PDF writes it (points, from the lower left)."""
    corners = (inset, inset, sheet.wide - inset, sheet.high - inset)
    return "[" + " ".join(f"{n * sheet.k:.2f}" for n in corners) + "]"
