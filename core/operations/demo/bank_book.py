"""The bank's part of the story as rows: entries, lots and their uses, balances, vouchers and the shelf's count.

By the rules of `core.bank`: a source earns once, what expires soonest is spent first, the balance is the sum of
its entries and of its living lots. The story is younger than the first interest year and the first expiry.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.bank.interest import DEFAULT, anniversary_after
from core.bank.lots import expiry_of
from core.bank.tables import AccountRow, LedgerEntryRow, LotRow, LotUseRow, RewardRow, VoucherRow
from core.bank.vouchers import ALPHABET, LENGTH
from core.operations.demo import acts
from core.operations.demo.known import Known
from core.operations.demo.rows import Row, Rows
from core.operations.demo.stage import ZONE
from core.packages.templates import as_chosen


class BankBook:
    def __init__(self, session: Session, rows: Rows, known: Known) -> None:
        self.session, self.rows, self.known = session, rows, known
        self.document = as_chosen(known.story.stage.document)
        self.accounts: dict[int, Row] = {}
        self.lots: dict[int, list[Row]] = {}
        self.vouchers: dict[tuple[int, str], list[Row]] = {}
        self.rewards = {row.code: row for row in session.scalars(select(RewardRow))}
        self.taken: Counter[str] = Counter()
        self.chance = Random("demo vouchers")

    def earn(
        self, act: acts.Act, actor_id: int | None, points: int, rule: str, source: str, reason: str
    ) -> None:
        account, day = self._account(act), _day(act)
        entry = self._entry(act, account, "earn", points, rule, reason, source, actor_id)
        expires_on = expiry_of(DEFAULT, day)
        lot = self.rows.add(
            LotRow, account_id=account["id"], entry_id=entry["id"], points=points, left=points,
            expires_on=expires_on,
        )  # fmt: skip
        self.lots.setdefault(act.who, []).append(lot)
        account["balance"] += points
        account["next_due_on"] = min(account["next_due_on"], expires_on)

    def take_reward(self, act: acts.Act, code: str) -> None:
        reward, account = self.rewards[code], self._account(act)
        cost = reward.cost_points or 0
        entry = self._entry(act, account, "redeem", -cost, reward.code, reward.name, None, None)
        account["balance"] -= cost
        missing = cost
        for lot in sorted(self.lots[act.who], key=lambda one: (one["expires_on"], one["id"])):
            used = min(lot["left"], missing)
            if used:
                lot["left"] -= used
                self.rows.add(LotUseRow, entry_id=entry["id"], lot_id=lot["id"], points=used)
                missing -= used
        if missing:
            raise ValueError(f"patient {act.who} lacks {missing} points for {code}")
        self._voucher(act, reward, cost_points=cost, entry_id=entry["id"])

    def badge_voucher(self, act: acts.Act, enrolment_id: int) -> None:
        """The voucher the badges promise, once per enrolment, on the terms of the version that was sold."""
        goal = self.document.badge_target
        if goal is None or (act.who, goal.reward_code) in self.vouchers:
            return
        self._voucher(
            act, self.rewards[goal.reward_code], enrolment_id=enrolment_id, source=f"badges:{enrolment_id}:1"
        )

    def use_voucher(self, act: acts.Act, code: str, staff_id: int | None) -> None:
        row = next(row for row in self.vouchers[act.who, code] if row["state"] == "issued")
        if row["valid_until"] < _day(act):
            raise ValueError(f"the {code} voucher of patient {act.who} is over")
        row |= {"state": "redeemed", "redeemed_at": act.at, "redeemed_by": staff_id}
        self.known.vouchers.get((act.who, code), [row["code"]]).remove(row["code"])

    def write(self) -> None:
        """The shelf's count; the rows themselves are written with all others."""
        for code, taken in self.taken.items():
            if self.rewards[code].stock is not None:
                change = update(RewardRow).where(RewardRow.id == self.rewards[code].id)
                self.session.execute(change.values(stock=RewardRow.stock - taken))

    def _account(self, act: acts.Act) -> Row:
        found = self.accounts.get(act.who)
        if found is None:
            day = _day(act)
            found = self.accounts[act.who] = self.rows.add(
                AccountRow, patient_id=self.known.patients[act.who], balance=0, opened_on=day, settled_to=day,
                next_due_on=anniversary_after(day, day),
            )  # fmt: skip
        return found

    def _entry(
        self, act: acts.Act, account: Row, kind: str, points: int, rule: str, reason: str, source: str | None,
        actor_id: int | None,
    ) -> Row:  # fmt: skip
        return self.rows.add(
            LedgerEntryRow, account_id=account["id"], kind=kind, points=points, day=_day(act), at=act.at,
            rule=rule, source=source, actor_id=actor_id, reason=reason[:200], package_id=self.known.package_id,
        )  # fmt: skip

    def _voucher(
        self, act: acts.Act, reward: RewardRow, *, cost_points: int | None = None, entry_id: int | None = None,
        enrolment_id: int | None = None, source: str | None = None,
    ) -> None:  # fmt: skip
        code = "".join(self.chance.choice(ALPHABET) for _ in range(LENGTH))
        row = self.rows.add(
            VoucherRow, code=code, patient_id=self.known.patients[act.who], reward_id=reward.id,
            enrolment_id=enrolment_id, entry_id=entry_id, source=source, name=reward.name, terms=reward.terms,
            value_fen=reward.value_fen, cost_points=cost_points, state="issued", issued_at=act.at,
            valid_until=_day(act) + timedelta(days=reward.valid_days),
        )  # fmt: skip
        self.taken[reward.code] += 1
        self.vouchers.setdefault((act.who, reward.code), []).append(row)
        if entry_id is not None:
            self.known.vouchers.setdefault((act.who, reward.code), []).append(code)


def _day(act: acts.Act) -> date:
    return act.at.astimezone(ZONE).date()
