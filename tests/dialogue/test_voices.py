"""Voice messages play on every phone, whatever they were recorded with."""

from __future__ import annotations

import io
import wave

import av
import pytest

from core.dialogue.recordings.voices import (
    MOST_BYTES,
    VoiceEmpty,
    VoiceTooHeavy,
    VoiceTooLong,
    VoiceUnreadable,
    voice_of,
)
from tests.dialogue.filming import spoken


def webm(seconds: float = 1.0) -> bytes:
    """What Chromium's own recorder makes."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as made, av.open(io.BytesIO(spoken(seconds, 48_000))) as read:
        stream = made.add_stream("libopus", rate=48_000, layout="mono")
        for frame in read.decode(audio=0):
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()


def test_what_the_page_records_is_kept_as_it_is_without_what_else_the_file_held() -> None:
    data = spoken(2.0)
    voice = voice_of(data + b"LIST\x04\0\0\0name")
    assert (voice.suffix, voice.seconds, voice.data) == (".wav", 2.0, data)


@pytest.mark.parametrize("data", [spoken(1.0, 48_000, 2), webm()], ids=["stereo", "webm"])
def test_any_other_recording_becomes_m4a_with_one_channel(data: bytes) -> None:
    voice = voice_of(data)
    assert voice.suffix == ".m4a" and voice.data[4:8] == b"ftyp"
    assert voice.seconds == pytest.approx(1.0, abs=0.2)
    with av.open(io.BytesIO(voice.data)) as made:
        stream = made.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("aac", 16_000, 1)
    # It starts to play before all of it has come.
    assert voice.data.index(b"moov") < voice.data.index(b"mdat")


def test_two_minutes_fit_and_more_is_refused() -> None:
    assert voice_of(spoken(120)).seconds == 120
    assert voice_of(spoken(120, 48_000)).suffix == ".m4a"
    for rate in (16_000, 48_000):
        with pytest.raises(VoiceTooLong):
            voice_of(spoken(124, rate))


@pytest.mark.parametrize(
    "data", [b"MZ" + bytes(500), b"ffconcat version 1.0\nfile a.mp4\n", b"RIFF\0\0\0\0WAVE", webm()[:60]]
)
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(VoiceUnreadable):
        voice_of(data)


def test_nothing_and_too_much_are_named() -> None:
    with pytest.raises(VoiceEmpty):
        voice_of(b"")
    with pytest.raises(VoiceEmpty):
        voice_of(spoken(0))
    with pytest.raises(VoiceTooHeavy):
        voice_of(bytes(MOST_BYTES + 1))


def test_the_header_says_what_is_inside() -> None:
    with wave.open(io.BytesIO(voice_of(spoken(1.0)).data)) as kept:
        assert (kept.getnchannels(), kept.getframerate(), kept.getnframes()) == (1, 16_000, 16_000)
