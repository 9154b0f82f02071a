"""Pictures and videos of tasks: looked at before they are kept, known by their content.

Pictures are drawn anew without what a camera hides in them; videos are kept as they are and only recognised by
their first bytes (ISO/IEC 14496-12: a file type box "ftyp").
"""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.images import CleanImage
from core.foundation.language import N_

KEPT = declare("package.material", N_("Picture or video kept for a task"))
LARGEST_VIDEO = 20 * 1024 * 1024


@dataclass(eq=False)
class NoVideo(Refusal):
    message = N_("This is not an MP4 video. Please save it as MP4 (H.264) on your phone and choose it again.")
    field = "video_key"


@dataclass(eq=False)
class VideoTooLarge(Refusal):
    most_mb: int
    message = N_("This video is too large. At most {most_mb} MB play well on a phone: shorten it, please.")
    field = "video_key"


@deed("package.write")
def keep_picture(stamp: Stamp, *, picture: CleanImage) -> str:
    """Keep a picture for a task; returns its key."""
    return _kept(stamp, picture.data, picture.suffix)


@deed("package.write")
def keep_video(stamp: Stamp, *, data: bytes) -> str:
    """Keep an MP4 video for a task; returns its key. Refuses other files and more than 20 MB."""
    if len(data) > LARGEST_VIDEO:
        raise VideoTooLarge(LARGEST_VIDEO // 1024 // 1024)
    if data[4:8] != b"ftyp":
        raise NoVideo
    return _kept(stamp, data, ".mp4")


def _kept(stamp: Stamp, data: bytes, suffix: str) -> str:
    key = stamp.media.put(data, suffix)
    stamp.audit(KEPT, ("package", None), after={"file": key, "bytes": len(data)})
    return key
