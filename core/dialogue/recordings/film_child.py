"""The process that opens what phones sent: alone, poor and short-lived, because films are written by strangers.

    python -m core.dialogue.recordings.film_child look SOURCE TARGET      H.264 with AAC is copied, the rest asks to be converted
    python -m core.dialogue.recordings.film_child convert SOURCE TARGET   to H.264 720p with AAC
    python -m core.dialogue.recordings.film_child voice                   sound from stdin, M4A to stdout

It answers with one line of JSON: what was made, or {"refused": reason}. Only picture and sound cross: position,
camera and titles stay behind. It imports no room of core: what it does not know, a film cannot reach.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

import av

FILMS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
SOUNDS = FILMS + ",wav,mp3,ogg,aac,amr,caf,flac"
LONGEST_FILM = 180.0
LONGEST_VOICE = 120.0
# A phone stops a little after the second it shows.
GRACE = 2.0
WIDEST = 4096
MOST_PIXELS = 4096 * 2304
SMALLEST = 16
SCREEN = (1280, 720)
FASTEST = Fraction(1, 31)
MEMORY = 1_500_000_000
# Less than this part of what the film says of itself: its end is missing.
WHOLE = 0.8
PLAIN = ("yuv420p", "yuvj420p")
SOUND_RATE = 48_000
VOICE_RATE = 16_000
VOICE_BITS = 32_000
# Bytes set aside at the front of a voice message for its index, enough for two minutes.
INDEX = "32768"


class Refused(Exception):
    """Why this is not taken: empty, not_a_film, no_picture, no_sound, damaged, too_long, too_large."""


def look(source: str, target: str) -> dict[str, Any]:
    """Judge a film; copy what every phone plays, ask for the rest to be converted."""
    with _opened(source, FILMS) as film:
        facts = _facts(film)
        if not _plays_everywhere(film):
            return {"done": "convert", **facts}
        reached = _copy(film, target)
    return {"done": "copied", **facts, "seconds": _checked_end(reached, facts["seconds"])}


def convert(source: str, target: str) -> dict[str, Any]:
    """The film as H.264, at most 720p and 30 pictures a second, with AAC."""
    with _opened(source, FILMS) as film:
        facts = _facts(film)
        reached, width, height = _transcode(film, target)
    seconds = _checked_end(reached, facts["seconds"])
    return {"done": "converted", "seconds": seconds, "width": width, "height": height}


def voice(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Speech as M4A, one channel at 16 kHz."""
    out = io.BytesIO()
    with _opened(io.BytesIO(data), SOUNDS) as sound:
        if not sound.streams.audio:
            raise Refused("no_sound")
        with av.open(out, "w", format="mp4", options={"moov_size": INDEX}) as made:
            into = made.add_stream("aac", rate=VOICE_RATE, layout="mono", bit_rate=VOICE_BITS)
            reached = 0.0
            for frame in _resampled(sound, VOICE_RATE, "mono"):
                reached = float(frame.pts * frame.time_base) + frame.samples / VOICE_RATE
                if reached > LONGEST_VOICE + GRACE:
                    raise Refused("too_long")
                made.mux(into.encode(frame))
            made.mux(into.encode(None))
    if reached <= 0:
        raise Refused("damaged")
    return {"done": "converted", "seconds": reached}, out.getvalue()


def _opened(source: Any, formats: str) -> Any:
    """Only containers of the list are even tried: a text may name other files of this machine."""
    try:
        return av.open(source, options={"format_whitelist": formats}, metadata_errors="replace")
    except MemoryError:
        raise
    except Exception as error:  # a forged file may raise anything
        raise Refused("not_a_film") from error


def _facts(film: Any) -> dict[str, Any]:
    """Length (seconds, None where the film does not say) and size as it is shown, before anything is decoded."""
    if not film.streams.video:
        raise Refused("no_picture")
    stream = film.streams.video[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    if min(width, height) < SMALLEST:
        raise Refused("damaged")
    if max(width, height) > WIDEST or width * height > MOST_PIXELS:
        raise Refused("too_large")
    seconds = film.duration / av.time_base if film.duration and film.duration > 0 else None
    if seconds is not None and seconds > LONGEST_FILM + GRACE:
        raise Refused("too_long")
    return {"seconds": seconds, "width": width, "height": height}


def _plays_everywhere(film: Any) -> bool:
    picture, sound = film.streams.video[0].codec_context, film.streams.audio
    return (
        picture.name == "h264"
        and picture.pix_fmt in PLAIN
        and (not sound or sound[0].codec_context.name == "aac")
    )


def _copy(film: Any, target: str) -> float:
    """The same pictures and sound in a fresh MP4 that starts to play before all of it has come."""
    with av.open(target, "w", format="mp4", options={"movflags": "+faststart"}) as made:
        into = {
            stream.index: made.add_stream_from_template(stream)
            for stream in [film.streams.video[0], *film.streams.audio[:1]]
        }
        reached = 0.0
        for packet in film.demux([stream for stream in film.streams if stream.index in into]):
            if packet.dts is None:
                continue
            if packet.stream.type == "video" and packet.pts is not None:
                reached = max(reached, _within(packet))
            packet.stream = into[packet.stream.index]
            made.mux(packet)
    return reached


def _within(packet: Any) -> float:
    """Where a packet or frame ends, in seconds from the film's start."""
    start = packet.stream.start_time or 0
    end = float((packet.pts - start + (packet.duration or 0)) * packet.time_base)
    if end > LONGEST_FILM + GRACE:
        raise Refused("too_long")
    return end


def _transcode(film: Any, target: str) -> tuple[float, int, int]:
    shown = film.streams.video[0]
    shown.codec_context.thread_count = 1
    heard = film.streams.audio[0] if film.streams.audio else None
    streams = [shown] + ([heard] if heard else [])
    width, height = _fitted(shown.codec_context.width, shown.codec_context.height)
    with av.open(target, "w", format="mp4", options={"movflags": "+faststart"}) as made:
        picture = made.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "23"})
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        picture.codec_context.thread_count = 1
        picture.codec_context.time_base = shown.time_base
        sound = made.add_stream("aac", rate=SOUND_RATE, layout="stereo", bit_rate=96_000) if heard else None
        resampler = _resampler(SOUND_RATE, "stereo") if heard else None
        state = _Pictures(picture, made, float(shown.start_time or 0) * float(shown.time_base))
        # Sound that comes before the first picture waits: the turn of the picture is written with the first packet.
        waiting: list[Any] = []
        for packet in film.demux(streams):
            if packet.stream.type == "video":
                for frame in _decoded(packet):
                    state.take(frame)
            elif resampler is not None and sound is not None:
                for frame in _decoded(packet):
                    waiting += [each for each in resampler.resample(frame) if each.pts is not None]
                if state.begun:
                    for each in waiting:
                        made.mux(sound.encode(each))
                    waiting = []
        if not state.begun:
            raise Refused("damaged")
        if resampler is not None and sound is not None:
            for each in waiting + resampler.resample(None):
                made.mux(sound.encode(each))
            made.mux(sound.encode(None))
        made.mux(picture.encode(None))
    return state.reached, width, height


class _Pictures:
    """Frames on their way into the new film: turned as the first one says, at most 30 a second."""

    def __init__(self, stream: Any, made: Any, start: float) -> None:
        self.stream, self.made, self.start = stream, made, start
        self.begun, self.last, self.reached = False, None, 0.0

    def take(self, frame: Any) -> None:
        if frame.pts is None:
            return
        moment = frame.pts * frame.time_base
        self.reached = max(self.reached, float(moment + (frame.duration or 0) * frame.time_base) - self.start)
        if self.reached > LONGEST_FILM + GRACE:
            raise Refused("too_long")
        if self.last is not None and moment - self.last < FASTEST:
            return
        self.last = moment
        if not self.begun:
            self.begun = True
            if frame.rotation:
                self.stream.set_display_rotation(frame.rotation)
        pts, base = frame.pts, frame.time_base
        frame = frame.reformat(self.stream.width, self.stream.height, "yuv420p")
        frame.pts, frame.time_base, frame.pict_type = pts, base, 0
        self.made.mux(self.stream.encode(frame))


def _decoded(packet: Any) -> list[Any]:
    """A damaged piece costs its own pictures, not the film."""
    with suppress(av.error.InvalidDataError):
        return list(packet.decode())
    return []


def _resampler(rate: int, layout: str) -> Any:
    return av.AudioResampler(format="fltp", layout=layout, rate=rate, frame_size=1024)


def _resampled(container: Any, rate: int, layout: str) -> Iterator[Any]:
    resampler = _resampler(rate, layout)
    stream = container.streams.audio[0]
    stream.codec_context.thread_count = 1
    for packet in container.demux(stream):
        for frame in _decoded(packet):
            yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _fitted(width: int, height: int) -> tuple[int, int]:
    """The size inside 1280 × 720, upright or lying, never enlarged; even, as the codec wants it."""
    longest, shortest = SCREEN
    scale = min(1.0, longest / max(width, height), shortest / min(width, height))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _checked_end(reached: float, said: float | None) -> float:
    if reached <= 0 or (said is not None and reached < said * WHOLE):
        raise Refused("damaged")
    return round(reached, 2)


def limit(seconds: int) -> None:
    """Take what this process may not need: time, memory, other files, and its turn before others."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000_000, 600_000_000))
    with suppress(AttributeError, OSError):
        os.nice(15)


def main(arguments: list[str]) -> bytes:
    """One line of JSON, for a voice followed by its bytes."""
    work, seconds, *rest = arguments
    limit(int(seconds))
    av.logging.set_level(av.logging.PANIC)
    if work == "voice":
        data = sys.stdin.buffer.read()
        return _answer(lambda: voice(data), empty=not data)
    source, target = rest
    made: Callable[[str, str], dict[str, Any]] = convert if work == "convert" else look
    return _answer(lambda: (made(source, target), b""), empty=os.path.getsize(source) == 0)


def _answer(work: Callable[[], tuple[dict[str, Any], bytes]], *, empty: bool) -> bytes:
    try:
        if empty:
            raise Refused("empty")
        facts, data = work()
    except Refused as refused:
        facts, data = {"refused": str(refused)}, b""
    except MemoryError:
        facts, data = {"refused": "too_large"}, b""
    except Exception as error:  # a forged film may raise anything
        facts, data = {"refused": "damaged", "error": type(error).__name__}, b""
    return json.dumps(facts).encode() + b"\n" + data


if __name__ == "__main__":
    sys.stdout.buffer.write(main(sys.argv[1:]))
