from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.clinical.fetal_growth import MEASURES, formulas
from core.foundation.reference import FOLDER
from tests.clinical.mutate_constants import constants

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "numbers.md").read_text(encoding="utf-8")
PLAIN = TEXT.replace("−", "-")


def files() -> list[Path]:
    return sorted((FOLDER / "clinical").glob("*.json"))


@pytest.mark.parametrize("measure", [*MEASURES, "CRL_dating"])
def test_each_standard_has_its_small_plot(measure):
    plot = DOCS / "numbers" / f"{measure}.png"
    assert f"(numbers/{plot.name})" in TEXT
    assert 1_000 < plot.stat().st_size < 60_000


def test_every_source_is_in_the_document():
    for file in files():
        for doi in re.findall(r"doi:(10\.[^\s\",;]+)", file.read_text(encoding="utf-8")):
            assert doi in TEXT, doi


def test_every_coefficient_is_in_the_document():
    for name in ("fetal_growth", "fetal_weight", "dating"):
        for place, value in constants(
            json.loads((FOLDER / "clinical" / f"{name}.json").read_text(encoding="utf-8"))
        ):
            if place[-1] == "c":
                # A sign may stand apart from its number, so the digits are what is looked for.
                digits = f"{abs(value):.12f}".rstrip("0").rstrip(".")
                assert re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d|\.\d)", PLAIN), (name, place, value)


def test_every_formula_is_in_the_document():
    for formula in formulas():
        assert f"| {formula} |" in TEXT


def test_the_document_counts_the_constants_rightly():
    count = sum(1 for file in files() for _ in constants(json.loads(file.read_text(encoding="utf-8"))))
    assert f"each of the {count} numbers" in TEXT
