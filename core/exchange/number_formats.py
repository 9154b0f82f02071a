"""What Excel shows of a whole number: 123 in the format "MZ"000000 is MZ000123, and that is the record number.

Only formats that add letters, joints or zeros are followed; money, percent, fractions and decimals are quantities, of
which the number itself is the better text. Source: ECMA-376 Part 1, 18.8.31 (numFmts).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

_PLAIN = {"General", "@", "0", "#", "#,##0", "0.00", "#,##0.00"}
_TOKENS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|([0#?])|(.)', re.DOTALL)
# A condition, a fraction, a power, a percentage, a text, thousands or decimals: no mere dress of the digits.
_SECTIONS = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])+')
_QUANTITY = re.compile(r"[.,%/@Ee]")


def dressed(value: int, number_format: str) -> str | None:
    """The text that `number_format` makes of a whole number, None where it only shows the number."""
    if number_format in _PLAIN or value < 0:
        return None
    parts = _parts(number_format)
    if parts is None:
        return None
    places = "".join(part for digits, part in parts if digits)
    least = len(places) - places.find("0") if "0" in places else 0
    return _filled(parts, str(value).zfill(least))


def dressed_text(text: str, number_format: str) -> str:
    """The same for a text: "123" in the format "MZ"@ is MZ123."""
    if "@" not in number_format or number_format == "@":
        return text
    section = next((one for one in _SECTIONS.findall(number_format) if "@" in one), "@")
    tokens = _TOKENS.findall(section)
    return "".join(
        text if other == "@" else quoted or escaped or other for quoted, escaped, _place, other in tokens
    )


def _filled(parts: tuple[tuple[bool, str], ...], text: str) -> str:
    """Digits are laid into their places from the right; what is left over stands in the first place."""
    room = sum(len(part) for digits, part in parts if digits)
    text = text.rjust(room)
    over, at, out, first = len(text) - room, 0, [], True
    for digits, part in parts:
        if not digits:
            out.append(part)
            continue
        width = len(part) + (over if first else 0)
        out.append(text[at : at + width].lstrip(" "))
        at, first = at + width, False
    return "".join(out).strip()


@lru_cache(maxsize=512)
def _parts(number_format: str) -> tuple[tuple[bool, str], ...] | None:
    """Runs of places for digits (True) and what stands between them; None for formats that are not followed."""
    tokens: list[tuple[bool, str]] = []
    positive = next(iter(_SECTIONS.findall(number_format)), "")
    if re.search(r"\[[<>=]", positive):
        return None
    for quoted, escaped, place, other in _TOKENS.findall(positive):
        if other and (_QUANTITY.match(other) or (other.isascii() and other.isalpha())):
            return None
        if place or quoted or escaped or other:
            tokens.append((bool(place), place or quoted or escaped or other))
    runs = tuple(
        (kind, "".join(text for _kind, text in run)) for kind, run in groupby(tokens, key=lambda t: t[0])
    )
    zeros = sum(part.count("0") for digits, part in runs if digits)
    told = any(part.strip() for digits, part in runs if not digits)
    return (
        runs if zeros + told >= 1 and (zeros > 1 or told) and any(digits for digits, _part in runs) else None
    )
