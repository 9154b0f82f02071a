"""Supervision: what somebody above the counter looks at. Each kind of it is one tab."""

from pages.leader.supervision.refunds import show_refunds
from pages.leader.supervision.sales import show_sales
from pages.ui.frame import open_page
from pages.ui.sections import tabs
from pages.ui.text import _

open_page(
    "supervision.read",
    _("Supervision"),
    _(
        "Refunds that were not simply the rule's, and sales below the price, each with its reason. Nobody is compared."
    ),
)
tabs(
    {"refunds": (_("Refunds"), show_refunds), "sales": (_("Below the price"), show_sales)},
    "supervision_tab",
)
