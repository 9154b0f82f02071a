"""How every chart looks, whatever it shows: type, axes, hairlines, as the `config` of a Vega-Lite specification."""

from __future__ import annotations

from typing import Any, Literal

from core.foundation.appearance.palette import INK, LINE, SOFT_INK
from core.foundation.appearance.typefaces import SCREEN

Medium = Literal["screen", "print"]


def chart_config(medium: Medium = "screen") -> dict[str, Any]:
    """The caller's own dictionary. On screen the reader's typefaces come first, in print Noto Sans SC."""
    names = SCREEN if medium == "screen" else ("Noto Sans SC", *SCREEN)
    text = {"labelFontSize": 12, "labelColor": SOFT_INK, "titleFontSize": 12}
    return {
        "font": ", ".join(f"'{name}'" if " " in name else name for name in names),
        "view": {"stroke": None},
        "axis": {
            **text, "titleFontWeight": "normal", "titleColor": SOFT_INK,
            "gridColor": LINE, "gridWidth": 0.6, "domainColor": LINE, "tickColor": LINE,
        },
        "legend": {**text, "labelLimit": 240, "symbolSize": 90},
        "text": {"fontSize": 12, "color": INK},
    }  # fmt: skip
