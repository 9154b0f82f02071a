"""The house's own drawings of exercises: what each shows, in words for those who cannot see it, and the drawing itself.

A task names one (`parts.Material.drawing`); picture n shows step n of its short steps. A name stays for ever, because
sold packages hold it; a department's own film always comes first. The files are made by `data/exercises/draw.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Literal

from core.foundation.language import N_, translator
from core.foundation.settings import PROJECT

FOLDER = PROJECT / "data" / "exercises"
# "" is: none. What is listed here and in `DRAWINGS` is the same, which a test holds.
DrawingName = Literal[
    "", "ankle_pumps", "quad_sets", "straight_leg_raise", "leg_up", "knee_bend_sitting", "walking_aid", "cooling",
    "baby_movements",
]  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """`name` as it stands in the list of the editor, `shows` what is seen, picture by picture, `mark` what the colour
    means ("" where nothing is marked)."""

    name: str
    shows: str
    mark: str = ""


_MOVES = N_("The dark green leg is the one you exercise. The arrow shows where it goes.")
_OPERATED = N_("The dark green leg is the operated one.")
DRAWINGS: dict[str, Drawing] = {
    "ankle_pumps": Drawing(
        N_("Ankle pumps"),
        N_(
            "Somebody sits in bed, leaning back, legs straight. Picture 1: the toes are pulled towards the body. Picture 2: the toes point away."
        ),
        _MOVES,
    ),
    "quad_sets": Drawing(
        N_("Thigh tightening"),
        N_(
            "Somebody lies flat on a bed, the knee straight, nothing under it. Picture 1: the leg is loose. Picture 2: the front of the thigh is tight and the knee presses down onto the bed."
        ),
        _MOVES,
    ),
    "straight_leg_raise": Drawing(
        N_("Straight leg raise"),
        N_(
            "Somebody lies flat on a bed, the other knee bent with its foot on the bed. Picture 1: the leg lies straight. Picture 2: the same leg is raised, the knee still straight. Picture 3: it is lowered slowly, the knee still straight."
        ),
        _MOVES,
    ),
    "leg_up": Drawing(
        N_("Leg up, pillow under the heel"),
        N_(
            "Somebody lies flat on a bed. Picture 1: another person's hand lies under the heel and lifts it gently while a pillow is pushed under it. Picture 2: heel and lower calf lie on the pillow, the knee is free with nothing under it."
        ),
        _OPERATED,
    ),
    "knee_bend_sitting": Drawing(
        N_("Bending the knee while sitting"),
        N_(
            "Somebody sits on a chair with armrests, both feet on the floor. Picture 1: one foot stands forward. Picture 2: the same foot is slid back on the floor from where its outline is, the knee is bent; a thin arrow shows the way forward again."
        ),
        _MOVES,
    ),
    "walking_aid": Drawing(
        N_("Walking with the walking frame"),
        N_(
            "Somebody walks with a walking frame, looking ahead. Picture 1: the frame is moved forward. Picture 2: the operated leg steps forward. Picture 3: the other foot is put down flat beside it. Both feet stay behind the front of the frame."
        ),
        _OPERATED,
    ),
    "cooling": Drawing(
        N_("Cooling the knee"),
        N_(
            "Picture 1: a cold pack lies on a cloth and is wrapped in it. Picture 2: somebody rests in bed; wrapped in its cloth it lies beside the knee; the dressing on the knee is not covered."
        ),
        _OPERATED,
    ),
    "baby_movements": Drawing(
        N_("Feeling the baby move"),
        N_(
            "A pregnant woman sits quietly on a chair. Picture 1: her hand lies on her belly and feels the baby move. Picture 2: she writes it down. Picture 3: the baby moves less, more weakly or differently, and she calls at once."
        ),
    ),
}


@dataclass(frozen=True)
class Stroke:
    """One path of a drawing, in its own units, back to front: filled, or a line `width` wide, or both."""

    d: str
    fill: str | None
    line: str | None
    width: float


@lru_cache(maxsize=64)
def drawing_svg(name: str, language: str) -> str:
    """A drawing to stand in a page, its description in the reader's language ("zh" or "en"); "" for a name that is none
    of ours, as in a draft that is not sound."""
    if name not in DRAWINGS:
        return ""
    said = escape(translator(language)(DRAWINGS[name].shows))
    return re.sub(r"<title>.*?</title>", lambda _found: f"<title>{said}</title>", _file(name)).strip()


@lru_cache(maxsize=64)
def drawing_strokes(name: str) -> tuple[tuple[float, float], tuple[Stroke, ...]]:
    """Width and height of a drawing, and its strokes: for the press, which draws paths itself."""
    text = _file(name)
    size = re.search(r'viewBox="0 0 (\S+) (\S+)"', text)
    assert size is not None, name
    return (float(size[1]), float(size[2])), tuple(_strokes(text))


def _strokes(text: str) -> Iterator[Stroke]:
    for tag in re.findall(r"<path ([^>]*)/>", text):
        known = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        fill = known["fill"] if known["fill"] != "none" else None
        yield Stroke(known["d"], fill, known.get("stroke"), float(known.get("stroke-width", 0)))


@lru_cache(maxsize=64)
def _file(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
