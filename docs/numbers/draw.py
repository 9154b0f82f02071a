"""Draw the plots of docs/numbers.md again: `python -m docs.numbers.draw` from the project folder.

Needed after a change of a constant or of the chart; the pictures are committed.
"""

from __future__ import annotations

from pathlib import Path

import vl_convert

from core.clinical.dating import age_range_from_crl
from core.clinical.fetal_growth import MEASURES
from core.clinical.growth_chart import chart_image, chart_spec, smaller
from core.foundation.appearance.palette import CORAL, JADE_DARK, JADE_MIST
from core.foundation.appearance.typefaces import register_for_pictures

FOLDER = Path(__file__).parent


def age_by_crl() -> bytes:
    """The other crown-rump curve: gestational age for a length, 3rd, 50th and 97th centile."""
    rows = []
    for mm in range(15, 96):
        low, middle, high = age_range_from_crl(mm)
        rows.append({"mm": mm, "low": low, "middle": middle, "high": high})
    x = {"field": "mm", "type": "quantitative", "title": "Crown-rump length (mm)", "scale": {"zero": False}}
    y = {"type": "quantitative", "title": "days of gestation", "scale": {"zero": False}}
    band = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
    limit = {"mark": {"type": "rule", "color": CORAL}, "encoding": {"x": {"datum": 84}}}
    spec = {
        "$schema": chart_spec("CRL", "en", "print")["$schema"],
        "config": chart_spec("CRL", "en", "print")["config"],
        "title": {
            "text": "Gestational age by crown-rump length",
            "subtitle": ["Centiles 3, 50 and 97. Right of the line (84 mm) it is not used for the due date."],
        },
        "width": 640,
        "height": 400,
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "area", "color": JADE_MIST}, "encoding": band},
            {
                "mark": {"type": "line", "color": JADE_DARK},
                "encoding": {"x": x, "y": y | {"field": "middle"}},
            },
            limit,
        ],
    }
    register_for_pictures()
    return smaller(vl_convert.vegalite_to_png(spec, scale=1.25, allowed_base_urls=[]))


def main() -> None:
    for measure in MEASURES:
        (FOLDER / f"{measure}.png").write_bytes(chart_image(measure, [], "en", scale=1.25))
    (FOLDER / "CRL_dating.png").write_bytes(age_by_crl())


if __name__ == "__main__":
    main()
