"""An SOP on screen, for those who write it and those who work by it: steps with wording apart, escalation, the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from core.packages.parts import Escalation
from core.sops.document import ACTOR_NAMES, LEVEL_NAMES, SopDocument, Step
from pages.ui.text import _, _n, html, money


def show_steps(steps: Iterable[Step]) -> None:
    """Each step in a card: who, what, the wording to read aloud, standard, time limit, record, exception."""
    for step in steps:
        with st.container(border=True):
            who = _(ACTOR_NAMES[step.actor])
            _say(st, f"<b>{step.no} · {html(step.action)}</b> · {who}")
            _say(st, f"<div class='pd-quote'>{html(step.wording)}</div>")
            if step.other_wording:
                _say(st, f"<p class='pd-soft'>{html(step.other_wording)}</p>")
            # Two rows, so that a phone, which stacks columns, keeps the order.
            for first, second in (
                ((_("Standard"), step.standard), (_("Time limit"), step.time_limit)),
                ((_("Record"), step.record), (_("If it goes otherwise"), step.exception)),
            ):
                for place, (label, text) in zip(st.columns(2), (first, second), strict=True):
                    _say(place, f"<b>{html(label)}</b><br>{html(text)}")


def show_escalation(document: SopDocument) -> None:
    """Red, orange, yellow: signs and what to do; 120 first."""
    with st.container(border=True):
        st.markdown(f"**{_('When something is wrong')} · {_('In an emergency call 120 first')}**")
        show_signs(document.escalation)


def show_signs(lines: Iterable[Escalation]) -> None:
    """What to do about which signs, one line each."""
    for each in lines:
        _say(st, f"<b>{_(LEVEL_NAMES[each.level])}</b> · {html(each.signs)}<br>→ {html(each.action)}")


def show_rest(document: SopDocument) -> None:
    """What is neither a step nor an emergency: purpose, scope, price, training, indicators, change log."""
    price = (
        f"{money(document.price_fen)} · {_n('valid for {n} day', 'valid for {n} days', document.valid_days)}"
    )
    texts = (
        (_("Purpose"), document.purpose),
        (_("Applies to"), document.scope_in),
        (_("Does not apply to"), document.scope_out),
        (_("For whom"), document.audience),
        (_("Price and refund"), f"{price}\n{document.refund_terms}"),
        (_("Consent and privacy"), document.consent),
        (_("Training and competence"), "\n".join(t for t in (document.training, document.own.training) if t)),
        (_("Owner of this SOP"), document.own.owner),
    )
    for label, text in texts:
        if text:
            _say(st, f"<b>{html(label)}</b><br>{html(text)}")
    if document.own.kpis:
        table = [
            {_("Indicator"): k.name, _("Counted as"): k.counted, _("Aim"): k.target}
            for k in document.own.kpis
        ]
        st.dataframe(table, hide_index=True, width="stretch")


def show_log(document: SopDocument) -> None:
    """The change log, newest first."""
    table = [
        {
            _("Version"): entry.number,
            _("Date"): entry.day,
            _("Handed in by"): entry.who,
            _("What changed"): entry.what,
            _("Why"): entry.why,
        }
        for entry in reversed(document.change_log)
    ]
    st.dataframe(table, hide_index=True, width="stretch")


def _say(place: Any, text: str) -> None:
    """Our own markup around text that people wrote, which has been made harmless."""
    place.html(text)
