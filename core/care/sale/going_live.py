"""Going live: from this day on a package is sold to patients; before it, sales are refused with the list of why not.

A manager may set a point of the list aside with a reason (never one that protects patients); the reason stays in the
audit trail. Going live happens once per package and is not taken back: to stop selling, the package goes off the
shelf (`core.packages.publishing.put_on_sale`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.care.sale.readiness import Point, weighed
from core.care.sale.readiness_points import KINDS
from core.care.tables import GoLiveRow, ReadinessOverrideRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, full_day_text, translator
from core.sops.approval import SalesBlock, sales_blocks
from core.sops.states import get_package

LIVE = declare("package.live", N_("Package went live"))
SET_ASIDE = declare("readiness.overridden", N_("Open point of the go-live list set aside"))
TAKEN_BACK = declare("readiness.restored", N_("Open point of the go-live list counts again"))

LEAST_REASON = 8  # characters: the shortest Chinese sentence somebody can understand next year


@dataclass(eq=False)
class PointsOpen(Refusal):
    """Something is still to do; `points` are the open ones."""

    points: tuple[Point, ...]

    def text(self, language: str) -> str:
        _ = translator(language)
        named = ("、" if language == "zh" else ", ").join(_(point.title) for point in self.points)
        return _(self.message, points=named, **self._more())

    def _more(self) -> dict[str, str]:
        return {}


@dataclass(eq=False)
class NotReady(PointsOpen):
    message = N_("Not yet. Still open: {points}. Each line of the list leads to where it is mended.")


@dataclass(eq=False)
class NotLive(PointsOpen):
    """A sale before the package went live; `points` is empty when only the last click is missing."""

    package: str
    message = N_("“{package}” is not on sale yet. Still open for the manager: {points}.")
    field = "package_id"

    def text(self, language: str) -> str:
        if self.points:
            return super().text(language)
        return translator(language)(READY_BUT_NOT_LIVE, package=self.package)

    def _more(self) -> dict[str, str]:
        return {"package": self.package}


READY_BUT_NOT_LIVE = N_("“{package}” is not on sale yet. Everything is ready: the manager takes it live.")


@dataclass(eq=False)
class SalesPaused(Refusal):
    """The SOP's review is overdue beyond its grace, or the SOP was retired."""

    block: SalesBlock
    field = "package_id"

    def text(self, language: str) -> str:
        return self.block.text(language)


@dataclass(eq=False)
class AlreadyLive(Refusal):
    since: date
    message = N_("This package has been live since {day}.")

    def text(self, language: str) -> str:
        return translator(language)(self.message, day=full_day_text(self.since, language))


@dataclass(eq=False)
class NeverSetAside(Refusal):
    point: str
    message = N_("“{point}” is about patient safety and must be met.")


@dataclass(eq=False)
class NothingToSetAside(Refusal):
    point: str
    message = N_("“{point}” is not open. There is nothing to set aside.")


@dataclass(frozen=True)
class Gate:
    """Whether a package can be sold today. `open` names what keeps it from going live, `block` what pauses it."""

    package_id: int
    live_since: date | None
    open: tuple[Point, ...]
    block: SalesBlock | None

    @property
    def sells(self) -> bool:
        return self.live_since is not None and self.block is None


# --- deeds ----------------------------------------------------------------------------------------


@deed("package.write")
def override(stamp: Stamp, *, package_id: int, point: str, reason: str) -> None:
    """Set an open point aside, with a reason of at least a sentence; it counts again once withdrawn.

    Refuses what protects patients (`NeverSetAside`), a point that is not open and a missing reason. An unknown
    point is a `KeyError`: people never type them.
    """
    reason = reasons.given(reason, least=LEAST_REASON, most=reasons.LONGEST_NOTE)
    kind = KINDS[point]
    if kind.safety:
        raise NeverSetAside(kind.title)
    get_package(stamp, package_id)
    standing = {each.code: each.state for each in weighed(stamp, package_id).points}
    if standing[point] != "open":
        raise NothingToSetAside(kind.title)
    stamp.session.add(
        ReadinessOverrideRow(
            package_id=package_id, point=point, reason=reason, by=stamp.staff_id, at=stamp.now
        )
    )
    stamp.audit(SET_ASIDE, ("package", package_id), after={"point": point, "reason": reason})


@deed("package.write")
def withdraw_override(stamp: Stamp, *, package_id: int, point: str) -> None:
    """Let a point that was set aside count again; nothing happens where none was."""
    rows = stamp.session.scalars(
        select(ReadinessOverrideRow).where(
            ReadinessOverrideRow.package_id == package_id,
            ReadinessOverrideRow.point == point,
            ReadinessOverrideRow.withdrawn_at.is_(None),
        )
    ).all()
    for row in rows:
        row.withdrawn_at, row.withdrawn_by = stamp.now, stamp.staff_id
    stamp.audit(TAKEN_BACK, ("package", package_id), after={"point": point})


@deed("package.write")
def go_live(stamp: Stamp, *, package_id: int) -> None:
    """Begin to sell a package. Keeps what every point of the list said at this moment.

    Refuses `NotReady` with the open points, and a package that is live (`AlreadyLive`).
    """
    get_package(stamp, package_id)
    found = weighed(stamp, package_id)
    if found.live_since is not None:
        raise AlreadyLive(found.live_since)
    if found.open:
        raise NotReady(found.open)
    states = {point.code: point.state for point in found.points}
    stamp.session.add(
        GoLiveRow(package_id=package_id, day=stamp.today, at=stamp.now, by=stamp.staff_id, states=states)
    )
    aside = [point.code for point in found.points if point.state == "overridden"]
    met = list(states.values()).count("met")
    stamp.audit(LIVE, ("package", package_id), after={"overridden": aside, "met": met})


# --- questions ------------------------------------------------------------------------------------


@question("package.read")
def gate(look: Look, *, package_id: int) -> Gate:
    """Whether a package can be sold today, and what is in the way; refuses `UnknownPackage`."""
    return gates(look, [package_id])[package_id]


def gates(look: Look, package_ids: list[int]) -> dict[int, Gate]:
    """`gate` for several packages at once; only one that is not live yet is weighed point by point."""
    live = select(GoLiveRow.package_id, GoLiveRow.day).where(GoLiveRow.package_id.in_(package_ids))
    since: dict[int, date] = {found.package_id: found.day for found in look.session.execute(live)}
    blocks = sales_blocks(look, package_ids)
    return {
        one: Gate(one, since.get(one), () if one in since else weighed(look, one).open, blocks.get(one))
        for one in package_ids
    }


def refuse_unless_selling(look: Look, package_id: int, name: str) -> None:
    """What every sale asks first: refuses `NotLive` with the open points, and `SalesPaused`."""
    found = gate(look, package_id=package_id)
    if found.live_since is None:
        raise NotLive(found.open, name)
    if found.block is not None:
        raise SalesPaused(found.block)
