"""The way back where nobody can sign in: a backup in the place of a database that is damaged or gone, by whoever may run
a command on this machine. What lay there is put aside under another name; nothing is deleted."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import is_zipfile

from sqlalchemy import func, select

from core.foundation.access import SYSTEM
from core.foundation.clock import SystemClock
from core.foundation.database import Database
from core.foundation.errors import Refusal
from core.foundation.files import ARRIVING, MediaStore
from core.foundation.house import FIRST_ZONE, read_house
from core.foundation.language import N_
from core.foundation.settings import settings
from core.foundation.troubles import told
from core.operations import backup, backup_file, backup_taking, workspaces
from core.operations.backup_taking import BackupUnreadable
from core.operations.rescue import sound
from core.operations.rescue.sealing import Opener
from core.people.tables import PatientRow

KIND = "department"
# The bytes on which every reader of a SQLite file holds a lock (sqlite.org/fileformat.html, "the lock-byte page").
_SHARED_FIRST, _SHARED_SIZE = 0x40000000 + 2, 510


@dataclass(eq=False)
class StillSound(Refusal):
    message = N_(
        "The present database is sound. Sign in as an administrator and restore on the page “Backups”: it keeps a copy of "
        "what is there first. Nothing was changed."
    )


@dataclass(eq=False)
class StillServed(Refusal):
    message = N_(
        "A programme has the database open, most likely PilotDesk itself. Stop it and run this again. Nothing was changed."
    )


@dataclass(eq=False)
class NoBackup(Refusal):
    name: str
    message = N_("There is no backup “{name}” here. Nothing was changed.")


@dataclass(frozen=True)
class Held:
    """What a backup holds: whose it is, when it was made (UTC), how many patients, how many of its pictures are lost."""

    name: str
    made_at: datetime
    hospital: str
    department: str
    patients: int
    missing: int


@dataclass
class Ready:
    """A backup that was checked and lies unpacked beside the place it is meant for."""

    held: Held
    database: Path
    keys: list[str]


def trouble() -> sound.Closed | None:
    """Why the department of this machine stays closed; None when its database is sound in every page, however long the look
    takes. Refuses on PostgreSQL, and `DatabaseUnreachable`."""
    try:
        with told():
            sound.look(_place(), workspaces.folder(KIND), marked=True, to_the_end=True)
    except sound.Closed as closed:
        return closed
    return None


def backups() -> list[tuple[backup.Backup, bool]]:
    """The backups at hand, newest first, and whether each can be read to its end."""
    home = workspaces.folder(KIND) / "backups"
    return [(one, sound.is_good(home / one.name)) for one in backup.backups(KIND)]


@contextmanager
def made_ready(what: str, passphrase: str) -> Iterator[Ready]:
    """A backup, by its name in the list or as a file from elsewhere, checked as on the page. Refuses `StillSound`,
    `NoBackup`, and what a restore refuses."""
    if trouble() is None:
        raise StillSound
    home = workspaces.folder(KIND) / "backups"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    opener = Opener(passphrase)
    with told(), tempfile.TemporaryDirectory(dir=home, prefix=".making-") as room:
        path = _in_the_list(home, what, opener)
        target = Path(room) / workspaces.DATABASE
        facts, keys = backup_taking.open_database(path, path.name, KIND, target, opener)
        yield Ready(_held(path.name, facts.made_at, target, home, keys), target, keys)


def put_back(ready: Ready) -> Path | None:
    """Put it in place, its pictures too; returns where the file that lay there is now, None where there was none. Refuses
    `StillServed` while another process has it open."""
    place, aside = _place(), None
    with workspaces.closed(KIND), _let_go_by_all(place):
        if place.exists():
            aside = _aside(place)
        for more in ("-wal", "-shm"):
            Path(f"{place}{more}").unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(ready.database, place)
    backup_file.bring_media(workspaces.folder(KIND) / "backups", _media(), ready.keys)
    workspaces.activate(KIND)
    workspaces.desk(KIND).do(SYSTEM, backup.note, what="restored", name=ready.held.name)
    workspaces.forget(KIND)
    return aside


# --- inner ------------------------------------------------------------------------------------------


def _place() -> Path:
    path = workspaces.sqlite_file(KIND)
    if path is None:
        raise backup.BackupElsewhere
    return path


def _in_the_list(home: Path, what: str, opener: Opener) -> Path:
    """The backup as one of the list: it may be one by name, a whole file in the folder, or a whole file elsewhere."""
    listed, file = home / Path(what).name, Path(what)
    inside = listed.exists() and file.parent in (Path(), home)
    path = listed if inside else file
    if not path.is_file():
        raise NoBackup(Path(what).name)
    if not is_zipfile(path):
        raise BackupUnreadable(path.name)
    if inside and not backup_file.is_whole(path):
        return path
    by = "hand" if inside else "carried"
    # The department's own zone is inside: its name goes by the first one we know.
    taken = backup_taking.take_in(home, path, path.name, KIND, by, FIRST_ZONE, opener)
    if inside:
        os.replace(taken, path)
        return path
    return taken


def _held(name: str, made_at: datetime, target: Path, home: Path, keys: list[str]) -> Held:
    database = Database(f"sqlite:///{target}")
    try:
        with database.reading() as session:
            house = read_house(session)
            count = select(func.count()).where(PatientRow.erased_at.is_(None))
            return Held(
                name, made_at, house.hospital if house else "", house.department if house else "",
                session.scalar(count) or 0, backup_file.missing_media(home, _media(), keys),
            )  # fmt: skip
    finally:
        database.dispose()


@contextmanager
def _let_go_by_all(place: Path) -> Iterator[None]:
    """Nobody has the file open, and nobody opens it in here. Asked of the locks alone, as SQLite sets them (a shared one for
    as long as a connection to a file with a log lives): a file that may be damaged is not written to."""
    if sys.platform == "win32" or not place.exists():
        yield  # Windows itself lets nobody exchange a file that is open
        return
    import fcntl

    with place.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError as error:
            raise StillServed from error
        yield


def _media() -> MediaStore:
    home = workspaces.folder(KIND)
    return MediaStore(settings().media_url or str(home / "media"), home / ARRIVING)


def _aside(place: Path) -> Path:
    """The damaged file under another name, with its log, which may hold the last minutes."""
    stamp = f"{SystemClock().now().astimezone(UTC):%Y%m%d-%H%M%S}"
    aside = place.with_name(f"{place.stem}.damaged-{stamp}")
    for more in ("", "-wal"):
        found = Path(f"{place}{more}")
        if found.exists():
            shutil.move(found, Path(f"{aside}{more}"))
    return aside
