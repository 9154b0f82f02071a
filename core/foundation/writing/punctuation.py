"""Chinese marks in Chinese text, Western marks in English text, whatever was typed.

After GB/T 15834 (punctuation marks): comma, semicolon, colon, exclamation and question mark and brackets
are as wide as a character when they stand beside Chinese characters. Times (20:00), numbers (1,000), web
addresses and English stay as they are. The other way round, the Chinese typefaces draw curly quotation marks
and the ellipsis as wide as a character, which tears English apart: English gets the straight ones.
"""

from __future__ import annotations

import re

# Full-width forms are written as escapes: they look like their ASCII twins in many editors.
WIDE = str.maketrans(
    {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "!": "\uff01", "?": "\uff1f", "(": "\uff08", ")": "\uff09"}
)
_HAN = "\u2e80-\u9fff\u3001-\u303f\uff01-\uff60\u201c\u201d"
_BRACKETS = re.compile(rf"(?<=[{_HAN}])\([^()\n]*\)|\([^()\n]*\)(?=[{_HAN}])|\([^()\n]*[{_HAN}][^()\n]*\)")
_AFTER_HAN = re.compile(rf"(?<=[{_HAN}])[,;:!?]+")
_BEFORE_HAN = re.compile(rf"(?<=[0-9A-Za-z%])[,;:!?](?=[{_HAN}])")


_WESTERN = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2026": "..."})
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\u2019(?=[A-Za-z]|\b)")


def mostly_han(text: str) -> bool:
    """Whether a text is Chinese to the eye: more than six in ten characters."""
    return sum(ord(char) > 0x2E7F for char in text) > 0.6 * len(text)


def settled_marks(text: str) -> str:
    """`text` with the marks of its language, paragraph by paragraph."""
    return "\n".join(
        chinese_marks(_APOSTROPHE.sub("'", part))
        if any(ord(char) > 0x2E7F for char in part)
        else part.translate(_WESTERN)
        for part in text.split("\n")
    )


def chinese_marks(text: str) -> str:
    """`text` with full-width marks where they stand beside Chinese characters; its length never changes."""
    text = _BRACKETS.sub(lambda found: f"\uff08{found[0][1:-1]}\uff09", text)
    text = _AFTER_HAN.sub(lambda found: found[0].translate(WIDE), text)
    return _BEFORE_HAN.sub(lambda found: found[0].translate(WIDE), text)
