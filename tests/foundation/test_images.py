import random
import re
import resource
import struct
import tracemalloc
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from core.foundation import images
from core.foundation.errors import Refusal
from core.foundation.foreign import apart, limits
from core.foundation.foreign.apart import FileTooHard
from core.foundation.images import (
    PictureDamaged,
    PictureEmpty,
    PictureIsDrawing,
    PictureIsHeic,
    PictureTooHeavy,
    PictureTooLarge,
    PictureUnknown,
    clean_image,
)

PROJECT = Path(__file__).resolve().parents[2]
SECRET = b"secretplace"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>secretplace</rdf:RDF></x:xmpmeta>'
CORNERS = {"left top": "red", "right top": "lime", "left bottom": "blue", "right bottom": "yellow"}


def saved(image, kind="JPEG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(clean):
    image = Image.open(BytesIO(clean.data))
    image.load()
    return image


def four_corners(width=120, height=80):
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    w, h = width // 2, height // 2
    for box, colour in zip(((0, 0), (w, 0), (0, h), (w, h)), CORNERS.values(), strict=True):
        draw.rectangle((*box, box[0] + w, box[1] + h), fill=colour)
    return image


def colours_of_corners(image):
    w, h = image.size
    rgb = image.convert("RGB")
    points = ((10, 10), (w - 10, 10), (10, h - 10), (w - 10, h - 10))
    return [tuple(round(v / 255) for v in rgb.getpixel(point)) for point in points]


UPRIGHT = colours_of_corners(four_corners())


def located_exif(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif[0x010E] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (30.0, 15.0, 1.0), "E", (120.0, 9.0, 2.0)
    return exif


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {"xmp": XMP, "comment": SECRET}), ("PNG", {}), ("WEBP", {"xmp": XMP})],
)
def test_no_position_camera_or_note_survives(kind, options):
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        text.add_text("Comment", SECRET.decode())
        options = {"pnginfo": text}
    data = saved(four_corners(), kind, exif=located_exif(), **options)
    assert Image.open(BytesIO(data)).getexif().get_ifd(0x8825), "the original must carry a position"
    for keep in (False, True):
        clean = clean_image(data, keep_transparency=keep)
        image = opened(clean)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        for trace in (b"Exif", b"eXIf", b"GPS", b"xmp", b"SecretPhone", SECRET, b"tEXt", b"iTXt"):
            assert trace not in clean.data


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_orientation_comes_out_upright(orientation, kind):
    undo = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    stored = four_corners()
    if undo in images._UPRIGHT:
        stored = stored.transpose(images._UPRIGHT[undo])
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    clean = clean_image(saved(stored, kind, exif=exif, **options))
    assert (clean.width, clean.height) == (120, 80)
    assert colours_of_corners(opened(clean)) == UPRIGHT


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((4000, 3000), (2000, 1500)),
        ((1500, 4500), (667, 2000)),
        ((900, 600), (900, 600)),
        ((9000, 2), (2000, 1)),
    ],
)
def test_the_longest_side_is_2000_and_small_ones_stay(size, kept):
    clean = clean_image(saved(Image.new("RGB", size, "teal")))
    assert (clean.width, clean.height) == kept == opened(clean).size


def test_a_lying_photograph_measures_as_it_is_seen():
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = clean_image(saved(Image.new("RGB", (4000, 3000)), exif=exif))
    assert (clean.width, clean.height) == (1500, 2000)


def png_header_only(width, height):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(width // 8 + 1) * 100) for _ in range(height // 100))
    rows += packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def webp_header_only(width, height):
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (width - 1).to_bytes(3, "little")
    body += (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def jpeg_claiming(width, height):
    data = saved(Image.new("L", (8, 8)))
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


@pytest.mark.parametrize(
    "bomb",
    [png_header_only(13_000, 13_000), webp_header_only(16_000, 16_000), jpeg_claiming(30_000, 30_000)],
    ids=["PNG", "WebP", "JPEG"],
)
def test_a_giant_is_refused_from_its_header_without_memory(bomb):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    try:
        with pytest.raises(PictureTooLarge) as refused:
            clean_image(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.megapixels > 160
    assert peak < 2_000_000
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 30_000


def test_forty_megapixels_is_the_limit_and_the_sentence_says_so():
    with pytest.raises(PictureTooLarge) as refused:
        clean_image(png_header_only(8_000, 5_100))
    assert "8000 × 5100" in refused.value.text("en")
    assert "40" in refused.value.text("zh")


def test_heavy_files_are_refused_unread():
    with pytest.raises(PictureTooHeavy) as refused:
        clean_image(b"\xff\xd8\xff" + bytes(limits.PICTURE_BYTES))
    assert refused.value.parameters == {"megabytes": 21, "limit": 20}


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", PictureEmpty),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", PictureIsHeic),
        (b"\0\0\0\x1cftypavif\0\0\0\0", PictureIsHeic),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', PictureIsDrawing),
        (b"\xef\xbb\xbf  <SVG onload='x'>", PictureIsDrawing),
        (b"%PDF-1.7 ...", PictureUnknown),
        (b"GIF89a\x01\0\x01\0", PictureUnknown),
        (b"\0\0\0\x20ftypisom\0\0\0\0", PictureUnknown),
        (b"plain text", PictureUnknown),
        (b"\xff\xd8\xff", PictureDamaged),
        (b"\x89PNG\r\n\x1a\n", PictureDamaged),
        (b"RIFF\x04\0\0\0WEBP", PictureDamaged),
    ],
)
def test_other_files_are_refused_by_name_in_two_languages(data, refusal):
    with pytest.raises(refusal) as refused:
        clean_image(data)
    assert refused.type is refusal
    assert refused.value.text("zh") != refused.value.text("en")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_off_is_refused(kind):
    noise = Image.effect_noise((300, 300), 80).convert("RGB")
    data = saved(noise, kind)
    assert clean_image(data).width == 300
    for part in (0.3, 0.6, 0.95):
        with pytest.raises(PictureDamaged):
            clean_image(data[: int(len(data) * part)])


def test_bent_bytes_give_a_picture_or_a_refusal_never_a_crash():
    luck = random.Random(7)
    for kind in ("JPEG", "PNG", "WEBP"):
        good = saved(four_corners(), kind, exif=located_exif(6))
        for _ in range(80):
            bent = bytearray(good)
            for _ in range(luck.randint(1, 12)):
                bent[luck.randrange(12, len(bent))] = luck.randrange(256)
            try:
                clean = clean_image(bytes(bent))
            except (PictureDamaged, PictureTooLarge, PictureIsDrawing, PictureUnknown):
                continue
            assert opened(clean).size == (clean.width, clean.height)


def test_transparency_lies_on_white_in_a_photograph_and_stays_in_a_logo():
    logo = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    logo.paste((15, 118, 110, 255), (20, 10, 40, 30))
    data = saved(logo, "PNG")
    photograph = clean_image(data)
    assert photograph.suffix == ".jpg"
    assert opened(photograph).getpixel((2, 2)) == (255, 255, 255)
    kept = clean_image(data, keep_transparency=True)
    assert kept.suffix == ".png"
    assert opened(kept).getpixel((2, 2))[3] == 0
    assert opened(kept).getpixel((30, 20)) == (15, 118, 110, 255)


def test_a_palette_with_a_transparent_colour_lies_on_white():
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([0, 0, 0, 200, 0, 0])
    palette.paste(1, (10, 10, 30, 30))
    image = opened(clean_image(saved(palette, "PNG", transparency=0)))
    assert min(image.getpixel((1, 1))) > 240
    assert image.getpixel((20, 20))[0] > 180


def test_four_colour_print_becomes_rgb():
    image = opened(clean_image(saved(Image.new("CMYK", (50, 50), (0, 255, 255, 0)))))
    assert image.mode == "RGB"
    red, green, blue = image.getpixel((25, 25))
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bit_scans_keep_their_greys():
    scan = Image.new("I;16", (30, 20))
    for x in range(30):
        for y in range(20):
            scan.putpixel((x, y), x * 2000)
    image = opened(clean_image(saved(scan, "PNG")))
    assert image.mode == "L"
    assert [abs(image.getpixel((x, 10)) - x * 2000 // 256) < 8 for x in (0, 10, 20, 29)] == [True] * 4


def profile_with_red_and_blue_exchanged():
    """A real, foreign RGB profile: sRGB under another name whose red and blue primaries changed places."""
    raw = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    places = {}
    for i in range(struct.unpack(">I", raw[128:132])[0]):
        at = 132 + 12 * i
        places[bytes(raw[at : at + 4])] = at + 4
    red, blue = (bytes(raw[places[name] : places[name] + 8]) for name in (b"rXYZ", b"bXYZ"))
    raw[places[b"rXYZ"] : places[b"rXYZ"] + 8], raw[places[b"bXYZ"] : places[b"bXYZ"] + 8] = blue, red
    return bytes(raw).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


def test_colours_of_another_profile_are_carried_over_to_srgb():
    foreign = Image.new("RGB", (40, 40), "red")
    image = opened(clean_image(saved(foreign, icc_profile=profile_with_red_and_blue_exchanged())))
    red, _, blue = image.getpixel((20, 20))
    assert blue > 200 > 60 > red
    assert "icc_profile" not in image.info


def test_an_srgb_or_a_broken_profile_changes_nothing():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = clean_image(saved(four_corners()))
    for profile in (srgb, b"not a profile"):
        assert clean_image(saved(four_corners(), icc_profile=profile)).data == plain.data


def test_a_grey_photograph_and_a_black_and_white_one_are_taken():
    for mode in ("L", "1"):
        image = opened(clean_image(saved(Image.new(mode, (30, 30), 1), "PNG")))
        assert image.mode == "L"


def test_the_same_picture_gives_the_same_bytes():
    data = saved(four_corners(), exif=located_exif())
    assert clean_image(data).data == clean_image(data).data


def a_progressive_bomb(scans: int) -> bytes:
    """A small progressive JPEG of 36 megapixels whose last refinement comes again and again."""
    out = BytesIO()
    Image.new("L", (6000, 6000), 128).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + b"\xff\xd9"


def test_a_picture_that_keeps_its_decoder_busy_is_stopped_and_the_next_is_taken(monkeypatch):
    bomb = a_progressive_bomb(3000)
    assert len(bomb) < 20_000_000
    monkeypatch.setattr(apart, "CLOCK", 4.0)
    with pytest.raises(FileTooHard):
        clean_image(bomb)
    monkeypatch.undo()
    assert clean_image(saved(four_corners())).width == 120


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=10),
    st.integers(0, 400),
)
def test_any_bent_picture_is_kept_small_or_refused_in_words(kind, bends, cut):
    data = bytearray(saved(four_corners(40, 30), kind))
    for at, value in bends:
        data[at % len(data)] = value
    with suppress(Refusal):
        clean = clean_image(bytes(data[: len(data) - cut]))
        assert max(clean.width, clean.height) <= images.LONGEST_SIDE


def test_only_the_cleaner_makes_clean_pictures():
    """Deeds take pictures as `CleanImage` alone: whoever could make one elsewhere could have anything stored."""
    made = {
        str(path.relative_to(PROJECT))
        for folder in ("core", "pages")
        for path in (PROJECT / folder).rglob("*.py")
        if re.search(r"\bCleanImage\(", path.read_text(encoding="utf-8"))
    }
    assert made == {"core/foundation/images.py"}
