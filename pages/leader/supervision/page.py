"""Supervision: what somebody above the counter looks at. Each kind of it is one tab."""

from pages.leader.supervision.refunds import show_refunds
from pages.ui.frame import open_page
from pages.ui.sections import tabs
from pages.ui.text import _

open_page(
    "supervision.read",
    _("Supervision"),
    _("Where money went another way than the rule. A reason stands beside each; nobody is compared."),
)
tabs({"refunds": (_("Refunds"), show_refunds)}, "supervision_tab")
