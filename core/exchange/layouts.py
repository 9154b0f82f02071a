"""The house remembers how the headers of a file were explained: which row names the columns, what each column holds, what
each word of a state means. The next file with the same headers is read like the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from core.exchange.fields import KINDS
from core.exchange.tables import LayoutRow
from core.exchange.visit_states import MOST_WORDS
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_

REMEMBERED = declare("table.explained", N_("Columns of a file explained"))
# A house has a handful of exports; older ones are not looked for.
MOST_LAYOUTS = 100
_LONGEST_WORD = 40

Words = Mapping[str, str | None]


@dataclass(frozen=True)
class Layout:
    """`columns`: field → index of its column; `words`: column of states → word → state."""

    columns: Mapping[str, int]
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(eq=False)
class LayoutUnreadable(Refusal):
    message = N_("This choice of columns cannot be remembered. Please choose the file again.")


@deed("patient.import")
def explain_headers(
    stamp: Stamp,
    *,
    kind: str,
    headers_key: str,
    columns: dict[str, int],
    words: dict[str, dict[str, str | None]],
) -> int:
    """Remember how the headers of a file were understood, in place of what was remembered of them; returns how many
    columns. `headers_key`: see `reading.headers_key`. Refuses `LayoutUnreadable`."""
    fields = KINDS.get(kind, {})
    if (
        len(headers_key) != 64
        or not columns
        or not columns.keys() <= fields.keys()
        or any(len(said) > MOST_WORDS for said in words.values())
    ):
        raise LayoutUnreadable
    row = stamp.session.get(LayoutRow, headers_key)
    if row is None:
        row = LayoutRow(headers_key=headers_key)
        stamp.session.add(row)
    row.kind, row.at, row.staff_id = kind, stamp.now, stamp.staff_id
    row.columns = dict(columns)
    # What nobody settled is asked again, and a long word may be somebody's name.
    row.words = {
        name: {word: state for word, state in said.items() if state and len(word) <= _LONGEST_WORD}
        for name, said in words.items()
        if name in columns
    }
    stamp.audit(REMEMBERED, ("layouts", None), after={"explained": len(columns)})
    return len(columns)


@question("patient.import")
def layouts(look: Look, *, kind: str) -> dict[str, Layout]:
    """What is remembered for this kind of table, by the headers it was said of; the newest, at most `MOST_LAYOUTS`."""
    query = select(LayoutRow).where(LayoutRow.kind == kind).order_by(LayoutRow.at.desc()).limit(MOST_LAYOUTS)
    return {row.headers_key: Layout(row.columns, row.words) for row in look.session.scalars(query)}
