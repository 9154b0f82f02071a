"""Import patients: choose a file, see how it was understood, confirm. Nothing is written before that."""

import hashlib
from dataclasses import asdict

import streamlit as st

from core.exchange.columns import guess_columns, missing_recommended
from core.exchange.fields import FIELDS
from core.exchange.forms import refused_workbook, template_workbook
from core.exchange.on_file import patients_on_file
from core.exchange.patient_import import Preview, RefusedRow, preview
from core.exchange.reading import read_table
from core.exchange.tables import Table
from core.foundation.errors import Refusal
from core.people.intake import import_patients
from pages.ui.calls import ask, do, later, say
from pages.ui.frame import open_page
from pages.ui.text import _, _n, language, refusal

SHOWN = 200


def read(data: bytes, name: str, sheet: str | None) -> Table | None:
    """The table, read once per file; a refusal is shown and nothing else happens."""
    digest = hashlib.sha256(data).hexdigest()
    kept = st.session_state.get("import_table")
    if kept and kept[:2] == (digest, sheet):
        return kept[2]
    try:
        with st.spinner(_("Reading the file …")):
            table = read_table(data, name, sheet)
    except Refusal as problem:
        st.error(refusal(problem), icon=":material/info:")
        return None
    st.session_state["import_table"] = (digest, sheet, table)
    return table


def choose_columns(table: Table) -> dict[str, int]:
    """How the columns were understood, each changeable."""
    guessed = guess_columns(table)
    options: list[int | None] = [None, *range(len(table.headers))]
    columns: dict[str, int] = {}
    places = st.columns(4)
    for n, (name, field) in enumerate(FIELDS.items()):
        label = _(field.label) + (" *" if field.required else "")
        chosen = places[n % 4].selectbox(
            label,
            options,
            index=options.index(guessed.get(name)),
            format_func=lambda i: _("— not in the file —") if i is None else table.headers[i] or f"#{i + 1}",
            help=_(field.hint),
            key=f"column_{name}_{table.filename}",
        )
        if chosen is not None:
            columns[name] = chosen
    return columns


def judged(table: Table, columns: dict[str, int]) -> Preview | None:
    key = (id(table), tuple(sorted(columns.items())))
    kept = st.session_state.get("import_preview")
    if kept and kept[0] == key:
        return kept[1]
    bar = st.progress(0.0, text=_("Checking every row …"))

    def advance(share: float) -> None:
        bar.progress(share)

    try:
        today = ask(lambda look: look.today)
        found = preview(table, columns, ask(patients_on_file), today, progress=advance)
    except Refusal as problem:
        st.error(refusal(problem), icon=":material/info:")
        return None
    finally:
        bar.empty()
    st.session_state["import_preview"] = (key, found)
    return found


def refused_lines(refused: list[RefusedRow]) -> list[dict[str, object]]:
    return [
        {
            _("Row"): fault.row_number,
            _("Column"): fault.column_header,
            _("Value"): fault.value,
            _("Reason"): fault.text(language()),
        }
        for fault in refused[:SHOWN]
    ]


def show_rows(found: Preview, table: Table) -> None:
    new, known, bad = st.columns(3)
    new.metric(_("New"), len(found.new))
    known.metric(_("Already here"), len(found.known))
    bad.metric(_("Refused"), found.refused_rows)
    if found.refused:
        st.subheader(_("Rows to repair"))
        st.dataframe(refused_lines(found.refused), hide_index=True, width="stretch")
        st.download_button(
            _("Download the refused rows to repair"),
            later(lambda: refused_workbook(table, found.refused, language())),
            file_name="refused_rows.xlsx",
            icon=":material/download:",
        )
    with st.expander(_n("{n} new patient", "{n} new patients", len(found.new))):
        st.dataframe([asdict(row) for row in found.new[:SHOWN]], hide_index=True, width="stretch")
    if found.known:
        with st.expander(_n("{n} is already here and stays as it is", "{n} are already here and stay as they are",
                            len(found.known))):  # fmt: skip
            st.dataframe([asdict(line.row) for line in found.known[:SHOWN]], hide_index=True, width="stretch")


def confirm(found: Preview, data: bytes) -> None:
    if not found.new:
        st.info(_("The file holds nobody new. Repair the refused rows and choose the file again."))
        return
    sure = True
    if found.refused:
        sure = st.checkbox(
            _("Import the good rows only; {n} refused rows are left out", n=found.refused_rows), value=False
        )
    label = _n("Import {n} patient", "Import {n} patients", len(found.new))
    if st.button(label, type="primary", disabled=not sure, icon=":material/upload:"):
        with st.spinner(_("Importing …")):
            outcome = do(
                import_patients,
                "import",
                rows=[asdict(row) for row in found.new],
                file_digest=hashlib.sha256(
                    data + repr(sorted(r.row_number for r in found.new)).encode()
                ).hexdigest(),
            )
        if outcome:
            say(_n("{n} patient imported.", "{n} patients imported.", outcome.value["added"]))
            for name in ("import_table", "import_preview"):
                st.session_state.pop(name, None)
            st.switch_page("staff/patients.py")


open_page(
    "patient.import",
    _("Import patients"),
    _("Excel or CSV as your hospital system exports it. Nothing is written before you confirm."),
)
left, right = st.columns([3, 1], vertical_alignment="bottom")
upload = left.file_uploader(
    _("Choose a file (.xlsx, .csv, .txt; at most 20 MB)"), type=["xlsx", "csv", "txt", "tsv", "xls"]
)
right.download_button(
    _("Empty form"),
    later(lambda: template_workbook(language())),
    file_name="patients_form.xlsx",
    icon=":material/table:",
)
if upload:
    content = upload.getvalue()
    table = read(content, upload.name, st.session_state.get("import_sheet"))
    if table is not None:
        if len(table.sheets) > 1:
            st.selectbox(
                _("Sheet"), table.sheets, index=table.sheets.index(str(table.sheet)), key="import_sheet"
            )
        st.subheader(_("How the columns were understood"))
        st.caption(_("Headers in row {row}; {n} rows with data.", row=table.header_row, n=len(table.rows)))
        columns = choose_columns(table)
        for field in missing_recommended(columns):
            st.warning(_("No column for “{name}”: patients can still be imported.", name=_(field.label)))
        result = judged(table, columns)
        if result is not None:
            show_rows(result, table)
            confirm(result, content)
