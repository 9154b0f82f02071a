"""Tips: how much may be declared, by whom it is confirmed, and how the person concerned knows of them.

Declared by the writer, 6.6 to 66 yuan while the switch is signed off; confirmed by nobody but the receiver.

The money goes from phone to phone and never through the house; the house only writes down what both sides say.
A confirmed tip stays confirmed: money is not edited.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, exists, not_, select, update

from core.department.switches import TIPS_FEN, is_on
from core.department.tables import LocationRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.tables import PatientRow, StaffRow
from core.recognition.tables import RecognitionRow
from core.recognition.targets import PRAISED_ROLES, TIPS_SWITCH

TIP_STATES = {
    "none": N_("No tip"),
    "declared": N_("Declared by the writer"),
    "confirmed": N_("Arrived"),
    "not_received": N_("Not received"),
}
SMALLEST_FEN, LARGEST_FEN = TIPS_FEN
AMOUNT = re.compile(r"\d{1,6}(\.\d{0,4})?", re.ASCII)
MOVES = {"declared": {"confirmed", "not_received"}, "not_received": {"confirmed"}}

CONFIRMED = declare("tip.confirmed", N_("Tip confirmed by its receiver"))
NOT_RECEIVED = declare("tip.not_received", N_("Tip marked as not received"))


def yuan(fen: int) -> str:
    """A tip as people write it: "6.6", "66"."""
    return f"{Decimal(fen) / 100:.1f}".removesuffix(".0")


@dataclass(eq=False)
class TipsOff(Refusal):
    message = N_("Tips are not possible here. Your words alone are welcome.")
    field = "tip"


@dataclass(eq=False)
class TipNeedsPerson(Refusal):
    message = N_("A tip goes to one person. Please choose the person, or leave the amount empty.")
    field = "tip"


@dataclass(eq=False)
class TipOutOfRange(Refusal):
    least: str = yuan(SMALLEST_FEN)
    most: str = yuan(LARGEST_FEN)
    message = N_("A tip is between {least} and {most} yuan, or nothing at all.")
    field = "tip"


@dataclass(eq=False)
class TipNotYours(Refusal):
    message = N_("Only the person who was tipped can say whether it arrived.")


@dataclass(eq=False)
class TipSettled(Refusal):
    state: str
    message = N_("This tip already reads “{state}”; it cannot be changed to that.")


@dataclass(frozen=True)
class OwnPraise:
    """One praise for the person who asks, or for the whole team."""

    recognition_id: int
    day: date
    place: str
    text: str
    tip_fen: int
    tip_state: str


@dataclass(frozen=True)
class TipLine:
    """One declared tip for whoever supervises: no text, no writer."""

    recognition_id: int
    day: date
    person: str
    place: str
    tip_fen: int
    tip_state: str


def fen_of(typed: str) -> int:
    """Yuan as typed ("6.6", "¥8", "６．６", "") in whole fen. Refuses `TipOutOfRange` for what is no amount."""
    text = re.sub(r"[\s¥元]", "", unicodedata.normalize("NFKC", typed)).replace("。", ".").replace(",", ".")
    if not text:
        return 0
    fen = Decimal(text) * 100 if AMOUNT.fullmatch(text) else None
    if fen is None or fen != int(fen):
        raise TipOutOfRange
    return int(fen)


def require_possible(look: Look, tip_fen: int, staff: StaffRow | None) -> None:
    """Whether this may be declared as a tip (0: none). Refuses `TipsOff`, `TipNeedsPerson` and `TipOutOfRange`."""
    if not tip_fen:
        return
    if not is_on(look, TIPS_SWITCH):
        raise TipsOff
    if staff is None or not staff.payment_code_key:
        raise TipNeedsPerson
    if not SMALLEST_FEN <= tip_fen <= LARGEST_FEN:
        raise TipOutOfRange


@deed("praise.own")
def confirm_tip(stamp: Stamp, *, recognition_id: int) -> str:
    """The receiver says that the declared tip arrived. Refuses `TipNotYours`, `TipSettled`."""
    return _settle(stamp, recognition_id, "confirmed", CONFIRMED)


@deed("praise.own")
def tip_not_received(stamp: Stamp, *, recognition_id: int) -> str:
    """The receiver says that the declared tip did not arrive; it may still arrive later.

    Refuses `TipNotYours`, `TipSettled`.
    """
    return _settle(stamp, recognition_id, "not_received", NOT_RECEIVED)


def _settle(stamp: Stamp, recognition_id: int, state: str, kind: str) -> str:
    row = stamp.session.execute(
        select(
            RecognitionRow.staff_id, RecognitionRow.tip_state, RecognitionRow.tip_fen, RecognitionRow.day
        ).where(RecognitionRow.id == recognition_id)
    ).first()
    if row is None or stamp.staff_id is None or row.staff_id != stamp.staff_id:
        raise TipNotYours
    if state not in MOVES.get(row.tip_state, set()):
        raise TipSettled(TIP_STATES[row.tip_state])
    changed = stamp.session.execute(
        update(RecognitionRow)
        .where(RecognitionRow.id == recognition_id, RecognitionRow.tip_state == row.tip_state)
        .values(tip_state=state, tip_decided_at=stamp.now)
        .returning(RecognitionRow.id)
    ).all()
    if not changed:
        raise TipSettled(TIP_STATES[row.tip_state])
    stamp.audit(
        kind,
        ("recognition", recognition_id),
        before={"tip_state": row.tip_state},
        after={"tip_state": state, "tip_fen": row.tip_fen},
    )
    stamp.touch(row.day)
    return state


@question("praise.own")
def own_praise(look: Look, *, limit: int = 100) -> list[OwnPraise]:
    """What patients wrote about the person who asks, newest first."""
    return _praise(look, RecognitionRow.staff_id == look.staff_id, limit)


@question("praise.own")
def team_praise(look: Look, *, limit: int = 50) -> list[OwnPraise]:
    """What patients wrote to a place without naming anybody, newest first: it belongs to everybody who works here.

    Words of a patient in quiet care are left out.
    """
    silenced = exists().where(PatientRow.id == RecognitionRow.patient_id, PatientRow.silenced_at.is_not(None))
    nobody = RecognitionRow.staff_id.is_(None)
    return _praise(look, and_(nobody, RecognitionRow.text != "", not_(silenced)), limit)


def _praise(look: Look, chosen: ColumnElement[bool], limit: int) -> list[OwnPraise]:
    rows = look.session.execute(
        select(
            RecognitionRow.id, RecognitionRow.day, RecognitionRow.text, RecognitionRow.tip_fen,
            RecognitionRow.tip_state, LocationRow.name,
        )
        .outerjoin(LocationRow, LocationRow.id == RecognitionRow.location_id)
        .where(chosen)
        .order_by(RecognitionRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [OwnPraise(r.id, r.day, r.name or "", r.text, r.tip_fen, r.tip_state) for r in rows]


@question("settings.write")
def without_payment_code(look: Look) -> list[str]:
    """Who may be praised, but has uploaded no payment code: names, to whom no tip can be given yet."""
    names = (
        select(StaffRow.name)
        .where(StaffRow.active, StaffRow.role.in_(PRAISED_ROLES), StaffRow.payment_code_key.is_(None))
        .order_by(StaffRow.name)
    )
    return list(look.session.scalars(names))


@question("praise.moderate")
def tip_register(look: Look, *, since: date, until: date) -> list[TipLine]:
    """Every declared tip between two days (both included), for supervision; by date, neither summed nor ranked."""
    rows = look.session.execute(
        select(
            RecognitionRow.id, RecognitionRow.day, StaffRow.name.label("person"), LocationRow.name.label("place"),
            RecognitionRow.tip_fen, RecognitionRow.tip_state,
        )
        .join(StaffRow, StaffRow.id == RecognitionRow.staff_id)
        .outerjoin(LocationRow, LocationRow.id == RecognitionRow.location_id)
        .where(RecognitionRow.tip_fen > 0, RecognitionRow.day.between(since, until))
        .order_by(RecognitionRow.day, RecognitionRow.id)
    )  # fmt: skip
    return [TipLine(r.id, r.day, r.person, r.place or "", r.tip_fen, r.tip_state) for r in rows]
