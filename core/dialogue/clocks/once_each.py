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
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    # Asked for what was written: the count of rows is not to be had on both engines.
    return stamp.link.execute(statement.returning(*table.__table__.primary_key)).first() is not None
