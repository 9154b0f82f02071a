"""The one logo of the house, small enough for a page's head: the department's own, or the seal where it has none.

Staff and patients see the same; papers draw it from the file (`core.documents.press.letterhead`).
"""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

from core.foundation.files import MediaStore
from core.foundation.house import House

SEAL = Path(__file__).resolve().parent / "seal.png"
SIDE = 80  # pixels: more than twice what a page shows, and a text short enough to go out with every run


def logo(house: House, media: MediaStore) -> bytes:
    """The logo as WebP, at most three times as wide as high; the seal where the department's file is gone."""
    key = house.logo_key
    return _department(key, media) if key and media.exists(key) else seal()


def logo_name(house: House) -> str:
    """A name that changes with the picture, so that a browser may keep what it got under it."""
    return sha256((house.logo_key or "seal").encode()).hexdigest()[:12]


@cache
def seal() -> bytes:
    return _small(SEAL.read_bytes())


@lru_cache(maxsize=8)
def _department(key: str, media: MediaStore) -> bytes:
    # The key is made from the content: what lies under it never changes.
    return _small(media.read(key))


def _small(picture: bytes) -> bytes:
    with Image.open(BytesIO(picture)) as opened:
        opened.thumbnail((3 * SIDE, SIDE), Image.Resampling.LANCZOS)
        kept = BytesIO()
        opened.convert("RGBA").save(kept, "WEBP", quality=80, method=6)
    return kept.getvalue()
