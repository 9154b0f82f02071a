"""A backup is opened: one of the list for its database, or a whole archive that came from elsewhere, to become one of the
list. What comes is measured before anything of it is unpacked, checked whole, and leaves nothing when it is refused.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from core.foundation.database import Database
from core.foundation.errors import Refusal
from core.foundation.foreign import zips
from core.foundation.language import N_
from core.foundation.troubles import DiskFull, Trouble, trouble_of
from core.operations.backup_file import (
    BROKEN,
    DATABASE,
    FACTS,
    MEDIA,
    MEGABYTE,
    MOST_ENTRIES,
    NAMES,
    PICTURE,
    Facts,
    lock_of,
    publish,
    put,
    read_facts,
    read_names,
)
from core.operations.migrating import migrate
from core.operations.rescue import own_schema
from core.operations.rescue.sealing import Opener, opened

# What the house needs besides.
LEAST_FREE = 512 * MEGABYTE
# One line names a picture: 46 bytes and 75 of its name, and room for what a large file adds.
LONGEST_LIST = 200 * MOST_ENTRIES
# A database packs to a twentieth; what unpacks to more than this was made to fill a disk.
MOST_RATIO = 200


@dataclass(eq=False)
class BackupUnreadable(Refusal):
    name: str
    message = N_("“{name}” is not a complete PilotDesk backup. Nothing was changed.")


@dataclass(eq=False)
class BackupNewer(BackupUnreadable):
    message = N_(
        "“{name}” was made by a newer version of PilotDesk. Install that version here first. Nothing was changed."
    )


@dataclass(eq=False)
class BackupChanged(BackupUnreadable):
    what: str
    message = N_(
        "“{name}” holds something in its database that PilotDesk never makes, or lacks something it always makes ({what}). "
        "Somebody has changed it. Nothing was changed here; take another backup."
    )


@dataclass(eq=False)
class BackupUnfit(Trouble):
    """Known on the day it is made: this backup will be refused as `BackupChanged`."""

    name: str
    what: str
    message = N_(
        "The last backup cannot be restored. Somebody has changed the database: it holds something that PilotDesk never "
        "makes, or lacks something it always makes ({what}). Please ask IT to undo this, then back up again."
    )

    def log_words(self) -> str:
        return (
            f"the backup {self.name} cannot be restored: the schema of the database was changed ({self.what})"
        )


@dataclass(eq=False)
class BackupForeign(BackupUnreadable):
    message = N_(
        "“{name}” cannot be restored here: a backup of the demo fits the demo only, one of a department a department. "
        "Nothing was changed."
    )


@dataclass(eq=False)
class BackupWithoutPictures(BackupUnreadable):
    message = N_(
        "“{name}” holds the database without its pictures. On the other machine, take the file by “Download” on this page, "
        "not out of the folder. Nothing was changed."
    )


@dataclass(eq=False)
class BackupNoRoom(Refusal):
    megabytes: int
    free: int
    message = N_(
        "This needs {megabytes} MB on the disk and {free} MB are free. Make room first. Nothing was changed."
    )


def take_in(
    home: Path, path: Path, name: str, kind: str, by: str, zone: ZoneInfo, opener: Opener | None = None
) -> Path:
    """Make a whole archive at `path` one of our backups: measured, unpacked piece by piece, every picture compared with
    its name, the database checked. Refuses what is not whole, not ours or too large, and leaves nothing of it. A sealed one
    without its `opener` becomes one of the list as it is, when every sum in it is right: what it holds is seen later."""
    fresh: list[Path] = []
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with tempfile.TemporaryDirectory(dir=home, prefix=".making-") as room, _opened(path, name) as archive:
            facts, keys = _measured(archive, path, name, kind, home)
            if read_names(archive) is not None:
                raise BackupWithoutPictures(name)
            mine = Facts(facts.made_at, kind, by, sealed=facts.sealed, database_bytes=facts.database_bytes)
            if facts.sealed and opener is None:
                return _as_it_is(archive, home, Path(room), mine, zone)
            copy, checked = Path(room) / DATABASE, Path(room) / "checked.sqlite"
            _unpack_database(archive, facts, checked, opener)
            kept = {
                key: _take_picture(archive, key, home, fresh, opener if facts.sealed else None)
                for key in keys
            }
            with archive.open(DATABASE) as source, copy.open("wb") as out:
                shutil.copyfileobj(source, out, MEGABYTE)
            check_database(checked, name)
            return publish(home, Path(room), copy, kept, mine, zone)
    except BaseException as error:
        for each in fresh:
            each.unlink(missing_ok=True)
        said = _said(error, name)
        if said is error:
            raise
        raise said from error


def open_database(
    path: Path, name: str, kind: str, target: Path, opener: Opener | None = None
) -> tuple[Facts, list[str]]:
    """Unpack the database of a backup to `target`, checked and brought up to date; its facts and the keys of its
    pictures. The file in the list stays as it is. Refuses `PassphraseNeeded` and `PassphraseWrong`."""
    with _opened(path, name) as archive:
        facts, keys = _measured(archive, path, name, kind, target.parent)
        try:
            _unpack_database(archive, facts, target, opener)
            check_database(target, name)
        except (*BROKEN, OSError) as error:
            said = _said(error, name)
            if said is error:
                raise
            raise said from error
        return facts, keys


# --- inner ------------------------------------------------------------------------------------------


def _said(error: BaseException, name: str) -> BaseException:
    """What a fault in the middle means: a disk that is full here, or a file that is broken there."""
    if trouble_of(error) is DiskFull:
        return DiskFull()
    return BackupUnreadable(name) if isinstance(error, BROKEN) else error


def _opened(path: Path, name: str) -> zipfile.ZipFile:
    try:
        # The list of its entries is itself as long as somebody wanted, and would be read whole.
        with path.open("rb") as file:
            if zips.list_size(file) > LONGEST_LIST:
                raise BackupUnreadable(name)
        return zipfile.ZipFile(path)
    except (*BROKEN, OSError) as error:
        raise BackupUnreadable(name) from error


def _measured(
    archive: zipfile.ZipFile, path: Path, name: str, kind: str, room: Path
) -> tuple[Facts, list[str]]:
    """The facts and the keys of the pictures, after a look at what the archive says it holds: how many entries of which
    names, what they unpack to, and whether there is room for it. zipfile never yields more than the declared size."""
    entries = archive.infolist()
    named = [entry.filename for entry in entries]
    pictures = [one.removeprefix(MEDIA) for one in named if one not in (FACTS, NAMES, DATABASE)]
    unpacked, packed = sum(entry.file_size for entry in entries), path.stat().st_size
    sound = (
        len(named) <= MOST_ENTRIES
        and len(named) == len(set(named))
        and all(PICTURE.fullmatch(key) and MEDIA + key in archive.NameToInfo for key in pictures)
        and all(_is_plain(entry) for entry in entries)
        and unpacked <= MOST_RATIO * max(packed, MEGABYTE)
    )
    try:
        facts = read_facts(archive)
        names = read_names(archive)
        archive.getinfo(DATABASE)
    except (*BROKEN, OSError) as error:
        raise BackupUnreadable(name) from error
    if not sound or (names is not None and pictures):
        raise BackupUnreadable(name)
    if facts.kind != kind:
        raise BackupForeign(name)
    # The database lies there once more while it is checked.
    database = max(archive.getinfo(DATABASE).file_size, facts.database_bytes)
    if database > MOST_RATIO * max(packed, MEGABYTE):
        raise BackupUnreadable(name)
    needed, free = unpacked + database, shutil.disk_usage(room).free
    if needed > free - LEAST_FREE:
        raise BackupNoRoom(-(-needed // MEGABYTE), max(0, free - LEAST_FREE) // MEGABYTE)
    return facts, pictures if names is None else names


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    """An ordinary file, not locked, packed as we pack; no folder and no link to elsewhere."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return (
        not entry.is_dir()
        and kind in (0, stat.S_IFREG)
        and not entry.flag_bits & 1
        and entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    )


def _unpack_database(archive: zipfile.ZipFile, facts: Facts, target: Path, opener: Opener | None) -> None:
    with archive.open(DATABASE) as source, target.open("wb") as out:
        if not facts.sealed:
            shutil.copyfileobj(source, out, MEGABYTE)
            return
        unpacker, left = zlib.decompressobj(), facts.database_bytes
        for piece in opened(source, opener or Opener(""), DATABASE):
            while piece:
                data = unpacker.decompress(piece, MEGABYTE)
                left -= len(data)
                if left < 0:
                    raise ValueError("more than it says")
                out.write(data)
                piece = unpacker.unconsumed_tail
        if left or not unpacker.eof:
            raise ValueError("less than it says")


def _as_it_is(archive: zipfile.ZipFile, home: Path, room: Path, facts: Facts, zone: ZoneInfo) -> Path:
    """A sealed archive whole, with facts of its own; its sums are compared while it is copied."""
    draft = room / "draft.zip"
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as made:
        made.writestr(FACTS, facts.written())
        for name in archive.namelist():
            if name != FACTS:
                with archive.open(name) as source, made.open(name, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, MEGABYTE)
    with zipfile.ZipFile(draft) as made:
        lock_of(made)
    return put(home, draft, facts, zone)


def _take_picture(
    archive: zipfile.ZipFile, key: str, home: Path, fresh: list[Path], opener: Opener | None
) -> int:
    """A picture of an archive into the store, if it is what its name says; its size. What is new goes to `fresh`."""
    target, digest = home / MEDIA / key, hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out, archive.open(MEDIA + key) as source:
            pieces = (
                opened(source, opener, MEDIA + key) if opener else iter(lambda: source.read(MEGABYTE), b"")
            )
            for data in pieces:
                digest.update(data)
                out.write(data)
        if digest.hexdigest() != target.stem:
            raise ValueError("a picture that is another")
        if not target.exists():
            os.replace(part, target)
            fresh.append(target)
        return target.stat().st_size
    finally:
        Path(part).unlink(missing_ok=True)


def check_database(path: Path, name: str) -> None:
    """Ours in every word of its schema, sound, and of this version or an older one, which is brought up to date here and
    not in its place. Nothing of it is evaluated before it is known to be ours."""
    with closing(own_schema.opened_with_distrust(path)) as check:
        try:
            own_schema.check(check)
        except own_schema.SchemaNewer as error:
            raise BackupNewer(name) from error
        except own_schema.SchemaForeign as error:
            raise BackupChanged(name, error.name) from error
        if check.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise ValueError("damaged")
    copy = Database(f"sqlite:///{path}")
    try:
        migrate(copy)
        with copy.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        copy.dispose()
