"""Writes the exercise drawings anew, one SVG for each scene: `python -m data.exercises.draw`.

They hold nothing but paths of absolute M, L, C and Z with their own colours, so that a phone, a browser of the staff and
the press draw the same; what they show is said in both languages by `core.packages.exercise_drawings`.
"""

from __future__ import annotations

import re
from pathlib import Path

from core.foundation.appearance.palette import CARD, JADE_DARK, LINE, PAPER
from core.packages.exercise_drawings import DRAWINGS
from data.exercises.figures import Stroke, box, disc
from data.exercises.scenes import SCENES

GAP = 5.0  # between two pictures
# Numbers of the pictures as lines, in a field of about 6 by 9 around the origin.
DIGITS = (
    "M-1.9 -2.3L0.5 -4.3L0.5 4.4",
    "M-2.6 -2.2C-2.4 -5.2 2.6 -5.4 2.6 -1.9C2.6 0.4 -1.2 2 -2.7 4.3L2.9 4.3",
    "M-2.5 -3.2C-1.6 -5.2 2.5 -5 2.4 -2.3C2.4 -0.4 0.6 -0.1 -0.4 -0.1C0.8 -0.1 2.8 0.3 2.7 2.3C2.6 5.1 -1.9 5.2 -2.7 3",
)


def svg(name: str) -> str:
    """A drawing as its file holds it."""
    scene = SCENES[name]()
    left, top, wide, high = scene.view
    drawn = []
    for at, panel in enumerate(scene.panels):
        x, y = (0.0, at * (high + GAP)) if scene.tall else (at * (wide + GAP), 0.0)
        size = wide / 25 if scene.tall else wide / 14
        middle = (x + size * 1.5, y + size * 1.5)
        drawn += [
            _path(Stroke(box(0.5, 0.5, wide - 1, high - 1, 6), PAPER, LINE, 1), x, y),
            *(_path(one, x - left, y - top) for one in panel.strokes),
            _path(Stroke(disc((0, 0), size), JADE_DARK), *middle),
            _path(Stroke(DIGITS[at], None, CARD, size * 0.235), *middle, size * 0.124),
        ]
    count = len(scene.panels)
    across, down = (1, count) if scene.tall else (count, 1)
    box_size = f"{across * (wide + GAP) - GAP:g} {down * (high + GAP) - GAP:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box_size}" role="img"'
        f' stroke-linecap="round" stroke-linejoin="round">\n<title>{DRAWINGS[name].shows}</title>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def _path(one: Stroke, dx: float, dy: float, scale: float = 1) -> str:
    line = f' stroke="{one.line}" stroke-width="{one.width:.1f}"' if one.line else ""
    return f'<path d="{_moved(one.d, dx, dy, scale)}" fill="{one.fill or "none"}"{line}/>'


def _moved(d: str, dx: float, dy: float, scale: float) -> str:
    """The same path elsewhere, to a tenth of a centimetre."""

    def command(found: re.Match[str]) -> str:
        values = [float(one) * scale + (dx, dy)[at % 2] for at, one in enumerate(found[2].split())]
        return found[1] + " ".join(f"{one:.1f}".removesuffix(".0") for one in values)

    return re.sub(r"([MLCZ])([^MLCZ]*)", command, d)


if __name__ == "__main__":
    for each in SCENES:
        (Path(__file__).parent / f"{each}.svg").write_text(svg(each), encoding="utf-8")
