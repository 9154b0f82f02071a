"""The house's drawings: complete, harmless, redrawn by their own scenes, and named by every exercise we ship."""

from __future__ import annotations

import re
from typing import get_args
from xml.etree import ElementTree

import pytest

from core.foundation.appearance import palette
from core.foundation.language import translator
from core.packages.document import problems
from core.packages.exercise_drawings import DRAWINGS, FOLDER, DrawingName, drawing_strokes, drawing_svg
from core.packages.parts import Material, Task
from core.packages.templates import available, load
from data.exercises.draw import svg
from data.exercises.scenes import SCENES

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = {value for value in vars(palette).values() if isinstance(value, str) and value.startswith("#")}
EVERY = sorted(DRAWINGS)


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def exercises(language: str) -> list[Task]:
    """Every task of the templates that is an exercise, or teaches one by a drawing."""
    return [
        task
        for found in available(language)
        for task in load(found.code, language).tasks
        if task.kind == "exercise" or (task.material and task.material.drawing)
    ]


def test_the_list_the_words_the_files_and_the_scenes_are_the_same() -> None:
    assert {"", *DRAWINGS} == set(get_args(DrawingName))
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(DRAWINGS) == set(SCENES)


@pytest.mark.parametrize("name", EVERY)
def test_a_file_is_what_its_scene_draws(name: str) -> None:
    assert text_of(name) == svg(name)


@pytest.mark.parametrize("name", EVERY)
def test_a_drawing_holds_nothing_but_a_title_and_paths_in_our_colours(name: str) -> None:
    root = ElementTree.fromstring(text_of(name))
    assert [child.tag for child in root][0] == f"{SVG}title" and root[0].text
    assert {child.tag for child in root[1:]} == {f"{SVG}path"}
    for path in root[1:]:
        assert set(path.attrib) <= {"d", "fill", "stroke", "stroke-width"}
        assert {path.attrib["fill"], path.attrib.get("stroke", "none")} - {"none"} <= COLOURS
        assert re.fullmatch(r"[MLCZ0-9. -]+", path.attrib["d"])
    # Light enough for a phone in a ward.
    assert len(text_of(name)) < 40_000


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_drawn_outside_the_picture(name: str) -> None:
    (wide, high), strokes = drawing_strokes(name)
    numbers = [[float(n) for n in re.findall(r"-?[\d.]+", one.d)] for one in strokes]
    assert len(strokes) > 20
    assert min(min(each) for each in numbers) >= 0
    assert (
        max(max(each[::2]) for each in numbers) <= wide and max(max(each[1::2]) for each in numbers) <= high
    )


@pytest.mark.parametrize("name", sorted(set(DRAWINGS) - {"baby_movements"}))
def test_the_leg_that_moves_stands_out_by_colour_and_by_line_and_has_its_arrow(name: str) -> None:
    _size, strokes = drawing_strokes(name)
    at = next(n for n, one in enumerate(strokes) if one.fill == palette.JADE)
    outline, others = strokes[at - 1], [one.width for one in strokes if one.fill == one.line == palette.INK]
    assert outline.line == palette.INK and outline.width == max(others) > 1.5 * min(others)
    assert any(one.line == palette.CORAL for one in strokes)
    assert DRAWINGS[name].mark


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_drawing_on_a_page_is_described_in_the_readers_language(language: str) -> None:
    for name, one in DRAWINGS.items():
        root = ElementTree.fromstring(drawing_svg(name, language))
        assert root[0].text == translator(language)(one.shows) and root.attrib["role"] == "img"
    assert drawing_svg("<script>", language) == ""


@pytest.mark.parametrize("name", EVERY)
def test_every_picture_of_a_drawing_is_described_by_its_number(name: str) -> None:
    pictures = list(range(1, len(SCENES[name]().panels) + 1))
    for language, word in (("zh", "图"), ("en", "Picture ")):
        said = translator(language)(DRAWINGS[name].shows)
        assert [int(n) for n in re.findall(rf"{word}(\d)", said)] == pictures, language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_shipped_exercise_has_a_drawing_and_three_steps_for_its_pictures(language: str) -> None:
    found = exercises(language)
    assert len(found) >= 12
    for task in found:
        material = task.material
        assert material is not None and material.drawing in DRAWINGS, task.code
        assert len(material.short_steps) == 3 >= len(SCENES[material.drawing]().panels), task.code


def test_the_short_steps_bring_no_figure_of_their_own() -> None:
    """Every number of a step stands in what the task says otherwise, or in the other language's step."""
    for zh, en in zip(exercises("zh"), exercises("en"), strict=True):
        assert zh.material and en.material and zh.material.drawing == en.material.drawing
        for one, two in zip(zh.material.short_steps, en.material.short_steps, strict=True):
            assert re.findall(r"\d+", one) == re.findall(r"\d+", two), zh.code


def test_what_is_drawn_here_may_be_left_out_and_nothing_else_may_be_named() -> None:
    assert Material().drawing == "" and not Material().is_shown
    assert Material(drawing="quad_sets").is_shown
    raw = load("knee_7days", "en").model_dump(mode="json")
    pumps = next(task for task in raw["tasks"] if task["code"] == "PUMP")
    pumps["material"] |= {"drawing": "somersault", "short_steps": ["Up.", "Down.", "Up.", "Down."]}
    told = {problem.where.rpartition(".")[2]: problem.text("en") for problem in problems(raw)}
    assert "somersault" in told["drawing"] and "At most 3 entries fit" in told["short_steps"]
