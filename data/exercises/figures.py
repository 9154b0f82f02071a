"""Limbs, furniture and arrows of the exercise drawings, as plain SVG paths in centimetres of a grown person.

A figure is built from joints: `reach` finds the joint between two ends, so that a thigh is always 41 cm and a shin 39.
Only absolute M, L, C and Z commands are written, because the press (`core.documents.press.drawing`) reads no others.
Proportions: body segments of an adult of 165 cm (Drillis and Contini, 1966, as shares of height), rounded to the centimetre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from core.foundation.appearance.palette import (
    CARD,
    CORAL,
    EDGE,
    HAZE,
    INK,
    JADE,
    LINE,
    SHADE,
    SLATE,
    SOFT_INK,
)

THIGH, SHIN, ARM, FOREARM, TRUNK = 41.0, 39.0, 28.0, 25.0, 47.0
FINE, BOLD = 1.0, 1.9  # outline of what rests, and of the leg that moves
ROUND = 0.5523  # a quarter circle as one Bezier curve

Point = tuple[float, float]
Curve = tuple[Point, Point, Point]  # two handles and where it ends


def toward(start: Point, degrees: float, length: float) -> Point:
    """The point `length` away; 0° is to the right, 90° is down."""
    angle = math.radians(degrees)
    return start[0] + math.cos(angle) * length, start[1] + math.sin(angle) * length


def reach(a: Point, b: Point, first: float, second: float, side: int) -> Point:
    """The joint between two ends, `first` from `a` and `second` from `b`; `side` -1 bends it up or to the left."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    apart = math.hypot(dx, dy)
    if apart >= first + second:
        return a[0] + dx * first / apart, a[1] + dy * first / apart
    along = (first**2 - second**2 + apart**2) / (2 * apart)
    off = math.sqrt(max(first**2 - along**2, 0)) * side
    return a[0] + dx / apart * along - dy / apart * off, a[1] + dy / apart * along + dx / apart * off


def bone(a: Point, ra: float, b: Point, rb: float) -> str:
    """A rounded limb between two joints, as thick at each as its radius."""
    apart = math.hypot(b[0] - a[0], b[1] - a[1])
    along = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    lean = math.degrees(math.acos(max(-1.0, min(1.0, (ra - rb) / max(apart, 0.01)))))
    first, last = along + lean, along - lean
    path = f"M{_at(toward(a, first, ra))}" + _arc(a, ra, first, first + 360 - 2 * lean)
    return path + f"L{_at(toward(b, last, rb))}" + _arc(b, rb, last, last + 2 * lean) + "Z"


def disc(middle: Point, radius: float) -> str:
    return oval(middle, radius, radius)


def oval(middle: Point, wide: float, high: float, turned: float = 0) -> str:
    x, y = wide * ROUND, high * ROUND
    curves = [
        (wide, 0), (wide, y), (x, high), (0, high), (-x, high), (-wide, y), (-wide, 0),
        (-wide, -y), (-x, -high), (0, -high), (x, -high), (wide, -y), (wide, 0),
    ]  # fmt: skip
    points = [_at(turn(middle, each, turned)) for each in curves]
    return f"M{points[0]}" + "".join(f"C{' '.join(points[n : n + 3])}" for n in (1, 4, 7, 10)) + "Z"


def box(x: float, y: float, wide: float, high: float, radius: float = 2) -> str:
    """A rectangle with round corners."""
    r, k = radius, radius * (1 - ROUND)
    right, low = x + wide, y + high
    return (
        f"M{_at((x + r, y))}L{_at((right - r, y))}C{_at((right - k, y))} {_at((right, y + k))} {_at((right, y + r))}"
        f"L{_at((right, low - r))}C{_at((right, low - k))} {_at((right - k, low))} {_at((right - r, low))}"
        f"L{_at((x + r, low))}C{_at((x + k, low))} {_at((x, low - k))} {_at((x, low - r))}"
        f"L{_at((x, y + r))}C{_at((x, y + k))} {_at((x + k, y))} {_at((x + r, y))}Z"
    )


def turn(middle: Point, local: Point, degrees: float) -> Point:
    angle = math.radians(degrees)
    c, s = math.cos(angle), math.sin(angle)
    return middle[0] + local[0] * c - local[1] * s, middle[1] + local[0] * s + local[1] * c


def shape(points: list[Point | Curve], closed: bool = True) -> str:
    """A line through points; a triple is a curve with its two handles."""
    first = points[0]
    path = f"M{_at(first)}"
    for each in points[1:]:
        path += f"C{' '.join(_at(one) for one in each)}" if isinstance(each[0], tuple) else f"L{_at(each)}"
    return path + ("Z" if closed else "")


# The foot from its side, toes to the right, the ankle at the origin; clockwise, as every limb, so that they join without a hole.
_FOOT: tuple[Point | Curve, ...] = (
    (-3.6, -3.0), ((-2.6, -6.0), (2.6, -6.0), (4.2, -4.2)), ((6.0, -2.0), (9.0, -0.2), (13.4, 1.6)),
    ((16.0, 2.6), (19.0, 3.0), (18.8, 5.2)), ((18.6, 7.6), (14.5, 7.5), (11.5, 7.1)), ((8.0, 6.6), (4.0, 6.2), (-1.6, 7.0)),
    ((-3.6, 7.2), (-5.6, 7.0), (-6.2, 5.4)), ((-7.2, 2.6), (-5.0, 0.0), (-3.6, -3.0)),
)  # fmt: skip


def foot(ankle: Point, degrees: float) -> str:
    """The foot at an ankle; `degrees` is where the toes point (0° right, -90° up)."""
    return shape([placed(each, ankle, degrees) for each in _FOOT])


def placed(each: Point | Curve, middle: Point, degrees: float) -> Point | Curve:
    """A point or a curve of a shape that was turned around its own origin and put to `middle`."""
    if isinstance(each[0], tuple):
        a, b, c = (turn(middle, one, degrees) for one in each)
        return a, b, c
    return turn(middle, each, degrees)


@dataclass(frozen=True)
class Stroke:
    """One path, filled, or a line `width` wide, or both."""

    d: str
    fill: str | None = None
    line: str | None = None
    width: float = 0.0


@dataclass
class Panel:
    """One picture: its strokes back to front."""

    strokes: list[Stroke] = field(default_factory=list)

    def fill(self, d: str, colour: str, line: str | None = None, width: float = 0) -> None:
        self.strokes.append(Stroke(d, colour, line, width))

    def line(self, d: str, colour: str, width: float) -> None:
        self.strokes.append(Stroke(d, None, colour, width))

    def part(self, pieces: list[str], colour: str, edge: str = INK, outline: float = FINE) -> None:
        """Several pieces as one body: the outline goes around all of them together."""
        whole = "".join(pieces)
        self.fill(whole, edge, edge, 2 * outline)
        self.fill(whole, colour)

    # --- limbs ------------------------------------------------------------------------------------

    def leg(
        self, hip: Point, knee: Point, ankle: Point, toes: float, moves: bool = False, far: bool = False, shoe: bool = False,
        tight: bool = False,
    ) -> None:  # fmt: skip
        """Thigh, shin with its calf, and foot. The leg that moves is jade with a bold outline, everything else light;
        `far` is the other leg, paler behind it, `tight` a thigh with its muscle drawn in."""
        calf = between(knee, ankle, 0.3)
        pieces = [
            bone(hip, 9.2, knee, 6.4), bone(knee, 6.2, calf, 5.9), bone(calf, 5.9, ankle, 3.9), foot(ankle, toes),
        ]  # fmt: skip
        if tight:
            pieces.append(
                bone(
                    turn(between(hip, knee, 0.3), (0, -2.6), 0),
                    8.4,
                    turn(between(hip, knee, 0.78), (0, -2.2), 0),
                    6.4,
                )
            )
        colour = JADE if moves else SHADE if far else CARD
        if shoe:
            sole = [turn(ankle, (-5.0, 7.4), toes), turn(ankle, (16.8, 7.4), toes)]
            self.line(shape(sole, closed=False), INK, 4.2)
        self.part(pieces, colour, SOFT_INK if far else INK, BOLD if moves else FINE)

    def arm(self, shoulder: Point, hand: Point, side: int, sleeve: bool = True) -> None:
        """An arm to where the hand lies."""
        elbow = reach(shoulder, hand, ARM, FOREARM, side)
        self.part([bone(shoulder, 5.0, elbow, 4.0), bone(elbow, 3.9, hand, 2.9), disc(hand, 3.7)], CARD)
        if sleeve:
            self.part([bone(shoulder, 5.6, between(shoulder, elbow, 0.62), 4.9)], HAZE)

    def trunk(self, shoulder: Point, hip: Point, belly: Point | None = None) -> None:
        """The shirt and the seat of the trousers; `belly` is the middle of a belly with a baby in it."""
        waist = between(shoulder, hip, 0.55)
        self.part([bone(hip, 9.8, between(shoulder, hip, 0.8), 9.6)], SLATE)
        round_belly = [bone(belly, 13.5, waist, 9.8)] if belly else []
        self.part(
            [
                bone(shoulder, 9.4, waist, 9.8),
                bone(waist, 9.8, between(shoulder, hip, 0.86), 9.4),
                *round_belly,
            ],
            HAZE,
        )

    def head(self, shoulder: Point, degrees: float, hair_colour: str = SLATE, bun: bool = False) -> None:
        """Neck, head and hair; `degrees` is where its crown points, and it looks clockwise of that."""
        middle = toward(shoulder, degrees, 23.5)
        self.part([bone(toward(shoulder, degrees, 4), 4.6, toward(shoulder, degrees, 16), 4.4)], CARD)

        def at(forward: float, up: float) -> Point:
            return turn(middle, (up, forward), degrees)

        nose = [
            at(9.2, 2.4),
            (at(10.4, 0.6), at(12.4, -1.4), at(11.6, -2.6)),
            (at(10.8, -3.6), at(9.6, -3.2), at(8.6, -3.0)),
        ]
        self.part([oval(middle, 12.0, 10.2, degrees), shape(nose)], CARD)
        hair = [
            at(7.4, 8.2), (at(4.0, 6.8), at(2.2, 4.6), at(1.6, 1.2)), (at(0.6, -0.8), at(-2.6, -0.6), at(-3.2, -3.2)),
            (at(-3.8, -6.2), at(-6.4, -7.8), at(-8.4, -6.2)), (at(-12.4, -0.6), at(-11.6, 7.6), at(-6.6, 11.0)),
            (at(-2.6, 14.0), at(4.6, 13.4), at(7.4, 8.2)),
        ]  # fmt: skip
        self.part([shape(hair), *([disc(at(-12.5, 0.5), 5.2)] if bun else [])], hair_colour)
        self.fill(disc(at(6.0, 0.6), 0.9), INK)
        self.line(
            shape([at(8.2, -6.0), (at(7.0, -6.6), at(6.0, -6.4), at(5.2, -5.6))], closed=False), INK, 0.8
        )

    # --- things -----------------------------------------------------------------------------------

    def bed(self, left: float, right: float, top: float = 0) -> None:
        """A bed from its side; the body lies on `top`."""
        for x in (left + 6, right - 9):
            self.fill(box(x, top + 12, 4, 11, 1), EDGE, SOFT_INK, 0.6)
        self.fill(box(left - 3, top - 22, 4, 38, 1.6), EDGE, SOFT_INK, 0.6)
        self.fill(box(left, top, right - left, 10.5, 3), CARD, SOFT_INK, 0.9)
        self.fill(box(left, top + 9, right - left, 5, 1.5), EDGE, SOFT_INK, 0.6)

    def pillow(
        self,
        x: float,
        top: float,
        wide: float,
        high: float,
        turned: float = 0,
        colour: str = CARD,
        edge: str = SOFT_INK,
    ) -> None:
        """A soft rectangle; `top` is its upper edge."""
        m = (x + wide / 2, top + high / 2)
        w, h = wide / 2, high / 2
        local = [
            (-w, -h * 0.55), ((-w, -h), (-w * 0.9, -h), (-w * 0.75, -h * 0.96)), ((-w * 0.3, -h * 1.06), (w * 0.3, -h * 1.06), (w * 0.75, -h * 0.96)),
            ((w * 0.9, -h), (w, -h), (w, -h * 0.55)), ((w * 0.96, -h * 0.2), (w * 0.96, h * 0.2), (w, h * 0.55)),
            ((w, h), (w * 0.9, h), (w * 0.75, h)), (-w * 0.75, h), ((-w * 0.9, h), (-w, h), (-w, h * 0.55)),
            ((-w * 0.96, h * 0.2), (-w * 0.96, -h * 0.2), (-w, -h * 0.55)),
        ]  # fmt: skip
        self.fill(
            shape([placed(one, m, turned) for one in local]), colour, edge, 0.9 if edge == SOFT_INK else 1.2
        )

    def floor(self, left: float, right: float, y: float) -> None:
        self.line(shape([(left, y), (right, y)], closed=False), SOFT_INK, 1.1)

    def chair(self, seat: float, left: float, front: float) -> None:
        """A steady chair from its side, on the floor at 0; `seat` is the height of what one sits on."""
        back = left - 5
        self.tube([(back - 5, seat - 52), (back, seat + 4), (back - 4, -2)], 2.1, EDGE)
        self.tube([(front, seat + 5), (front + 1, -2)], 2.1, EDGE)
        self.fill(box(back - 2, seat, front - back + 6, 6.5, 2.5), EDGE, SOFT_INK, 0.8)

    def tube(self, points: list[Point | Curve], radius: float, colour: str) -> None:
        """A leg or a bar of furniture: two lines weigh a tenth of a `bone` in the file."""
        path = shape(points, closed=False)
        self.line(path, SOFT_INK, 2 * radius + 1.4)
        self.line(path, colour, 2 * radius)

    def walker(self, x: float, far: bool = False) -> None:
        """One side of a walking frame, its grip at `x`; `far` is the other side behind it."""
        dx, dy = (5, -2) if far else (0, 0)
        colour = LINE if far else EDGE
        for a, b, r in (
            ((x - 10, -82), (x - 14, -1.5), 1.5), ((x + 16, -82), (x + 22, -1.5), 1.5),
            ((x - 12, -40), (x + 19, -40), 1.5), ((x - 10, -82), (x + 16, -82), 1.9),
        ):  # fmt: skip
            self.tube([(a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy)], r, colour)

    def cold(self, middle: Point, size: float) -> None:
        """The mark of cold: a star of six."""
        for angle in (0, 60, 120):
            self.line(
                shape([toward(middle, angle, size), toward(middle, angle + 180, size)], False), JADE, 1.5
            )

    def arrow(self, points: list[Point | Curve], size: float = 6.0, width: float = 3.0) -> None:
        """The movement: a coral line with its head, edged in white so that it stands out in black and white, too."""
        flat: list[Point] = []
        for each in points:
            flat += each if isinstance(each[0], tuple) else [each]
        before, tip = flat[-2:]
        angle = math.degrees(math.atan2(tip[1] - before[1], tip[0] - before[0]))
        head = shape(
            [toward(tip, angle + way, size * far) for way, far in ((0, 0.75), (128, 0.95), (-128, 0.95))]
        )
        path = shape(points, False)
        self.line(path, CARD, width + 2.4)
        self.fill(head, CARD, CARD, 2.4)
        self.line(path, CORAL, width)
        self.fill(head, CORAL, CORAL, 0.6)


def between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _arc(middle: Point, radius: float, start: float, end: float) -> str:
    """Curves along a circle, in pieces of at most a quarter."""
    count = max(1, math.ceil(abs(end - start) / 90 - 1e-6))
    step = (end - start) / count
    handle = 4 / 3 * math.tan(math.radians(step) / 4) * radius
    path = ""
    for n in range(count):
        one, two = start + n * step, start + (n + 1) * step
        a, b = toward(middle, one, radius), toward(middle, two, radius)
        path += f"C{_at(toward(a, one + 90, handle))} {_at(toward(b, two - 90, handle))} {_at(b)}"
    return path


def _at(point: Point) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}"
