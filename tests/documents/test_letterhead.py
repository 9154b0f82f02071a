"""One letterhead for everything printed: who we are, in which language, on which day, and whether it is invented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

import core.documents
from core.documents.badge_poster import badge_poster_pdf
from core.documents.card import card_pdf
from core.documents.press.letterhead import Letterhead, Sheet, letterhead_of
from core.documents.press.paper import A5, A6
from core.foundation.appearance.palette import CORAL
from core.foundation.files import MediaStore
from core.foundation.house import House
from tests.documents import samples
from tests.documents.reading import fonts, read, words

HOUSE = House("安和医院", "产科", None, "Asia/Shanghai", "zh", "010-12345678", "安和路 1 号", None, False)
DAY = date(2026, 3, 5)


def with_logo(key: str) -> House:
    return House(**{**{each.name: getattr(HOUSE, each.name) for each in fields(HOUSE)}, "logo_key": key})


def test_the_letterhead_is_the_houses_own(tmp_path: Path) -> None:
    media = MediaStore(str(tmp_path / "media"))
    picture = tmp_path / "logo.png"
    Image.new("RGB", (30, 10), (15, 118, 110)).save(picture)
    key = media.put(picture.read_bytes(), ".png")
    head = letterhead_of(with_logo(key), media, "en", DAY)
    assert (head.hospital, head.department, head.phone) == ("安和医院", "产科", "010-12345678")
    assert head.logo and head.logo.read_bytes() == picture.read_bytes()
    assert (
        head.day_text == "5 March 2026" and letterhead_of(HOUSE, media, "zh", DAY).day_text == "2026年3月5日"
    )
    media.delete(key)
    assert letterhead_of(with_logo(key), media, "en", DAY).logo is None


def test_no_document_describes_the_house_by_itself() -> None:
    told = {each.name for each in fields(Letterhead)} - {"language", "day"} | {
        "logo_path",
        "made_on",
        "printed_on",
    }
    for module in pkgutil.walk_packages(core.documents.__path__, "core.documents."):
        for name, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if is_dataclass(found) and found is not Letterhead and found.__module__ == module.name:
                assert not told & {each.name for each in fields(found)}, name


@pytest.mark.parametrize("simulated", [True, False])
def test_only_the_demo_is_marked_and_every_head_names_hospital_and_department(simulated: bool) -> None:
    sheet = Sheet(A5, samples.head("zh", simulated=simulated), "paper")
    sheet.new_page()
    below = sheet.headed("服务收据", "编号 7", 14, 19)
    sheet.footed("1", 14, 200)
    text = words(sheet.pdf())
    assert 34 < below < 50
    assert all(part in text for part in ("安和妇产医院", "产科·孕期通关", "服务收据", "编号7"))
    assert ("模拟数据/simulateddata" in text) is simulated


def test_a_print_carries_its_day_and_a_badge_shown_to_the_world_does_not() -> None:
    head = samples.head("zh")
    card = read(card_pdf(samples.card("zh"), head)).metadata
    badge = read(badge_poster_pdf(samples.badge("zh"), head)).metadata
    assert card and card.creation_date and card.creation_date.date() == head.day
    assert badge and badge.creation_date and badge.creation_date.date() != head.day


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_document_embeds_its_fonts_and_marks_demo_data(language: str, tmp_path: Path) -> None:
    for name, pdf in samples.every_document(tmp_path, language).items():
        found = fonts(pdf)
        assert found and all(found.values()), name
        text = words(pdf)
        assert "模拟数据/simulateddata" in text, name
        assert "{" not in text and "}" not in text, name


def test_a_missing_or_broken_logo_becomes_a_monogram(tmp_path: Path) -> None:
    broken = tmp_path / "logo.png"
    broken.write_bytes(b"not a picture")
    for path in (broken, tmp_path / "gone.png"):
        sheet = Sheet(A6, samples.head("zh", logo=path), "logo")
        sheet.new_page()
        assert sheet.logo(5, 5, 10, CORAL) == 10
        assert words(sheet.pdf()) == "安"
