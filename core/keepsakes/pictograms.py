"""The pictograms of the badges: our own small line drawings, one per kind of mission.

Each is drawn on a grid of 48 × 48 with the origin at the top left. A path uses only the absolute
commands M, L, C, Q and Z, so that the phone (SVG) and the printing press (PDF) can both follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["line", "accent"]
GRID = 48


@dataclass(frozen=True)
class Stroke:
    """One line or area of a pictogram: `d` is the path, `tone` its colour role.

    `filled` areas have no outline; others are lines of the pictogram's common width. A line that `hides`
    what lies behind it is filled with paper first.
    """

    d: str
    tone: Tone = "line"
    filled: bool = False
    hides: bool = False


def circle(cx: float, cy: float, r: float) -> str:
    """A circle as four curves (the usual 0.5523 approximation, error below 0.03 % of the radius)."""
    k = 0.5523 * r
    left, right, top, foot = cx - r, cx + r, cy - r, cy + r
    return (
        f"M{cx:g} {top:g}C{cx + k:g} {top:g} {right:g} {cy - k:g} {right:g} {cy:g}"
        f"C{right:g} {cy + k:g} {cx + k:g} {foot:g} {cx:g} {foot:g}"
        f"C{cx - k:g} {foot:g} {left:g} {cy + k:g} {left:g} {cy:g}"
        f"C{left:g} {cy - k:g} {cx - k:g} {top:g} {cx:g} {top:g}Z"
    )


def _heart(cx: float, top: float, size: float) -> str:
    """A heart of `size` width whose lobes begin at `top`."""
    s = size / 2
    return (
        f"M{cx:g} {top + 1.85 * s:g}C{cx - 0.75 * s:g} {top + 1.25 * s:g} {cx - s:g} {top + 0.9 * s:g} "
        f"{cx - s:g} {top + 0.5 * s:g}C{cx - s:g} {top - 0.1 * s:g} {cx - 0.2 * s:g} {top - 0.15 * s:g} "
        f"{cx:g} {top + 0.35 * s:g}C{cx + 0.2 * s:g} {top - 0.15 * s:g} {cx + s:g} {top - 0.1 * s:g} "
        f"{cx + s:g} {top + 0.5 * s:g}C{cx + s:g} {top + 0.9 * s:g} {cx + 0.75 * s:g} {top + 1.25 * s:g} "
        f"{cx:g} {top + 1.85 * s:g}Z"
    )


_SEA = Stroke("M4 33Q9 28.5 14 33Q19 37.5 24 33Q29 28.5 34 33Q39 37.5 44 33")
_DEEP = Stroke("M10 40Q14.7 36 19.3 40Q24 44 28.7 40Q33.3 36 38 40")

PICTOGRAMS: dict[str, tuple[Stroke, ...]] = {
    "compass": (
        Stroke(circle(24, 24, 18.5)),
        Stroke("M24 5.5L24 9.5M24 38.5L24 42.5M5.5 24L9.5 24M38.5 24L42.5 24"),
        Stroke("M33 15L27.6 27.6L20.4 20.4Z", "accent", True),
        Stroke("M33 15L27.6 27.6L15 33L20.4 20.4Z"),
    ),
    "baby": (
        Stroke(circle(24, 16, 10)),
        Stroke("M18.6 16.4Q20.4 18.4 22.2 16.4M25.8 16.4Q27.6 18.4 29.4 16.4M21.8 20.8Q24 22.6 26.2 20.8"),
        Stroke("M23 6.2Q24.5 2.6 28 3.6"),
        Stroke("M16.2 22C8 28 10 43 24 43C38 43 40 28 31.8 22"),
        Stroke("M12.4 29C19 29 28 32.5 32.5 39.5M35.6 29C32 29.2 29 30.4 26.4 32.2", "accent"),
    ),
    "speech": (
        Stroke(
            "M10 8L32 8Q36 8 36 12L36 24Q36 28 32 28L20 28L12.5 35L12.5 28L10 28Q6 28 6 24L6 12Q6 8 10 8Z"
        ),
        Stroke("M42 17L42 32Q42 35.5 38.5 35.5L37.5 35.5L37.5 41.5L30.5 35.5L24 35.5"),
        Stroke(circle(14.2, 18, 1.9) + circle(21, 18, 1.9) + circle(27.8, 18, 1.9), "accent", True),
    ),
    "choice": (
        Stroke("M24 4.5L24 9M24 20L24 24M24 35L24 43.5M17 43.5L31 43.5"),
        Stroke("M16 9L36 9L42 14.5L36 20L16 20Z", "accent"),
        Stroke("M32 24L12 24L6 29.5L12 35L32 35Z"),
    ),
    "eye": (
        Stroke("M4.5 26Q13.5 12.5 24 12.5Q34.5 12.5 43.5 26Q34.5 39.5 24 39.5Q13.5 39.5 4.5 26Z"),
        Stroke(circle(24, 26, 8)),
        Stroke(_heart(24, 22.9, 8), "accent", True),
        Stroke("M24 4.5L24 8M13.5 6.5L15.2 9.6M34.5 6.5L32.8 9.6"),
    ),
    "sugar": (
        Stroke(circle(24, 24, 10.5)),
        Stroke("M20 15.6Q27 24 20 32.4M27.2 14.8Q34 24 27.2 33.2", "accent"),
        Stroke("M14.8 19.2L4.5 14Q8.5 24 4.5 34L14.8 28.8M33.2 19.2L43.5 14Q39.5 24 43.5 34L33.2 28.8"),
    ),
    "half": (
        Stroke("M24 6C14.06 6 6 14.06 6 24C6 33.94 14.06 42 24 42Z", "accent", True),
        Stroke(circle(24, 24, 18)),
        Stroke("M24 6L24 42"),
        Stroke("M32.5 15L32.5 19M30.5 17L34.5 17M35 27L35 30M33.5 28.5L36.5 28.5"),
    ),
    "hands": (
        Stroke(_heart(24, 8.5, 17), "accent", True),
        Stroke("M6 21L6 31C6 36 11.5 38.5 13.5 43.5M6 21C6 18.2 10.2 18.2 10.4 21L11.6 28.4L17.8 32"),
        Stroke("M11.6 28.4C14.4 25.6 21.5 31.5 21.5 37L21.5 43.5"),
        Stroke("M42 21L42 31C42 36 36.5 38.5 34.5 43.5M42 21C42 18.2 37.8 18.2 37.6 21L36.4 28.4L30.2 32"),
        Stroke("M36.4 28.4C33.6 25.6 26.5 31.5 26.5 37L26.5 43.5"),
    ),
    "growth": (
        Stroke("M24 42L24 20"),
        Stroke("M24 30C13.5 30 8.5 23.5 8.5 15.5C18 15.5 24 21 24 30Z"),
        Stroke("M24 21C24 12.5 30 6 39.5 6C39.5 15 33.5 21 24 21Z", "accent", True),
        Stroke("M10 42Q24 37.5 38 42"),
    ),
    "bag": (
        Stroke(
            "M10.5 17L37.5 17Q39.5 17 39.8 19L42 38"
            "Q42.3 41.5 39 41.5L9 41.5Q5.7 41.5 6 38L8.2 19Q8.5 17 10.5 17Z"
        ),
        Stroke("M16.5 17C16.5 3 31.5 3 31.5 17"),
        Stroke(_heart(24, 23.6, 13), "accent", True),
    ),
    "shield": (
        Stroke("M24 4.5Q31.5 9.5 40 10L40 23C40 33 33.5 40 24 44C14.5 40 8 33 8 23L8 10Q16.5 9.5 24 4.5Z"),
        Stroke("M15.5 24L21.8 30.3L33 17.5", "accent"),
    ),
    "book": (
        Stroke(
            "M24 14C19 9.5 12 8.5 4.5 9.5L4.5 37.5C12 36.5 19 37.5 24 42C29 37.5 36 36.5 43.5 37.5L43.5 9.5"
        ),
        Stroke("M24 42L24 14C26 12.2 28.5 10.9 31.2 10.1M39 9.3L43.5 9.5"),
        Stroke("M31.2 8.5L31.2 22L35.1 18.6L39 22L39 8.5Z", "accent", True),
        Stroke("M10 17.5Q15 17.3 19 19.5M10 24Q15 23.8 19 26M10 30.5Q15 30.3 19 32.5M29 30.5Q33 28.6 38 29"),
    ),
    "full": (
        Stroke(circle(25, 17.5, 12.5), "accent", True),
        Stroke(
            "M10.5 42C3 42 3.5 32 10.5 33C11.5 25.5 22 25.5 23.5 32"
            "C28 27.5 35.5 31 34.5 36C40.5 35.5 41 42 36.5 42Z",
            hides=True,
        ),
        Stroke("M41 6L41 10M39 8L43 8M7.5 14L7.5 17M6 15.5L9 15.5"),
    ),
    "wave38": (
        Stroke("M14.5 27.5C14.5 22.3 18.8 18 24 18C29.2 18 33.5 22.3 33.5 27.5Z", "accent", True),
        _SEA,
        _DEEP,
    ),
    "wave39": (Stroke(circle(24, 18.5, 9.2), "accent", True), _SEA, _DEEP),
    "wave40": (
        Stroke(circle(24, 17, 8), "accent", True),
        Stroke("M24 2.8L24 5.6M13.9 6.9L15.9 8.9M34.1 6.9L32.1 8.9M9.8 17L12.6 17M38.2 17L35.4 17"),
        _SEA,
        _DEEP,
    ),
    "welcome": (
        Stroke("M6 22.5L42 22.5C42 32 34 37 24 37C14 37 6 32 6 22.5Z"),
        Stroke("M23 22.5C23 12.5 31.5 6.5 42 9L42 22.5"),
        Stroke("M9.5 40Q24 47 38.5 40"),
        Stroke("M14 5.5L15.7 10.3L20.5 12L15.7 13.7L14 18.5L12.3 13.7L7.5 12L12.3 10.3Z", "accent", True),
    ),
    "star": (
        Stroke("M24 5L29.6 17.3L43 18.8L33.1 27.9L35.8 41.2L24 34.6L12.2 41.2L14.9 27.9L5 18.8L18.4 17.3Z"),
        Stroke(
            "M24 15L26.9 21.3L33.8 22.1L28.7 26.8L30.1 33.6L24 30.2L17.9 33.6L19.3 26.8L14.2 22.1L21.1 21.3Z",
            "accent",
            True,
        ),
    ),
    "heart": (Stroke(_heart(24, 8, 38)), Stroke(_heart(24, 14.5, 21), "accent", True)),
    "home": (
        Stroke("M4.5 23L24 6L43.5 23M10 19.5L10 41.5L38 41.5L38 19.5"),
        Stroke(_heart(24, 23, 14), "accent", True),
    ),
}

FALLBACK = "star"


def pictogram(name: str) -> tuple[Stroke, ...]:
    """The drawing for `name`; an unknown name gets the star, so that an old badge always has a picture."""
    return PICTOGRAMS.get(name, PICTOGRAMS[FALLBACK])
