"""The day a package is counted from, named as that day: nobody is to guess which of two is meant."""

from __future__ import annotations

from pages.ui.text import _


def day_counted_from(kind: str) -> str:
    """Its label, for a kind of anchor."""
    return {
        "operation": _("Day of the operation"),
        "discharge": _("Day of the discharge"),
        "enrolment": _("First day of the package"),
    }.get(kind, _("First day of the last period"))
