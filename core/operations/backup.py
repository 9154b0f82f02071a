"""Backups: the database as one consistent file with its media, zipped; restoring after a question.

`VACUUM INTO` copies a SQLite database while people work (measured: stepwise `backup(pages=…)` beside writers
never finished). A department on PostgreSQL is backed up with pg_dump by its administrator; README says how.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from core.dialogue.telling import place
from core.foundation.access import Actor
from core.foundation.audit import declare
from core.foundation.clock import Clock
from core.foundation.database import Database
from core.foundation.doors import Desk, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.files import FileMissing
from core.foundation.language import N_
from core.operations import workspaces
from core.operations.migrating import migrate

MADE = declare("backup.made", N_("Backup made"))
RESTORED = declare("backup.restored", N_("Backup restored"))
CARRIED = declare("backup.downloaded", N_("Backup downloaded"))
NOTED = {"made": MADE, "restored": RESTORED, "downloaded": CARRIED}
DATABASE, FACTS, MEDIA = workspaces.DATABASE, "backup.json", "media/"
PICTURE = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.[a-z0-9]{1,8}")


@dataclass(eq=False)
class BackupElsewhere(Refusal):
    message = N_("This department's database is PostgreSQL. Back it up with pg_dump; the README says how.")


@dataclass(eq=False)
class BackupUnreadable(Refusal):
    name: str
    message = N_("“{name}” is not a complete PilotDesk backup. Nothing was changed.")


@dataclass(frozen=True)
class Backup:
    """A backup file: its name, when it was made (UTC) and its size in bytes."""

    name: str
    made_at: datetime
    size: int


def backups(kind: str) -> list[Backup]:
    """The backups at hand, newest first."""
    found = []
    for path in _folder(kind).glob("pilotdesk-*.zip"):
        try:
            with zipfile.ZipFile(path) as archive:
                facts = json.loads(archive.read(FACTS))
            made_at = datetime.fromisoformat(facts["made_at"])
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
            continue
        found.append(Backup(path.name, made_at, path.stat().st_size))
    return sorted(found, key=lambda one: (one.made_at, len(one.name), one.name), reverse=True)


def back_up(kind: str, desk: Desk, actor: Actor) -> Backup:
    """Write a backup beside the workspace and say so in the audit trail. Refuses on PostgreSQL."""
    actor.require("backup")
    if not desk.database.is_sqlite:
        raise BackupElsewhere
    made = _write(kind, desk)
    desk.do(actor, _note, what="made", name=made.name)
    return made


def _write(kind: str, desk: Desk) -> Backup:
    now = desk.clock.now()
    home = _folder(kind)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as room:
        copy, draft = Path(room) / DATABASE, Path(room) / "draft.zip"
        source = sqlite3.connect(_database_file(desk.database))
        try:
            source.execute("VACUUM INTO ?", (str(copy),))
        finally:
            source.close()
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(FACTS, json.dumps({"made_at": now.isoformat(), "kind": kind}))
            archive.write(copy, DATABASE)
            # After the database: a picture that is still missing here is one no copied record speaks of.
            for key in sorted(desk.media.keys()):
                _add_picture(archive, desk, key)
        target = _reserved(home, f"pilotdesk-{now:%Y%m%d-%H%M%S}")
        os.replace(draft, target)
    return Backup(target.name, now, target.stat().st_size)


def _add_picture(archive: zipfile.ZipFile, desk: Desk, key: str) -> None:
    try:
        archive.write(desk.media.local_path(key), MEDIA + key, zipfile.ZIP_STORED)
    except FileMissing:
        # Somebody has just removed it, with the record that named it.
        return


def _reserved(home: Path, stem: str) -> Path:
    """A name nobody has: two backups of one second must not overwrite each other."""
    for number in count(1):
        path = home / (f"{stem}.zip" if number == 1 else f"{stem}-{number}.zip")
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            continue
        return path
    raise AssertionError


def content(kind: str, desk: Desk, actor: Actor, name: str) -> bytes:
    """The backup file itself, to be carried to another machine, which the audit trail remembers. Refuses a name that
    is no backup here."""
    actor.require("backup")
    path = _folder(kind) / Path(name).name
    if path.name not in {one.name for one in backups(kind)}:
        raise BackupUnreadable(name)
    desk.do(actor, _note, what="downloaded", name=path.name)
    return path.read_bytes()


def restore(kind: str, desk: Desk, actor: Actor, name: str) -> Desk:
    """Put a backup in the place of the present data; what is there now is kept as a backup first.

    Returns the newly opened doors. Refuses an incomplete or foreign file, one that was changed, and one of a newer
    version of the programme, before touching anything. Other processes serving the same folder (phones alone)
    are restarted by hand afterwards.
    """
    actor.require("backup")
    if not desk.database.is_sqlite:
        raise BackupElsewhere
    source = _folder(kind) / Path(name).name
    clock: Clock = desk.clock
    with tempfile.TemporaryDirectory(dir=workspaces.folder(kind)) as folder:
        room = Path(folder)
        keys = _unpack(source, room, kind)
        _write(kind, desk)
        for key in keys:
            desk.media.put_file(room / MEDIA / key, Path(key).suffix)
        database = _database_file(desk.database)
        with workspaces.closed(kind):
            desk.database.dispose()
            for stale in ("-wal", "-shm"):
                Path(str(database) + stale).unlink(missing_ok=True)  # or the restored file is corrupt
            os.replace(room / DATABASE, database)
    opened = workspaces.desk(kind)
    opened.clock = clock
    for extra in set(opened.media.keys()) - set(keys):
        # No restored record speaks of it; the backup just made still holds it.
        opened.media.delete(extra)
    opened.do(actor, _note, what="restored", name=source.name)
    return opened


@deed("backup")
def _note(stamp: Stamp, *, what: str, name: str) -> None:
    if what == "restored":
        place.forget_place(stamp)
    stamp.audit(NOTED[what], ("backup", None), after={"name": name})


def _folder(kind: str) -> Path:
    return workspaces.folder(kind) / "backups"


def _database_file(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def _unpack(source: Path, room: Path, kind: str) -> list[str]:
    """Unpack and check a backup beside the data; the keys of its pictures. A bad one is refused here."""
    try:
        with zipfile.ZipFile(source) as archive:
            facts = json.loads(archive.read(FACTS))
            names = [name for name in archive.namelist() if name != FACTS]
            keys = [name.removeprefix(MEDIA) for name in names if name != DATABASE]
            if facts["kind"] != kind or names.count(DATABASE) != 1 or not all(map(_is_key, keys)):
                raise BackupUnreadable(source.name)
            archive.extractall(room, names)
        for key in keys:
            with (room / MEDIA / key).open("rb") as handle:
                if hashlib.file_digest(handle, "sha256").hexdigest() != Path(key).stem:
                    raise BackupUnreadable(source.name)
        _check_database(room / DATABASE)
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
        raise BackupUnreadable(source.name) from error
    except (sqlite3.DatabaseError, DBAPIError, CommandError) as error:
        raise BackupUnreadable(source.name) from error
    return keys


def _is_key(name: str) -> bool:
    """The one shape of name a picture has; anything else may want to climb out of the folder."""
    return PICTURE.fullmatch(name) is not None


def _check_database(path: Path) -> None:
    """Sound, ours, and of this version or an older one, which is brought up to date here and not in its place."""
    check = sqlite3.connect(path)
    try:
        if check.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise ValueError("damaged")
        if check.execute("SELECT count(*) FROM alembic_version").fetchone()[0] != 1:
            raise ValueError("no PilotDesk database")
    finally:
        check.close()
    copy = Database(f"sqlite:///{path}")
    try:
        migrate(copy)
        with copy.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        copy.dispose()
