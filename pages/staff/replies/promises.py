"""Promises of the last days: what was kept, what was missed, how long answers took, and who was told in the night."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.dialogue.cases.cases import KIND_NAMES, LEVEL_NAMES
from core.dialogue.clocks.kept import Kept, NightStep, Tally, kept
from core.foundation.language import N_, span_text
from pages.ui.calls import ask
from pages.ui.frame import empty_state, the_house
from pages.ui.rows import heading
from pages.ui.text import _, _n, language, moment, number

PROMISE_NAMES: dict[str, str] = {
    "orange": N_("Urgent signs"),
    "question": N_("Questions"),
    "film": N_("Films"),
    "yellow": N_("Signs for the day"),
}
STEP_WORDS: dict[str, str] = {
    "told": N_("told at once"),
    "told_red": N_("told at once"),
    "warning": N_("warned: the time was nearly over"),
    "missed": N_("told: the time had passed"),
}


def show_promises() -> None:
    heading(_("Promises of the last 7 days"), _("All replies"), "promises", "replies")
    found: Kept = ask(kept)
    if not found.total.n:
        empty_state(_("No promise began in these days. They begin with her word and end with our answer."))
        return
    st.write(_sentence(found.total))
    lines = [*found.kinds, *([found.total] if len(found.kinds) > 1 else [])]
    st.dataframe([_row(one, bool(found.total.ended)) for one in lines], hide_index=True, width="stretch")
    st.caption(
        _(
            "Times are those of the clock from her word to our answer, closed hours included; late is counted from"
            " the promised minute. What still runs counts to neither side."
        )
    )
    st.subheader(_("Last night"), anchor=False)
    if not found.night:
        st.caption(_("Nobody had to be told between 20:00 and 8:00."))
        return
    st.dataframe([_step(one) for one in found.night], hide_index=True, width="stretch")


def _sentence(total: Tally) -> str:
    """What counts, in one sentence with its n."""
    if not total.settled:
        return _n(
            "{n} promise runs; none has been due yet.", "{n} promises run; none has been due yet.", total.n
        )
    return _n(
        "Kept {kept} of {n} promise.", "Kept {kept} of {n} promises.", total.settled, kept=number(total.kept)
    )  # fmt: skip


def _row(one: Tally, with_ended: bool) -> dict[str, str]:
    return {
        _("What"): _(PROMISE_NAMES.get(one.kind, one.kind)) if one.kind else _("In all"),
        "n": number(one.n),
        _("Kept"): number(one.kept),
        _("Answered late"): number(one.late),
        _("Missed, open"): number(one.missed),
        _("Running"): number(one.running),
        **({_("Ended without an answer"): number(one.ended)} if with_ended else {}),
        _("Usual time (median)"): _span(one.median),
        _("Longest time"): _span(one.worst),
        _("Most late"): _span(one.latest or None),
    }


def _span(minutes: int | None) -> str:
    return "" if minutes is None else span_text(timedelta(minutes=minutes), language())


def _number(value: int | None) -> str:
    return "" if value is None else number(value)


def _step(one: NightStep) -> dict[str, str]:
    zone = the_house().zone
    what = " · ".join([*([_(LEVEL_NAMES[one.level])] if one.level else []), _(KIND_NAMES[one.kind])])
    late = int((one.noticed_at - one.due_at).total_seconds()) // 60
    return {
        _("When"): moment(one.due_at, zone),
        _("Case"): f"{one.code} · {what}",
        _("Step"): _step_words(one.step),
        _("Who was told"): " · ".join(one.told),
        _("Noticed later by, minutes"): _number(late or None),
    }


def _step_words(step: str) -> str:
    if step.startswith("rung_"):
        return _("nobody had it: told the next one ({n})", n=step.removeprefix("rung_"))
    return _(STEP_WORDS.get(step, step))
