"""What ends with a package, said before it is ended."""

from __future__ import annotations

import streamlit as st

from core.settlement.what_goes import WhatGoes, what_goes
from pages.ui.calls import ask
from pages.ui.frame import the_house
from pages.ui.text import _, _n, full_day, html, moment


def going(enrolment_id: int, title: str, *more: str) -> None:
    """A list with a title: what is called off, what stays, and `more` that whoever asks has to add."""
    found: WhatGoes = ask(what_goes, enrolment_id=enrolment_id)
    lines = "".join(f"<li>{html(line)}</li>" for line in (*_lines(found), *more))
    st.html(f"<div class='pd-step'><b>{html(title)}</b><ul>{lines}</ul></div>")


def _lines(found: WhatGoes) -> list[str]:
    zone, lines = the_house().zone, []
    if found.tasks:
        lines.append(_n("{n} open task is called off.", "{n} open tasks are called off.", found.tasks))
    if found.visits:
        when = "; ".join(moment(at, zone) for at in found.next) + (
            " …" if found.visits > len(found.next) else ""
        )
        lines.append(
            _n(
                "{n} booked visit is cancelled: {when}.", "{n} booked visits are cancelled: {when}.", found.visits,
                when=when,
            )
        )  # fmt: skip
    if not lines:
        lines.append(_("No open task and no booked visit is lost."))
    if found.cases:
        lines.append(
            _n(
                "{n} open question or sign of hers stays with the team.",
                "{n} open questions or signs of hers stay with the team.",
                found.cases,
            )
        )
    lines.append(_("What is marked can then no longer be taken back."))
    lines.append(_("Ended by mistake? It can be reopened until {day}.", day=full_day(found.back_until)))
    return lines
