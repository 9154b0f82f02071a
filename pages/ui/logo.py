"""The house's mark as the browser gets it: small, and as a text, so that no run opens the picture again."""

from __future__ import annotations

from base64 import b64encode
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image

from core.foundation.house import House
from pages.ui.calls import desk

SEAL = Path(__file__).resolve().parent / "seal.png"
SIDE = 80  # pixels: more than twice what Streamlit shows, and a text short enough to go out with every run


def logo(house: House) -> str:
    """The department's logo, or the seal where it has none."""
    return (_department(house.logo_key) if house.logo_key else "") or seal()


@cache
def seal() -> str:
    return _small(SEAL.read_bytes())


@lru_cache(maxsize=8)
def _department(key: str) -> str:
    # The key is made from the content: what lies under it never changes.
    return _small(desk().media.read(key)) if desk().media.exists(key) else ""


def _small(picture: bytes) -> str:
    with Image.open(BytesIO(picture)) as opened:
        opened.thumbnail((3 * SIDE, SIDE), Image.Resampling.LANCZOS)
        kept = BytesIO()
        opened.convert("RGBA").save(kept, "WEBP", quality=80, method=6)
    return f"data:image/webp;base64,{b64encode(kept.getvalue()).decode()}"
