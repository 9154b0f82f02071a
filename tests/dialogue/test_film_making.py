"""What phones film becomes what every screen plays; what is no film is refused, and harms nothing."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import av
import pytest

from core.dialogue.recordings import film_making
from core.dialogue.recordings.film_making import convert, look_at
from core.dialogue.recordings.voices import voice_of
from core.foundation.open_types import Raw
from tests.dialogue.filming import film, spoken


def looked(tmp_path: Path, data: bytes, name: str = "film.mp4") -> Raw:
    source = tmp_path / name
    source.write_bytes(data)
    return look_at(source, tmp_path / "made.mp4")


def converted(tmp_path: Path, data: bytes) -> Raw:
    source = tmp_path / "film.any"
    source.write_bytes(data)
    return convert(source, tmp_path / "made.mp4")


def made(tmp_path: Path) -> bytes:
    return (tmp_path / "made.mp4").read_bytes()


def test_h264_with_aac_is_copied_and_plays_before_all_of_it_has_come(tmp_path: Path) -> None:
    facts = looked(tmp_path, film())
    assert (facts["done"], facts["width"], facts["height"]) == ("copied", 96, 64)
    assert facts["seconds"] == pytest.approx(1.0, abs=0.1)
    data = made(tmp_path)
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(io.BytesIO(data)) as film_made:
        assert [stream.codec_context.name for stream in film_made.streams] == ["h264", "aac"]


def test_a_film_without_sound_is_a_film(tmp_path: Path) -> None:
    assert looked(tmp_path, film(sound=""))["done"] == "copied"


def test_position_and_title_stay_behind(tmp_path: Path) -> None:
    data = film(said=True)
    assert b"geheim" in data and b"loci" in data  # the box of an MP4 that says where
    for work in (looked, converted):
        assert "done" in work(tmp_path, data)
        assert b"geheim" not in made(tmp_path) and b"loci" not in made(tmp_path)


def rotation(data: bytes) -> int:
    with av.open(io.BytesIO(data)) as played:
        return int(next(played.decode(video=0)).rotation)


@pytest.mark.parametrize("work", [looked, converted])
def test_a_film_held_upright_stays_upright(tmp_path: Path, work: object) -> None:
    data = film(turned=90)
    assert abs(rotation(data)) == 90
    work(tmp_path, data)  # type: ignore[operator]
    assert rotation(made(tmp_path)) == rotation(data)


@pytest.mark.parametrize(
    ("picture", "sound", "container"),
    [("libx265", "aac", "mp4"), ("libvpx", "libopus", "webm"), ("libvpx-vp9", "libopus", "webm"),
     ("libx264", "pcm_s16le", "mov"), ("mpeg4", "aac", "mp4")],
)  # fmt: skip
def test_what_some_screens_do_not_play_is_converted(
    tmp_path: Path, picture: str, sound: str, container: str
) -> None:
    data = film(picture, sound, container=container)
    assert looked(tmp_path, data)["done"] == "convert" and not (tmp_path / "made.mp4").exists()
    facts = converted(tmp_path, data)
    assert (facts["done"], facts["width"], facts["height"]) == ("converted", 96, 64)
    with av.open(io.BytesIO(made(tmp_path))) as film_made:
        assert [stream.codec_context.name for stream in film_made.streams] == ["h264", "aac"]
        assert film_made.duration / av.time_base == pytest.approx(1.0, abs=0.2)
        # Every picture of the first film is in the second.
        assert sum(1 for _ in film_made.decode(video=0)) == 15
    assert looked(tmp_path, made(tmp_path))["done"] == "copied"


def test_a_conversion_is_at_most_720p_and_thirty_pictures_a_second(tmp_path: Path) -> None:
    facts = converted(tmp_path, film(size=(1920, 1080), frames=60, seconds=0.5))
    assert (facts["width"], facts["height"]) == (1280, 720)
    with av.open(io.BytesIO(made(tmp_path))) as film_made:
        assert sum(1 for _ in film_made.decode(video=0)) == pytest.approx(15, abs=2)
    assert converted(tmp_path, film(size=(1080, 1920), seconds=0.3))["width"] == 720


def test_what_is_no_film_is_refused_by_its_content(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(20_000_000))
    for data in (b"MZ\x90\0" + bytes(3000), bomb, b"\x89PNG\r\n\x1a\n" + bytes(99), b"hello " * 500):
        assert looked(tmp_path, data)["refused"] == "not_a_film"
    assert looked(tmp_path, b"")["refused"] == "empty"


def test_the_name_says_nothing(tmp_path: Path) -> None:
    assert looked(tmp_path, film(), "film.exe")["done"] == "copied"


@pytest.mark.parametrize("work", [looked, converted])
def test_a_list_of_files_opens_no_other_file(tmp_path: Path, work: object) -> None:
    (tmp_path / "secret.mp4").write_bytes(film())
    facts = work(tmp_path, b"ffconcat version 1.0\nfile secret.mp4\n")  # type: ignore[operator]
    assert facts["refused"] == "not_a_film"


def test_a_film_whose_end_is_missing_is_refused(tmp_path: Path) -> None:
    whole = film(seconds=2.0)
    assert looked(tmp_path, whole[: len(whole) // 2])["refused"] == "not_a_film"
    # With its index at the front it opens, and then ends too early.
    looked(tmp_path, whole)
    front = made(tmp_path)
    assert looked(tmp_path, front[: int(len(front) * 0.6)])["refused"] == "damaged"


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    sound = voice_of(spoken(1.0, 48_000))
    assert sound.suffix == ".m4a" and looked(tmp_path, sound.data)["refused"] == "no_picture"


def test_three_minutes_and_not_more(tmp_path: Path) -> None:
    assert looked(tmp_path, film(sound="", seconds=180, size=(32, 32), frames=2))["done"] == "copied"
    assert looked(tmp_path, film(sound="", seconds=190, size=(32, 32), frames=2))["refused"] == "too_long"


def test_a_picture_of_giants_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    assert looked(tmp_path, film(sound="", size=(4608, 64), seconds=0.1))["refused"] == "too_large"


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_making, "LOOK", (40, 0.01))
    assert looked(tmp_path, film())["refused"] == "too_hard"


def test_the_child_learns_nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, object] = {}

    class Answer:
        stdout = b'{"refused": "empty"}\n'

    def run(*_arguments: object, **known: object) -> Answer:
        seen.update(known)
        return Answer()

    monkeypatch.setenv("PILOTDESK_DATABASE_URL", "postgresql+psycopg://user:password@host/x")
    monkeypatch.setattr("subprocess.run", run)
    looked(tmp_path, b"x")
    assert "PILOTDESK_DATABASE_URL" not in seen["env"]  # type: ignore[operator]
