"""Voice notes that every phone plays: WAV with one channel at 16 kHz, or M4A. Never WebM, which iPhones do not play.

What a browser's recorder gives is kept as it is; any other recording is made an M4A by the child process of
`film_making`, best before the deed, because a deed holds others up.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

from core.dialogue.recordings import film_making
from core.dialogue.recordings.film_child import GRACE, LONGEST_VOICE, VOICE_RATE
from core.foundation.errors import Refusal
from core.foundation.language import N_

MOST_BYTES = 25 * 1024 * 1024


@dataclass(eq=False)
class VoiceEmpty(Refusal):
    message = N_("Nothing was recorded. Please try again.")
    field = "voice"


@dataclass(eq=False)
class VoiceTooLong(Refusal):
    minutes: int = int(LONGEST_VOICE) // 60
    message = N_("A voice message is at most {minutes} minutes long. Please say it in two.")
    field = "voice"


@dataclass(eq=False)
class VoiceTooHeavy(Refusal):
    limit: int = MOST_BYTES // 1_048_576
    message = N_("This recording is larger than {limit} MB. Please record a shorter one.")
    field = "voice"


@dataclass(eq=False)
class VoiceUnreadable(Refusal):
    message = N_("This file holds no recording that can be played. Please record it again.")
    field = "voice"


@dataclass(frozen=True)
class Voice:
    """A recording every phone plays: its bytes, ".wav" or ".m4a", its length in seconds."""

    data: bytes
    suffix: str
    seconds: float


def voice_of(data: bytes) -> Voice:
    """The recording in `data`, playable everywhere. A few tenths of a second for anything but 16 kHz WAV: call it before
    the deed. Refuses what is empty, longer than 2 minutes, above 25 MB or no sound."""
    if not data:
        raise VoiceEmpty
    if len(data) > MOST_BYTES:
        raise VoiceTooHeavy
    return _plain(data) or _made(data)


def _plain(data: bytes) -> Voice | None:
    """WAV as it is wanted, written anew without what else the file held; None for anything else."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    try:
        with wave.open(io.BytesIO(data)) as read:
            if (read.getnchannels(), read.getsampwidth(), read.getframerate()) != (1, 2, VOICE_RATE):
                return None
            sound = read.readframes(int((LONGEST_VOICE + GRACE + 1) * VOICE_RATE))
    except (wave.Error, EOFError):
        return None
    seconds = len(sound) / 2 / VOICE_RATE
    if seconds > LONGEST_VOICE + GRACE:
        raise VoiceTooLong
    if not sound:
        raise VoiceEmpty
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(VOICE_RATE)
        written.writeframes(sound)
    return Voice(out.getvalue(), ".wav", round(seconds, 2))


def _made(data: bytes) -> Voice:
    facts, sound = film_making.make_voice(data)
    match facts.get("refused"):
        case None:
            return Voice(sound, ".m4a", round(float(facts["seconds"]), 2))
        case "too_long":
            raise VoiceTooLong
        case "empty":
            raise VoiceEmpty
    raise VoiceUnreadable
