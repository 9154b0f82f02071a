"""The audit trail for administrators: who, when, what, before → after."""

import streamlit as st

from core.exchange.workbook import workbook
from core.foundation.audit import KINDS
from core.operations.audit_trail import FILE, PAGE, AuditLine, trail, trail_file
from pages.ui.calls import ask, later
from pages.ui.frame import open_page, the_house, wrapped
from pages.ui.text import _, _n, full_day, language, moment, number

open_page("audit.read", _("Audit trail"), _("Every deed, newest first. Nothing here can be changed."))
zone = the_house().zone


def table(lines: list[AuditLine]) -> list[dict[str, str]]:
    return [
        {
            _("When"): moment(line.at, zone),
            _("Who"): line.who or _(line.nameless),
            _("What happened"): line.sentence(language(), zone),
        }
        for line in lines
    ]


def sheet(lines: list[AuditLine]) -> list[dict[str, str]]:
    """The same with the kind of the deed, to sort and filter by in Excel."""
    return [{**row, _("Kind"): _(line.label)} for row, line in zip(table(lines), lines, strict=True)]


def export() -> bytes:
    """The file; where it does not hold everything, its second sheet says what is missing and how to get it."""
    held, left_out, until = ask(trail_file, **chosen)
    notes = [_("This file holds every entry that was asked for: {n}.", n=number(len(held)))]
    if left_out:
        notes = [
            _("This file holds the newest {n} entries; {left} older ones are not in it.",
              n=number(len(held)), left=number(left_out)),
            _("For those, choose {day} as the last day and export again. That day stands in both files.",
              day=full_day(until)),
        ]  # fmt: skip
    return workbook({_("Audit trail"): sheet(held)}, notes, language=language(), zone=zone)


left, middle, right = st.columns([1.4, 1.4, 1])
days = left.date_input(_("Days"), value=[], key="audit_days")
kind = middle.selectbox(
    _("Kind"), [None, *sorted(KINDS)], format_func=lambda k: _(KINDS[k].label) if k else _("All")
)
who = right.text_input(_("Who"))
chosen = {
    "first": days[0] if len(days) > 0 else None,
    "last": days[1] if len(days) > 1 else (days[0] if len(days) == 1 else None),
    "kind": kind,
    "who": who,
}
page = int(st.session_state.get("audit_page", 0))
lines, total = ask(trail, **chosen, page=page)
if total and not lines:
    page, st.session_state["audit_page"] = 0, 0
    lines, total = ask(trail, **chosen)
st.caption(
    _n("{n} entry", "{n} entries", total)
    + " · "
    + _("page {page} of {pages}", page=page + 1, pages=max(1, -(-total // PAGE)))
)
wrapped(table(lines), "pd-last")
back, on, save = st.columns(3)
if back.button(_("Newer"), disabled=page == 0):
    st.session_state["audit_page"] = page - 1
    st.rerun()
if on.button(_("Older"), disabled=(page + 1) * PAGE >= total):
    st.session_state["audit_page"] = page + 1
    st.rerun()
if total > FILE:
    st.caption(
        _(
            "One file holds the newest {most} entries. It says how many were left out and from which day to go on; "
            "choose that day as the last one and export again.",
            most=number(FILE),
        )
    )
save.download_button(
    _("Export to Excel"),
    later(export),
    file_name="audit.xlsx",
    icon=":material/download:",
    on_click="ignore",
)
