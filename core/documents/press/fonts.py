"""The two typefaces inside a PDF: what they can print, and how they come into a document without being read anew.

Nearly all the time a document takes goes into its typefaces, not into its pages (figures: docs/decisions.md). What
never changes about a typeface (widths, code points, names) is read once a process; each document opens only the
outlines for itself, because cutting them down to the characters used changes them.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Container
from functools import cache

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont

from core.foundation.appearance.typefaces import Family, font_path

MISSING = "□"
LETTERS = (-50, -271, 1050, 880)  # thousandths of the size: what Chinese and Latin letters reach
_INVISIBLE = {"Cc", "Cf", "Cs", "Mn", "Me"}
# Radicals, strokes, shape descriptions and the geta mark stand for a part of a name; elsewhere a symbol is an emoji.
_NAMING = range(0x2E80, 0x3400)


def printable(text: str, known: Container[int]) -> str:
    """`text` with every character the font can draw.

    Line ends stay, every kind of space becomes one; controls, joiners and emoji vanish; any other unknown character (a
    very rare name, one younger than this Python, one a hospital made for itself) becomes a visible box, so that a person
    notices it and completes the name by hand.
    `known` holds the code points of the font.
    """
    out = []
    for char in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(char)
        if char == "\n":
            out.append(char)
        elif char == "\t" or (kind == "Zs" and ord(char) not in known):
            out.append(" ")
        elif ord(char) in known and kind not in _INVISIBLE and kind != "Co":
            out.append(char)
        elif kind in _INVISIBLE or (kind in ("So", "Sk") and ord(char) not in _NAMING):
            continue
        else:
            out.append(MISSING)
    return "".join(out)


@cache
def _read(family: Family) -> TTFFont:
    """A family as fpdf2 reads it: 0.1 s and 31,000 characters, shared by all documents and changed by none."""
    reader = FPDF()
    reader.add_font(family, fname=str(font_path(family)))
    font = reader.fonts[family]
    assert isinstance(font, TTFFont)
    font.close()
    return font


def typeface(family: Family, number: int) -> TTFFont:
    """The family for one document, as its `number`th font: its own list of characters used over shared widths.
    Before the document is written it needs its `outlines`."""
    font = copy.copy(_read(family))
    font.i = number
    font.desc = copy.copy(font.desc)
    font.missing_glyphs = []
    font.subset = SubsetMap(font)
    return font


def outlines(family: Family) -> TTFont:
    """The family's outlines, opened for one document; all other tables go unread. The box around its characters is
    that of Chinese and Latin letters: measuring it for the characters used took a third of the time, and the
    whole typeface's, four times as wide, makes some viewers place letters on whole pixels."""
    found = TTFont(font_path(family), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    for table in set(found.keys()) - {"CFF ", "GlyphOrder"}:
        del found[table]
    # fpdf2 saves the whole font before it writes the CFF table into the document, and throws it away.
    found.save = lambda *_file: None
    found["CFF "].cff.topDictIndex[0].FontBBox = list(LETTERS)
    return found
