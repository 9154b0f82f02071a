"""Every table of the house in one place, for migrations, moves and tests."""

from types import ModuleType

from sqlalchemy import ColumnElement, Connection, Table, func, select

from core.bank import tables as bank
from core.care import tables as care
from core.choice import tables as choice
from core.department import tables as department
from core.dialogue import tables as dialogue
from core.dialogue.answers import tables as answers
from core.dialogue.clocks import tables as clocks
from core.dialogue.duty import tables as duty
from core.dialogue.films import tables as films
from core.dialogue.telling import tables as telling
from core.exchange import tables as exchange
from core.foundation import audit, doors, house, touched_days
from core.foundation.database import Base
from core.insight import tables as insight
from core.keepsakes import tables as keepsakes
from core.messages import tables as messages
from core.packages import tables as packages
from core.people import tables as people
from core.recognition import tables as recognition
from core.settlement import tables as settlement
from core.sops import tables as sops

ROOMS: tuple[ModuleType, ...] = (
    *(audit, bank, care, choice, department, doors, exchange, house, insight, keepsakes),
    *(dialogue, answers, films, clocks, duty, telling),
    *(messages, packages, people, recognition, settlement, sops, touched_days),
)
metadata = Base.metadata


def count_on(link: Connection) -> None:
    """After rows that brought their ids: PostgreSQL counts by itself and does not hear of them, so let it go on after the
    largest. SQLite looks at the table."""
    if link.dialect.name != "postgresql":
        return
    counted = [table for table in metadata.sorted_tables if table.autoincrement_column is not None]
    link.execute(select(*(_at_largest(table) for table in counted)))


def _at_largest(table: Table) -> ColumnElement[int]:
    column = table.autoincrement_column
    assert column is not None
    largest = select(func.max(column)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    return func.setval(sequence, func.coalesce(largest, 1), largest.is_not(None))
