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

from PIL import Image

from core.documents.album.book import album_pdf
from core.documents.handbook.book import handbook_pdf
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


def main() -> None:
    data = photograph()
    print(
        f"a 12 megapixel photograph redrawn: {1000 * seconds(lambda: clean_image(data)):.0f} ms (aim: 150 ms)"
    )
    with tempfile.TemporaryDirectory() as room:
        content = samples.album("zh", samples.photos(Path(room), 12, "zh"))
        print(f"an album of 12 photos: {seconds(lambda: album_pdf(content, 'zh')):.1f} s (aim: 3 s)")
    forty = book(with_steps(40))
    print(f"a handbook of 40 steps: {seconds(lambda: handbook_pdf(forty, 'zh')):.1f} s (aim: 3 s)")


if __name__ == "__main__":
    main()
