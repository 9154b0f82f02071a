from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from core.clinical import reference
from core.foundation.language import translator
from core.foundation.reference import FOLDER
from tests.clinical import vector_checks
from tests.clinical.mutate_constants import constants, noticed, spoilt, survivors

FILES = sorted(path.stem for path in (FOLDER / "clinical").glob("*.json"))
EVERY_CHECK = [check for checks in vector_checks.CHECKS.values() for check in checks]


@pytest.mark.parametrize("check", EVERY_CHECK, ids=lambda check: check.__name__)
def test_the_published_vectors_hold(check):
    check()


def test_each_reference_file_has_its_vector_checks():
    assert set(FILES) == set(vector_checks.CHECKS)


def test_an_unchanged_constant_alarms_nobody():
    for name in FILES:
        place, value = next(constants(reference.read(name)))
        with spoilt(name, place, value):
            assert not noticed(name)


def test_one_percent_on_any_constant_is_noticed():
    tried, unnoticed = survivors()
    assert unnoticed == []
    assert tried > 900


def test_the_mutation_leaves_no_trace():
    before = json.dumps(reference.read("fetal_growth"))
    with spoilt("fetal_growth", ("standards", "HC", "days", 0), 90):
        assert reference.read("fetal_growth")["standards"]["HC"]["days"][0] == 90
    assert json.dumps(reference.read("fetal_growth")) == before


def test_every_standard_and_formula_names_its_source():
    entries = [
        *reference.read("fetal_growth")["standards"].values(),
        *reference.read("fetal_weight")["formulas"].values(),
    ]
    for entry in entries:
        assert "doi:10." in entry["source"]


def test_every_text_of_the_room_is_in_chinese():
    chinese = translator("zh")
    for path in Path(reference.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                text = ast.literal_eval(node.args[0])
                assert chinese(text) != text, f"{path.name}: {text}"
