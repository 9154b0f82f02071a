"""How a missed promise is said, and the button by which the cashier records what was paid back for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import streamlit as st

from core.foundation.language import span_text
from core.packages.promises import PROMISE_NAMES
from core.settlement.amends import STATE_NAMES, Owed, amends_of, pay, to_pay
from pages.staff.papers import refund_slip_of
from pages.ui.calls import actor, ask, do, later, say, show_said
from pages.ui.frame import the_house
from pages.ui.sections import fold
from pages.ui.text import _, _n, html, language, moment, money, unmarked

CASHIERS = ("front_desk", "manager", "administrator")
STAYS = 600  # seconds the way to a slip stays where its refund was noted
MINUTE, FEW = timedelta(minutes=1), timedelta(hours=3)


def what_of(one: Owed) -> str:
    """Which promise it was."""
    return _(PROMISE_NAMES.get(one.kind, one.kind))


def how_late(one: Owed, zone: ZoneInfo) -> str:
    """By when it was promised, and how late the answer came."""
    return f"{_('promised by {time}', time=moment(one.due_at, zone))} · {late_by(one)}"


def late_by(one: Owed) -> str:
    """How late the answer came, or that it has not come."""
    if one.met_at is None:
        return _("not answered yet")
    return _("{span} late", span=_span(one.met_at - one.due_at))


def _span(late: timedelta) -> str:
    """Minutes while they are few: "90 minutes" would else be "1 hour"."""
    if late >= FEW:
        return span_text(late, language())
    minutes = max(1, late // MINUTE)
    return _n("{n} minute", "{n} minutes", minutes)


def goes_with(one: Owed) -> str:
    """What she gets besides the words, for the team; "" for nothing."""
    if one.offer == "entitlement":
        return _("one more: {name}", name=one.gift)
    return _("a refund of {amount}", amount=money(one.refund_fen)) if one.offer == "refund" else ""


def standing_of(one: Owed) -> str:
    """Where it stands: waits, sent (with what, paid or not), set aside."""
    if one.state != "sent":
        return _(STATE_NAMES[one.state])
    sent = _(STATE_NAMES["sent"])
    if one.offer != "refund":
        return " · ".join(part for part in (sent, goes_with(one)) if part)
    if one.paid_fen:
        return f"{sent} · {_('{amount} paid back', amount=money(one.paid_fen))}"
    if one.to_pay_fen:
        return f"{sent} · {_('{amount} still to pay', amount=money(one.to_pay_fen))}"
    return f"{sent} · {_('the price is paid back whole')}"


def to_pay_today() -> None:
    """For whoever pays: all refunds promised and not paid yet; nothing where there is none."""
    if actor().role not in CASHIERS:
        return
    show_said("to_pay")
    _slip()
    found: list[Owed] = ask(to_pay)
    if found:
        label = _("To pay back for missed promises ({n})", n=len(found))
        fold(label, "to_pay", lambda: _lines(found, "to_pay"), icon=":material/payments:")


def to_pay_to(patient_id: int) -> None:
    """The same of one patient, in her file, open."""
    if not actor().may("enrolment.write"):
        return
    show_said("to_pay_her")
    found = [one for one in ask(amends_of, patient_id=patient_id) if one.to_pay_fen]
    if found:
        st.markdown(f"**{_('To pay back for missed promises ({n})', n=len(found))}**")
        _lines(found, "to_pay_her")


def _lines(found: Sequence[Owed], place: str) -> None:
    zone = the_house().zone
    for one in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            facts = " · ".join((one.code, what_of(one), how_late(one, zone)))
            st.html(f"<b>{html(one.patient)}</b><br><small>{html(facts)}</small>", width="stretch")
            _button(one, place)


def _button(one: Owed, place: str) -> None:
    label = _("Paid back: {amount}", amount=money(one.to_pay_fen))
    key = f"{place}_{one.amends_id}"
    if st.button(label, key=key, icon=":material/payments:"):
        done = do(pay, key, amends_id=one.amends_id)
        if done:
            st.session_state["to_pay_slip"] = (monotonic(), done.value, one.patient)
            amount = money(one.to_pay_fen)
            say(
                _("Noted: {amount} paid back to {name}.", amount=amount, name=unmarked(one.patient)), at=place
            )
            st.rerun()


def _slip() -> None:
    """The slip of the refund just noted, for a while; later it stands with her package."""
    since, refund_id, name = st.session_state.get("to_pay_slip", (0.0, 0, ""))
    if refund_id and monotonic() - since < STAYS:
        st.download_button(
            _("Print the slip for {name} (PDF)", name=unmarked(name)),
            later(lambda: refund_slip_of(refund_id)),
            file_name="refund.pdf", mime="application/pdf", icon=":material/receipt_long:", key="to_pay_slip_pdf",
            on_click="ignore",
        )  # fmt: skip
