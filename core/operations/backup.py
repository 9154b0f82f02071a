"""Backups: the database as one consistent file with its media, zipped; restoring after a question.

`VACUUM INTO` copies a SQLite database while people work (measured: stepwise `backup(pages=…)` beside writers
never finished). A department on PostgreSQL is backed up with pg_dump by its administrator; README says how.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.foundation.access import Actor
from core.foundation.audit import declare
from core.foundation.clock import Clock
from core.foundation.database import Database
from core.foundation.doors import Desk, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.operations import workspaces

MADE = declare("backup.made", N_("Backup made"))
RESTORED = declare("backup.restored", N_("Backup restored"))
DATABASE, FACTS = "pilotdesk.sqlite", "backup.json"


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
    for path in sorted(_folder(kind).glob("pilotdesk-*.zip"), reverse=True):
        try:
            with zipfile.ZipFile(path) as archive:
                facts = json.loads(archive.read(FACTS))
        except (zipfile.BadZipFile, KeyError, ValueError):
            continue
        found.append(Backup(path.name, datetime.fromisoformat(facts["made_at"]), path.stat().st_size))
    return found


def back_up(kind: str, desk: Desk, actor: Actor) -> Backup:
    """Write a backup beside the workspace and say so in the audit trail. Refuses on PostgreSQL."""
    actor.require("backup")
    if not desk.database.is_sqlite:
        raise BackupElsewhere
    now = desk.clock.now()
    target = _folder(kind) / f"pilotdesk-{now:%Y%m%d-%H%M%S}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as room:
        copy = Path(room) / DATABASE
        source = sqlite3.connect(_database_file(desk.database))
        try:
            source.execute("VACUUM INTO ?", (str(copy),))
        finally:
            source.close()
        draft = Path(room) / "draft.zip"
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(FACTS, json.dumps({"made_at": now.isoformat(), "kind": kind}))
            archive.write(copy, DATABASE)
            media = workspaces.folder(kind) / "media"
            for path in sorted(p for p in media.rglob("*") if p.is_file()):
                archive.write(path, f"media/{path.relative_to(media)}", zipfile.ZIP_STORED)
        os.replace(draft, target)
    desk.do(actor, _note, what="made", name=target.name)
    return Backup(target.name, now, target.stat().st_size)


def content(kind: str, actor: Actor, name: str) -> bytes:
    """The backup file itself, to be carried to another machine. Refuses a name that is no backup here."""
    actor.require("backup")
    path = _folder(kind) / Path(name).name
    if path.name not in {one.name for one in backups(kind)}:
        raise BackupUnreadable(name)
    return path.read_bytes()


def restore(kind: str, desk: Desk, actor: Actor, name: str) -> Desk:
    """Put a backup in the place of the present data; what is there now is kept as a backup first.

    Returns the newly opened doors. Refuses an incomplete or foreign file before touching anything.
    """
    actor.require("backup")
    if not desk.database.is_sqlite:
        raise BackupElsewhere
    source = _folder(kind) / Path(name).name
    clock: Clock = desk.clock
    with tempfile.TemporaryDirectory(dir=_folder(kind)) as room:
        _unpack(source, Path(room), kind)
        back_up(kind, desk, actor)
        database = _database_file(desk.database)
        workspaces.forget(kind)
        desk.database.dispose()
        for stale in ("-wal", "-shm"):
            Path(str(database) + stale).unlink(missing_ok=True)  # or the restored file is corrupt
        os.replace(Path(room) / DATABASE, database)
        _put_media(Path(room) / "media", workspaces.folder(kind) / "media")
    opened = workspaces.desk(kind)
    opened.clock = clock
    opened.do(actor, _note, what="restored", name=source.name)
    return opened


@deed("backup")
def _note(stamp: Stamp, *, what: str, name: str) -> None:
    stamp.audit(MADE if what == "made" else RESTORED, ("backup", None), after={"name": name})


def _folder(kind: str) -> Path:
    return workspaces.folder(kind) / "backups"


def _database_file(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def _unpack(source: Path, room: Path, kind: str) -> None:
    """Unpack and check a backup beside the data; a bad one is refused here."""
    try:
        with zipfile.ZipFile(source) as archive:
            facts = json.loads(archive.read(FACTS))
            names = [n for n in archive.namelist() if n == DATABASE or n.startswith("media/")]
            if facts["kind"] != kind or DATABASE not in names or archive.testzip() is not None:
                raise BackupUnreadable(source.name)
            archive.extractall(room, names)
        check = sqlite3.connect(room / DATABASE)
        try:
            if check.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise BackupUnreadable(source.name)
        finally:
            check.close()
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, sqlite3.DatabaseError) as error:
        raise BackupUnreadable(source.name) from error


def _put_media(unpacked: Path, media: Path) -> None:
    """Media is content-addressed: adding what is missing is enough, nothing is overwritten."""
    if unpacked.exists():
        shutil.copytree(unpacked, media, dirs_exist_ok=True)
