"""The house's logo as Streamlit gets it: a text, so that no run opens the picture again."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

from core.department import logo as drawn
from core.foundation.house import House
from pages.ui.calls import desk


def logo(house: House) -> str:
    """The department's logo, or the seal where it has none."""
    return _text(drawn.logo(house, desk().media))


def seal() -> str:
    return _text(drawn.seal())


@lru_cache(maxsize=8)
def _text(picture: bytes) -> str:
    return f"data:image/webp;base64,{b64encode(picture).decode()}"
