"""Supervision: what somebody above the counter looks at. Each kind of it is one tab."""

from pages.leader.supervision.refunds import show_refunds
from pages.ui.frame import open_page
from pages.ui.sections import tabs
from pages.ui.text import _

open_page(
    "supervision.read",
    _("Supervision"),
    _(
        "Refunds of another amount than the rule's, by fields entered later, or by words only. Nobody is compared."
    ),
)
tabs({"refunds": (_("Refunds"), show_refunds)}, "supervision_tab")
