"""The positions of each exercise: where the body lies or stands, which leg moves, and how.

Picture n shows step n of the three short steps of a task that uses the drawing. Everybody looks to the right, so that
the leg in front is the one that moves. How each is done: data of the package (`sop_templates/knee_7days`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.foundation.appearance.palette import CARD, CORAL, EDGE, HAZE, INK, JADE, MIDDLE, SLATE, SOFT_INK
from data.exercises.figures import (
    SHIN,
    THIGH,
    TRUNK,
    Panel,
    Point,
    between,
    bone,
    box,
    disc,
    foot,
    reach,
    shape,
    toward,
)  # fmt: skip

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
        # The step says "knee straight": loose is seen by the foot, not by a knee that is up.
        loose.leg(HIP, *straight(lift=0.8, bend=2.5), -70, moves=True)

    def tightened() -> None:
        knee, ankle = straight()
        tight.leg(HIP, knee, ankle, -98, moves=True, tight=True)
        muscle(tight, (7, -14.6), (37, -11.6))
        # Inside the leg: an arrow from above would be somebody's hand on the knee.
        tight.arrow([(knee[0] + 2, knee[1] - 5), (knee[0] + 2, knee[1] + 1.5)], 4.6, 2.6)

    def muscle(p: Panel, a: Point, b: Point) -> None:
        """The muscle on the front of the thigh, its fibres drawn together at both ends."""
        for bow in (-5.2, -1.7, 1.7, 5.2):
            p.line(shape([a, ((a[0] + 9, a[1] + bow), (b[0] - 9, b[1] + bow), b)], False), CARD, 1.2)

    lying(loose, lambda: resting(loose), relaxed)
    lying(tight, lambda: resting(tight), tightened)
    return Scene((loose, tight), (-94, -58, 196, 84), True)


def straight_leg_raise() -> Scene:
    def picture(lift: float, way: tuple[float, ...] = ()) -> Panel:
        p = Panel()
        lying(p, lambda: bent(p), lambda: raised(p, lift, way))
        return p

    def bent(p: Panel) -> None:
        ankle = (47.0, -7.2)
        p.leg(HIP, reach(HIP, ankle, THIGH, SHIN, -1), ankle, 0, far=True)

    def raised(p: Panel, lift: float, way: tuple[float, ...]) -> None:
        p.leg(HIP, *straight(lift=lift), -96 - lift, moves=True)
        if way:
            start, *curve = (toward(HIP, a, 95.3) for a in way)
            p.arrow([start, (curve[0], curve[1], curve[2])])

    up, lower = (-2, -9, -15, -22), (-31, -24, -18, -11)
    return Scene((picture(0), picture(30, up), picture(9, lower)), (-94, -72, 196, 98), True)


def leg_up() -> Scene:
    """Somebody else's hand holds the heel: a leg fresh from the operation is not lifted for this. The other leg lies
    hidden behind this one, so that nothing seems to be under the knee."""
    held, lies = Panel(), Panel()

    def lifted() -> None:
        held.pillow(88, -17.5, 42, 18, colour=HAZE, edge=INK)
        # The palm lies under the heel and carries it: fingers around the foot would pull.
        held.part([bone((123, -33), 4.2, (92, -22.5), 3.0)], CARD)
        held.part([bone((127, -34.4), 5.2, (111, -29), 4.7)], EDGE)
        held.leg(HIP, *straight(lift=17), -93, moves=True)
        held.part([bone((93, -22.6), 3.2, (84, -19.8), 3.4), bone((84, -19.8), 3.2, (69, -20.6), 1.9)], CARD)
        held.arrow([(99, -33), (99, -44)], 4.6, 2.4)
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
        p.tube([(24, SEAT + 2), (24, SEAT - 22)], 1.9, EDGE)
        p.chair(SEAT, -14, 30)
        other = (hip[0] + 2, hip[1] - 1.5)
        knee = toward(other, -1, THIGH)
        p.leg(other, knee, (knee[0] - 8, -7.4), 0, far=True)
        p.trunk(shoulder, hip)
        p.leg(hip, reach(hip, ankle, THIGH, SHIN, -1), ankle, 0, moves=True)
        p.tube([(-22, SEAT - 22), (28, SEAT - 22)], 2.2, EDGE)
        p.arm(shoulder, (20, SEAT - 25), 1)
        return p

    before, after = (60.0, -7.4), (25.0, -7.4)
    forward, back = picture(before), picture(after)
    back.line(foot(before, 0), JADE, 1.2)  # where the foot was
    heel = -6  # from the ankle
    back.arrow([(before[0] + heel, 8), (after[0] + heel + 5, 8)], 7, 3.8)
    back.arrow([(after[0] + heel, 18), (before[0] + heel - 4, 18)], 4.6, 1.6)
    return Scene((forward, back), (-44, -146, 132, 170), False)


def walking_aid() -> Scene:
    """First the aid, then the operated leg, then the other one beside it, both feet well behind the front of the frame.
    The arrow of the frame lies on the frame, that of a foot goes from where it stood to where it stands."""
    stood, stands = (-20.0, -8.6), (2.0, -8.6)  # ankle of the operated leg
    other_stood, other_stands = (-9.0, -10.6), (19.5, -10.6)

    def picture(hip: Point, near: Point, far: Point, was: Point | None = None, edge: str = SOFT_INK) -> Panel:
        p = Panel()
        shoulder = toward(hip, -82, TRUNK)
        p.floor(-34, 68, 0)
        p.walker(37, far=True)
        other = (hip[0] + 2, hip[1] - 1)
        if was:
            p.line(foot(was, 0), edge, 1.2)
        p.leg(other, reach(other, far, THIGH, SHIN, -1), far, 0, far=True, shoe=True)
        p.head(shoulder, -88)
        p.trunk(shoulder, hip)
        p.leg(hip, reach(hip, near, THIGH, SHIN, -1), near, 0, moves=True, shoe=True)
        p.walker(37)
        p.arm(shoulder, (29, -85), 1)
        return p

    aid = picture((-11, -87), stood, other_stood)
    aid.arrow([(27, -60), (61, -60)], 7, 3.8)
    operated = picture((-4, -86), stands, other_stood, stood, JADE)
    operated.arrow([(-22, 8), (15, 8)], 7, 3.8)
    other = picture((6, -87.5), stands, other_stands, other_stood)
    other.arrow([(-12, 8), (33, 8)], 7, 3.8)
    return Scene((aid, operated, other), (-38, -182, 110, 197), False)


def cooling() -> Scene:
    wrapped, lies = Panel(), Panel()
    # Seen from above: the cloth, the pack on it, and one side of the cloth coming over it.
    wrapped.fill(box(-62, -62, 146, 66, 3), CARD, INK, 1.2)
    for x in (-56, -52, 74, 78):
        wrapped.line(shape([(x, -61), (x, 3)], False), MIDDLE, 2.2)
    wrapped.pillow(-34, -52, 62, 46, colour=HAZE, edge=INK)
    wrapped.cold((-3, -29), 11)
    wrapped.arrow([(66, -29), ((60, -84), (20, -92), (2, -50))], 8, 4)

    def cooled() -> None:
        lies.leg(HIP, *straight(), -80, moves=True)
        # The dressing on the front of the knee stays free of the pack, which lies beside it, in its cloth.
        lies.fill(shape([(25, -18.6), (57, -15.6), (57.4, -8.0), (25.4, -10.4)]), CARD, INK, 1.2)
        lies.fill(shape([(34, -16.4), (48, -15.1), (48.3, -9.9), (34.3, -11.0)]), EDGE, SOFT_INK, 0.7)
        for x, y in ((28.3, -14.4), (31.3, -14.1), (51.3, -12.3), (54.3, -12.0)):
            for away in (-1.5, 1.5):
                lies.fill(disc((x, y + away), 0.6), SOFT_INK)
        lies.pillow(20, -6.6, 44, 12, edge=INK)
        for x in (24.0, 27.0, 57.0, 60.0):
            lies.line(shape([(x, -5.2), (x, 4.2)], False), MIDDLE, 1.4)

    half_sitting(lies, lambda: resting(lies), cooled)
    return Scene((wrapped, lies), (-84, -96, 190, 124), True)


def baby_movements() -> Scene:
    hip = (0.0, -55.5)
    shoulder = toward(hip, -100, TRUNK)

    def seated(looks: float) -> Panel:
        p = Panel()
        p.floor(-36, 66, 0)
        p.head(shoulder, looks, INK, bun=True)
        p.chair(SEAT, -16, 30)
        other = (hip[0] + 2, hip[1] - 1.5)
        knee = toward(other, -1, THIGH)
        p.leg(other, knee, (knee[0] + 5, -7.4), 0, far=True)
        p.trunk(shoulder, hip, (hip[0] + 8, hip[1] - 17))
        p.leg(hip, toward(hip, 0, THIGH), (hip[0] + 42, -7.4), 0)
        return p

    feels, writes, calls = seated(-94), seated(-82), seated(-94)
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
    calls.fill(disc((44, -116), 17), JADE)
    calls.line(shape([(37.5, -123), ((36, -114), (43, -108), (51, -109.5))], False), CARD, 4)
    for a, b in (((37.5, -123), (41, -122.5)), ((51, -109.5), (50.5, -113))):
        calls.line(shape([a, b], False), CARD, 6)
    calls.part([bone((-12, -130), 3.0, (0, -112), 3.0)], MIDDLE)
    # The elbow points towards us: the arm looks shorter than it is.
    elbow, hand = (12.0, -91.0), (-1.5, -114.0)
    calls.part([bone(shoulder, 5.0, elbow, 4.2), bone(elbow, 4.0, hand, 2.9), disc(hand, 3.7)], CARD)
    calls.part([bone(shoulder, 5.6, between(shoulder, elbow, 0.62), 4.9)], HAZE)
    return Scene((feels, writes, calls), (-41, -160, 111, 168), False)


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
    """Leaning against pillows on a wedge, legs flat."""
    shoulder = toward(HIP, -128, TRUNK)
    p.bed(-75, 96)
    # What the pillows lean on, standing on the bed.
    wedge = shape([(-6, 0.4), (-58, -66), ((-61, -70), (-68, -69), (-69, -64)), (-72, 0.4)])
    p.fill(wedge, HAZE, SOFT_INK, 0.9)
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
