"""Two seconds of an invented knee exercise as a film: drawn, the same bytes every time, of nobody."""

from __future__ import annotations

import io
import math
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from core.foundation.appearance.palette import CARD, JADE, PAPER

WIDTH, HEIGHT, FRAMES, RATE = 240, 136, 16, 8
SECONDS = FRAMES / RATE
HIP, KNEE = (60, 70), (130, 78)
THIGH = 20


@cache
def film(lifted: bool) -> bytes:
    """A leg that lifts (or an ankle that pumps) as H.264 in an MP4."""
    import av  # a heavy library that only the demo's making needs here

    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        # One thread and no clock: the same film has the same name in every demo.
        shown = made.add_stream(
            "libx264", rate=RATE, options={"threads": "1", "crf": "34", "preset": "ultrafast"}
        )
        shown.width, shown.height, shown.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(FRAMES):
            picture = np.asarray(_drawn(number, lifted))
            made.mux(shown.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        made.mux(shown.encode(None))
    return out.getvalue()


def _drawn(number: int, lifted: bool) -> Image.Image:
    turn = math.sin(number / FRAMES * 2 * math.pi)
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 104, WIDTH, HEIGHT), fill=CARD)
    rise = 22 * (turn + 1) / 2 if lifted else 0
    ankle = (196, 88 - rise)
    draw.line((*HIP, *KNEE), fill=JADE, width=THIGH)
    draw.line((*KNEE, *ankle), fill=JADE, width=THIGH - 5)
    toe = math.radians(-70 + (0 if lifted else 28 * turn))
    draw.line((*ankle, ankle[0] + 26 * math.cos(toe), ankle[1] + 26 * math.sin(toe)), fill=JADE, width=10)
    return picture
