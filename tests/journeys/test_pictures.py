"""Pictures nobody should send: refused in words, without a trace in the store or in the server's memory."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import pytest

from core.foundation.images import PictureIsDrawing, PictureTooLarge
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import PASSWORD, department, enrolled, user
from tests.journeys.serving import Server
from tests.journeys.visiting import Visitor

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("pictures"))
    desk = department(running)
    enrolled(desk, weeks=39, ended=True)
    desk.database.dispose()
    yield running.start()
    running.stop()


def giant_png(side: int = 13_000) -> bytes:
    """An honest PNG of one colour: half a megabyte that unpacks to more than half a gigabyte."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\0" + bytes(3 * side)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def photos(arrive: Arrive, request: pytest.FixtureRequest) -> Visitor:
    """The photo page of a finished journey's album."""
    language = getattr(request, "param", "zh")
    visitor = arrive(language).open("albums?enrolment=1").sign_in(user("nurse"), PASSWORD)
    return visitor.tab("Photos").sees("No photos yet. An album works without them, too.")


def kept(server: Server) -> list[str]:
    return [path.name for path in (server.data / "department" / "media").rglob("*") if path.is_file()]


def test_a_giant_is_refused_from_its_header(photos: Visitor, server: Server) -> None:
    before = server.memory()
    photos.upload({"name": "giant.png", "mimeType": "image/png", "buffer": giant_png()})
    photos.click("Add these photos").is_told(
        PictureTooLarge.message, width=13_000, height=13_000, megapixels=169, limit=40
    )
    assert server.memory() - before < 60 * MEGABYTE
    assert kept(server) == []


@pytest.mark.parametrize("photos", ["en"], indirect=True)
def test_a_drawing_under_a_false_name_is_refused(photos: Visitor, server: Server) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://example.org")</script></svg>'
    photos.upload({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": drawing})
    photos.click("Add these photos").is_told(PictureIsDrawing.message)
    assert kept(server) == []


def test_a_file_of_100_megabytes_does_not_reach_the_server(
    photos: Visitor, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    heavy = tmp_path_factory.mktemp("heavy") / "heavy.jpg"
    with heavy.open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(100 * MEGABYTE)
    before = server.memory()
    photos.upload(str(heavy))
    photos.click("Add these photos").is_told(
        "No photo has arrived. One marked red is larger than 20 MB: please choose a smaller copy."
    )
    assert server.memory() - before < 20 * MEGABYTE
    assert kept(server) == []
