"""The queue: chips with counts, the rows by the promised minute, and folded what waits for her."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from core.dialogue.cases.cases import KIND_NAMES, reopen
from core.dialogue.cases.queue import PAGE, Waiting, answered, counts, waiting
from core.foundation.paging import COUNTED_TO
from pages.staff.films.showing import first_film
from pages.staff.replies.making_good import list_owed
from pages.staff.replies.watching import Present, watch_list
from pages.staff.replies.words import day_of_course, kind_of, reason_of, time_left, who_of
from pages.ui.calls import actor, ask, do, say
from pages.ui.frame import empty_state, the_house
from pages.ui.rows import Column, Line, counted, filters, open_here, page_of, pages, remembered, rows
from pages.ui.sections import fold
from pages.ui.text import _, clock, unmarked

NOTICED = 120  # seconds within which a slip of the thumb is noticed
ALL, MINE = "all", "mine"


def asked() -> dict[str, object]:
    """What the queue is asked for; what was chosen stays for this session."""
    kind = remembered("replies_kind")
    return {
        "mine": remembered("replies_whose", ALL) == MINE,
        "kind": kind if kind in KIND_NAMES else "",
    }


def show_list(seen: Present) -> None:
    watch_list(seen)
    way_back()
    wanted = asked()
    found = ask(counts, mine=wanted["mine"])
    if wanted["kind"] and not found[str(wanted["kind"])]:
        wanted["kind"] = ""  # nothing of this kind is left, and its chip falls away
    _choose(found)
    if found["film"]:
        label = _("Watch the films ({n})", n=counted(found["film"], COUNTED_TO))
        if st.button(label, key="replies_films", icon=":material/play_circle:"):
            first_film()
    kind = str(wanted["kind"])
    total = sum(min(n, COUNTED_TO) for name, n in found.items() if name in ([kind] if kind else KIND_NAMES))
    number = page_of("replies", *map(str, wanted.values()))
    shown: list[Waiting] = ask(waiting, **wanted, limit=PAGE, offset=(number - 1) * PAGE)
    if shown:
        _rows(_("Waiting for us"), shown, seen, "replies")
        pages("replies", number, -(-total // PAGE), PAGE, total)
    else:
        _nothing(bool(wanted["mine"] or kind))
    list_owed()
    if found["answered"]:
        title = _("Answered, waiting for her ({n})", n=counted(found["answered"], COUNTED_TO))
        fold(title, "replies_hers", lambda: _hers(wanted, seen), icon=":material/mark_chat_read:")
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Text modules"), icon=":material/short_text:", key="replies_modules"):
            open_here("modules", "1")
        if actor().role in ("manager", "administrator") and st.button(
            _("Promises of the last 7 days"), icon=":material/schedule:", key="replies_promises"
        ):
            open_here("promises", "1")


def _choose(found: dict[str, int]) -> None:
    names = {ALL: _("All"), MINE: _("Mine and my patients'")}
    st.segmented_control(
        _("Whose"), list(names), format_func=names.__getitem__, key="replies_whose", label_visibility="collapsed",
    )  # fmt: skip
    there = {kind: _(name) for kind, name in KIND_NAMES.items() if found[kind]}
    if there:
        filters(there, found, "replies_kind", COUNTED_TO)


def _rows(title: str, shown: list[Waiting], seen: Present, key: str) -> None:
    columns = [
        Column(_("Patient"), 1.1),
        Column(_("What"), 1.2),
        Column(_("Who has it"), 0.8),
        Column(_("Next try"), 0.6),
        Column(_("Time left"), 1.0),
    ]
    zone, me = the_house().zone, actor().id
    lines = [
        Line(
            str(row.case_id),
            (
                " · ".join(part for part in (row.patient_name, day_of_course(row)) if part),
                kind_of(row),
                who_of(row, me),
                clock(row.next_try_at, zone),
                time_left(row, seen.now, zone),
            ),
            reason_of(row),
        )
        for row in shown
    ]
    chosen = rows(title, columns, lines, key)
    if chosen:
        open_here("case", chosen)


def _hers(wanted: dict[str, object], seen: Present) -> None:
    found: list[Waiting] = ask(answered, **wanted)
    if found:
        _rows(_("Waiting for her"), found, seen, "replies_answered")
    else:
        st.caption(_("Nothing of this kind."))


def _nothing(narrowed: bool) -> None:
    if narrowed:
        empty_state(_("Nothing of this kind waits. Choose “All” to see the rest."))
    else:
        empty_state(
            _(
                "Nothing waits for an answer. When a patient asks, films or reports that something is wrong,"
                " it appears here within 10 seconds."
            )
        )


def just_closed(row: Waiting) -> None:
    """Note what the way back is to open again."""
    st.session_state["just_closed"] = (monotonic(), row.case_id, f"{row.patient_name} · {kind_of(row)}")


def way_back() -> None:
    """Right after a case was closed: one step back to it, where the eye is."""
    since, case_id, what = st.session_state.get("just_closed", (0.0, 0, ""))
    if (
        case_id
        and monotonic() - since < NOTICED
        and st.button(
            _("Undo: {what}", what=unmarked(what)),
            key="replies_undo",
            type="tertiary",
            icon=":material/undo:",
        )
    ):
        st.session_state.pop("just_closed")
        if do(reopen, f"reopen_{case_id}", case_id=case_id):
            say(_("{what} is open again.", what=unmarked(what)))
            open_here("case", str(case_id))
