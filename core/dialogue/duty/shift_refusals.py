"""Why a shift is not planned, taken, handed over or confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.errors import Refusal
from core.foundation.language import N_


@dataclass(eq=False)
class UnknownDutyRole(Refusal):
    message = N_("Please choose whose duty it is: nurse or doctor.")
    field = "role"


@dataclass(eq=False)
class HourUnreadable(Refusal):
    message = N_("Please write the hours like 20:00; the end of the day is 24:00.")
    field = "opens"


@dataclass(eq=False)
class WrongRoleForDuty(Refusal):
    field: str = "staff_id"  # type: ignore[misc]
    name: str = ""
    message = N_("{name} cannot do this duty: a doctor's duty needs somebody who may decide on alerts.")


@dataclass(eq=False)
class UnknownShift(Refusal):
    message = N_("This shift is no longer in the plan. Please reload the page.")


@dataclass(eq=False)
class ShiftOver(Refusal):
    message = N_("This shift is over or has been handed over. Please reload the page.")


@dataclass(eq=False)
class ShiftTaken(Refusal):
    name: str
    message = N_("{name} has taken this shift already.")


@dataclass(eq=False)
class NotYourShift(Refusal):
    name: str
    message = N_("This shift is {name}'s. A manager can change the plan.")


@dataclass(eq=False)
class HandedToThemselves(Refusal):
    message = N_("Please choose somebody else who takes over.")
    field = "to"


@dataclass(eq=False)
class NothingToReceive(Refusal):
    message = N_("Nothing is being handed over to you here. Please reload the page.")
