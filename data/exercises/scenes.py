"""The positions of each exercise: where the body lies or stands, which leg moves, and how.

Picture n shows step n of the three short steps of a task that uses the drawing. Everybody looks to the right, so that
the leg in front is the one that moves. How each is done: data of the package (`sop_templates/knee_7days`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.foundation.palette import CARD, CORAL, EDGE, HAZE, INK, SLATE, SOFT_INK
from data.exercises.figures import SHIN, THIGH, TRUNK, Panel, Point, between, bone, box, reach, shape, toward

HIP = (0.0, -10.2)  # of somebody lying: the bed's top is at 0
SEAT = -46.0  # of a chair: the floor is at 0


@dataclass(frozen=True)
class Scene:
    """The pictures of a drawing, the part of each that is shown (left, top, width, height), and whether they stand
    below each other (`tall`) or side by side: a lying body is wide, a standing one is not."""

    panels: tuple[Panel, ...]
    view: tuple[float, float, float, float]
    tall: bool


def ankle_pumps() -> Scene:
    def picture(toes: float) -> Panel:
        p = Panel()
        half_sitting(p, lambda: resting(p, toes), lambda: pumping(p, toes))
        return p

    def pumping(p: Panel, toes: float) -> None:
        # The heel of a pointed foot lies lower: it rests on the mattress, not in it.
        knee, ankle = straight(lift=0 if toes < -90 else 1.6)
        p.leg(HIP, knee, ankle, toes, moves=True)
        up = [toward(ankle, a, 31) for a in (-44, -62, -84, -102)]
        down = [toward(ankle, a, r) for a, r in ((-106, 25), (-90, 28), (-70, 30), (-52, 29))]
        start, *curve = up if toes < -90 else down
        p.arrow([start, (curve[0], curve[1], curve[2])])

    return Scene((picture(-110), picture(-34)), (-84, -96, 190, 124), True)


def quad_sets() -> Scene:
    loose, tight = Panel(), Panel()

    def relaxed() -> None:
        loose.leg(HIP, *straight(lift=2, bend=12), -68, moves=True)

    def tightened() -> None:
        knee, ankle = straight()
        tight.leg(HIP, knee, ankle, -98, moves=True, tight=True)
        for along in (14, 21, 28):
            x, y = HIP[0] + along, HIP[1] - 8.4 + along * 0.08
            tight.line(
                shape([(x, y), ((x + 2.6, y + 3), (x + 2.6, y + 7), (x + 0.6, y + 11))], False), CARD, 1.6
            )
        tight.arrow([(knee[0] + 1, knee[1] - 31), (knee[0] + 1, knee[1] - 1)], 7, 3.8)

    lying(loose, lambda: resting(loose), relaxed)
    lying(tight, lambda: resting(tight), tightened)
    return Scene((loose, tight), (-94, -58, 196, 84), True)


def straight_leg_raise() -> Scene:
    def picture(lift: float) -> Panel:
        p = Panel()
        lying(p, lambda: bent(p), lambda: raised(p, lift))
        return p

    def bent(p: Panel) -> None:
        ankle = (47.0, -7.2)
        p.leg(HIP, reach(HIP, ankle, THIGH, SHIN, -1), ankle, 0, far=True)

    def raised(p: Panel, lift: float) -> None:
        p.leg(HIP, *straight(lift=lift), -96 - lift, moves=True)
        if lift:
            start, *curve = (toward(HIP, a, 95.3) for a in (-2, -9, -15, -22))
            p.arrow([start, (curve[0], curve[1], curve[2])])

    return Scene((picture(0), picture(30)), (-94, -72, 196, 98), True)


def leg_up() -> Scene:
    """Somebody else's hand holds the heel: a leg fresh from the operation is not lifted for this. The other leg lies
    hidden behind this one, so that nothing seems to be under the knee."""
    held, lies = Panel(), Panel()

    def lifted() -> None:
        held.pillow(88, -17.5, 42, 18, colour=HAZE, edge=INK)
        held.part([bone((120, -48), 4.4, (92, -37), 3.1)], CARD)
        held.part([bone((127, -50.5), 5.4, (113, -45.2), 4.9)], EDGE)
        held.leg(HIP, *straight(lift=17), -93, moves=True)
        held.part([bone((92, -36.5), 3.2, (80, -25.5), 2.9), bone((90, -37), 2.2, (82, -38.5), 1.7)], CARD)
        held.arrow([(104, -8.5), (62, -8.5)], 7, 3.8)

    def down() -> None:
        lies.pillow(50, -17.5, 42, 18, colour=HAZE, edge=INK)
        lies.leg(HIP, *straight(lift=10.5), -86.5, moves=True)

    lying(held, lambda: None, lifted, right=130)
    lying(lies, lambda: None, down, right=130)
    return Scene((held, lies), (-94, -58, 228, 84), True)


def knee_bend_sitting() -> Scene:
    def picture(ankle: Point) -> Panel:
        p = Panel()
        hip = (2.0, -55.5)
        shoulder = toward(hip, -94, TRUNK)
        p.floor(-40, 84, 0)
        p.head(shoulder, -90)
        p.part([bone((24, SEAT + 2), 1.9, (24, SEAT - 22), 1.9)], EDGE, SOFT_INK, 0.7)
        p.chair(SEAT, -14, 30)
        other = (hip[0] + 2, hip[1] - 1.5)
        knee = toward(other, -1, THIGH)
        p.leg(other, knee, (knee[0] + 2, -7.4), 0, far=True)
        p.trunk(shoulder, hip)
        p.leg(hip, reach(hip, ankle, THIGH, SHIN, -1), ankle, 0, moves=True)
        p.part([bone((-22, SEAT - 22), 2.2, (28, SEAT - 22), 2.2)], EDGE, SOFT_INK, 0.7)
        p.arm(shoulder, (20, SEAT - 25), 1)
        return p

    forward, back = picture((60.0, -7.4)), picture((27.0, -7.4))
    back.arrow([(76, 8), (32, 8)], 7, 3.8)
    return Scene((forward, back), (-44, -146, 132, 162), False)


def walking_aid() -> Scene:
    """First the aid, then the operated leg, then the other one; each arrow lies under what moves."""

    def picture(hip: Point, near: Point, far: tuple[Point, float], arrow: tuple[float, float]) -> Panel:
        p = Panel()
        shoulder = toward(hip, -86, TRUNK)
        p.floor(-32, 61, 0)
        p.walker(30, far=True)
        other = (hip[0] + 2, hip[1] - 1)
        p.leg(other, reach(other, far[0], THIGH, SHIN, -1), far[0], far[1], far=True, shoe=True)
        p.head(shoulder, -88)
        p.trunk(shoulder, hip)
        p.leg(hip, reach(hip, near, THIGH, SHIN, -1), near, 0, moves=True, shoe=True)
        p.walker(30)
        p.arm(shoulder, (31, -85), 1)
        p.arrow([(arrow[0], 9), (arrow[1], 9)], 7, 3.8)
        return p

    aid = picture((-4, -87), (-4, -8.6), ((1, -8.8), 0), (22, 52))
    operated = picture((6, -85), (26, -8.6), ((-8, -12), 24), (-6, 34))
    other = picture((14, -87), (26, -8.6), ((4, -17), 14), (-12, 26))
    return Scene((aid, operated, other), (-38, -180, 104, 198), False)


def cooling() -> Scene:
    wrapped, lies = Panel(), Panel()
    # Seen from above: the cloth, the pack on it, and one side of the cloth coming over it.
    wrapped.fill(box(-62, -62, 146, 66, 3), CARD, INK, 1.2)
    for x in (-56, -52, 74, 78):
        wrapped.line(shape([(x, -61), (x, 3)], False), HAZE, 2.2)
    wrapped.pillow(-34, -52, 62, 46, colour=HAZE, edge=INK)
    wrapped.cold((-3, -29), 11)
    wrapped.arrow([(66, -29), ((60, -84), (20, -92), (2, -50))], 8, 4)

    def cooled() -> None:
        lies.leg(HIP, *straight(), -80, moves=True)
        # The dressing on the front of the knee stays free of the pack.
        lies.fill(shape([(28, -18.2), (55, -16.4), (55, -12.6), (28, -14.0)]), CARD, INK, 1.0)
        lies.pillow(22, -12.0, 40, 14, edge=INK)
        for x in (25.5, 28.0, 56.0, 58.5):
            lies.line(shape([(x, -10.6), (x, 0.6)], False), HAZE, 1.4)
        lies.cold((42, -5.2), 4.6)

    half_sitting(lies, lambda: resting(lies), cooled)
    return Scene((wrapped, lies), (-84, -96, 190, 124), True)


def baby_movements() -> Scene:
    hip = (0.0, -55.5)
    shoulder = toward(hip, -100, TRUNK)

    def seated(looks: float) -> Panel:
        p = Panel()
        p.floor(-44, 68, 0)
        p.head(shoulder, looks, INK, bun=True)
        p.chair(SEAT, -16, 30)
        other = (hip[0] + 2, hip[1] - 1.5)
        knee = toward(other, -1, THIGH)
        p.leg(other, knee, (knee[0] + 5, -7.4), 0, far=True)
        p.trunk(shoulder, hip, (hip[0] + 8, hip[1] - 17))
        p.leg(hip, toward(hip, 0, THIGH), (hip[0] + 42, -7.4), 0)
        return p

    feels, writes = seated(-94), seated(-82)
    feels.arm(shoulder, (18, -79), 1)
    for r in (6, 11):
        start, *curve = (
            toward((24, -71), a, far) for a, far in ((-50, r), (-30, r * 1.08), (20, r * 1.08), (40, r))
        )
        feels.line(shape([start, (curve[0], curve[1], curve[2])], False), CORAL, 2.2)
    writes.fill(shape([(20, -66), (48, -65), (55, -75), (28, -76)]), CARD, INK, 1.2)
    for up in (0.3, 0.55, 0.8):
        a, b = between((20, -66), (28, -76), up), between((48, -65), (55, -75), up)
        writes.line(shape([between(a, b, 0.15), between(a, b, 0.85)], False), SLATE, 0.9)
    writes.line(shape([(42, -88), (39, -72)], False), INK, 2.4)
    writes.arm(shoulder, (41, -81), 1)
    return Scene((feels, writes), (-52, -146, 126, 156), False)


# --- how somebody lies ------------------------------------------------------------------------------


def lying(p: Panel, far: Callable[[], None], near: Callable[[], None], right: float = 94) -> None:
    """Flat on the back, head to the left; `far` and `near` draw the legs behind and in front of the trunk."""
    shoulder = (-TRUNK, -10.6)
    p.bed(-88, right)
    p.pillow(-87, -8.5, 30, 9)
    far()
    p.head(shoulder, 184)
    p.trunk(shoulder, HIP)
    near()
    p.arm(shoulder, (5, -5), -1)


def half_sitting(p: Panel, far: Callable[[], None], near: Callable[[], None]) -> None:
    """Leaning against pillows, legs flat."""
    shoulder = toward(HIP, -128, TRUNK)
    p.bed(-75, 96)
    p.pillow(-66, -50, 62, 14, 52)
    p.pillow(-58, -72, 30, 12, 62)
    far()
    p.head(shoulder, -118)
    p.trunk(shoulder, HIP)
    near()
    p.arm(shoulder, (14, -8), -1)


def straight(hip: Point = HIP, lift: float = 0, bend: float = 0) -> tuple[Point, Point]:
    """Knee and ankle of a leg that lies straight; `lift` degrees from the hip, `bend` at the knee."""
    knee = toward(hip, 2.6 - lift - bend / 2, THIGH)
    return knee, toward(knee, 2.6 - lift + bend / 2, SHIN)


def resting(p: Panel, toes: float = -78) -> None:
    """The other leg, flat behind the one that moves."""
    hip = (HIP[0] + 3, HIP[1] - 3.5)
    p.leg(hip, *straight(hip), toes, far=True)


SCENES: dict[str, Callable[[], Scene]] = {
    each.__name__: each
    for each in (
        ankle_pumps, quad_sets, straight_leg_raise, leg_up, knee_bend_sitting, walking_aid, cooling, baby_movements,
    )
}  # fmt: skip
