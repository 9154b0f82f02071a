"""The typefaces inside a PDF: shared in what never changes, apart in what one document does to them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from fontTools.cffLib import CFFFontSet
from PIL import ImageChops

from core.documents.press.fonts import MISSING, outlines, printable, typeface
from core.documents.press.paper import A6, Paper, Style
from core.foundation.appearance.typefaces import Family, font_path
from tests.documents.reading import words


def written(*lines: str, family: Family = "serif") -> bytes:
    paper = Paper(A6, "zh", "fonts", date(2026, 1, 1))
    paper.new_page()
    for n, line in enumerate(lines):
        paper.put(line, 10, 10 + 14 * n, Style(20, family))
    return paper.pdf()


def embedded(pdf: bytes) -> list[CFFFontSet]:
    found = []
    for font in pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        outline = CFFFontSet()
        outline.decompile(BytesIO(descriptor["/FontFile3"].get_object().get_data()), None)
        found.append(outline)
    return found


def test_what_one_document_prints_does_not_come_into_the_next() -> None:
    first, second = written("天地玄黄宇宙洪荒"), written("昇")
    assert words(first) == "天地玄黄宇宙洪荒" and words(second) == "昇"
    assert second == written("昇")
    [many], [few] = embedded(first), embedded(second)
    assert len(many[0].charset) - len(few[0].charset) == 7
    assert len(second) < 20_000  # a cut typeface, not the whole of 12 MB


def test_documents_made_at_the_same_time_keep_their_characters_apart() -> None:
    texts = [chr(0x5000 + 7 * n) + "昇" + chr(0x6000 + 5 * n) for n in range(12)]
    alone = [written(text) for text in texts]
    with ThreadPoolExecutor(4) as several:
        assert list(several.map(written, texts)) == alone


@pytest.mark.parametrize("family", ["sans", "serif"])
def test_a_rare_character_prints_as_the_typeface_draws_it(family: Family) -> None:
    """The whole of the typeface may be printed: a cut to GB2312 would lose 昇."""
    font = typeface(family, 1)
    assert {ord(char) for char in "昇堃喆囍龘"} <= font.cmap.keys() and len(font.cmap) > 30_000
    for char in "昇堃":
        assert words(written(char, family=family)) == char
    full = outlines(family)
    assert full.getGlyphOrder() and font_path(family).exists()


def test_a_character_is_drawn_the_same_whatever_else_the_document_holds() -> None:
    pictures = []
    for lines in (("昇明",), ("昇明", "天地玄黄宇宙洪荒日月盈昃")):
        page = pypdfium2.PdfDocument(written(*lines))[0].render(scale=6)
        pictures.append(page.to_pil().convert("L"))
    # the first line alone: at 10 mm, six pixels to a point
    pictures = [picture.crop((0, 150, 1700, 400)) for picture in pictures]
    assert ImageChops.difference(*pictures).getbbox() is None
    assert pictures[0].getextrema()[0] < 100


def test_missing_characters_leave_a_visible_box_and_emoji_leave_nothing() -> None:
    known = {ord(c) for c in "王喆 "}
    assert printable("王\U00020bb7喆", known) == f"王{MISSING}喆"
    assert printable("王\U0001f338\u200d\ufe0f喆\x07\t\n", known) == "王喆 \n"


def test_every_space_prints_as_a_space_and_a_rare_character_never_vanishes():
    known = frozenset(map(ord, " 王喆谢\ue863"))
    for space in "\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u1680":
        assert printable(f"王{space}喆", known) == "王 喆"
    # Private use (even where the font has a sign of its own there), extension I, a radical, a described shape, the geta.
    for rare in ("\ue863", "\U0002ebf0", "\U000f0001", "\u2ea5", "\u2ff0", "\u3013"):
        assert printable(f"王{rare}", known) == f"王{MISSING}"
