"""Where the demo plays when the department's database is PostgreSQL: in the same database, in a schema of its own.

So several processes, on several machines, show the same demo; a file of SQLite cannot be shared over a network. No statement
of ours names a schema: which one is meant, each connection says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from core.foundation.database import Database
from core.foundation.errors import Refusal
from core.foundation.language import N_

SCHEMA = "pilotdesk_demo"
# A demo that is not whole yet; it takes the other's name when it is.
MAKING = "pilotdesk_demo_making"
LOCK = 7_306_015


@dataclass(eq=False)
class DemoNotAllowed(Refusal):
    user: str
    database: str
    message = N_(
        "The demo needs a schema of its own in PostgreSQL, and “{user}” may not create one. Ask your database team for "
        "GRANT CREATE ON DATABASE {database} TO {user}; nothing was changed."
    )


def address(url: str, schema: str = SCHEMA) -> str:
    """The department's address, turned to a schema."""
    found = make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    return found.render_as_string(hide_password=False)


def exists(url: str) -> bool:
    """Whether there is a demo."""
    query = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
    database = Database(url)
    try:
        with database.engine.connect() as link:
            return link.execute(query, {"name": SCHEMA}).first() is not None
    finally:
        database.dispose()


@contextmanager
def alone(url: str) -> Iterator[None]:
    """One process at a time makes the demo, over all machines: the next one waits."""
    database = Database(url)
    try:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            link.execute(text("SELECT pg_advisory_lock(:number)"), {"number": LOCK})
            yield
    finally:
        database.dispose()  # and the lock with its connection


def begin(url: str) -> None:
    """An empty place for a demo that is to be made. Refuses `DemoNotAllowed`."""
    try:
        _run(url, f"DROP SCHEMA IF EXISTS {MAKING} CASCADE", f"CREATE SCHEMA {MAKING}")
    except ProgrammingError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            known = make_url(url)
            raise DemoNotAllowed(known.username or "", known.database or "") from error
        raise


def put_in_place(url: str) -> None:
    """What was made is the demo from now on; the one before goes in the same moment."""
    _run(url, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"ALTER SCHEMA {MAKING} RENAME TO {SCHEMA}")


def drop(url: str) -> None:
    """The demo goes with everything in it, and with it whatever was being made."""
    _run(url, *(f"DROP SCHEMA IF EXISTS {name} CASCADE" for name in (SCHEMA, MAKING)))


def _run(url: str, *statements: str) -> None:
    """All of them, or none."""
    database = Database(url)
    try:
        with database.engine.begin() as link:
            for statement in statements:
                link.execute(text(statement))
    finally:
        database.dispose()
