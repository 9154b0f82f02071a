"""Is this print current? The page behind the code on a handbook: for anybody, without a word of its content."""

from __future__ import annotations

from starlette.responses import Response

from core.foundation.language import N_, full_day_text
from core.sops.shelf import print_state
from pages.patient.screens import notice, page
from pages.patient.visit import Visit

UNKNOWN = N_(
    "This code belongs to no handbook of ours. Please take the handbook from the department's own page."
)


def check(visit: Visit) -> Response:
    """Current, not yet, or no longer: said large enough to be read at arm's length."""
    code = str(visit.request.path_params["code"])[:24]
    found = visit.ask(print_state, code=code)
    if found is None:
        return notice(visit, N_("Unknown handbook"), UNKNOWN, 404)

    def days(day: object) -> str:
        return full_day_text(day, visit.language) if day else ""  # type: ignore[arg-type]

    return page(visit, "sop_check.html", state=found, long_day=days)
