"""Printing: an album of twelve photos, a handbook of forty steps, a photograph at the door.

    python -m tests.bench.bench_documents

Seconds of the processor beside their aims; a timing never decides a test.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import TTFFont
from PIL import Image

from core.documents.album.album import album_pdf
from core.documents.album.content import AlbumContent
from core.documents.handbook.handbook import handbook_pdf
from core.documents.press import paper
from core.documents.press.letterhead import Letterhead
from core.foundation.appearance.typefaces import Family, font_path
from core.foundation.images import clean_image
from tests.documents import samples
from tests.documents.test_handbook import book, with_steps


def seconds(run: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        begun = time.process_time()
        run()
        taken.append(time.process_time() - begun)
    return min(taken)


def photograph() -> bytes:
    """Twelve megapixels of grain, as a phone would send them."""
    held = BytesIO()
    grain = Image.effect_noise((400, 300), 60).resize((4000, 3000), Image.Resampling.BICUBIC).convert("RGB")
    grain.save(held, "JPEG", quality=90)
    return held.getvalue()


def as_fpdf2_does(content: AlbumContent, head: Letterhead) -> bytes:
    """The same album as before its typefaces were handled by `core.documents.press.fonts`."""

    def read_anew(family: Family, number: int) -> TTFFont:
        font = TTFFont(FPDF(), font_path(family), family, "")
        font.i = number
        return font

    with (
        patch.object(paper, "typeface", read_anew),
        patch.object(
            paper, "outlines", lambda family: TTFont(font_path(family), recalcTimestamp=False, lazy=True)
        ),
    ):
        return album_pdf(content, head)


def main() -> None:
    data = photograph()
    print(
        f"a 12 megapixel photograph redrawn: {1000 * seconds(lambda: clean_image(data)):.0f} ms (aim: 150 ms)"
    )
    with tempfile.TemporaryDirectory() as room:
        head = samples.head("zh")
        content = samples.album("zh", samples.photos(Path(room), 12, "zh"))
        first = seconds(lambda: album_pdf(content, head), times=1)
        later = seconds(lambda: album_pdf(content, head))
        plain = seconds(lambda: as_fpdf2_does(content, head))
    print(
        f"an album of 12 photos: {first:.2f} s for the first of a process, then {later:.2f} s (aim: 0.4 s);"
    )
    print(f"  with the typefaces as fpdf2 reads and writes them by itself {plain:.2f} s")
    forty = book(with_steps(40))
    print(f"a handbook of 40 steps: {seconds(lambda: handbook_pdf(forty, head)):.1f} s (aim: 3 s)")


if __name__ == "__main__":
    main()
