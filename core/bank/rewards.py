"""The shelf: what points and badges buy, taken over from each published package.

Points never buy clinical priority, are never paid out and never transferred (loyalty rules in
`data/reference/bank/loyalty_vectors.json`). A reward that needs sign-off stays off the shelf until the feature
"clinical_rewards" is signed off in Settings. Stock goes down by a conditional UPDATE, so the last one has one winner.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, insert, or_, select, update

from core.bank.account import holding, own_id
from core.bank.entries import resting
from core.bank.tables import REWARDS, RewardRow
from core.care.tables import EnrolmentRow
from core.department.switches import may_promise
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.fast.statements import Hot
from core.foundation.language import N_
from core.foundation.meanwhile import refuse_changed
from core.foundation.open_types import Query, Raw, Value
from core.packages.publishing import Published
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned

STOCKED = declare("reward.stocked", N_("Stock of a reward changed"))

TAKE_ONE = Hot(
    update(REWARDS)
    .where(REWARDS.c.id == bindparam("reward"), REWARDS.c.stock > 0)
    .values(stock=REWARDS.c.stock - 1)
)
# With the published version, whose words are filled from what house and package say today.
_ON_SHELF = select(
    REWARDS, PackageVersionRow.id.label("version_id"), PackageVersionRow.published_at
).outerjoin(
    PackageVersionRow,
    and_(PackageVersionRow.package_id == REWARDS.c.package_id, PackageVersionRow.status == "published"),
)
_PUT_BACK = update(REWARDS).where(REWARDS.c.id == bindparam("reward")).values(stock=REWARDS.c.stock + 1)


@dataclass(eq=False)
class RewardUnknown(Refusal):
    message = N_("This reward is no longer on the shelf. Reload to see what is.")


@dataclass(eq=False)
class RewardSoldOut(Refusal):
    name: str
    message = N_("“{name}” is gone for now. Nothing was taken from the points.")


@dataclass(eq=False)
class StockOutOfRange(Refusal):
    message = N_("Enter how many are left as a whole number from 0, or leave it empty for no limit.")
    field = "stock"


@dataclass(frozen=True)
class ShelfItem:
    """A reward for points as one patient sees it. `stock` None: no limit; `missing` points until it can be taken
    (0: enough)."""

    reward_id: int
    code: str
    name: str
    terms: str
    cost_points: int
    value_fen: int | None
    valid_days: int
    stock: int | None
    missing: int
    sold_out: bool


@dataclass(frozen=True)
class RewardLine:
    """A reward as the manager sees it. `locked`: waits for its sign-off."""

    reward_id: int
    package_id: int | None
    code: str
    name: str
    kind: str
    cost_points: int | None
    value_fen: int | None
    stock: int | None
    active: bool
    locked: bool


# --- deeds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reward:
    """A reward as it is given out: the shelf's row, for badges on the terms of the version that was sold.

    `cost_points` is None for what badges earn, `stock` None for what never runs out.
    """

    id: int
    code: str
    package_id: int | None
    name: str
    terms: str
    value_fen: int | None
    valid_days: int
    stock: int | None
    cost_points: int | None


@deed("package.write")
def restock(stamp: Stamp, *, reward_id: int, stock: int | None, reason: str, read: Raw | None = None) -> None:
    """Set how many of a reward are left (None: no limit). Refuses `ReasonMissing`, `StockOutOfRange`, and
    `ChangedMeanwhile` where others were taken or delivered since the form showed `read`."""
    reason = reasons.given(reason)
    if stock is not None and not 0 <= stock <= 100_000:
        raise StockOutOfRange
    row = stamp.session.get(RewardRow, reward_id)
    if row is None:
        raise RewardUnknown
    refuse_changed({"stock": row.stock}, read)
    stamp.audit(STOCKED, ("reward", reward_id), {"stock": row.stock}, {"stock": stock, "reason": reason})
    row.stock = stock


def sync_from_package(stamp: Stamp, published: Published) -> None:
    """Put the rewards of a published version on the shelf; runs inside the publishing deed.

    Rewards the version no longer has leave the shelf; vouchers already held keep their own terms. The count
    on the shelf is only set when the document's own number has changed since the last publication. Name and terms are
    kept as they are read at this moment, for when no version has them any more; until then they are read anew (`_told`).
    """
    link = stamp.link
    known = {
        row.code: row
        for row in link.execute(select(REWARDS).where(REWARDS.c.package_id == published.package_id))
    }
    for reward in published.document.rewards:
        facts: Raw = {
            **reward.model_dump(exclude={"code", "stock"}), "active": True, "listed_stock": reward.stock,
            "name": fitting(reward.name, REWARDS.c.name), "terms": fitting(reward.terms, REWARDS.c.terms),
        }  # fmt: skip
        before = known.pop(reward.code, None)
        if before is None:
            link.execute(
                insert(REWARDS).values(
                    package_id=published.package_id, code=reward.code, stock=reward.stock, **facts
                )
            )
            continue
        if before.listed_stock != reward.stock:
            facts["stock"] = reward.stock
        link.execute(update(REWARDS).where(REWARDS.c.id == before.id).values(**facts))
    for gone in known.values():
        link.execute(update(REWARDS).where(REWARDS.c.id == gone.id).values(active=False))


# --- questions ------------------------------------------------------------------------------------


@question("points.read")
def shelf_for(look: Look, *, patient_id: int) -> list[ShelfItem]:
    """What a patient can take for points, cheapest first."""
    return _shelf(look, patient_id)


@question("patient.self")
def own_shelf(look: Look) -> list[ShelfItem]:
    """What the asking patient can take for points; empty while her account is at rest."""
    return _shelf(look, own_id(look))


@question("package.read")
def rewards(look: Look) -> list[RewardLine]:
    """Every reward the department has or had, those on the shelf first."""
    open_ = may_promise(look, True)
    rows = look.link.execute(
        _ON_SHELF.order_by(REWARDS.c.active.desc(), REWARDS.c.kind, REWARDS.c.cost_points, REWARDS.c.id)
    )
    return [
        RewardLine(
            r.id, r.package_id, r.code, _told(look, r)[0], r.kind, r.cost_points, r.value_fen, r.stock, r.active,
            r.needs_signoff and not open_,
        )
        for r in rows
    ]  # fmt: skip


# --- what vouchers and badges use -----------------------------------------------------------------


def _shelf(look: Look, patient_id: int) -> list[ShelfItem]:
    if resting(look.link, patient_id):
        return []
    held = holding(look, patient_id).balance
    found = look.link.execute(_within_reach(look, patient_id).order_by(REWARDS.c.cost_points, REWARDS.c.id))
    return [
        ShelfItem(
            r.id, r.code, *_told(look, r), r.cost_points, r.value_fen, r.valid_days, r.stock,
            max(0, r.cost_points - held), r.stock == 0,
        )
        for r in found
    ]  # fmt: skip


def offered_reward(look: Look, patient_id: int, reward_id: int) -> Reward:
    """The reward if this patient may take it for points; refuses `RewardUnknown`."""
    row = look.link.execute(_within_reach(look, patient_id).where(REWARDS.c.id == reward_id)).first()
    if row is None:
        raise RewardUnknown
    return Reward(
        row.id, row.code, row.package_id, *_told(look, row), row.value_fen, row.valid_days, row.stock,
        row.cost_points,
    )  # fmt: skip


def _within_reach(look: Look, patient_id: int) -> Query:
    """Rewards for points of the packages this patient holds or held, and of the house itself."""
    hers = select(EnrolmentRow.package_id).where(
        EnrolmentRow.patient_id == patient_id, EnrolmentRow.status.in_(("active", "completed", "run_out"))
    )
    reach = _ON_SHELF.where(
        REWARDS.c.kind == "points",
        REWARDS.c.active.is_(True),
        or_(REWARDS.c.package_id.is_(None), REWARDS.c.package_id.in_(hers)),
    )
    if not may_promise(look, True):
        reach = reach.where(REWARDS.c.needs_signoff.is_(False))
    return reach


def _told(look: Look, row: Value) -> tuple[str, str]:
    """Name and terms of a row of `_ON_SHELF` as they are read today."""
    if row.version_id is not None:
        for reward in pinned(look.session, row.version_id, row.published_at).rewards:
            if reward.code == row.code:
                return reward.name, reward.terms
    return row.name, row.terms


def fitting(words: str, column: Value) -> str:
    """Words cut to what a column holds: with its fields filled a text may be longer than anybody may write."""
    most: int = column.type.length
    return words if len(words) <= most else f"{words[: most - 1]}…"


def take_one(stamp: Stamp, reward: Reward) -> bool:
    """One fewer on the shelf; False when the last is gone."""
    return reward.stock is None or TAKE_ONE.change(stamp.link, reward=reward.id) == 1


def put_back(stamp: Stamp, reward_id: int) -> None:
    """One more on the shelf (a reward without limit stays without)."""
    stamp.link.execute(_PUT_BACK, {"reward": reward_id})
