"""A row that may stand only once, written by whoever comes first: two replicas, or a look after a restart."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from core.foundation.database import Base
from core.foundation.doors import Stamp


def insert_once(stamp: Stamp, table: type[Base], **values: Any) -> bool:
    """Insert the row unless one with the same unique key stands there already; whether it was this one."""
    stamp.session.flush()
    dialect = sqlite if stamp.link.dialect.name == "sqlite" else postgresql
    written = stamp.link.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    return written.rowcount == 1
