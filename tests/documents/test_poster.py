"""Praise posters: the place, a code large enough, and no word of money where none is offered."""

from __future__ import annotations

import pytest

from core.documents.poster import QR_MM, posters_pdf
from core.documents.press.paper import A4
from tests.documents import samples
from tests.documents.reading import MM, expected, page_words, qr_modules, read, size, words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_poster_names_its_place_and_helps_those_who_cannot_scan(language: str) -> None:
    pdf = posters_pdf(
        [samples.poster(language), samples.poster(language, staff=True)], samples.head(language)
    )
    assert size(pdf) == A4 and len(read(pdf).pages) == 2
    for page in read(pdf).pages:
        text = page_words(page)
        poster = samples.poster(language)
        assert "".join(poster.place.split()) in text
        assert poster.short_code in text and poster.short_address in text
        assert "".join(samples.HOSPITAL[language].split()) in text


def test_the_posters_code_is_large_enough_and_opens_its_page() -> None:
    poster = samples.poster("zh")
    assert QR_MM >= 60
    assert qr_modules(posters_pdf([poster], samples.head("zh")), QR_MM) == expected(poster.url)
    assert qr_modules(posters_pdf([poster], samples.head("zh"), "A6"), QR_MM / 2) == expected(poster.url)


def test_a_praise_only_poster_never_mentions_money() -> None:
    praise, tips = (
        words(posters_pdf([samples.poster("zh", tips_on=flag)], samples.head("zh"))) for flag in (False, True)
    )
    assert "打赏" not in praise and "打赏" in tips and "医院不抽成" in tips
    assert "都不影响您的诊疗" in praise and "都不影响您的诊疗" in tips
    english = words(posters_pdf([samples.poster("en")], samples.head("en")))
    assert "tip" not in english.lower().replace("multiple", "")


def test_the_letters_of_a_poster_can_be_read_from_two_metres() -> None:
    pdf = posters_pdf([samples.poster("zh")], samples.head("zh"))
    heights: list[tuple[float, str]] = []

    def note(text: str, _cm: list, _tm: list, _font: dict, points: float) -> None:
        heights.append((points / MM, text))

    read(pdf).pages[0].extract_text(visitor_text=note)
    tall = "".join(text.replace("\x00", "") for mm, text in heights if mm >= 10)
    assert "我们听得见" in tall and "三楼产科护士站" in "".join(tall.split())
