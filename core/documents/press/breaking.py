"""Where a line of Chinese or English may end (kinsoku, after GB/T 15834 and the W3C's clreq).

No line begins with a closing mark or a stop, none ends with an opening mark, Western words stay whole, a
dash or an ellipsis of two characters is not torn, and a paragraph does not end in one lone character.
Pure: widths come from the caller, in any unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Full-width forms are written as escapes: they look like their ASCII twins in many editors.
_WIDE_CLOSING = "\uff0c\uff0e\uff1b\uff1a\uff1f\uff01\uff09\uff3d\uff5d\uff5e\uff05\uff60\uff63\uff61\uff64"
_WIDE_OPENING = "\uff08\uff3b\uff5b\uff5f\uff62\uffe5\uff04\uffe1\uff03"

NO_START = frozenset(_WIDE_CLOSING + "。、》」』】〕〉〗’”…—·‧々〻ー℃°′″‰" + ",.;:?!)]}%>»›~ヽヾゝゞ")
NO_END = frozenset(_WIDE_OPENING + "《「『【〔〈〖‘“" + "¥$£#([{<«‹№")

# Western runs stay whole, including the apostrophe inside a word; pairs of dashes and dots stay together.
_TOKEN = re.compile(
    r"[\u2014\u2015]+|\u2026+|\u3000|[ \t]+|"
    r"(?:[!-~\u00a1-\u00b6\u00b8-\u02ff\u0300-\u052f\u1e00-\u1eff\u2010-\u2013\u20ac]|"
    r"(?<=[A-Za-z])\u2019(?=[A-Za-z]))+|.",
    re.DOTALL,
)

Measure = Callable[[str], float]


@dataclass(frozen=True)
class Line:
    """One printed line; `last` closes its paragraph (and is therefore never justified)."""

    text: str
    last: bool


@dataclass(frozen=True)
class _Piece:
    text: str
    space: str  # what stood before it; printed only inside a line


def _pieces(paragraph: str) -> list[_Piece]:
    """The paragraph as unbreakable pieces."""
    pieces: list[_Piece] = []
    space = ""
    for token in _TOKEN.findall(paragraph):
        if token.isspace():
            space = "\u3000" if token == "\u3000" else " "
            continue
        glued = pieces and not space and (token[0] in NO_START or pieces[-1].text[-1] in NO_END)
        # A stop after a space ("word …") still may not begin a line.
        glued = glued or (bool(pieces) and bool(space) and token[0] in NO_START)
        if glued:
            pieces[-1] = _Piece(pieces[-1].text + space + token, pieces[-1].space)
        else:
            pieces.append(_Piece(token, space))
        space = ""
    return pieces


def _split_wide(text: str, room: float, measure: Measure) -> tuple[str, str]:
    """Cut a piece wider than the line: outside words at a lawful place, else lawfully, else where it is full."""
    full = 1
    while full < len(text) and measure(text[: full + 1]) <= room:
        full += 1
    lawful = [cut for cut in range(full, 0, -1) if text[cut] not in NO_START and text[cut - 1] not in NO_END]
    between = [cut for cut in lawful if not (_in_word(text[cut - 1]) and _in_word(text[cut]))]
    cut = (between or lawful or [full])[0]
    return text[:cut], text[cut:]


def _in_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _fill(pieces: list[_Piece], width: float, measure: Measure) -> list[list[_Piece]]:
    lines: list[list[_Piece]] = [[]]
    used = 0.0
    waiting = list(reversed(pieces))
    while waiting:
        piece = waiting.pop()
        here = piece.text if not lines[-1] else piece.space + piece.text
        if used + measure(here) <= width:
            lines[-1].append(piece)
            used += measure(here)
        elif lines[-1]:
            lines.append([])
            used = 0.0
            waiting.append(piece)
        elif len(piece.text) == 1:
            lines[-1].append(piece)
            used = measure(piece.text)
        else:
            head, tail = _split_wide(piece.text, width, measure)
            lines[-1].append(_Piece(head, piece.space))
            lines.append([])
            waiting.append(_Piece(tail.lstrip(), ""))
    return lines


def _no_orphan(lines: list[list[_Piece]], width: float, measure: Measure) -> None:
    """Give a lone last character or short word a companion from the line above."""
    if len(lines) < 2 or len(lines[-1]) != 1 or len(lines[-2]) < 4:
        return
    alone = lines[-1][0]
    mate = lines[-2][-1]
    lone = len(alone.text.rstrip("".join(NO_START))) <= 1 or measure(alone.text) < 0.12 * width
    if lone and measure(mate.text + alone.space + alone.text) <= width:
        lines[-1].insert(0, lines[-2].pop())


def _joined(pieces: list[_Piece], first: bool) -> str:
    if not pieces:
        return ""
    indent = pieces[0].space if first and pieces[0].space == "\u3000" else ""
    return indent + pieces[0].text + "".join(piece.space + piece.text for piece in pieces[1:])


def break_lines(text: str, width: float, measure: Measure) -> list[Line]:
    """Break `text` into lines no wider than `width` (unit of `measure`); newlines begin paragraphs.

    A single character wider than the line gets a line of its own; nothing is ever lost except spaces at line
    ends. An empty paragraph is an empty line.
    """
    result: list[Line] = []
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        lines = _fill(_pieces(paragraph), width, measure)
        _no_orphan(lines, width, measure)
        texts = [_joined(line, n == 0) for n, line in enumerate(lines)]
        result += [Line(line, n == len(texts) - 1) for n, line in enumerate(texts)]
    return result
