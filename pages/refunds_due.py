"""What is still to be paid back after a patient withdrew her consent on her phone, where nobody of the team was there."""

from __future__ import annotations

from collections.abc import Callable

from core.settlement.refund_proposals import due_after_withdrawal
from pages.staff.patient.quiet import proposed
from pages.ui.calls import ask
from pages.ui.text import _, unmarked


def refunds_due(line: Callable[[str, str, str, dict[str, str]], None]) -> None:
    """A line for each, with the way to her file, until it is paid back or set aside there by a refund of nothing."""
    for due in ask(due_after_withdrawal):
        text = _("**{name}** has withdrawn her consent to the service.", name=unmarked(due.patient_name))
        line(
            f"{text} {proposed(due.proposal)}", "staff/patient/page.py", _("Pay back"),
            {"id": str(due.patient_id)},
        )  # fmt: skip
