"""A printed page as a reader and a telephone see it: its words, size, typefaces and code."""

from __future__ import annotations

import re
from io import BytesIO

import pypdf
import segno

from core.documents.press.drawing import QUIET_ZONE

MM = 72 / 25.4


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def page_words(page: pypdf.PageObject) -> str:
    """The page's text without white space: letter spacing and line breaks do not matter. pypdf reads the upper
    byte of each two-byte code as a character of its own."""
    return "".join(page.extract_text().replace("\x00", "").split())


def words(pdf: bytes) -> str:
    """The text of all pages."""
    return "".join(page_words(page) for page in read(pdf).pages)


def size(pdf: bytes) -> tuple[float, float]:
    box = read(pdf).pages[0].mediabox
    return round(float(box.width) / MM, 1), round(float(box.height) / MM, 1)


def fonts(pdf: bytes) -> dict[str, bool]:
    """Every font of the document and whether its file is embedded."""
    found = {}
    for page in read(pdf).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            found[str(font.get_object()["/BaseFont"])] = any(
                key.startswith("/FontFile") for key in descriptor
            )
    return found


def qr_modules(pdf: bytes, wide_mm: float, page: int = 0) -> list[list[bool]]:
    """The dark modules of the page's code, rebuilt from its runs; the code with its quiet zone is `wide_mm` wide."""
    content = read(pdf).pages[page].get_contents().get_data().decode("latin1")
    code = re.search(r"q 0 g ([\d.]+) 0 0 [\d.]+ [\d.]+ [\d.]+ cm ([^Qf]*) f Q", content)
    assert code, "no code on the page"
    runs = [[int(n) for n in run] for run in re.findall(r"(\d+) (-\d+) (\d+) 1 re", code[2])]
    count = max(-row for _column, row, _length in runs)
    grid = [[False] * count for _ in range(count)]
    for column, row, length in runs:
        grid[-row - 1][column : column + length] = [True] * length
    assert abs(float(code[1]) * (count + 2 * QUIET_ZONE) / MM - wide_mm) < 0.1
    return grid


def expected(content: str) -> list[list[bool]]:
    return [[bool(m) for m in row] for row in segno.make_qr(content, error="m").matrix]
