"""Troubles of the machine under us: the database is busy, away or damaged, the disk takes nothing more.

Nobody asked for something wrong and nothing is a bug: people are told in words, what they typed stays, and as soon as the
trouble is over everything goes on by itself. IT is told in the log, of each kind once a minute.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolEmpty

from core.foundation.errors import Refusal
from core.foundation.language import N_

log = logging.getLogger("pilotdesk")
EVERY = 60.0  # seconds


@dataclass(eq=False)
class Trouble(Refusal):
    """`log_text` is what IT reads: without a value, and without a name."""

    log_text: ClassVar[str] = "the machine is in trouble"
    message = N_("This machine is in trouble. Nothing was stored. Please tell IT.")

    def log_words(self) -> str:
        return self.log_text


@dataclass(eq=False)
class DatabaseBusy(Trouble):
    log_text = "the database was kept busy for longer than a deed waits; nothing was stored"
    message = N_(
        "The database is busy just now. Nothing was stored and nothing is lost: what you entered is still here. Please "
        "press again in a moment."
    )


@dataclass(eq=False)
class DiskFull(Trouble):
    log_text = "the disk is full or takes no more; nothing was stored. Make room: it goes on by itself"
    message = N_(
        "The disk is full. Nothing was stored; what you entered is still here. Please tell IT to make room, then press "
        "again."
    )


@dataclass(eq=False)
class DatabaseAway(Trouble):
    log_text = "the database does not answer (PILOTDESK_DATABASE_URL); it is tried again by itself"
    message = N_(
        "The database does not answer just now. Please wait a moment and press again; it goes on by itself as soon as it "
        "answers. If it lasts, please tell IT."
    )


@dataclass(eq=False)
class DatabaseUnreachable(Trouble):
    log_text = (
        "the file of the database cannot be reached (a disk, a network drive or its permissions); it is tried again by "
        "itself, and nothing says that it is damaged: restore no backup for this"
    )
    message = N_(
        "The file of the database cannot be reached just now: a disk, a network drive, or a permission. It is not known to be "
        "damaged. It is tried again by itself; if it lasts, please tell IT."
    )


@dataclass(eq=False)
class DatabaseBroken(Trouble):
    log_text = (
        "the database is damaged: stop PilotDesk, then `python -m core.operations.rescue` says the way back"
    )
    message = N_(
        "The database is damaged. Nothing was stored. Please stop working here and tell IT: the way back is the last "
        "backup."
    )


# What SQLite says, by the first byte of its code (sqlite.org/rescode.html).
_SQLITE: dict[int, type[Trouble]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: DatabaseUnreachable,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreachable,
    sqlite3.SQLITE_READONLY: DatabaseUnreachable,
    sqlite3.SQLITE_PERM: DatabaseUnreachable,
    sqlite3.SQLITE_CORRUPT: DatabaseBroken,
    sqlite3.SQLITE_NOTADB: DatabaseBroken,
}
# A quota, or a limit on a file's size, comes as a failed write and not as a full disk.
_WRITING = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE}
# What PostgreSQL says (postgresql.org/docs/15/errcodes-appendix.html).
_POSTGRES: dict[str, type[Trouble]] = {
    "55P03": DatabaseBusy,  # lock_timeout
    "57014": DatabaseBusy,  # statement_timeout, or the administrator's own cancelling
    "40P01": DatabaseBusy,  # two waited for each other
    "53300": DatabaseBusy,  # too many connections
    "53100": DiskFull,
    "25006": DatabaseAway,  # a standby that only reads
    "25P03": DatabaseBusy,  # we were silent for too long in the middle of a deed
    "XX001": DatabaseBroken,
    "XX002": DatabaseBroken,
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_told: dict[type[Trouble], float] = {}
_guard = threading.Lock()


def trouble_of(error: BaseException) -> type[Trouble] | None:
    """Which trouble of the machine an error means; None for everything else."""
    if isinstance(error, PoolEmpty):
        return DatabaseBusy
    fault = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(fault, sqlite3.Error):
        code = getattr(fault, "sqlite_errorcode", 0)
        return DiskFull if code in _WRITING else _SQLITE.get(code & 0xFF)
    if isinstance(fault, psycopg.Error):
        state = fault.sqlstate or ""
        # Without a state the line itself broke; 08 is its class, 57P the server's going and coming, 28 and 3D a server
        # that does not let us in.
        gone = isinstance(fault, psycopg.OperationalError) and (
            not state or state.startswith(("08", "57P", "28", "3D"))
        )
        return _POSTGRES.get(state) or (DatabaseAway if gone else None)
    return DiskFull if isinstance(fault, OSError) and fault.errno in _NO_ROOM else None


@contextmanager
def told() -> Iterator[None]:
    """Within this block an error that is a trouble of the machine is raised as such, and IT is told."""
    try:
        yield
    except Trouble as met:
        note(met)
        raise
    except (DBAPIError, PoolEmpty, sqlite3.Error, psycopg.Error, OSError) as error:
        kind = trouble_of(error)
        if kind is None:
            raise
        trouble = kind()
        note(trouble)
        raise trouble from error


def note(trouble: Trouble) -> None:
    """A line in the log; of each kind one a minute."""
    kind, now = type(trouble), time.monotonic()
    with _guard:
        if now - _told.get(kind, -EVERY) < EVERY:
            return
        _told[kind] = now
    log.error("%s", trouble.log_words())
