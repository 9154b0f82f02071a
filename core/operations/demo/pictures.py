"""Drawn pictures for the demo's albums: a window, a road, a night, socks, footprints. Nobody's face, nobody's photo.

Flat areas in the house's colours, drawn at twice their size and reduced, so that edges are soft.
"""

from __future__ import annotations

import io
import math
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw

WIDE, HIGH, FINE = 1200, 900, 2

Colour = tuple[int, int, int]


class Palette(NamedTuple):
    paper: Colour
    light: Colour
    far: Colour
    near: Colour
    deep: Colour
    accent: Colour


MORNING = Palette(
    (251, 247, 240), (246, 224, 200), (169, 208, 202), (95, 166, 157), (17, 94, 89), (231, 111, 81)
)
DAY = Palette(
    (250, 248, 243), (222, 236, 240), (186, 208, 190), (128, 170, 140), (62, 104, 92), (214, 150, 72)
)


# Toes from the great one outwards: place across, place up, size.
TOES = (
    (0.035, 0.328, 0.02), (0.011, 0.318, 0.0145), (-0.009, 0.328, 0.013), (-0.027, 0.347, 0.0115), (-0.042, 0.373, 0.0105),
)  # fmt: skip


class Canvas:
    """A picture being drawn; places and sizes are shares of its width and height, from 0 to 1."""

    def __init__(self, colour: Colour) -> None:
        self.image = Image.new("RGB", (WIDE * FINE, HIGH * FINE), colour)
        self.pen = ImageDraw.Draw(self.image)

    def spot(self, x: float, y: float) -> tuple[float, float]:
        return x * WIDE * FINE, y * HIGH * FINE

    def area(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.pen.polygon([self.spot(*point) for point in points], fill=colour)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, round_by: float = 0) -> None:
        self.pen.rounded_rectangle(
            [self.spot(x0, y0), self.spot(x1, y1)], round_by * HIGH * FINE, fill=colour
        )

    def oval(self, x: float, y: float, wide: float, high: float, colour: Colour, turned: float = 0) -> None:
        """An ellipse; `wide` and `high` are half axes as shares of the height, `turned` is in degrees."""
        a, b, angle = wide * HIGH * FINE, high * HIGH * FINE, math.radians(turned)
        cx, cy = self.spot(x, y)
        points = []
        for step in range(72):
            t = 2 * math.pi * step / 72
            u, v = a * math.cos(t), b * math.sin(t)
            points.append(
                (
                    cx + u * math.cos(angle) - v * math.sin(angle),
                    cy + u * math.sin(angle) + v * math.cos(angle),
                )
            )
        self.pen.polygon(points, fill=colour)

    def line(self, points: list[tuple[float, float]], colour: Colour, thick: float) -> None:
        self.pen.line(
            [self.spot(*point) for point in points], colour, round(thick * HIGH * FINE), joint="curve"
        )

    def sky(self, top: Colour, foot: Colour, until: float = 1.0) -> None:
        rows = round(HIGH * FINE * until)
        for row in range(rows):
            share = row / rows
            tone = tuple(round(a + (b - a) * share) for a, b in zip(top, foot, strict=True))
            self.pen.line([(0, row), (WIDE * FINE, row)], tone)

    def hills(self, base: float, height: float, phase: float, colour: Colour) -> None:
        crest = [
            (
                n / 60,
                base - height * (0.5 + 0.5 * math.sin(phase + n / 60 * 5.2)) * (0.7 + 0.3 * math.cos(n / 9)),
            )
            for n in range(61)
        ]
        self.area([*crest, (1, 1.01), (0, 1.01)], colour)

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self.image.resize((WIDE, HIGH), Image.Resampling.BOX).save(out, "JPEG", quality=88)
        return out.getvalue()


def album(number: int) -> list[bytes]:
    """The five pictures of one of the two albums, as JPEG."""
    if number == 0:
        drawn = (window(MORNING), road(MORNING), night(MORNING), socks(MORNING), footprints(MORNING))
    else:
        drawn = (window(DAY), tea(DAY), mobile(DAY), road(DAY), footprints(DAY))
    return [canvas.jpeg() for canvas in drawn]


def window(p: Palette) -> Canvas:
    """A window in the morning, with hills behind it and a plant on the sill."""
    c = Canvas(p.paper)
    c.box(0.17, 0.08, 0.83, 0.8, _mix(p.paper, p.deep, 0.12), 0.02)
    c.box(0.19, 0.11, 0.81, 0.77, p.light)
    c.oval(0.64, 0.3, 0.085, 0.085, p.accent)
    for base, height, phase, colour in ((0.62, 0.12, 1.0, p.far), (0.7, 0.12, 3.1, p.near)):
        crest = [
            (0.19 + 0.62 * n / 40, base - height * (0.5 + 0.5 * math.sin(phase + n / 40 * 4)))
            for n in range(41)
        ]
        c.area([*crest, (0.81, 0.77), (0.19, 0.77)], colour)
    frame = _mix(p.paper, p.deep, 0.03)
    c.box(0.492, 0.1, 0.508, 0.78, frame)
    c.box(0.18, 0.43, 0.82, 0.45, frame)
    c.box(0.13, 0.79, 0.87, 0.84, _mix(p.paper, p.deep, 0.2), 0.01)
    for side in (0, 1):
        at = 0.12 if side == 0 else 0.88
        inward = 0.13 if side == 0 else -0.13
        cloth = _mix(p.paper, p.accent, 0.18)
        c.area(
            [
                (at - 0.02, 0.02),
                (at + inward, 0.02),
                (at + inward * 0.35, 0.5),
                (at + inward * 0.55, 0.8),
                (at - 0.02, 0.8),
            ],
            cloth,
        )
    c.box(0.255, 0.68, 0.325, 0.79, p.deep, 0.015)
    for lean, high in ((-38, 0.1), (-14, 0.13), (12, 0.13), (36, 0.1)):
        c.oval(0.29 + lean / 640, 0.69 - high, 0.02, high, p.deep if abs(lean) < 20 else p.near, lean)
    return c


def road(p: Palette) -> Canvas:
    """A road winding through hills towards the sun, with a mark at every bend."""
    c = Canvas(p.paper)
    c.sky(p.light, p.paper, 0.6)
    c.oval(0.7, 0.3, 0.1, 0.1, p.accent)
    c.hills(0.5, 0.14, 0.4, p.far)
    c.hills(0.64, 0.16, 2.6, _mix(p.far, p.near, 0.5))
    c.hills(0.8, 0.18, 4.4, p.near)
    way = [
        (0.5 + 0.2 * math.sin(t * 5.4) * (0.25 + t), 1.02 - 0.52 * t**0.8)
        for t in (n / 60 for n in range(61))
    ]
    for at in range(241):
        n, rest = divmod(at, 4)
        (x0, y0), (x1, y1) = way[n], way[min(n + 1, 60)]
        size = 0.027 * (1 - at / 300)
        c.oval(x0 + (x1 - x0) * rest / 4, y0 + (y1 - y0) * rest / 4, size, size, p.paper)
    for n in (6, 18, 30, 42, 53):
        x, y = way[n]
        size = 0.024 * (1 - n / 90)
        c.oval(x + 0.045, y - 0.02, size, size, p.accent)
        c.oval(x + 0.045, y - 0.02, size * 0.55, size * 0.55, p.paper)
    return c


def night(p: Palette) -> Canvas:
    """Stars over sleeping hills, one window lit."""
    c = Canvas((18, 40, 52))
    c.sky((14, 32, 46), (44, 92, 98))
    rng = Random(7)
    for _star in range(130):
        size = rng.choice((0.0016, 0.002, 0.003, 0.004))
        c.oval(
            rng.random(),
            rng.random() * 0.66,
            size,
            size,
            _mix((255, 250, 235), (44, 92, 98), rng.random() * 0.6),
        )
    c.oval(0.76, 0.22, 0.085, 0.085, (252, 240, 214))
    c.oval(0.785, 0.2, 0.075, 0.075, (20, 44, 57))
    c.hills(0.78, 0.16, 1.4, (24, 66, 72))
    c.hills(0.92, 0.18, 3.7, (16, 48, 54))
    c.box(0.25, 0.76, 0.36, 0.88, (11, 34, 40))
    c.area([(0.235, 0.77), (0.305, 0.68), (0.375, 0.77)], (11, 34, 40))
    c.box(0.29, 0.79, 0.325, 0.835, p.accent, 0.004)
    return c


def socks(p: Palette) -> Canvas:
    """Two small socks on a line, and a cloud."""
    c = Canvas(p.paper)
    c.sky(_mix(p.light, p.paper, 0.3), p.paper)
    for x, y, size in ((0.2, 0.22, 0.05), (0.25, 0.2, 0.07), (0.31, 0.22, 0.055)):
        c.oval(x, y, size * 1.3, size, (255, 255, 255))
    c.line([(n / 30, 0.3 + 0.06 * math.sin(n / 30 * math.pi)) for n in range(31)], p.deep, 0.006)
    for x, colour in ((0.4, p.near), (0.58, p.accent)):
        c.box(x, 0.35, x + 0.085, 0.62, colour, 0.02)
        c.oval(x + 0.075, 0.63, 0.1, 0.058, colour, 12)
        c.box(x - 0.004, 0.35, x + 0.089, 0.41, _mix(colour, p.paper, 0.55), 0.012)
        c.oval(x + 0.125, 0.655, 0.042, 0.042, _mix(colour, p.paper, 0.35), 12)
        for row in (0.47, 0.53):
            c.line([(x + 0.008, row), (x + 0.077, row)], _mix(colour, p.paper, 0.35), 0.008)
        c.box(x + 0.035, 0.31, x + 0.05, 0.38, _mix(p.paper, p.deep, 0.45), 0.004)
    return c


def footprints(p: Palette) -> Canvas:
    """A pair of tiny footprints on paper, in a round frame."""
    c = Canvas(p.paper)
    c.oval(0.5, 0.5, 0.42, 0.42, _mix(p.paper, p.far, 0.35))
    c.oval(0.5, 0.5, 0.4, 0.4, p.paper)
    for side in (-1, 1):
        x, tone = 0.5 + side * 0.085, p.near if side < 0 else p.accent
        c.oval(x, 0.44, 0.062, 0.085, tone, side * 8)
        c.oval(x + side * 0.004, 0.56, 0.045, 0.085, tone, side * 4)
        c.oval(x - side * 0.004, 0.64, 0.042, 0.042, tone)
        for along, up, size in TOES:
            c.oval(x - side * along, up, size, size * 1.15, tone)
    return c


def tea(p: Palette) -> Canvas:
    """A cup of tea on a table by a book."""
    c = Canvas(_mix(p.paper, p.light, 0.5))
    c.box(-0.01, 0.66, 1.01, 1.01, _mix(p.paper, p.accent, 0.35))
    c.box(-0.01, 0.66, 1.01, 0.675, _mix(p.paper, p.accent, 0.55))
    c.area([(0.12, 0.78), (0.44, 0.72), (0.53, 0.82), (0.2, 0.9)], p.deep)
    c.area([(0.13, 0.765), (0.44, 0.705), (0.52, 0.8), (0.2, 0.875)], (255, 253, 248))
    c.line([(0.285, 0.735), (0.36, 0.84)], _mix(p.paper, p.deep, 0.25), 0.004)
    c.oval(0.68, 0.79, 0.19, 0.04, _mix(p.paper, p.deep, 0.25))
    c.oval(0.68, 0.782, 0.185, 0.036, (255, 253, 248))
    c.oval(0.775, 0.66, 0.075, 0.075, p.near)
    c.oval(0.775, 0.66, 0.048, 0.048, _mix(p.paper, p.light, 0.5))
    c.area([(0.585, 0.57), (0.775, 0.57), (0.75, 0.72), (0.72, 0.775), (0.64, 0.775), (0.61, 0.72)], p.near)
    c.oval(0.68, 0.57, 0.127, 0.026, _mix(p.near, p.paper, 0.45))
    c.oval(0.68, 0.572, 0.112, 0.019, p.accent)
    for shift in (-0.03, 0.03):
        steam = [(0.68 + shift + 0.014 * math.sin(t / 3), 0.52 - t * 0.011) for t in range(24)]
        c.line(steam, (255, 255, 255), 0.011)
    return c


def mobile(p: Palette) -> Canvas:
    """Clouds, a star and a moon turning above a cot."""
    c = Canvas(_mix(p.light, p.paper, 0.35))
    c.line([(0.5, -0.02), (0.5, 0.12)], p.deep, 0.006)
    c.line([(0.2, 0.14), (0.5, 0.12), (0.8, 0.14)], p.deep, 0.012)
    for x, length in ((0.22, 0.3), (0.41, 0.42), (0.6, 0.33), (0.78, 0.45)):
        c.line([(x, 0.135), (x, length)], _mix(p.paper, p.deep, 0.5), 0.004)
    for x, y in ((0.22, 0.34), (0.6, 0.37)):
        for shift, size in ((-0.03, 0.042), (0, 0.058), (0.032, 0.046)):
            c.oval(x + shift, y, size, size * 0.82, (255, 255, 255))
    star = [
        (
            0.41 + (0.06 if n % 2 == 0 else 0.026) * math.sin(n * math.pi / 5) * 0.75,
            0.47 - (0.06 if n % 2 == 0 else 0.026) * math.cos(n * math.pi / 5) * 1.0,
        )
        for n in range(10)
    ]
    c.area(star, p.accent)
    c.oval(0.78, 0.5, 0.062, 0.062, p.near)
    c.oval(0.798, 0.487, 0.054, 0.054, _mix(p.light, p.paper, 0.35))
    c.box(0.1, 0.74, 0.9, 0.765, p.deep, 0.01)
    for n in range(17):
        c.box(0.12 + n * 0.0465, 0.75, 0.132 + n * 0.0465, 1.01, _mix(p.paper, p.deep, 0.6))
    c.area(
        [(0.1, 0.87), (0.3, 0.83), (0.6, 0.86), (0.9, 0.82), (0.9, 1.01), (0.1, 1.01)],
        _mix(p.paper, p.near, 0.6),
    )
    return c


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
