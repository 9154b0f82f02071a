"""What the go-live list says of telling: without a channel everything works on the screens, and it says so."""

from __future__ import annotations

from core.care.sale.readiness_points import Case, Fact, Found, Kind, add_point
from core.dialogue.readiness import NOTHING_PROMISED
from core.dialogue.telling.channels import any_channel
from core.foundation.language import N_


def _telling(case: Case) -> Found:
    if case.document is not None and not case.document.promises:
        return True, NOTHING_PROMISED
    if any_channel(case.look):
        return True, Fact(N_("Colleagues who are not looking at the screen are told."))
    return False, Fact(
        N_("No channel yet: whoever is not looking at the screen is not told. See Settings, Telling staff.")
    )


add_point(
    "telling", Kind(N_("Telling staff who are not looking"), False, "settings", _telling), after="calendar"
)
