"""One palette: what screens, phones, charts and prints are coloured with stands in one place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from core.foundation.appearance import palette
from core.foundation.settings import PROJECT

HEX = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b(?![0-9A-Za-z_-])")
STAFF_SHEETS = [*PROJECT.glob("pages/**/*.css")]
# Custom properties that are no colours: the columns of the list, which its script sets.
LAYOUT = {"columns", "at", "row"}
# What a rule of a sheet may say by itself: the tones of one notice or tag, which nothing else wears.
TINTS = {"#9A3412", "#F2C4B6", "#DCEBE8", "#DCEFE3", "#E9E4D9"}


def known() -> set[str]:
    found: set[str] = set()
    for value in vars(palette).values():
        values = (
            value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        )
        for one in values:
            for text in one if isinstance(one, tuple) else (one,):
                if isinstance(text, str) and HEX.fullmatch(text):
                    found.add(text.upper())
    return found


def long(colour: str) -> str:
    return (colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])).upper()


def test_a_stylesheet_gives_a_colour_the_value_the_palette_gives_it() -> None:
    phone = (PROJECT / "pages/patient/static/phone.css").read_text(encoding="utf-8")
    named = {name: long(value) for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]+);", phone)}
    assert named == {name: palette.PROPERTIES[name].upper() for name in named} and len(named) > 10
    for sheet in STAFF_SHEETS:
        used = set(re.findall(r"var\(--([a-z-]+)\)", sheet.read_text(encoding="utf-8")))
        assert used - LAYOUT <= set(palette.PROPERTIES), sheet.name


def test_staff_sheets_and_theme_wear_only_the_palette() -> None:
    sheets = [sheet for sheet in STAFF_SHEETS if "patient" not in sheet.parts]
    for path in (*sheets, PROJECT / ".streamlit/config.toml"):
        text = path.read_text(encoding="utf-8")
        assert {long(found) for found in HEX.findall(text)} <= known() | TINTS, path.name
    theme = tomllib.loads((PROJECT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    assert theme["chartCategoricalColors"] == list(palette.SERIES)


@pytest.mark.parametrize("room", ["core", "pages"])
def test_no_module_spells_out_a_colour_of_its_own(room: str) -> None:
    for path in sorted((PROJECT / room).rglob("*.py")):
        if path != Path(palette.__file__):
            assert not HEX.findall(path.read_text(encoding="utf-8")), path.name


def luminance(colour: str) -> float:
    parts = [int(long(colour)[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ink", [palette.INK, palette.SOFT_INK, palette.JADE, palette.CORAL_INK])
@pytest.mark.parametrize("ground", [palette.PAPER, palette.CARD, palette.CORAL_WASH])
def test_words_can_be_read_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("fill", [*palette.BANDS.values(), *palette.ALERTS.values()])
def test_white_words_can_be_read_on_bands_and_levels(fill: str) -> None:
    assert contrast(fill, palette.CARD) >= 4.3
