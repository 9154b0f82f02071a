"""What can happen in the demo's story: one small record per deed, in the words of the deeds.

`playing` does them through the doors of the house, `rows` writes what they would have written; a test holds the
two to each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.packages.refund_rules import Reckoning


@dataclass(frozen=True)
class Act:
    """Something at an instant; `who` is the patient's number, -1 for nobody in particular."""

    at: datetime
    who: int


@dataclass(frozen=True)
class Imported(Act):
    """Everybody already in care when the story begins, from one file."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Added(Act):
    pass


@dataclass(frozen=True)
class Published(Act):
    number: int


@dataclass(frozen=True)
class SopApproved(Act):
    """Version `number` of the SOP is handed in, approved and signed, within one hour."""

    number: int


@dataclass(frozen=True)
class WentLive(Act):
    pass


@dataclass(frozen=True)
class PostersPrinted(Act):
    pass


@dataclass(frozen=True)
class Offered(Act):
    outcome: str
    reason: str


@dataclass(frozen=True)
class Enrolled(Act):
    method: str
    consents: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class OwnNurseNamed(Act):
    nurse: str


@dataclass(frozen=True)
class Booked(Act):
    """Visit number `visit` of this patient at `when`, for the task `code` or for none."""

    visit: int
    when: datetime
    code: str | None


@dataclass(frozen=True)
class Attended(Act):
    visit: int


@dataclass(frozen=True)
class Missed(Act):
    visit: int
    reason: str


@dataclass(frozen=True)
class CalledOff(Act):
    visit: int
    reason: str


@dataclass(frozen=True)
class Done(Act):
    """`visit`: the booked visit of this task that is marked attended with it."""

    code: str
    on: date
    evidence: str
    visit: int | None


@dataclass(frozen=True)
class Excused(Act):
    code: str
    reason: str


@dataclass(frozen=True)
class Measured(Act):
    hc_mm: float
    ac_mm: float
    fl_mm: float


@dataclass(frozen=True)
class Answered(Act):
    score: int
    comment: str


@dataclass(frozen=True)
class Praised(Act):
    """Praise number `number`; `person` is a user name or ""."""

    number: int
    place: str
    person: str
    text: str
    tip_fen: int
    may_show: bool


@dataclass(frozen=True)
class TipSettled(Act):
    number: int
    person: str
    arrived: bool


@dataclass(frozen=True)
class StoryDecided(Act):
    number: int
    story: str  # "" keeps it private


@dataclass(frozen=True)
class Thanked(Act):
    """`who` gets points because `friend` came on her word."""

    friend: int


@dataclass(frozen=True)
class Took(Act):
    """A reward for points, taken on her own phone."""

    reward: str


@dataclass(frozen=True)
class Used(Act):
    """The voucher of that reward at the counter."""

    reward: str


@dataclass(frozen=True)
class Completed(Act):
    pass


@dataclass(frozen=True)
class Left(Act):
    """The package given back at her wish."""

    reason: str
    refund: Reckoning


@dataclass(frozen=True)
class Stopped(Act):
    kind: str
    note: str
    caller: str


@dataclass(frozen=True)
class CallMade(Act):
    note: str


@dataclass(frozen=True)
class Refunded(Act):
    refund_fen: int
    reason: str


@dataclass(frozen=True)
class AlbumMade(Act):
    """The album number `number` of the words, with its drawn pictures."""

    number: int


NURSES = ("demo.nurse", "demo.nurse2", "demo.nurse3")
DOCTORS = ("demo.doctor", "demo.doctor2")
_DESK = (Added, Enrolled, OwnNurseNamed, Used, Left, Refunded, Thanked)
_MANAGER = (Published, PostersPrinted, StoryDecided, Imported)
_DOCTOR = (Stopped, CallMade)


def hand(act: Act, role: str = "nurse") -> str:
    """The user name of the member of staff who does this; `role` is the task's own for tasks."""
    if isinstance(act, TipSettled):
        return act.person
    if isinstance(act, _DESK):
        return "demo.desk"
    if isinstance(act, _MANAGER):
        return "demo.manager"
    if isinstance(act, _DOCTOR):
        return DOCTORS[0]
    return DOCTORS[act.who % 2] if role == "doctor" else NURSES[act.who % 3]
