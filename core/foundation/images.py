"""Photographs as they come from phones, made safe and small once, at the door.

A picture is judged by its bytes, never by its name; its size is read from the header before anything is
decoded. What is kept is drawn anew: upright, at most 2000 pixels long (242 dpi on a 21 cm album page),
in sRGB, without EXIF, GPS position, XMP, comments or embedded previews.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageFile

from core.foundation.errors import Refusal
from core.foundation.foreign import limits
from core.foundation.foreign.apart import apart
from core.foundation.language import N_

LONGEST_SIDE = 2000
_JPEG_QUALITY = 88
_ORIENTATION = 0x0112
_FRAME_HEADERS = {0xC0 + n for n in range(16)} - {0xC4, 0xC8, 0xCC}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_APPLE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
# What Pillow's decoders raise on bytes that are cut off or forged.
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, IndexError, struct.error, zlib.error, EOFError)


@dataclass(eq=False)
class PictureEmpty(Refusal):
    message = N_("This file is empty. Please choose the picture again.")


@dataclass(eq=False)
class PictureTooHeavy(Refusal):
    megabytes: int
    limit: int
    message = N_("This picture has {megabytes} MB; at most {limit} MB are taken. Please send a smaller one.")


@dataclass(eq=False)
class PictureTooLarge(Refusal):
    width: int
    height: int
    megapixels: int
    limit: int
    message = N_(
        "This picture measures {width} × {height} ({megapixels} megapixels); at most {limit} can be taken. "
        "Please send a smaller copy."
    )


@dataclass(eq=False)
class PictureIsHeic(Refusal):
    message = N_(
        "This picture is in the HEIC format, which cannot be read here. Please send it as JPEG: on an iPhone "
        "choose Settings › Camera › Formats › Most Compatible, or send a screenshot."
    )


@dataclass(eq=False)
class PictureIsDrawing(Refusal):
    message = N_("This file is a drawing (SVG), not a photograph. Please send it as JPEG or PNG.")


@dataclass(eq=False)
class PictureUnknown(Refusal):
    message = N_("This file is not a picture that can be read here. Please send JPEG, PNG or WebP.")


@dataclass(eq=False)
class PictureDamaged(Refusal):
    message = N_("This picture is damaged or did not arrive completely. Please send it again.")


@dataclass(frozen=True)
class CleanImage:
    """A picture ready to be kept: `data` is JPEG (`suffix` ".jpg") or, with its transparency, PNG (".png");
    `width` and `height` are pixels as it is seen.

    Deeds take pictures as this alone, and it is made here alone: before the deed, because a deed holds everybody's turn
    while it works."""

    data: bytes
    suffix: str
    width: int
    height: int


def clean_image(data: bytes, *, keep_transparency: bool = False, longest: int = LONGEST_SIDE) -> CleanImage:
    """The picture in `data`, redrawn for keeping (see the module's head).

    JPEG comes out, transparency on white; with `keep_transparency` (logos) a PNG, for every input.
    `longest` is the greatest side in pixels; smaller pictures are not enlarged. Only the first picture of an
    animation is kept. Refuses by name: empty, above 20 MB, above 40 megapixels (from the header, undecoded),
    HEIC/AVIF, SVG, any other kind, damaged or cut off; and what takes the decoder, in a process of its own, too long.
    """
    if not data:
        raise PictureEmpty()
    if len(data) > limits.PICTURE_BYTES:
        raise PictureTooHeavy(-(-len(data) // limits.MEGABYTE), limits.PICTURE_BYTES // limits.MEGABYTE)
    kind = _kind(data)
    _refuse_giants(_header_size(data, kind))
    return apart(redrawn, data, kind, keep_transparency, longest, made_of=(CleanImage,))


def clean_logo(data: bytes) -> CleanImage:
    """A department's logo, redrawn with its transparency. Refuses as `clean_image`."""
    return clean_image(data, keep_transparency=True, longest=800)


def redrawn(data: bytes, kind: str, keep_transparency: bool, longest: int) -> CleanImage:
    """A picture whose header has been looked at, redrawn in this process: for the process apart, which calls it, and for
    pictures that were redrawn before. Refuses `PictureDamaged`, and giants that hid behind their header."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=(kind,)) as image:
                _refuse_giants(image.size)
                return _redraw(image, longest, keep_transparency)
    except (Image.DecompressionBombError, MemoryError, *_UNREADABLE) as error:
        raise PictureDamaged() from error


def _kind(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _APPLE_BRANDS:
        raise PictureIsHeic()
    if b"<svg" in data[:4096].lower():
        raise PictureIsDrawing()
    raise PictureUnknown()


def _header_size(data: bytes, kind: str) -> tuple[int, int]:
    """Width and height as the file's own header tells, before Pillow opens it: its WebP reader sets the whole
    canvas aside on opening. Refuses `PictureDamaged` where there is no header."""
    if kind == "PNG" and data[12:16] == b"IHDR" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if kind == "WEBP" and len(data) >= 30:
        if data[12:16] == b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        if data[12:16] == b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == "JPEG":
        return _jpeg_size(data)
    raise PictureDamaged()


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the segments to the first frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _FRAME_HEADERS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise PictureDamaged()


def _refuse_giants(size: tuple[int, int]) -> None:
    if size[0] * size[1] > limits.PICTURE_PIXELS:
        width, height = size
        raise PictureTooLarge(width, height, round(width * height / 1e6), limits.PICTURE_PIXELS // 1_000_000)


def _redraw(image: ImageFile.ImageFile, longest: int, keep_transparency: bool) -> CleanImage:
    target = _fitted(image.size, longest)
    if image.format in ("JPEG", "MPO"):
        # libjpeg can decode to a half, a quarter or an eighth: 36 ms instead of 152 where that is enough.
        image.draft(None, target)
    orientation = _orientation(image)
    profile = image.info.get("icc_profile")
    image.load()
    picture = _plain_mode(image)
    if picture.size != target:
        picture = picture.resize(target, Image.Resampling.BICUBIC, reducing_gap=2.0)
    if picture.mode == "RGBA" and not keep_transparency:
        picture = _on_white(picture)
    picture = _in_srgb(picture, profile)
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    return _encoded(picture, keep_transparency)


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _orientation(image: Image.Image) -> int:
    # Cameras write broken EXIF blocks often enough; such a picture is taken as it lies.
    try:
        value = image.getexif().get(_ORIENTATION, 1)
        return int(value)
    except _UNREADABLE:
        return 1


def _plain_mode(image: Image.Image) -> Image.Image:
    """One of L, RGB, RGBA or CMYK, whatever came in: palettes, masks, 16-bit scans."""
    if image.mode.startswith("I") or image.mode == "F":
        # X-ray scans carry 16 bits; Pillow's own conversion clips them to white.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as every screen and printer here expects them; phones write Display P3, print shops CMYK."""
    wanted = picture.mode if picture.mode in ("RGB", "RGBA", "L") else "RGB"
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                srgb = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, *_UNREADABLE):
            # A broken profile costs a shade of colour, not the picture.
            return picture.convert(wanted)
    return picture if picture.mode == wanted else picture.convert(wanted)


def _on_white(picture: Image.Image) -> Image.Image:
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _encoded(picture: Image.Image, keep_transparency: bool) -> CleanImage:
    # Pillow copies comments, profiles and resolution from here into what it writes.
    picture.info = {}
    out = BytesIO()
    if keep_transparency:
        picture.save(out, "PNG", optimize=False)
        return CleanImage(out.getvalue(), ".png", *picture.size)
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    return CleanImage(out.getvalue(), ".jpg", *picture.size)
