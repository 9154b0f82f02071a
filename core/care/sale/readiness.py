"""Whether a package may go live: a list computed from facts (`core.care.sale.readiness_points`), never ticked.

Every point says what is so today and on which page it is mended. Most points may be set aside by a manager with a
reason; those that protect patients may not. A point that only informs is shown and may be set aside, but keeps nobody
from going live.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.care.sale.readiness_points import KINDS, Case, Fact
from core.care.tables import GoLiveRow, ReadinessOverrideRow
from core.foundation.doors import Look, question
from core.packages.tables import PackageRow
from core.packages.versions import UnknownPackage
from core.people.tables import StaffRow


@dataclass(frozen=True)
class Override:
    """A point set aside: who, when and why."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Point:
    """One line of the list. `state` is "met", "open" or "overridden"; a point for `safety` cannot be set aside, one that
    `informs` stands in nobody's way. `where` is the key (address) of the page that mends it."""

    code: str
    title: str
    state: str
    fact: Fact
    safety: bool
    where: str
    override: Override | None = None
    informs: bool = False


@dataclass(frozen=True)
class Readiness:
    """Where a package stands. `live_since` is the first day of its sale, None before it."""

    package_id: int
    points: tuple[Point, ...]
    live_since: date | None

    @property
    def open(self) -> tuple[Point, ...]:
        """What is still to do before going live."""
        return tuple(point for point in self.points if point.state == "open" and not point.informs)

    @property
    def can_go_live(self) -> bool:
        """Whether nothing is open and the package is not on sale yet."""
        return not self.open and self.live_since is None


@question("package.read")
def readiness(look: Look, *, package_id: int) -> Readiness:
    """The list of one package as it stands today; refuses `UnknownPackage`."""
    return weighed(look, package_id)


def weighed(look: Look, package_id: int) -> Readiness:
    """`readiness` for rooms that need it under their own permission."""
    if look.session.get(PackageRow, package_id) is None:
        raise UnknownPackage
    case, held = Case(look, package_id), _overrides(look, package_id)
    points = []
    for code, kind in KINDS.items():
        met, fact = kind.found(case)
        aside = None if met or kind.safety else held.get(code)
        state = "met" if met else "overridden" if aside else "open"
        points.append(Point(code, kind.title, state, fact, kind.safety, kind.where, aside, kind.informs))
    return Readiness(package_id, tuple(points), live_since(look, package_id))


def live_since(look: Look, package_id: int) -> date | None:
    """The first day of a package's sale, None before it."""
    return look.session.scalar(select(GoLiveRow.day).where(GoLiveRow.package_id == package_id))


# --- inner ------------------------------------------------------------------------------------------


def _overrides(look: Look, package_id: int) -> dict[str, Override]:
    query = (
        select(ReadinessOverrideRow, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == ReadinessOverrideRow.by)
        .where(ReadinessOverrideRow.package_id == package_id, ReadinessOverrideRow.withdrawn_at.is_(None))
    )
    return {row.point: Override(row.reason, name or "", row.at) for row, name in look.session.execute(query)}
