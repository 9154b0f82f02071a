"""The typefaces of the house. Screens use what the reader's system has; paper and pictures use Noto Serif SC for titles
and wording, Noto Sans SC for the rest.

Both Noto files come with the package `pylopdf-fonts-zh-cn` (SIL Open Font License), so that nothing is fetched and rare
names such as 堃, 喆 and 昇 print. There is no bold file: bold is drawn as outline plus fill.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn as noto

Family = Literal["sans", "serif"]

SCREEN = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif")


def font_path(family: Family) -> Path:
    """The OpenType file of a family."""
    return noto.sans_path() if family == "sans" else noto.serif_path()


@cache
def register_for_pictures() -> None:
    """Make both known to vl-convert, which turns charts and SVG into pictures: no reliance on the machine's own."""
    import vl_convert

    vl_convert.register_font_directory(str(font_path("sans").parent))
