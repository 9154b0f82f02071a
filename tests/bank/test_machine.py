"""Whatever is done in whatever order, by two replicas and with repeated clicks: the books stay in balance."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.bank import ledger
from core.bank.adjustments import approve_adjustment, propose_adjustment
from core.bank.entries import peek
from core.bank.settling import settle_due
from core.bank.tables import LedgerEntryRow
from core.bank.totals import check
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.errors import Refusal
from tests.bank.conftest import Bank, grant
from tests.conftest import World

POINTS = st.integers(1, 1200)


def machine(bank: Bank, replicas: list[Desk]) -> type[RuleBasedStateMachine]:
    actors = bank.world.actors

    class Books(RuleBasedStateMachine):
        """One account per run; `clicks` are answered deeds that may be repeated, on either replica."""

        def __init__(self) -> None:
            super().__init__()
            self.patient = bank.patient()
            self.entries: list[int] = []
            self.clicks: list[tuple[str, Any, str, dict[str, Any], Any]] = []
            self.number = 0

        def act(self, replica: int, role: str, deed: Any, **arguments: Any) -> Any:
            self.number += 1
            key = f"{self.patient}-{self.number}"
            try:
                result = replicas[replica].do(actors[role], deed, key, **arguments)
            except Refusal:
                return None
            self.clicks.append((role, deed, key, arguments, result))
            return result

        def keep(self, entry: int | None) -> None:
            if entry is not None:
                self.entries.append(entry)

        @rule(replica=st.integers(0, 1), points=POINTS, event=st.integers(0, 30))
        def earn(self, replica: int, points: int, event: int) -> None:
            source = f"machine:{self.patient}:{event}"
            # No deed of its own, so no request key: an event that comes again is known by its source.
            self.keep(
                replicas[replica].do(
                    actors["manager"], grant, patient_id=self.patient, points=points, source=source
                )
            )

        @rule(replica=st.integers(0, 1), points=POINTS)
        def redeem(self, replica: int, points: int) -> None:
            entry = self.act(
                replica,
                "front_desk",
                ledger.redeem_points,
                patient_id=self.patient,
                points=points,
                reason="停车",
            )
            if entry is None:
                self.night(replica)  # what a refusal found expired, it left for the night to write down
                assert self.held() < points
            self.keep(entry)

        @rule(replica=st.integers(0, 1), points=st.integers(-800, 800).filter(bool))
        def adjust(self, replica: int, points: int) -> None:
            asked = self.act(
                replica, "manager", propose_adjustment, patient_id=self.patient, points=points, reason="核对"
            )
            self.keep(self.act(1 - replica, "administrator", approve_adjustment, adjustment_id=asked))

        @precondition(lambda self: self.entries)
        @rule(replica=st.integers(0, 1), data=st.data())
        def reverse(self, replica: int, data: st.DataObject) -> None:
            entry = data.draw(st.sampled_from(self.entries))
            self.act(replica, "manager", ledger.reverse_entry, entry_id=entry, reason="录错了")

        @rule(replica=st.integers(0, 1))
        def night(self, replica: int) -> None:
            replicas[replica].do(actors["manager"], settle_due)

        @rule(days=st.sampled_from([1, 30, 180, 365, 400]))
        def wait(self, days: int) -> None:
            bank.later(days=days)

        @precondition(lambda self: self.clicks)
        @rule(replica=st.integers(0, 1), data=st.data())
        def repeat(self, replica: int, data: st.DataObject) -> None:
            role, deed, key, arguments, result = data.draw(st.sampled_from(self.clicks))
            before = self.count()
            assert replicas[replica].do(actors[role], deed, key, **arguments) == result
            assert self.count() == before

        def held(self) -> int:
            account = replicas[0].ask(actors["manager"], peek, patient_id=self.patient)
            return account.balance if account else 0

        def count(self) -> int:
            with replicas[0].database.reading() as session:
                return session.query(LedgerEntryRow).count()

        @invariant()
        def the_books_agree(self) -> None:
            account = replicas[1].ask(actors["manager"], peek, patient_id=self.patient)
            if account is None:
                return
            assert account.balance >= 0
            assert replicas[1].ask(actors["manager"], check, account_id=account.id).sound
            running = 0
            with replicas[0].database.reading() as session:
                for (points,) in (
                    session.query(LedgerEntryRow.points)
                    .filter_by(account_id=account.id)
                    .order_by(LedgerEntryRow.id)
                ):
                    running += points
                    assert running >= 0

    return Books


@pytest.mark.filterwarnings("ignore")
def test_any_sequence_of_deeds_keeps_the_books(world: World, bank: Bank) -> None:
    second = Database(world.desk.database.url)
    replicas = [world.desk, Desk(second, world.desk.media, world.clock)]
    run_state_machine_as_test(
        machine(bank, replicas),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(
                Phase.reuse,
                Phase.generate,
            ),  # shrinking a book of deeds on a real database takes minutes
        ),
    )
    second.dispose()
