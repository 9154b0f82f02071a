"""Words on paper: rare names, justified lines, and text that is made to fit."""

from __future__ import annotations

import pytest

from core.documents.press.letterhead import Sheet
from core.documents.press.paper import A6, Style
from tests.documents import samples
from tests.documents.reading import words


def test_rare_names_print_and_unknown_characters_do_not_crash() -> None:
    sheet = Sheet(A6, samples.head("zh"), "names")
    sheet.new_page()
    sheet.put("堃喆昇", 10, 10, Style(20))
    sheet.put("堃喆昇", 10, 30, Style(20, "serif", bold=True))
    sheet.block("\U00020bb7\U0001f600野家", 10, 50, 80, Style(20))
    text = words(sheet.pdf())
    assert text.count("堃喆昇") == 2 and "□野家" in text


def test_justified_lines_reach_the_edge_and_never_pass_it() -> None:
    sheet = Sheet(A6, samples.head("zh"), "text")
    sheet.new_page()
    style = Style(11, "serif")
    text = "每一次检查\uff0c都有人在门口等您。" * 12
    lines = sheet.lines_of(text, 80, style)
    assert len(lines) > 5
    assert all(70 < sheet.width_of(line.text, style) <= 80 for line in lines[:-1])
    below = sheet.block(text, 10, 10, 80, style, justify=True)
    assert below == pytest.approx(10 + len(lines) * style.line_mm)


def test_fitting_shrinks_only_as_far_as_needed() -> None:
    sheet = Sheet(A6, samples.head("en"), "fit")
    long = "A sentence that needs a good deal of room " * 4
    fitted = sheet.fit(long, 60, 20, Style(30), 6)
    assert (
        sheet.height_of(long, 60, fitted) <= 20 < sheet.height_of(long, 60, fitted.sized(fitted.size + 0.5))
    )
    assert sheet.fit(long * 50, 60, 20, Style(30), 6).size == 6
