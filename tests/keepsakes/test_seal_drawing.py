"""The badge seal: one drawing for phone and press, small, safe, the same every time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
import vl_convert
from PIL import Image

from core.foundation.appearance.palette import CARD, CORAL, JADE, SOFT_INK
from core.keepsakes.pictograms import FALLBACK, GRID, PICTOGRAMS, pictogram
from core.keepsakes.seal_drawing import seal, seal_svg

NAMES = [
    *("compass", "baby", "speech", "choice", "eye", "sugar", "half", "hands", "growth", "bag", "shield"),
    *("book", "full", "wave38", "wave39", "wave40", "welcome", "star", "heart", "home"),
]


def test_every_mission_has_its_own_pictogram() -> None:
    assert set(NAMES) == set(PICTOGRAMS)
    drawings = [tuple(stroke.d for stroke in strokes) for strokes in PICTOGRAMS.values()]
    assert len(set(drawings)) == len(drawings)


@pytest.mark.parametrize("name", NAMES)
def test_a_pictogram_stays_inside_its_grid_and_uses_only_the_shared_commands(name: str) -> None:
    for stroke in PICTOGRAMS[name]:
        assert set(re.findall("[A-Za-z]", stroke.d)) <= set("MLCQZ")
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", stroke.d)]
        assert len(numbers) % 2 == 0
        assert all(1 <= n <= GRID - 1 for n in numbers), stroke.d


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("earned", [True, False])
def test_a_seal_is_well_formed_and_weighs_less_than_three_kilobytes(name: str, earned: bool) -> None:
    svg = seal_svg("Third-trimester growth scan", "Week 32", name, earned, 96)
    assert len(svg.encode()) < 3000
    root = ET.fromstring(svg)
    assert root.get("aria-label") == "Third-trimester growth scan · Week 32"
    assert root.get("width") == "96"


def test_a_seal_needs_neither_the_internet_nor_inline_styles() -> None:
    svg = seal_svg("健康宝宝", "第12周", "baby", True, 96)
    assert "style=" not in svg and "<style" not in svg and "<script" not in svg
    assert re.findall(r'href="([^"])', svg) == ["#", "#"]
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]


def test_earned_is_colour_and_not_yet_is_outline() -> None:
    earned, waiting = (seal_svg("成长", "第32周", "growth", flag, 96) for flag in (True, False))
    assert JADE in earned and CORAL in earned
    assert JADE not in waiting and CORAL not in waiting
    assert SOFT_INK in waiting


def test_an_unknown_pictogram_becomes_the_star() -> None:
    assert pictogram("of another house") == PICTOGRAMS[FALLBACK]
    assert PICTOGRAMS[FALLBACK][0].d in seal_svg("旧勋章", "", "gone", True, 96)


def test_names_cannot_break_out_of_the_picture() -> None:
    svg = seal_svg('<b>"&', "", "star", True, 96)
    assert "<b>" not in svg
    assert ET.fromstring(svg).get("aria-label") == '<b>"&'


def test_without_a_week_there_is_only_the_title() -> None:
    assert len(seal("看见你", "", "eye", True).texts) == 1
    assert len(seal("看见你", "第22周", "eye", True).texts) == 2


def test_a_long_title_shrinks_then_ends_in_an_ellipsis() -> None:
    short, long = (
        seal(title, "第1周", "star", True).texts[0] for title in ("起航", "术后七日康复全部任务完成纪念章")
    )
    assert long.size < short.size and long.text == "术后七日康复全部任务完成纪念章"
    endless = seal("很长的名字" * 20, "第1周", "star", True).texts[0]
    assert endless.text.endswith("…") and endless.size >= 5


def test_two_seals_on_a_page_do_not_share_their_text_paths() -> None:
    page = seal_svg("起航", "第9周", "compass", True) + seal_svg("成长", "第32周", "growth", True)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert seal_svg("起航", "第9周", "compass", True) in page  # equal input, equal drawing


def test_the_picture_has_the_band_the_ring_and_the_paper() -> None:
    png = vl_convert.svg_to_png(seal_svg("", "", "star", True, 200), scale=1)
    picture = Image.open(BytesIO(png)).convert("RGB")

    def near(x: int, y: int, colour: str) -> bool:
        wanted = tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return all(abs(a - b) < 12 for a, b in zip(picture.getpixel((x, y)), wanted, strict=True))

    assert near(100, 15, JADE) and near(100, 34, CORAL) and near(100, 50, CARD)
