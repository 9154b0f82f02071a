"""Whether the duty page outside the house is open. Off until a manager switches it on."""

from __future__ import annotations

from core.dialogue.switches import switch, switched
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.language import N_

SWITCHED = declare("duty_page.switched", N_("Duty page outside the house switched"))
NAME = "duty_page"


@deed("settings.write")
def switch_duty_page(stamp: Stamp, *, on: bool) -> None:
    """Open the duty page to those on duty, or close it: every link and every open page of it ends at once."""
    before = is_open(stamp)
    switch(stamp, NAME, on)
    stamp.audit(SWITCHED, ("channel", None), {"on": before}, {"on": on})


@question("settings.write")
def duty_page_on(look: Look) -> bool:
    return is_open(look)


def is_open(look: Look) -> bool:
    """Whether the manager has switched the duty page on."""
    return bool(switched(look, NAME))
