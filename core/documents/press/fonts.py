"""The two typefaces of everything printed: Noto Serif SC for titles and wording, Noto Sans SC for the rest.

Both come as files with the package `pylopdf-fonts-zh-cn` (SIL Open Font License), so that nothing is fetched
and rare names such as 堃, 喆 and 昇 print. There is no bold file: bold is drawn as outline plus fill.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn as noto
import vl_convert

Family = Literal["sans", "serif"]

MISSING = "□"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}


def font_path(family: Family) -> Path:
    """The OpenType file of a family."""
    return noto.sans_path() if family == "sans" else noto.serif_path()


def printable(text: str, known: Container[int]) -> str:
    """`text` with every character the font can draw.

    Line ends stay, tabs become spaces; controls, joiners and emoji vanish; any other unknown character (a
    very rare name) becomes a visible box, so that a person notices it and completes the name by hand.
    `known` holds the code points of the font.
    """
    out = []
    for char in unicodedata.normalize("NFC", text):
        if char == "\n":
            out.append(char)
        elif char == "\t":
            out.append(" ")
        elif ord(char) in known and unicodedata.category(char) not in _INVISIBLE:
            out.append(char)
        elif unicodedata.category(char) in _INVISIBLE or unicodedata.category(char) in ("So", "Sk"):
            continue
        else:
            out.append(MISSING)
    return "".join(out)


@cache
def register_for_pictures() -> bool:
    """Make the same fonts known to vl-convert, which turns SVG and charts into PNG. Once per process."""
    vl_convert.register_font_directory(str(font_path("sans").parent))
    return True
