"""Import patients: choose a file, see how it was understood, confirm. Nothing is written before that."""

import hashlib

import streamlit as st

from core.exchange.columns import missing_recommended
from core.exchange.forms import template_workbook
from core.exchange.grids import Grid
from core.exchange.patient_import import Preview
from core.people.intake import import_patients
from pages.manager.imports.parts import good_rows_only, judged, show_rows
from pages.manager.imports.reading import choose_columns, read, remember, uploaded
from pages.ui.calls import do, later, say
from pages.ui.form import Form
from pages.ui.frame import open_page
from pages.ui.text import _, _n, language


def confirm(form: Form, found: Preview, data: bytes, grid: Grid, columns: dict[str, int]) -> None:
    brought = [one.line for one in found.brought]
    rows = [*found.new, *brought]
    if not rows:
        st.info(_("The file holds nobody new. Repair the refused rows and choose the file again."))
        return
    sure = good_rows_only(found.refused_rows, data)
    label = _n("Import {n} patient", "Import {n} patients", len(found.new))
    if not found.new:
        label = _n("Add to {n} patient on file", "Add to {n} patients on file", len(brought))
    if st.button(label, type="primary", disabled=not sure, icon=":material/upload:"):
        with st.spinner(_("Importing …")):
            outcome = do(
                import_patients,
                "import",
                place=form,
                rows=rows,
                file_digest=hashlib.sha256(
                    data + repr(sorted(r.row_number for r in rows)).encode()
                ).hexdigest(),
            )
        if outcome:
            done = outcome.value
            if done["added"]:
                told = _n("{n} patient imported.", "{n} patients imported.", done["added"])
            else:
                told = _n("Added to {n} patient on file.", "Added to {n} patients on file.", len(brought))
            say(told, on="patients")
            remember(form, grid, "patients", columns)
            for name in ("import_table", "import_preview"):
                st.session_state.pop(name, None)
            st.switch_page("staff/patients.py")


open_page(
    "patient.import",
    _("Import patients"),
    _("Excel or CSV as your hospital system exports it. Nothing is written before you confirm."),
)
left, right = st.columns([3, 1], vertical_alignment="bottom")
form = Form()
upload = uploaded(form, left)
right.download_button(
    _("Empty form"),
    later(lambda: template_workbook(language())),
    file_name="patients_form.xlsx",
    icon=":material/table:",
    on_click="ignore",
)
if upload:
    content = upload.getvalue()
    grid = read(form, content, upload.name, st.session_state.get("import_sheet"))
    if grid is not None:
        if len(grid.sheets) > 1:
            st.selectbox(
                _("Sheet"), grid.sheets, index=grid.sheets.index(str(grid.sheet)), key="import_sheet"
            )
        st.subheader(_("How the columns were understood"))
        columns = choose_columns(form, grid)
        for field in missing_recommended(columns):
            st.warning(_("No column for “{name}”: patients can still be imported.", name=_(field.label)))
        result = judged(form, grid, columns)
        if result is not None:
            show_rows(result, grid)
            confirm(form, result, content, grid, columns)
