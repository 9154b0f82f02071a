"""What a backup is on the disk: one small file with the database and the names of its pictures; the pictures and films
themselves lie once beside all of them, by their content, so that fourteen days do not keep a film fourteen times.

What leaves the house, and what comes from another machine (`backup_taking`), is one whole archive with everything in it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from core.foundation.files import FileMissing, MediaStore
from core.operations.rescue import own_schema
from core.operations.rescue.sealing import Lock, header_of, sealed

DATABASE, FACTS, NAMES, MEDIA = "pilotdesk.sqlite", "backup.json", "media.txt", "media/"
PICTURE = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.[a-z0-9]{1,8}")
MEGABYTE = 1024 * 1024
GIVEN_UP = 24 * 3600.0  # seconds
# More pictures than a large department keeps in ten years; each costs memory when the archive is opened.
MOST_ENTRIES = 1_000_000
_LONGEST_FACTS = MEGABYTE
_LONGEST_NAMES = 80 * MOST_ENTRIES
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError,
    sqlite3.DatabaseError, DBAPIError, CommandError,
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a backup says of itself. `by` is who made it: "hand", "daily", "before" (a restore) or "carried" (from
    another machine); `media` pictures and films of `media_bytes` belong to it. `sealed` when only a passphrase opens it:
    its database then unpacks to `database_bytes`. `foreign` names what its database holds or lacks beside ours, for which a
    restore refuses it."""

    made_at: datetime
    kind: str
    by: str = "hand"
    media: int = 0
    media_bytes: int = 0
    sealed: bool = False
    database_bytes: int = 0
    foreign: str = ""

    @classmethod
    def read(cls, data: bytes) -> Facts:
        """The facts of a backup of any version; a ValueError, TypeError or KeyError for what is none."""
        held = json.loads(data)
        made_at = datetime.fromisoformat(held["made_at"])
        if made_at.tzinfo is None:
            raise ValueError("an instant without its zone")
        return cls(
            made_at, str(held["kind"]), str(held.get("by", "hand")),
            int(held.get("media", 0)), int(held.get("media_bytes", 0)),
            bool(held.get("sealed", False)), int(held.get("database_bytes", 0)),
            str(held.get("foreign", "")),
        )  # fmt: skip

    def written(self) -> bytes:
        return json.dumps(asdict(self) | {"made_at": self.made_at.isoformat()}).encode()


def facts_of(path: Path) -> Facts | None:
    """The facts of a backup file, None for what is none. Every look at the list asks: a file is opened once."""
    try:
        seen = path.stat()
    except FileNotFoundError:
        return None
    return _facts_of(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=500)
def _facts_of(path: Path, *_version: int) -> Facts | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return read_facts(archive)
    except (*BROKEN, OSError):
        return None


def names_in(path: Path) -> set[str]:
    """The keys of the pictures that a backup keeps beside it; none for a whole archive, which holds its own."""
    with zipfile.ZipFile(path) as archive:
        return set(read_names(archive) or ())


# --- making -----------------------------------------------------------------------------------------


def write(
    home: Path, source: Path, media: MediaStore, facts: Facts, zone: ZoneInfo, without: Collection[str] = (),
    lock: Lock | None = None,
) -> Path:  # fmt: skip
    """A backup of the database file `source` and of all in `media` but `without`, in the folder `home`; people go on
    working. With a `lock` its database is sealed.

    `VACUUM INTO` copies a SQLite database in one step (measured: stepwise `backup(pages=…)` beside writers never
    finished)."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home, prefix=".making-") as room:
        copy = Path(room) / DATABASE
        connection = sqlite3.connect(source)
        try:
            connection.execute("VACUUM INTO ?", (str(copy),))
        finally:
            connection.close()
        # It is kept all the same, and said on the day it is made: at a restore it is too late to hear of it.
        facts = replace(facts, foreign=own_schema.foreign_in(copy))
        # After the database: a picture that is still missing here is one no copied record speaks of.
        kept = {key: size for key, size in keep_media(home, media).items() if key not in without}
        if lock is not None:
            facts = replace(facts, sealed=True, database_bytes=copy.stat().st_size)
            shut = Path(room) / "sealed"
            with copy.open("rb") as plain, shut.open("wb") as out:
                out.writelines(sealed(lock, Deflated(plain), DATABASE))
            copy = shut
        return publish(home, Path(room), copy, kept, facts, zone)


def keep_media(home: Path, media: MediaStore) -> dict[str, int]:
    """See that every picture and film lies in the backups' own store; their sizes by key. On the same disk a file gets a
    second name and takes no second room: stored files are never written again, only removed."""
    kept = {}
    for key in sorted(media.keys()):
        target = home / MEDIA / key
        if not target.exists():
            try:
                _put(media.local_path(key), target)
            except FileMissing:
                continue  # somebody has just removed it, with the record that named it
        kept[key] = target.stat().st_size
    return kept


def bring_media(home: Path, media: MediaStore, keys: Iterable[str]) -> set[str]:
    """Put the pictures of a backup back where they are used; returns those that were not there. One that is lost or
    damaged stays away (`missing_media` counts them before)."""
    brought = set()
    for key in keys:
        source = home / MEDIA / key
        if media.exists(key) or not source.exists():
            continue
        found = media.put_file(source, Path(key).suffix)
        if found == key:
            brought.add(key)
        else:
            media.delete(found)  # what it is now, nobody knows
    return brought


def missing_media(home: Path, media: MediaStore, keys: Iterable[str]) -> int:
    """How many pictures of a backup lie neither with it nor where they are used."""
    return sum(not (home / MEDIA / key).exists() and not media.exists(key) for key in keys)


def sweep(home: Path) -> None:
    """Remove from the backups' store what no backup speaks of any more."""
    held: set[str] = set()
    for path in home.glob("pilotdesk-*.zip"):
        if not path.stat().st_size:
            continue  # a name that was reserved where the machine stopped
        if facts_of(path) is None:
            return  # a file that cannot be read may need any of them
        held |= names_in(path)
    for each in (home / MEDIA).glob("??/*"):
        if each.relative_to(home / MEDIA).as_posix() not in held:
            each.unlink(missing_ok=True)


def clear(home: Path) -> None:
    """Remove what was left half done where the machine stopped, or where somebody went away, a day ago or earlier."""
    for path in [*home.glob(".making-*"), *home.glob(".arriving-*")]:
        if time.time() - path.stat().st_mtime < GIVEN_UP:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def is_whole(path: Path) -> bool:
    """Whether a backup holds its pictures itself: one from another machine, or of an earlier version."""
    with zipfile.ZipFile(path) as archive:
        return NAMES not in archive.namelist()


# --- leaving ----------------------------------------------------------------------------------------


class Deflated:
    """What a file holds, packed: sealed bytes cannot be packed any more."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._packer, self._held = source, zlib.compressobj(1), b""

    def read(self, size: int = -1, /) -> bytes:
        while not self._held and self._packer is not None:
            data = self._source.read(MEGABYTE)
            self._held = self._packer.compress(data) if data else self._packer.flush()
            if not data:
                self._packer = None  # type: ignore[assignment]
        part, self._held = self._held[:size], self._held[size:]
        return part


class _Stream:
    """Where a zip is written that nobody keeps: what was written is taken and sent on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        return

    def take(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def whole(home: Path, path: Path) -> Iterator[bytes]:
    """A backup as one complete archive, piece by piece: nothing of it is put together on the disk or in memory. Of a
    sealed one every picture is sealed for the same passphrase on its way out."""
    if is_whole(path):
        with path.open("rb") as file:
            while data := file.read(MEGABYTE):
                yield data
        return
    out = _Stream()
    with zipfile.ZipFile(path) as kept, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        archive.writestr(FACTS, kept.read(FACTS))
        lock = lock_of(kept)
        with kept.open(DATABASE) as database:
            how = zipfile.ZIP_STORED if lock else zipfile.ZIP_DEFLATED
            yield from _added(archive, out, DATABASE, _pieces(database), how)
        for key in read_names(kept) or ():
            try:
                picture = (home / MEDIA / key).open("rb")
            except FileNotFoundError:
                continue  # said on the page before the restore
            with picture:
                pieces = sealed(lock, picture, MEDIA + key) if lock else _pieces(picture)
                yield from _added(archive, out, MEDIA + key, pieces, zipfile.ZIP_STORED)
    yield out.take()


def lock_of(archive: zipfile.ZipFile) -> Lock | None:
    """Whom a sealed backup is sealed for; None for one in the open."""
    if not read_facts(archive).sealed:
        return None
    with archive.open(DATABASE) as database:
        return header_of(database)[0]


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while data := source.read(MEGABYTE):
        yield data


def _added(
    archive: zipfile.ZipFile, out: _Stream, name: str, pieces: Iterable[bytes], how: int
) -> Iterator[bytes]:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = how
    entry.external_attr = 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as target:
        for data in pieces:
            target.write(data)
            yield out.take()


# --- inner ------------------------------------------------------------------------------------------


def publish(home: Path, room: Path, copy: Path, kept: dict[str, int], facts: Facts, zone: ZoneInfo) -> Path:
    """The backup file under a name in the house's time, whole or not at all. `copy` is its database, sealed already where
    the facts say so."""
    draft = room / "draft.zip"
    facts = replace(facts, media=len(kept), media_bytes=sum(kept.values()))
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(FACTS, facts.written())
        archive.write(copy, DATABASE, zipfile.ZIP_STORED if facts.sealed else zipfile.ZIP_DEFLATED)
        archive.writestr(NAMES, "\n".join(sorted(kept)))
    return put(home, draft, facts, zone)


def put(home: Path, draft: Path, facts: Facts, zone: ZoneInfo) -> Path:
    """A finished file of the list, under a name of its own."""
    target = _reserved(home, f"pilotdesk-{facts.made_at.astimezone(zone):%Y%m%d-%H%M%S}")
    os.replace(draft, target)
    return target


def _reserved(home: Path, stem: str) -> Path:
    """A name nobody has: two backups of one second must not overwrite each other."""
    for number in count(1):
        path = home / (f"{stem}.zip" if number == 1 else f"{stem}-{number}.zip")
        try:
            path.touch(exist_ok=False, mode=0o600)
        except FileExistsError:
            continue
        return path
    raise AssertionError


def _put(source: Path, target: Path) -> None:
    """Give a stored file a second name; on another disk, copy it whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(source, target)
        return
    except FileExistsError:
        return
    except FileNotFoundError as error:
        raise FileMissing(target.name) from error
    except OSError:
        pass  # another disk, or one that knows no second names
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    os.close(handle)
    try:
        shutil.copyfile(source, part)
        os.replace(part, target)
    finally:
        Path(part).unlink(missing_ok=True)


def read_facts(archive: zipfile.ZipFile) -> Facts:
    if archive.getinfo(FACTS).file_size > _LONGEST_FACTS:
        raise ValueError("facts too long")
    return Facts.read(archive.read(FACTS))


def read_names(archive: zipfile.ZipFile) -> list[str] | None:
    """The keys that a file of the list names; None for a whole archive."""
    if NAMES not in archive.NameToInfo:
        return None
    if archive.getinfo(NAMES).file_size > _LONGEST_NAMES:
        raise ValueError("names too long")
    keys = archive.read(NAMES).decode("ascii").split()
    if not all(PICTURE.fullmatch(key) for key in keys):
        raise ValueError("a name that is none")
    return keys
