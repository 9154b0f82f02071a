"""The shift's list on paper for a ward without a network, and typing it back: what, by whom ticked, at which hour."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.care.work.tasks import mark_done
from core.care.work.worklist import WORKING_BANDS, DueRow, due_list
from core.dialogue.answers.answers import record_for_patient
from core.documents.shift_list import ShiftLine, shift_list_pdf
from core.foundation.access import ROLE_NAMES
from core.foundation.clock import at
from core.foundation.errors import Refusal
from pages.staff.entry import note_urgent
from pages.staff.task_card import due_when
from pages.ui.calls import ask, do, later, say
from pages.ui.frame import empty_state
from pages.ui.inputs import today
from pages.ui.paper import letterhead
from pages.ui.rows import heading
from pages.ui.text import _, _n, refusal

MOST = 300
HOUR = re.compile(r"^(?:([01]?[0-9]|2[0-3])[:\uff1a]?([0-5][0-9]))?$")
ROLES = ("", "nurse", "doctor", "front_desk")


def paper_list(zone: ZoneInfo) -> None:
    """Print the list, then type back what was ticked: one grid in the order of the paper."""
    heading(_("Paper list"), _("All tasks of today"), "paper", "today")
    st.caption(_("For a ward without a network: print, tick and write the hour by hand, type it back here."))
    st.caption(
        _(
            "Ticking a task with a checklist says that everything required was done. What was left out goes into the note."
        )
    )
    role = st.selectbox(
        _("For"), ROLES, format_func=lambda r: _(ROLE_NAMES[r]) if r else _("Everybody"), key="paper_role"
    )
    found = ask(due_list, bands=list(WORKING_BANDS), role=role, limit=MOST)
    _show_refused()
    if not found.rows:
        empty_state(_("Nothing is open: there is nothing to print and nothing to type back."))
        return
    who = _(ROLE_NAMES[role]) if role else _("Everybody")
    if found.total > MOST:
        st.caption(_("The first {n} of {total}: print again when these are done.", n=MOST, total=found.total))
    st.download_button(
        _("Print the list (PDF)"),
        later(lambda: shift_list_pdf([_printed(row, zone) for row in found.rows], who, letterhead())),
        file_name=f"shift_{today():%Y%m%d}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
    )
    _type_back(found.rows, zone)


def _printed(row: DueRow, zone: ZoneInfo) -> ShiftLine:
    about = " · ".join(part for part in (row.week_text, _("phone ends {end}", end=row.phone_end)) if part)
    place = " · ".join(part for part in (row.place.name, row.place.floor) if part)
    bring = _("Bring: {what}", what=row.bring) if row.bring else ""
    return ShiftLine(row.task_id, due_when(row, zone), row.patient_name, about, row.title, place, bring)


def _type_back(rows: list[DueRow], zone: ZoneInfo) -> None:
    version = st.session_state.setdefault("paper_version", 0)
    with st.form("paper_back"):
        typed = st.data_editor(
            [
                {
                    "no": row.task_id,
                    "done": False,
                    "at": "",
                    "who": row.patient_name,
                    "task": row.title,
                    "value": "",
                    "note": "",
                }
                for row in rows
            ],
            key=f"paper_grid_{version}",
            hide_index=True,
            width="stretch",
            num_rows="fixed",
            disabled=["no", "who", "task"],
            column_config={
                "no": st.column_config.NumberColumn(_("Line no."), format="%d", width=64),
                "done": st.column_config.CheckboxColumn(_("Done"), width=88),
                "at": st.column_config.TextColumn(_("Done at"), width=88, validate=HOUR.pattern),
                "who": st.column_config.TextColumn(_("Patient"), width=96),
                "task": st.column_config.TextColumn(_("Task"), width="large"),
                "value": st.column_config.TextColumn(_("Value"), width=88, max_chars=20),
                "note": st.column_config.TextColumn(_("Note"), max_chars=200),
            },
        )
        sent = st.form_submit_button(_("Record what is ticked"), type="primary")
    if sent:
        valued = {row.task_id for row in rows if row.evidence in ("scale", "value", "count")}
        lists = {row.task_id for row in rows if row.evidence == "checklist"}
        _record(
            [
                row | {"valued": row["no"] in valued, "list": row["no"] in lists}
                for row in typed
                if row["done"]
            ],
            zone,
        )


def _record(ticked: list[dict[str, Any]], zone: ZoneInfo) -> None:
    """Each line for itself: one that is refused stays to be looked at, the others are done."""
    if not ticked:
        st.info(_("Nothing is ticked yet."))
        return
    refused: list[tuple[str, str, str]] = []
    for row in ticked:
        problem = _mark(row, zone)
        if problem:
            refused.append((row["who"], row["task"], refusal(problem)))
    done = len(ticked) - len(refused)
    if done:
        say(_n("{n} task recorded.", "{n} tasks recorded.", done))
    st.session_state["paper_refused"] = refused
    st.session_state["paper_version"] += 1
    st.rerun()


def _mark(row: dict[str, Any], zone: ZoneInfo) -> Refusal | None:
    """A line with a value is her answer, judged as on the card."""
    value, done_at = str(row["value"] or "").strip(), _told(row["at"], zone)
    if value and row["valued"]:
        kept = do(
            record_for_patient, f"paper_{row['no']}", place=st.empty(), task_id=int(row["no"]), number=value,
            words=row["note"] or "", done_at=done_at,
        )  # fmt: skip
        if kept:
            note_urgent(row["who"], kept.value["answer_id"])
        return kept.problem
    outcome = do(
        mark_done, f"paper_{row['no']}", place=st.empty(), task_id=int(row["no"]),
        evidence=" · ".join(part for part in (_of_list(row), value, row["note"]) if part), done_at=done_at,
    )  # fmt: skip
    return outcome.problem


def _of_list(row: dict[str, Any]) -> str:
    """What one tick on paper says of a checklist: nobody ticked its items one by one, and the record shows none of them."""
    if not row["list"]:
        return ""
    return _("From the paper list") if row["note"] else _("From the paper list: everything required was done")


def _told(typed: str | None, zone: ZoneInfo) -> datetime | None:
    """The hour ("08:10", "8:10" or "0810") as an instant of the last 24 hours: a night shift types "23:30" back in the
    morning. None where nothing was written."""
    found = HOUR.fullmatch((typed or "").strip())
    if not found or not found[1]:
        return None
    told = at(today(), time(int(found[1]), int(found[2])), zone)
    return told if told <= ask(lambda look: look.now) else told - timedelta(days=1)


def _show_refused() -> None:
    for who, task, why in st.session_state.pop("paper_refused", []):
        st.error(f"**{who} · {task}**: {why}", icon=":material/info:")
