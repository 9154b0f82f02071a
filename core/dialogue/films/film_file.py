"""The file of a film that is coming: where it grows, how a piece is written into it, what of it is hashed."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.foundation.doors import Look
from core.foundation.errors import Refusal
from core.foundation.language import N_

MEGABYTE = 1024 * 1024
MOST_BYTES = 200 * MEGABYTE
LARGEST_PIECE = 4 * MEGABYTE


@dataclass(eq=False)
class FilmTooHeavy(Refusal):
    megabytes: int
    limit: int = MOST_BYTES // MEGABYTE
    message = N_("This film has {megabytes} MB; at most {limit} MB are taken. Please film a shorter one.")
    field = "film"


@dataclass(frozen=True)
class Turn:
    """The right to write into an upload from `at` on, until `until`. `stored`: all of this piece is here already."""

    recording_id: int
    path: Path
    at: int
    size: int
    until: datetime
    stored: bool = False


class Piece:
    """Bytes of one piece on their way into the file, from the turn's place on; used in worker threads."""

    def __init__(self, turn: Turn, most: int) -> None:
        self.most, self.written, self._digest = min(most, turn.size - turn.at), 0, hashlib.sha256()
        self._file = os.open(turn.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        os.lseek(self._file, turn.at, os.SEEK_SET)

    @property
    def hash(self) -> str:
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        """Refuses (`FilmTooHeavy`) what is more than was asked for."""
        if self.written + len(data) > self.most:
            raise too_heavy(self.written + len(data))
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self._digest.update(data)
        self.written += len(data)

    def close(self) -> None:
        """Safe on the disk before it is counted."""
        os.fsync(self._file)
        os.close(self._file)


def same(turn: Turn, data_hash: str, length: int) -> bool:
    """Whether a piece that came again is what lies here already."""
    return hash_of(turn.path, turn.at, length) == data_hash


def part_of(look: Look, recording_id: int) -> Path:
    """The file of a film that is still coming."""
    return look.media.spool / f"{recording_id}.part"


def whole_of(look: Look, recording_id: int) -> Path:
    """The file of a film that has come and is to be checked."""
    return look.media.spool / f"{recording_id}.film"


def sweep_files(look: Look, recording_id: int) -> None:
    """Remove what of a film lies in the spool folder."""
    for path in look.media.spool.glob(f"{recording_id}.*"):
        path.unlink(missing_ok=True)


def hash_of(path: Path, start: int, length: int) -> str:
    """The SHA-256 of a part of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (data := file.read(min(length, MEGABYTE))):
            digest.update(data)
            length -= len(data)
    return digest.hexdigest()


def too_heavy(size: int) -> FilmTooHeavy:
    """The refusal of a film of so many bytes."""
    return FilmTooHeavy(-(-size // MEGABYTE))
