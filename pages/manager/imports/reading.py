"""A file of patients or past visits, step by step: read it, find its header line, say what each column holds; and what
the house remembers of that for the next file with the same headers."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from core.exchange.columns import columns_of_diagnoses, guess_columns
from core.exchange.fields import KINDS
from core.exchange.grids import Grid, GridRow, shown
from core.exchange.layouts import Layout, explain_headers, layouts
from core.exchange.reading import HeaderNotFound, Wishes, first_lines, headers_key, read_table
from core.exchange.visit_import import guess_states
from core.foundation.errors import Refusal
from pages.ui.calls import ask, do
from pages.ui.form import MUST, Form
from pages.ui.text import _, _n, refusal, unmarked
from pages.ui.widgets import in_rows

# Where the session keeps the table that lies before the page, by kind of table: (what was read and how, the grid).
TABLES = {"patients": "import_table", "visits": "visits_table"}
_CELLS, _CELL = 6, 14


def uploaded(form: Form, place: Any, key: str | None = None) -> Any:
    """The file that was chosen, with room below it for what is refused of it."""
    text = _("Choose a file (.xlsx, .csv, .txt; at most 20 MB)")
    found = place.file_uploader(text, type=["xlsx", "csv", "txt", "tsv", "xls"], key=key)
    form.room("file", place)
    return found


def read(form: Form, data: bytes, name: str, sheet: str | None, kind: str = "patients") -> Grid | None:
    """The grid, read once per file and way of reading it; where nobody knows its headers, the question which row they
    are. Another refusal is shown at the file and nothing else happens."""
    file = hashlib.sha256(data).hexdigest()
    asked = f"{kind}_{file[:16]}_{sheet}"
    pointed = st.session_state.get(f"header_row_{asked}")
    if pointed == st.session_state.get(f"header_found_{asked}"):
        pointed = None
    hidden = bool(st.session_state.get(f"hidden_too_{asked}"))
    kept = st.session_state.get(TABLES[kind])
    grid: Grid
    if kept and kept[0] == (file, sheet, pointed, hidden):
        grid = kept[1]
    else:
        remembered = frozenset(ask(layouts, kind=kind))
        wishes = Wishes(pointed, remembered, hidden)
        try:
            with st.spinner(_("Reading the file …")):
                grid = _with_headers(data, name, sheet, kind, wishes)
        except Refusal as problem:
            form.say("file", refusal(problem))
            return None
        # By content: the address of a table that is gone may be given to the next file's.
        st.session_state[TABLES[kind]] = ((file, sheet, pointed, hidden), grid)
        if pointed is None:
            st.session_state[f"header_found_{asked}"] = grid.header_row or None
    _told(grid)
    _point_at_headers(grid, f"header_row_{asked}")
    if grid.hidden:
        st.checkbox(
            _n("Read the {n} hidden row too", "Read the {n} hidden rows too", grid.hidden),
            key=f"hidden_too_{asked}",
        )
    return grid if grid.headers else None


def _with_headers(data: bytes, name: str, sheet: str | None, kind: str, wishes: Wishes) -> Grid:
    """The table, or its first lines where no header line is known. Refuses as `read_table`, a text without columns too."""
    try:
        return read_table(data, name, sheet, kind, wishes)
    except HeaderNotFound:
        grid = first_lines(data, name, sheet, kind, wishes)
        if sum(len(row.cells) > 1 for row in grid.top) < 2:
            raise
        return grid


def _told(grid: Grid) -> None:
    """Where the header line was found, how much lies below it, and what could be overlooked."""
    if not grid.headers:
        st.warning(
            _("No line with known headers was found. Which row names the columns?"), icon=":material/help:"
        )
        width = min(12, max(len(row.cells) for row in grid.top))
        lines = [
            {_("Row"): str(row.number), **{str(i + 1): shown(row.cell(i)) for i in range(width)}}
            for row in grid.top[:12]
        ]
        st.dataframe(lines, hide_index=True, width="stretch")
        return
    st.caption(
        _n(
            "Headers in row {row}; {n} row with data.",
            "Headers in row {row}; {n} rows with data.",
            len(grid.rows),
            row=grid.header_row,
        )
    )
    names = [grid.headers[i] for i in sorted(grid.hidden_columns) if i < len(grid.headers)]
    if names:
        st.caption(_("Hidden in the file, but read: {columns}", columns=unmarked(" · ".join(names[:8]))))
    if grid.alike:
        st.info(
            _(
                "Other sheets hold a table too: {sheets}. Import them one after another.",
                sheets=unmarked(" · ".join(grid.alike)),
            ),
            icon=":material/tab:",
        )
    if grid.hidden:
        st.info(
            _n(
                "{n} row hidden by a filter or by hand stays out unless you say so.",
                "{n} rows hidden by a filter or by hand stay out unless you say so.",
                grid.hidden,
            ),
            icon=":material/visibility_off:",
        )


def _point_at_headers(grid: Grid, key: str) -> None:
    rows = {row.number: row for row in grid.top}
    st.selectbox(
        _("Header row"),
        list(rows),
        index=list(rows).index(grid.header_row) if grid.header_row in rows else None,
        format_func=lambda number: _line(rows[number]),
        placeholder=_("Choose the row that names the columns"),
        key=key,
    )


def _line(row: GridRow) -> str:
    words = [shown(cell).strip()[:_CELL] for cell in row.cells if shown(cell).strip()]
    return f"{row.number}: " + " · ".join(words[:_CELLS])


def remembered(grid: Grid, kind: str) -> Layout | None:
    """What was said of these headers when they last came."""
    return ask(layouts, kind=kind).get(headers_key(kind, grid.headers))


def choose_columns(form: Form, grid: Grid, kind: str = "patients") -> dict[str, int]:
    """How the columns were understood, each changeable; as last time, where these headers were explained before."""
    layout = remembered(grid, kind)
    guessed = guess_columns(grid, kind) if layout is None else dict(layout.columns)
    if layout is not None:
        st.caption(_("These headers were explained before: the columns are chosen as they were then."))
    options: list[int | None] = [None, *range(len(grid.headers))]
    columns: dict[str, int] = {}
    fields = KINDS[kind]
    for place, (name, field) in in_rows(list(fields.items()), min(4, len(fields))):
        place_of = guessed.get(name)
        chosen = form.field(
            name,
            place.selectbox,
            _(field.label) + (MUST if field.required else ""),
            options,
            index=options.index(place_of) if place_of in options else 0,
            format_func=lambda i: _("— not in the file —") if i is None else grid.headers[i] or f"#{i + 1}",
            help=_(field.hint),
            key=f"column_{kind}_{name}_{grid.filename}_{grid.header_row}",
        )
        if chosen is not None:
            columns[name] = chosen
    diagnoses = columns_of_diagnoses(grid, columns.values()) if kind == "patients" else ()
    if diagnoses:
        header = " · ".join(grid.headers[i] for i in diagnoses)
        st.info(
            _(
                "“{header}” reads like diagnoses and is not imported. Where it speaks of something packages exclude, only "
                "a question is kept in the note: whoever offers a package is asked first.",
                header=unmarked(header),
            ),
            icon=":material/clinical_notes:",
        )
    return columns


def remember(
    form: Form,
    grid: Grid,
    kind: str,
    columns: dict[str, int],
    words: dict[str, dict[str, str | None]] | None = None,
) -> None:
    """Keep what somebody had to say about these headers; what is guessed in any case needs no keeping."""
    key, said = headers_key(kind, grid.headers), words or {}
    settled = {name: {w: s for w, s in told.items() if s} for name, told in said.items()}
    layout = remembered(grid, kind)
    guessed = {
        name: {w: s for w, s in guess_states(grid, columns[name]).items() if s}
        for name in said
        if name in columns
    }
    if layout is None and settled == guessed and columns == guess_columns(grid, kind):
        return
    if layout is None or layout.columns != columns or layout.words != settled:
        do(
            explain_headers,
            f"explain_{key[:12]}",
            place=form,
            kind=kind,
            headers_key=key,
            columns=columns,
            words=said,
        )
