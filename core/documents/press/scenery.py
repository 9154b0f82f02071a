"""The morning on covers and posters: a coral sun behind layered jade hills, as plain vector areas."""

from __future__ import annotations

from core.documents.press.drawing import draw_path
from core.documents.press.paper import Paper
from core.foundation.appearance.palette import CORAL, FAR, HAZE, JADE, JADE_DARK, MIDDLE
from core.keepsakes.pictograms import circle


def morning(sheet: Paper, horizon: float, sun_x: float, sun_r: float, faint: bool = False) -> None:
    """Hills from `horizon` mm (the far crest) to the lower edge and the bleed, with the sun at `sun_x`.

    `faint` draws only the haze, for a page that carries text.
    """
    wide, foot, out = sheet.wide, sheet.high + sheet.bleed, sheet.bleed
    depth = sheet.high - horizon
    if not faint:
        draw_path(sheet, circle(sun_x, horizon + sun_r * 0.1, sun_r), fill=CORAL)
    crests = (
        (0.00, (0.06, -0.10, -0.02, 0.13, -0.08, 0.02), HAZE),
        (0.20, (0.02, 0.14, -0.06, -0.10, 0.10, 0.00), FAR),
        (0.42, (-0.04, -0.10, 0.08, 0.10, -0.04, -0.08), MIDDLE),
        (0.62, (0.06, 0.08, -0.08, -0.02, 0.08, 0.10), JADE),
        (0.82, (-0.02, -0.08, 0.06, 0.06, -0.02, 0.02), JADE_DARK),
    )
    for level, bends, colour in crests[: 2 if faint else 5]:
        top = horizon + level * depth
        a, b, c, d, e, f = (top + bend * depth for bend in bends)
        x = [wide * part for part in (0.18, 0.34, 0.5, 0.68, 0.84)]
        draw_path(
            sheet,
            f"M{-out:g} {a:.2f}C{x[0]:.2f} {b:.2f} {x[1]:.2f} {c:.2f} {x[2]:.2f} {(c + d) / 2:.2f}"
            f"C{x[3]:.2f} {d:.2f} {x[4]:.2f} {e:.2f} {wide + out:g} {f:.2f}"
            f"L{wide + out:g} {foot:g}L{-out:g} {foot:g}Z",
            fill=colour,
        )
