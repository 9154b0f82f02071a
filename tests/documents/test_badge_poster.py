"""The badge poster and picture: no health facts, the hospital's own logo."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from core.documents.badge_poster import badge_poster_pdf, badge_poster_png, badge_poster_svg
from tests.documents import samples
from tests.documents.reading import expected, qr_modules, words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_badge_poster_carries_no_health_facts(language: str) -> None:
    poster = samples.badge(language, "https://www.example.org")
    for text in (
        words(badge_poster_pdf(poster, samples.head(language))),
        badge_poster_svg(poster, samples.head(language)),
    ):
        assert "".join(samples.DEPARTMENT[language].split()) not in text
        assert not re.search(r"第\d+周|Week|\d+周|20\d\d年", text)
    assert "".join(samples.HOSPITAL[language].split()) in words(
        badge_poster_pdf(poster, samples.head(language))
    )
    assert qr_modules(badge_poster_pdf(poster, samples.head(language)), 20) == expected(poster.url)


def test_the_badge_picture_is_a_phone_sized_png_with_the_hospitals_own_logo(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    Image.new("RGB", (300, 100), (200, 10, 200)).save(logo)
    plain, own = (
        Image.open(BytesIO(badge_poster_png(samples.badge("zh"), head))).convert("RGB")
        for head in (samples.head("zh"), samples.head("zh", logo=logo))
    )
    assert plain.size == own.size == (1080, 1440)

    def colours(picture: Image.Image) -> set[tuple[int, int, int]]:
        corner = picture.crop((0, 1300, 400, 1420))
        return {pixel for _count, pixel in corner.getcolors(100_000)}

    assert (200, 10, 200) in colours(own) and (200, 10, 200) not in colours(plain)
