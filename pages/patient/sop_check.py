"""Is this print current? The page behind the code on a handbook: for anybody, without a word of its content."""

from __future__ import annotations

from starlette.responses import Response

from core.foundation.language import N_, full_day_text
from core.sops.shelf import print_state
from pages.patient.phone import Phone
from pages.patient.screens import notice, page

UNKNOWN = N_(
    "This code belongs to no handbook of ours. Please take the handbook from the department's own page."
)


def check(phone: Phone) -> Response:
    """Current, not yet, or no longer: said large enough to be read at arm's length."""
    code = str(phone.request.path_params["code"])[:24]
    found = phone.ask(print_state, code=code)
    if found is None:
        return notice(phone, N_("Unknown handbook"), UNKNOWN, 404)

    def days(day: object) -> str:
        return full_day_text(day, phone.language) if day else ""  # type: ignore[arg-type]

    return page(phone, "sop_check.html", state=found, long_day=days)
