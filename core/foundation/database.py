"""The database: one schema for SQLite and PostgreSQL, and the two kinds of session.

Deeds are done one after the other, on both engines: what a deed has counted is still true when it writes, whatever
the rule counts, and no two deeds ever wait for each other. SQLite has BEGIN IMMEDIATE for it (measured: plain
transactions oversold the last voucher in 60 of 60 races), PostgreSQL an advisory lock before the first read. Questions
take neither, or dashboards would hold up the deeds.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core.foundation.errors import Refusal
from core.foundation.fast.late_session import LateSession
from core.foundation.fast.turn import Turn
from core.foundation.language import N_
from core.foundation.troubles import DatabaseBusy, told

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Whoever writes on PostgreSQL has this lock until the commit. Waiting ends as SQLite's does; a writer whose machine
# vanished in the middle, of which the server may hear nothing for hours, loses its turn after a minute of silence.
TURN = 7_306_014
LONGEST_WAIT = 30  # seconds, until a deed gives up: `DatabaseBusy`
LONGEST_SILENCE = 60
_TAKE_TURN = (
    "SELECT set_config('lock_timeout', '{wait}ms', true),"
    f" set_config('idle_in_transaction_session_timeout', '{LONGEST_SILENCE}s', true),"
    f" pg_advisory_xact_lock({TURN})"
)

# A server that vanished without a word is given up within a minute: everybody waits behind the writer who waits for it.
_POSTGRES_LINE = {
    "connect_timeout": 10, "keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}  # fmt: skip

BigId = BigInteger().with_variant(Integer, "sqlite")
Document = JSON().with_variant(JSONB, "postgresql")


@dataclass(eq=False)
class DataReplaced(Refusal):
    message = N_("The data was just restored from a backup. Nothing was saved: please open the page again.")


class Instant(TypeDecorator[datetime]):
    """A timezone-aware UTC instant, stored without its zone on both engines."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must carry its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Database:
    """An engine with its reading and writing sessions. Both refuse with a `Trouble` when the machine under them fails."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._path = url.removeprefix("sqlite:///")
        self._file: int | None = None  # the number of the file that was opened first, on SQLite
        if self.is_sqlite:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
            self.engine = create_engine(
                url, connect_args={"timeout": LONGEST_WAIT, "check_same_thread": False}, hide_parameters=True
            )
            _prepare_sqlite(self.engine, self._note_file)
        else:
            self.engine = create_engine(
                url, pool_size=10, max_overflow=20, pool_pre_ping=True, hide_parameters=True,
                connect_args=_POSTGRES_LINE,
            )  # fmt: skip
            _prepare_postgres(self.engine)
        self._writer = self.engine.execution_options(immediate=True)
        # Waiting here is fairer than in SQLite's busy handler: the worst wait of 8 threads fell from 2,033 to 66 ms. On
        # PostgreSQL whoever waits here keeps no connection from those who read.
        self._turn = Turn()
        self._replaced = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with told(), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back when anything is raised. Refuses `DataReplaced` when another
        file lies in the place of ours: what was written would be in nobody's."""
        # The connection's transaction is the deed's; a session joins it when somebody uses it as one.
        with (
            told(),
            self._in_turn() as left,
            self._connected(left) as link,
            link.begin(),
            closing(LateSession(link)) as late,
        ):
            if not self.is_sqlite:
                link.exec_driver_sql(_turn_within(left))
            yield cast(Session, late)
            late.flush()
            # Asked last: whoever exchanges the file holds the lock meanwhile that we hold here (`last_turn`).
            if self.is_exchanged():
                raise DataReplaced

    @contextmanager
    def _in_turn(self) -> Iterator[float]:
        """How many seconds of `LONGEST_WAIT` are left when the turn has come; refuses `DatabaseBusy` when none are."""
        began = time.monotonic()
        with self._turn.within(LONGEST_WAIT) as came:
            if not came:
                raise DatabaseBusy
            if self._replaced:
                raise DataReplaced
            yield LONGEST_WAIT - (time.monotonic() - began)

    @contextmanager
    def _connected(self, left: float) -> Iterator[Connection]:
        """The writer's connection; whoever has waited here already waits for another process only as long as is left, or
        a row of people would each wait the whole time behind one another."""
        with self._writer.connect() as link:
            if not self.is_sqlite or left > LONGEST_WAIT - 1:
                yield link
                return
            driver = link.connection.driver_connection
            assert driver is not None
            driver.execute(f"PRAGMA busy_timeout={max(1, int(left * 1000))}")
            try:
                yield link
            finally:
                if not link.closed and not link.invalidated:
                    driver.execute(f"PRAGMA busy_timeout={LONGEST_WAIT * 1000}")

    @contextmanager
    def last_turn(self) -> Iterator[None]:
        """Within this block, in its turn, the file is exchanged; whoever waits behind it, in this process or another, is
        refused `DataReplaced`: what he was about to write was meant for the data that is gone. SQLite only; nothing is
        ended when the block raises."""
        with self._turn, self._held_still():
            yield
            self._replaced = True

    @contextmanager
    def _held_still(self) -> Iterator[None]:
        """No other process writes in here. Windows lets nobody exchange a file that is open, and so needs no lock."""
        if sys.platform == "win32":
            yield
            return
        with closing(sqlite3.connect(self._path, LONGEST_WAIT, isolation_level=None)) as held:
            with told():
                held.execute("BEGIN IMMEDIATE")
            yield

    def is_exchanged(self) -> bool:
        """Whether another file lies where ours was opened, or none: a process beside us restored a backup. One `stat`, two
        microseconds. A file that cannot be reached for a moment is no other one."""
        if self._file is None:
            return self._replaced
        try:
            return self._replaced or os.stat(self._path).st_ino != self._file
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def _note_file(self) -> None:
        # Kept for good: a connection that is opened later may be one to the new file already.
        if self._file is None:
            self._file = os.stat(self._path).st_ino

    def dispose(self) -> None:
        self.engine.dispose()


def _turn_within(left: float) -> str:
    """The statement that takes the writers' turn on PostgreSQL and waits no longer than the seconds that are left. Whoever
    has hardly waited sends always the same one: the server knows it already."""
    wait = LONGEST_WAIT if left > LONGEST_WAIT - 1 else left
    return _TAKE_TURN.format(wait=max(1, int(wait * 1000)))


def connection_of(session: Session) -> Connection:
    """The connection of a session's transaction, for statements that need no unit of work."""
    if isinstance(session, LateSession):
        return session.link
    bind = session.get_bind()
    return bind if isinstance(bind, Connection) else session.connection()


def _prepare_postgres(engine: Engine) -> None:
    """A read behind somebody's lock on a table ends as a writer's waiting does, instead of holding its page for ever."""

    @event.listens_for(engine, "connect")
    def _settle(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{LONGEST_WAIT}s'")
        cursor.close()
        connection.commit()


def _prepare_sqlite(engine: Engine, opened: Callable[[], None]) -> None:
    @event.listens_for(engine, "connect")
    def _settle(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "cache_size=-16000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        opened()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        # On the driver's own connection: through the engine this one statement would cost as much as three others.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
