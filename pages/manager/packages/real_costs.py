"""What a sale really took, from recorded facts, beside what the cost sheet assumes: honest about few sales and gaps."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.foundation.doors import Look
from core.foundation.language import N_
from core.packages.parts import HAPPENS_NAMES
from core.settlement.unit_costs import TOO_FEW, Beside, Facts, Side, UnitFacts, beside, unit_facts
from pages.manager.packages.draft import Editor
from pages.ui.calls import ask
from pages.ui.text import _, _n, money, number

PERIODS = {90: N_("Sold in the last 90 days"), 365: N_("Sold in the last 12 months"), 0: N_("All sales")}


def show_real_costs(editor: Editor) -> None:
    st.markdown(f"#### {_('What it really took')}")
    st.caption(
        _(
            "How often each step really happened, from what was recorded. Minutes and materials of one time are those above."
        )
    )
    days = st.selectbox(
        _("Which sales"), list(PERIODS), format_func=lambda one: _(PERIODS[one]), key="real_costs_period"
    )
    found: UnitFacts = ask(unit_facts, package_id=editor.package_id, since=_since(days))
    for title, facts in ((_("Ended"), found.ended), (_("Still running, so far"), found.running)):
        if facts.sales:
            _table(title, facts, editor)
    if not (found.ended.sales or found.running.sales):
        st.caption(_("Nothing was sold in this time."))


def _since(days: int) -> date | None:
    today: date = ask(_today)
    return today - timedelta(days=days) if days else None


def _today(look: Look) -> date:
    return look.today


def _table(title: str, facts: Facts, editor: Editor) -> None:
    document = editor.document
    found = beside(document.sop.steps, document.costs, facts)
    st.markdown(f"**{title}** · {_n('{n} sale', '{n} sales', facts.sales)}")
    if facts.too_few:
        st.caption(
            _n(
                "From {n} sale, too early to tell; wait for at least {least}.",
                "From {n} sales, too early to tell; wait for at least {least}.",
                facts.sales, least=TOO_FEW,
            )
        )  # fmt: skip
    st.dataframe(_rows(found), hide_index=True, width="stretch", height="content")
    _sum(found)


def _rows(found: Beside) -> list[dict[str, str]]:
    return [
        {
            _("Step"): f"{line.no}. {line.action}",
            _("Times: assumed"): number(round(line.assumed.times, 1)),
            _("Times: really"): _told(line.really.times if line.really else None),
            _("Times: difference"): _apart(
                line.really.times - line.assumed.times if line.really else None
            ),
            _("Minutes: assumed"): _told(line.assumed.minutes or None),
            _("Minutes: really"): _told(line.really.minutes if line.really and line.assumed.minutes else None),
            _("Seen by"): _(HAPPENS_NAMES[line.happens]),
        }
        for line in found.lines
    ]  # fmt: skip


def _told(value: float | None) -> str:
    return "–" if value is None else number(round(value, 1))


def _apart(value: float | None) -> str:
    if value is None:
        return _("not recorded")
    rounded = round(value, 1)
    return "0" if not rounded else f"{'+' if rounded > 0 else '−'}{number(abs(rounded))}"


def _sum(found: Beside) -> None:
    """The steps that are recorded, summed: only they can be compared."""
    seen, every = len(found.recorded), len(found.lines)
    if not seen:
        st.caption(_("No step says by which fact one sees that it happened. Choose it below, step by step."))
        return
    st.caption(
        _(
            "Sums of the {n} steps that are recorded; the other {rest} are not compared.",
            n=seen,
            rest=every - seen,
        )
    )
    lines = [
        (_("Staff time, minutes"), found.assumed.minutes, found.really.minutes, False),
        (_("Staff time"), found.assumed.labour_fen, found.really.labour_fen, True),
        (_("Materials"), found.assumed.material_fen, found.really.material_fen, True),
    ]
    if not _costed(found.assumed):
        st.caption(_("Without minutes and materials in the table above there is no sum yet."))
        return
    head = "".join(f"<th scope='col'>{one}</th>" for one in ("", _("assumed"), _("really"), _("difference")))
    body = "".join(
        f"<tr><th scope='row'>{name}</th><td>{_as(one, paid)}</td><td>{_as(two, paid)}</td>"
        f"<td>{_signed(two - one, paid)}</td></tr>"
        for name, one, two, paid in lines
    )
    with st.container(border=True):
        st.html(f"<table class='pd-sheet pd-beside'><tr>{head}</tr>{body}</table>")


def _costed(side: Side) -> bool:
    return bool(side.minutes or side.material_fen)


def _as(value: float, paid: bool) -> str:
    return money(round(value)) if paid else number(round(value, 1))


def _signed(value: float, paid: bool) -> str:
    small = round(value) if paid else round(value, 1)
    if not small:
        return _as(0, paid)
    return f"{'+' if small > 0 else '−'} {_as(abs(small), paid)}"
