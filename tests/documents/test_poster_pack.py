"""Posters for the whole department: each on its sheet, cut marks outside the bleed, words away from the knife."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from core.documents.poster import QR_MM
from core.documents.poster_pack import BLEED, CARD_HIGH, CARD_WIDE, FORMS, SLUG, pack_pdf
from core.documents.press.letterhead import Letterhead
from core.documents.press.paper import A4, A6
from tests.documents import samples
from tests.documents.reading import MM, expected, page_words, qr_modules, read, size, words

SAFE = 3.0


def head(language: str) -> Letterhead:
    """With a name longer than a card is wide."""
    long = (
        "安和国际妇女儿童医学中心暨附属产科医院东院区"
        if language == "zh"
        else "Anhe International Hospital " * 3
    )
    return samples.head(language, hospital=long, day=date(2026, 3, 5))


def posters(language: str, count: int) -> list:
    one = samples.poster(language)
    return [
        replace(
            samples.poster(language, staff=bool(n % 2), tips_on=bool(n % 2)),
            url=f"{one.url[:-6]}N3A7{n:02d}", short_code=f"N3A7{n:02d}",
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_nobody_is_missing_from_the_pack_in_any_form(form: str) -> None:
    made = pack_pdf(posters("zh", 6), head("zh"), form)
    pages = [page_words(page) for page in read(made).pages]
    assert len(pages) == {"a4": 6, "a6_sheet": 2, "a6_shop": 6}[form]
    each = 4 if form == "a6_sheet" else 1
    for n in range(6):
        assert f"N3A7{n:02d}" in pages[n // each]


def test_four_cards_share_a_sheet_of_a4_that_says_which_it_is() -> None:
    made = pack_pdf(posters("en", 6), head("en"), "a6_sheet")
    assert size(made) == A4
    assert "sheet1of2" in words(made) and "5March2026" in words(made)
    edges = (A4[0] - 2 * CARD_WIDE) / 2, (A4[1] - 2 * CARD_HIGH) / 2
    assert min(edges) >= BLEED + 5, "an office printer leaves 4 to 5 mm blank: no mark would be left"


def test_a_print_shop_gets_exact_a6_with_three_millimetres_of_bleed() -> None:
    page = read(pack_pdf(posters("zh", 1), head("zh"), "a6_shop")).pages[0]
    trim, bleed = ([round(float(n) / MM, 1) for n in box] for box in (page.trimbox, page.bleedbox))
    assert trim == [SLUG, SLUG, SLUG + A6[0], SLUG + A6[1]]
    assert [round(a - b, 1) for a, b in zip(trim, bleed, strict=True)] == [3, 3, -3, -3]
    one = posters("zh", 1)
    assert qr_modules(pack_pdf(one, head("zh"), "a6_shop"), QR_MM / 2) == expected(one[0].url)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_comes_near_a_cut(language: str) -> None:
    made = pack_pdf(posters(language, 4), head(language), "a6_sheet")
    page = pypdfium2.PdfDocument(made)[0].get_textpage()
    left, top = (A4[0] - 2 * CARD_WIDE) / 2, (A4[1] - 2 * CARD_HIGH) / 2
    xs, ys = ([start + n * step for n in range(3)] for start, step in ((left, CARD_WIDE), (top, CARD_HIGH)))
    seen = 0
    for n in range(page.count_chars()):
        if not page.get_text_range(n, 1).strip():
            continue
        x1, y1, x2, y2 = (edge / MM for edge in page.get_charbox(n))
        if A4[1] - y1 > ys[-1]:
            continue  # the line for whoever cuts
        seen += 1
        assert not any(x1 - SAFE < x < x2 + SAFE for x in xs), (n, x1, x2)
        assert not any(A4[1] - y2 - SAFE < y < A4[1] - y1 + SAFE for y in ys), (n, y1, y2)
    assert seen > 200


def test_nothing_chosen_is_one_blank_page() -> None:
    assert len(read(pack_pdf([], head("zh"), "a6_sheet")).pages) == 1
