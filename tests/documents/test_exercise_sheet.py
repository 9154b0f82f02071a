"""The exercises on paper: drawn, in steps, with her dose, two to a page and 120 on every one."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from core.documents.exercise_sheet import ExerciseOnPaper, exercise_sheet_pdf
from core.documents.press.paper import A4
from core.foundation.appearance.palette import CORAL, JADE
from core.packages.exercise_drawings import DRAWINGS
from core.packages.templates import load
from tests.documents import samples
from tests.documents.reading import MM, read, size, words


def on_paper(language: str) -> list[ExerciseOnPaper]:
    """Every exercise of the knee package that has a drawing."""
    return [
        ExerciseOnPaper(
            task.title, task.material.drawing, task.material.short_steps, task.material.text,
            task.dose.sets if task.dose else 0, task.dose.reps if task.dose else 0,
        )
        for task in load("knee_7days", language).tasks
        if task.material and task.material.drawing
    ]  # fmt: skip


def said_on(pdf: bytes) -> list[str]:
    """What each page says, without white space."""
    pages = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)]
    return ["".join(text.split()) for text in pages]


def coloured(pdf: bytes, colour: str, left: float, top: float, wide: float, high: float) -> int:
    """Points of a colour in a part of the first page (mm), at four points to the millimetre."""
    picture = pdfium.PdfDocument(pdf)[0].render(scale=4 / MM).to_pil().convert("RGB")
    part = picture.crop(tuple(round(each * 4) for each in (left, top, left + wide, top + high)))
    wanted = tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return sum(count for count, found in part.getcolors(10**6) if found == wanted)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_has_two_exercises_and_120(language: str) -> None:
    every = on_paper(language)
    pdf = exercise_sheet_pdf("P", every, samples.head(language))
    pages = read(pdf).pages
    assert size(pdf) == A4 and len(pages) == (len(every) + 1) // 2
    for at, found in enumerate(said_on(pdf)):
        assert "120" in found and "0755-12345678" in found
        for one in every[2 * at : 2 * at + 2]:
            for text in (one.title, *one.steps, *one.care.splitlines()):
                assert "".join(text.removeprefix("- ").split()) in found, (one.title, text)


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_each_drawing_is_really_drawn(name: str) -> None:
    steps = ("一", "二", "三")
    pdf = exercise_sheet_pdf("P", [ExerciseOnPaper("T", name, steps, "")], samples.head("zh"))
    assert coloured(pdf, CORAL, 12, 60, 88, 90) > 15  # the arrow
    if DRAWINGS[name].mark:
        assert coloured(pdf, JADE, 12, 60, 88, 90) > 300
        assert "深绿色的腿" in words(pdf)


def test_her_dose_stands_beside_the_title_and_nothing_where_none_is_counted() -> None:
    def said(sets: int, reps: int) -> str:
        one = ExerciseOnPaper("T", "cooling", ("A", "B", "C"), "- D", sets, reps)
        return words(exercise_sheet_pdf("P", [one], samples.head("en")))

    assert "Eachday4×15" in said(4, 15) and "Eachday3times" in said(3, 1)
    assert "Eachday" not in said(0, 0)
