"""The card: 120 first, and a code that opens the private page."""

from __future__ import annotations

import pytest

from core.documents.card import card_pdf
from core.documents.press.paper import A6
from tests.documents import samples
from tests.documents.reading import expected, page_words, qr_modules, read, size, words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_shows_120_before_everything_else(language: str) -> None:
    card = samples.card(language)
    pdf = card_pdf(card, samples.head(language))
    first = page_words(read(pdf).pages[0])
    assert size(pdf) == A6
    assert first.index("120") < first.index("".join(samples.HOSPITAL[language].split())[:3])
    assert "0755-12345678" in words(pdf)


def test_the_cards_code_is_the_private_page() -> None:
    card = samples.card("zh")
    assert qr_modules(card_pdf(card, samples.head("zh")), 46) == expected(card.url)
