"""The move itself: a snapshot of the SQLite file, brought up to date, carried table by table into an empty PostgreSQL
database in one transaction, read back and compared before anything counts.

The file it comes from is never written. Whatever goes wrong, the other database stays empty, and one begins again.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from sqlalchemy import Connection, String, Table, func, select, text
from sqlalchemy.exc import OperationalError

from core.foundation.database import TURN, Database
from core.foundation.errors import Refusal
from core.foundation.files import MediaStore
from core.foundation.language import N_
from core.operations import backup_file
from core.operations.backup_taking import LEAST_FREE, BackupNewer, BackupNoRoom, check_database
from core.operations.migrating import POSTGRES_LOCK, configuration
from core.operations.move.comparing import contents, guarded, occupied, sums
from core.operations.schema import count_on, metadata

AT_ONCE = 20_000
SCHEME = "postgresql+psycopg://"
NULL = "\x00"


@dataclass(eq=False)
class NoTarget(Refusal):
    message = N_(
        "PILOTDESK_DATABASE_URL does not name a PostgreSQL database. Set it to postgresql+psycopg://user:password@host/database "
        "and run this again. Nothing was changed."
    )


@dataclass(eq=False)
class NoSource(Refusal):
    file: str
    message = N_("There is no department in “{file}”. Name its SQLite file with --from. Nothing was changed.")


@dataclass(eq=False)
class SourceDamaged(Refusal):
    file: str
    message = N_(
        "“{file}” is damaged or no database of PilotDesk. Restore the newest backup first, then move. Nothing was changed."
    )


@dataclass(eq=False)
class SourceNewer(Refusal):
    file: str
    message = N_(
        "“{file}” was made by a newer version of PilotDesk. Install that version here first. Nothing was changed."
    )


@dataclass(eq=False)
class SourceInUse(Refusal):
    message = N_(
        "A programme has the SQLite file open, most likely PilotDesk itself. Stop it and run this again. Nothing was changed."
    )


@dataclass(eq=False)
class SourceChanged(Refusal):
    message = N_(
        "Somebody went on working in the SQLite file meanwhile. Stop PilotDesk and run this again. Nothing was changed."
    )


@dataclass(eq=False)
class TargetUnreachable(Refusal):
    message = N_(
        "The PostgreSQL database does not answer, or refuses this user. Check PILOTDESK_DATABASE_URL and run this again. "
        "Nothing was changed."
    )


@dataclass(eq=False)
class TargetOccupied(Refusal):
    table: str
    message = N_(
        "The PostgreSQL database is not empty: “{table}” is in it. Create an empty one and run this again. Nothing was changed."
    )


@dataclass(eq=False)
class DoesNotFit(Refusal):
    places: str
    message = N_(
        "PostgreSQL cannot hold what stands in {places}: too long, or with an unprintable character. Shorten it and run "
        "this again. Nothing was changed."
    )


@dataclass(eq=False)
class NotTaken(Refusal):
    table: str
    reason: str
    message = N_("PostgreSQL did not take “{table}” ({reason}). Nothing was changed.")


@dataclass(eq=False)
class NotEqual(Refusal):
    places: str
    message = N_("What arrived differs from what was sent: {places}. It was taken back, nothing was changed.")


@dataclass(frozen=True)
class Moved:
    """What was carried (rows by table, sums by name), which stored files it names, and which of these are missing.
    `older`: the schema of the file had to be brought up to date in the copy; `busy`: somebody wrote meanwhile."""

    rows: dict[str, int]
    sums: dict[str, int]
    files: int
    missing: list[str] = field(default_factory=list)
    older: bool = False
    busy: bool = False


Tell = Callable[[str, Any], object]


def move(
    source: Path, url: str | None, media: MediaStore, room: Path, *, rehearse: bool = False, tell: Tell
) -> Moved:
    """Carry the department in the SQLite file `source` to the PostgreSQL database at `url`; `room` is a folder for the
    snapshot. `rehearse` does everything and takes it back. `tell` hears of each step: "snapshot", "older", "table" with
    name, rows and place, "compare", "files".

    Refuses a target that is none, does not answer or is not empty, a source that is none, damaged, newer, open elsewhere or
    written to meanwhile, and whatever differs in the end.
    """
    if not url or not url.startswith(SCHEME):
        raise NoTarget
    if not source.is_file():
        raise NoSource(str(source))
    if not rehearse:
        _close_for_all(source)
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as held:
        before = _version(held, source)
        tell("snapshot", source.stat().st_size)
        with _snapshot(held, source, room) as copy, _opened(f"sqlite:///{copy}") as ours:
            newest = _version_of(ours, source)
            if newest != before[1]:
                tell("older", (before[1], newest))
            _refuse_misfits(ours)
            with _opened(url, TargetUnreachable()) as theirs, theirs.begin() as whole:
                _take(theirs)
                files = _carry(ours, theirs, tell)
                found = sums(theirs)
                missing = sorted(key for key in files if not media.exists(key))
                tell("files", (len(files), len(missing)))
                rows = {table.name: _count(ours, table) for table in metadata.sorted_tables}
                if rehearse:
                    whole.rollback()
                else:
                    with _held_still(source):
                        if _version(held, source) != before:
                            raise SourceChanged
                        whole.commit()
                busy = rehearse and _version(held, source) != before
    return Moved(rows, found, len(files), missing, newest != before[1], busy)


# --- the source -------------------------------------------------------------------------------------


def _version(held: sqlite3.Connection, source: Path) -> tuple[int, str]:
    """A number that changes when another connection writes, and the schema's revision."""
    try:
        changed = held.execute("PRAGMA data_version").fetchone()[0]
        revision = held.execute("SELECT version_num FROM alembic_version").fetchone()
        house = held.execute("SELECT count(*) FROM house").fetchone()
    except sqlite3.DatabaseError as error:
        raise SourceDamaged(str(source)) from error
    if revision is None or not house[0]:
        raise NoSource(str(source))
    return changed, revision[0]


def _close_for_all(source: Path) -> None:
    """Refuses while anybody has the file open: SQLite gives its journal up only for the last connection. What stays is one
    file without a second beside it, which is good to keep."""
    with closing(sqlite3.connect(source)) as link:
        try:
            [mode] = link.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise SourceInUse from error
        except sqlite3.DatabaseError as error:
            raise SourceDamaged(str(source)) from error
    if mode != "delete":
        raise SourceInUse


@contextmanager
def _held_still(source: Path) -> Iterator[None]:
    """Nobody writes in here: what came since the snapshot is seen, and nothing comes before the move counts."""
    with closing(sqlite3.connect(source, isolation_level=None)) as link:
        try:
            link.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise SourceChanged from error
        yield


@contextmanager
def _snapshot(held: sqlite3.Connection, source: Path, room: Path) -> Iterator[Path]:
    """A copy of the file in one step, whoever writes beside it, checked and at the newest schema."""
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    backup_file.clear(room)
    needed, free = 2 * source.stat().st_size, shutil.disk_usage(room).free - LEAST_FREE
    if needed > free:
        raise BackupNoRoom(-(-needed // backup_file.MEGABYTE), max(0, free) // backup_file.MEGABYTE)
    with tempfile.TemporaryDirectory(dir=room, prefix=".making-") as folder:
        copy = Path(folder) / backup_file.DATABASE
        try:
            with closing(sqlite3.connect(copy)) as target:
                held.backup(target)
            check_database(copy, source.name)
        except BackupNewer as error:
            raise SourceNewer(str(source)) from error
        except backup_file.BROKEN as error:
            raise SourceDamaged(str(source)) from error
        yield copy


def _version_of(ours: Connection, source: Path) -> str:
    if ours.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SourceDamaged(str(source))
    return str(ours.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _refuse_misfits(ours: Connection) -> None:
    """SQLite keeps texts of any length and with any character; PostgreSQL does not."""
    places = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, String):
                continue
            wrong = func.instr(column, NULL) > 0
            if column.type.length:
                wrong |= func.length(column) > column.type.length
            if ours.execute(select(text("1")).select_from(table).where(wrong).limit(1)).first():
                places.append(f"{table.name}.{column.name}")
    if places:
        raise DoesNotFit(", ".join(places))


# --- the target -------------------------------------------------------------------------------------


@contextmanager
def _opened(url: str, refusal: Refusal | None = None) -> Iterator[Connection]:
    database = Database(url)
    try:
        try:
            link = database.engine.connect()
        except OperationalError as error:
            raise refusal or error from error
        with link:
            yield link
    finally:
        database.dispose()


def _take(theirs: Connection) -> None:
    """The empty database is ours until the end of the transaction: no other move, no process that starts in it."""
    for limit in ("idle_in_transaction_session_timeout", "statement_timeout"):
        theirs.execute(text("SELECT set_config(:name, '0', true)"), {"name": limit})
    for lock in (POSTGRES_LOCK, TURN):
        theirs.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})
    if in_the_way := occupied(theirs):
        raise TargetOccupied(in_the_way)
    command.upgrade(configuration(theirs), "head")


def _carry(ours: Connection, theirs: Connection, tell: Tell) -> set[str]:
    """All rows, then the counters of ids; refuses when anything reads otherwise than it did. Returns the files named."""
    files: set[str] = set()
    differing = []
    for place, table in enumerate(metadata.sorted_tables, start=1):
        _carry_table(ours, theirs, table)
        sent, came = contents(ours, table), contents(theirs, table)
        files |= sent.files
        tell("table", (place, len(metadata.sorted_tables), table.name, came.rows))
        if not sent.same(came):
            differing.append(table.name)
    count_on(theirs)
    tell("compare", None)
    if sums(ours) != sums(theirs):
        differing.append("sums")
    differing += sorted(guarded(ours) ^ guarded(theirs))
    if differing:
        raise NotEqual(", ".join(differing))
    theirs.exec_driver_sql("ANALYZE")
    return files


def _carry_table(ours: Connection, theirs: Connection, table: Table) -> None:
    """The rows as the file has them: dates, numbers and JSON are texts that PostgreSQL reads the same way."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    source, target = ours.connection.driver_connection, theirs.connection.driver_connection
    assert source is not None and target is not None
    with closing(source.execute(f'SELECT {names} FROM "{table.name}"')) as rows:
        try:
            with target.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                while many := rows.fetchmany(AT_ONCE):
                    for row in many:
                        copy.write_row(row)
        except psycopg.Error as error:
            # The whole message would hold a patient's row.
            raise NotTaken(table.name, type(error).__name__) from None


def _count(link: Connection, table: Table) -> int:
    return int(link.execute(select(func.count()).select_from(table)).scalar() or 0)
