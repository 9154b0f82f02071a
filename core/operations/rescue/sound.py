"""Whether the database that this machine is to serve is there and sound, asked before anything is opened for writing.

A file that is gone, cut, scribbled over or of somebody else keeps the house closed: opening it would make an empty one in
its place, or write into the damage. What SQLite can find is found: a lost end, pages that are none, a tree that is broken.
A changed letter inside a text it cannot know.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import ClassVar
from zipfile import ZipFile

from core.foundation.language import N_, translator
from core.foundation.troubles import DatabaseBusy, DatabaseUnreachable, Trouble, trouble_of
from core.operations.backup_file import BROKEN, DATABASE, MEGABYTE, facts_of
from core.operations.migrating import known_versions

log = logging.getLogger("pilotdesk")
# How long the start waits for the look at every page (measured: 260 MB a second); the rest is looked at beside the work.
LONGEST_LOOK = 2.0  # seconds
_STEPS = 1000  # of SQLite's machine between two looks at the clock
COMMAND = "python -m core.operations.rescue"


@dataclass(frozen=True)
class Good:
    """A backup that can be read to its end: its name, and when it was made (UTC)."""

    name: str
    made_at: datetime


@dataclass(eq=False)
class Closed(Trouble):
    """Why the house stays closed. `folder` is the workspace's, `newest` its newest good backup (None: there is none)."""

    folder: Path
    newest: Good | None = None
    message: ClassVar[str] = N_("PilotDesk stays closed.")

    def log_words(self) -> str:
        """For IT at the console, in both languages: what is wrong and the way back."""
        return "\n".join(self._told(language) for language in ("zh", "en"))

    def _told(self, language: str) -> str:
        _ = translator(language)
        lines = [_(self.message), _("It lies in: {folder}", folder=self.folder)]
        if self.newest is None:
            lines.append(_("There is no good backup beside it. Bring one from another machine."))
        else:
            made = f"{self.newest.made_at.astimezone():%Y-%m-%d %H:%M}"
            lines.append(_("The newest good backup: {name}, made {when}.", name=self.newest.name, when=made))
        lines.append(_("The way back: stop PilotDesk, run “{command}” in its folder.", command=COMMAND))
        return " ".join(lines)


@dataclass(eq=False)
class DatabaseMissing(Closed):
    message = N_(
        "The database of this department is missing. PilotDesk stays closed, so that nothing is put in its place."
    )


@dataclass(eq=False)
class DatabaseDamaged(Closed):
    message = N_(
        "The database of this department is damaged or cannot be read. PilotDesk stays closed, so that nothing is written "
        "into it."
    )


@dataclass(eq=False)
class DatabaseStrange(Closed):
    message = N_(
        "What lies in the place of the database holds no department. PilotDesk stays closed, so that nothing is written "
        "into it."
    )


@dataclass(eq=False)
class DatabaseNewer(Closed):
    message = N_(
        "The database was last used by a newer version of PilotDesk. Install that version; nothing is lost. Until then "
        "PilotDesk stays closed."
    )


def look(path: Path, folder: Path, marked: bool, *, to_the_end: bool = False) -> bool:
    """Look at a database file without writing; `marked` when this machine is known to serve it. Returns whether every page
    could be looked at in time, which is any time `to_the_end`. Refuses what `Closed` names, and `DatabaseUnreachable` for a
    file of which nothing can be said; an unmarked file may be missing or empty: it is begun here."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        if marked:
            raise DatabaseMissing(folder, newest_good(folder)) from None
        return True
    except OSError as error:
        raise DatabaseUnreachable from error
    if not size and not marked:
        return True
    try:
        return _looked(path, marked, to_the_end)
    except _Strange:
        raise DatabaseStrange(folder, newest_good(folder)) from None
    except _Newer:
        raise DatabaseNewer(folder, newest_good(folder)) from None
    except (sqlite3.DatabaseError, ValueError) as error:
        if trouble_of(error) in (DatabaseBusy, DatabaseUnreachable):
            raise  # another programme holds it whole for a moment, or nobody can say what is in it
        raise DatabaseDamaged(folder, newest_good(folder)) from error


def look_on(path: Path, found: Callable[[], None]) -> threading.Thread:
    """Look at every page beside the work; `found` is called when one is damaged."""

    def looking() -> None:
        try:
            with closing(_reader(path)) as connection:
                whole = _all_pages(connection)
        except sqlite3.OperationalError:
            return  # exchanged or locked meanwhile: whoever opens it next looks again
        except sqlite3.DatabaseError:
            whole = False
        if not whole:
            found()

    thread = threading.Thread(target=looking, name="pilotdesk-sound", daemon=True)
    thread.start()
    return thread


def newest_good(folder: Path) -> Good | None:
    """The newest backup whose database can be read to its end."""
    found = []
    for path in (folder / "backups").glob("pilotdesk-*.zip"):
        facts = facts_of(path)
        if facts is not None:
            found.append((facts.made_at, path))
    for made_at, path in sorted(found, reverse=True):
        if is_good(path):
            return Good(path.name, made_at)
    return None


def is_good(path: Path) -> bool:
    """Whether the database of a backup can be read to its end; of a sealed one as it is, without its passphrase."""
    try:
        seen = path.stat()
    except OSError:
        return False
    return _readable(path, seen.st_mtime_ns, seen.st_size)


# --- inner ------------------------------------------------------------------------------------------


class _Strange(ValueError):
    pass


class _Newer(ValueError):
    pass


def _looked(path: Path, marked: bool, to_the_end: bool) -> bool:
    _roll_back(path)
    with closing(_reader(path)) as connection:
        # The first read finds a file that is none, and one whose end is missing.
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables and not marked:
            return True
        if "alembic_version" not in tables or (marked and "house" not in tables):
            raise _Strange
        versions = {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
        if not versions <= known_versions():
            raise _Newer
        if marked and connection.execute("SELECT count(*) FROM house").fetchone() == (0,):
            raise _Strange
        until = time.monotonic() + LONGEST_LOOK
        if not to_the_end:
            connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            if not _all_pages(connection):
                raise sqlite3.DatabaseError("damaged")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
        return True


def _all_pages(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _roll_back(path: Path) -> None:
    """A deed that was cut off where SQLite keeps a journal and no log lies half in the file, and is no damage: SQLite takes it
    back when it may write."""
    if Path(f"{path}-journal").exists():
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _reader(path: Path) -> sqlite3.Connection:
    """Reads alone, and puts nothing beside the file: without a log nobody has it open, and no lock is needed either."""
    used = any(Path(f"{path}{more}").exists() for more in ("-wal", "-journal"))
    how = "mode=ro" if used else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, check_same_thread=False)


@lru_cache(maxsize=50)
def _readable(path: Path, *_version: int) -> bool:
    try:
        with ZipFile(path) as archive, archive.open(archive.getinfo(DATABASE)) as database:
            while database.read(MEGABYTE):
                pass  # the sum at its end is compared
        return True
    except (*BROKEN, OSError):
        return False
