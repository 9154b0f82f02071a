"""Lines are added, never changed; nothing goes below zero and nothing happens twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.bank import ledger
from core.bank.account import own_account, own_statement
from core.bank.adjustments import (
    AdjustmentDecided,
    AdjustmentOutOfRange,
    SecondPersonNeeded,
    adjustments_to_decide,
    approve_adjustment,
    decline_adjustment,
    propose_adjustment,
)
from core.bank.entries import AccountAtRest, PatientUnknown
from core.bank.tables import AccountRow, LotRow
from core.foundation.access import SYSTEM, NotAllowed
from core.foundation.doors import RequestKeyReused
from core.foundation.reasons import ReasonMissing
from core.people.tables import PatientRow
from tests.bank.conftest import TODAY, Bank

REDEEM = ledger.redeem_points


def silence(bank: Bank, patient_id: int, on: bool = True) -> None:
    with bank.world.desk.database.writing() as session:
        session.get_one(PatientRow, patient_id).silenced_at = bank.world.clock.now() if on else None


def test_points_come_in_and_go_out(bank: Bank) -> None:
    one, other = bank.patient(), bank.patient()
    bank.grant(one, 300)
    bank.grant(other, 50)
    bank.redeem(one, 120)
    assert (bank.balance(one), bank.balance(other)) == (180, 50)
    assert [line.points for line in bank.lines(one)] == [-120, 300]
    assert [line.balance for line in bank.lines(one)] == [180, 300]


def test_soonest_to_expire_goes_first(bank: Bank) -> None:
    patient = bank.patient()
    for day, points in ((date(2025, 1, 10), 100), (date(2025, 3, 1), 200), (date(2025, 7, 1), 500)):
        bank.go_to(day)
        bank.grant(patient, points)
    bank.redeem(patient, 150)
    with bank.world.desk.database.reading() as session:
        assert [lot.left for lot in session.query(LotRow).order_by(LotRow.id)] == [0, 150, 500]


def test_an_event_earns_once(bank: Bank) -> None:
    patient = bank.patient()
    first = bank.grant(patient, 100, source="task:1:1")
    assert bank.grant(patient, 100, source="task:1:1") == first
    assert bank.balance(patient) == 100


def test_a_click_redeems_once(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    first = bank.redeem(patient, 60, request_key="click")
    assert bank.redeem(patient, 60, request_key="click") == first
    assert bank.balance(patient) == 40
    with pytest.raises(RequestKeyReused):
        bank.redeem(patient, 30, request_key="click")


def test_more_than_held_is_refused_with_both_figures(bank: Bank) -> None:
    patient, empty = bank.patient(), bank.patient()
    bank.grant(patient, 100)
    with pytest.raises(ledger.InsufficientPoints) as refused:
        bank.redeem(patient, 101)
    assert (refused.value.held, refused.value.asked) == (100, 101)
    assert "100" in refused.value.text("zh") and "101" in refused.value.text("zh")
    with pytest.raises(ledger.InsufficientPoints):
        bank.redeem(empty, 1)
    assert bank.balance(patient) == 100


@pytest.mark.parametrize("points", [0, -5])
def test_nothing_is_redeemed_backwards(bank: Bank, points: int) -> None:
    with pytest.raises(ledger.PointsNotPositive):
        bank.redeem(bank.patient(), points)


def test_a_redemption_needs_a_reason_and_a_patient(bank: Bank) -> None:
    with pytest.raises(ReasonMissing):
        bank.world.do("front_desk", REDEEM, patient_id=bank.patient(), points=1, reason="  ")
    with pytest.raises(PatientUnknown):
        bank.redeem(99_999, 1)


@pytest.mark.parametrize("role", ["nurse", "doctor", "executive"])
def test_who_may_not_take_points(bank: Bank, role: str) -> None:
    with pytest.raises(NotAllowed):
        bank.world.do(role, REDEEM, patient_id=bank.patient(), points=1, reason="x")


@pytest.mark.parametrize("role", ["nurse", "front_desk", "executive"])
def test_who_may_not_correct(bank: Bank, role: str) -> None:
    with pytest.raises(NotAllowed):
        bank.world.do(role, ledger.reverse_entry, entry_id=1, reason="x")


def test_each_deed_leaves_one_audit_entry(bank: Bank) -> None:
    patient = bank.patient()
    earned = bank.grant(patient, 100)
    bank.redeem(patient, 10)
    bank.world.do("manager", ledger.reverse_entry, entry_id=bank.redeem(patient, 5), reason="录错了")
    assert earned
    with bank.world.desk.database.reading() as session:
        kinds = session.execute(text("SELECT kind FROM audit_entries WHERE kind LIKE 'points.%' ORDER BY id"))
        assert [kind for (kind,) in kinds] == ["points.redeemed", "points.redeemed", "points.reversed"]


def test_a_reversal_gives_back_to_the_same_lots_once(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.later(days=10)
    bank.grant(patient, 100)
    entry = bank.redeem(patient, 150)
    bank.reverse(entry)
    assert bank.balance(patient) == 200
    with bank.world.desk.database.reading() as session:
        assert [lot.left for lot in session.query(LotRow).order_by(LotRow.id)] == [100, 100]
    with pytest.raises(ledger.AlreadyReversed):
        bank.reverse(entry)
    with pytest.raises(ledger.NotReversible):
        bank.reverse(bank.lines(patient)[0].entry_id)


def test_an_earning_is_taken_back_whole_or_not_at_all(bank: Bank) -> None:
    patient = bank.patient()
    wrong = bank.grant(patient, 100)
    assert wrong
    bank.redeem(patient, 1)
    with pytest.raises(ledger.InsufficientPoints):
        bank.reverse(wrong)
    bank.grant(patient, 50)
    bank.reverse(wrong)
    assert bank.balance(patient) == 49


def test_what_has_expired_is_not_taken_twice(bank: Bank) -> None:
    patient = bank.patient()
    wrong = bank.grant(patient, 100)
    assert wrong
    bank.later(days=800)
    bank.grant(patient, 500)
    with pytest.raises(ledger.ExpiredMeanwhile):
        bank.reverse(wrong)


def test_points_coming_back_after_their_lot_expired_live_thirty_days(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    entry = bank.redeem(patient, 100)
    bank.go_to(date(2028, 3, 6))
    bank.reverse(entry)
    holding = bank.holding(patient)
    assert (holding.balance, holding.expiring_on) == (100, date(2028, 4, 5))
    bank.go_to(date(2028, 4, 5))
    bank.night()
    assert bank.balance(patient) == 0


def test_unknown_entries_and_missing_reasons(bank: Bank) -> None:
    with pytest.raises(ledger.EntryUnknown):
        bank.reverse(4711)
    with pytest.raises(ReasonMissing):
        bank.world.do("manager", ledger.reverse_entry, entry_id=1, reason="")


# --- two people -----------------------------------------------------------------------------------


def test_an_adjustment_moves_points_when_a_second_person_agrees(bank: Bank) -> None:
    patient = bank.patient()
    asked = bank.world.do("manager", propose_adjustment, patient_id=patient, points=80, reason="系统迁移补录")
    assert bank.balance(patient) == 0
    (waiting,) = bank.world.ask("administrator", adjustments_to_decide)
    assert (waiting.id, waiting.points, waiting.mine) == (asked, 80, False)
    bank.world.do("administrator", approve_adjustment, adjustment_id=asked)
    assert bank.balance(patient) == 80
    (line,) = bank.entries()
    assert (line.kind, line.actor_id, line.approver_id) == (
        "adjust", bank.world.actors["manager"].id, bank.world.actors["administrator"].id,
    )  # fmt: skip
    with pytest.raises(AdjustmentDecided):
        bank.world.do("administrator", approve_adjustment, adjustment_id=asked)


def test_nobody_decides_her_own_adjustment(bank: Bank) -> None:
    asked = bank.world.do("manager", propose_adjustment, patient_id=bank.patient(), points=80, reason="补录")
    with pytest.raises(SecondPersonNeeded):
        bank.world.do("manager", approve_adjustment, adjustment_id=asked)
    with pytest.raises(NotAllowed):
        bank.world.desk.do(SYSTEM, approve_adjustment, adjustment_id=asked)
    assert bank.world.ask("manager", adjustments_to_decide)[0].mine


def test_a_declined_adjustment_moves_nothing(bank: Bank) -> None:
    patient = bank.patient()
    asked = bank.world.do("manager", propose_adjustment, patient_id=patient, points=80, reason="补录")
    bank.world.do("administrator", decline_adjustment, adjustment_id=asked)
    assert bank.balance(patient) == 0 and bank.world.ask("manager", adjustments_to_decide) == []


def test_an_adjustment_never_takes_more_than_is_held(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 30)
    asked = bank.world.do("manager", propose_adjustment, patient_id=patient, points=-31, reason="多录")
    with pytest.raises(ledger.InsufficientPoints):
        bank.world.do("administrator", approve_adjustment, adjustment_id=asked)
    assert len(bank.world.ask("manager", adjustments_to_decide)) == 1
    with pytest.raises(AdjustmentOutOfRange):
        bank.world.do("manager", propose_adjustment, patient_id=patient, points=0, reason="多录")


# --- silence --------------------------------------------------------------------------------------


def test_a_silenced_patient_earns_and_sees_nothing(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    silence(bank, patient)
    assert bank.grant(patient, 100) is None
    me = bank.world.patient(patient)
    assert bank.world.desk.ask(me, own_account) is None
    assert bank.world.desk.ask(me, own_statement, language="zh") == []
    with pytest.raises(AccountAtRest):
        bank.redeem(patient, 10)
    assert (bank.balance(patient), bank.holding(patient).at_rest) == (100, True)


def test_a_resting_account_catches_up_when_the_rest_is_lifted(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 1500)
    silence(bank, patient)
    bank.go_to(date(2027, 3, 6))
    bank.night()
    assert len(bank.entries()) == 1
    silence(bank, patient, on=False)
    bank.night()
    assert [line.points for line in bank.entries()] == [1500, 150]


# --- the database says no by itself ---------------------------------------------------------------

LINE = (
    "INSERT INTO ledger_entries (account_id, kind, points, day, at, rule, reason, actor_id, approver_id) "
    "VALUES (1, {}, '2026-03-05', '2026-03-05 04:00:00', '', '', {})"
)
FORBIDDEN = {
    "a balance below zero": "UPDATE accounts SET balance = -1",
    "a changed line": "UPDATE ledger_entries SET points = 5",
    "a deleted line": "DELETE FROM ledger_entries",
    "a changed lot use": "UPDATE lot_uses SET points = 1",
    "an overdrawn lot": 'UPDATE lots SET "left" = -1',
    "an adjustment by one person": LINE.format("'adjust', 5", "2, 2"),
    "an adjustment by nobody": LINE.format("'adjust', 5", "NULL, NULL"),
    "a redemption that adds": LINE.format("'redeem', 5", "2, NULL"),
    "an earning that takes": LINE.format("'earn', -5", "2, NULL"),
    "a reversal of nothing": LINE.format("'reverse', 5", "2, NULL"),
    "a line of no points": LINE.format("'earn', 0", "2, NULL"),
    "a line of an unknown kind": LINE.format("'gift', 5", "2, NULL"),
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_database_refuses(bank: Bank, statement: str) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.redeem(patient, 1)
    with pytest.raises((IntegrityError, DBAPIError)), bank.world.desk.database.writing() as session:
        session.execute(text(statement))
    assert bank.balance(patient) == 99


def test_the_database_keeps_sources_and_reversals_unique(bank: Bank) -> None:
    patient = bank.patient()
    entry = bank.grant(patient, 100, source="task:9:1")
    again = LINE.replace("approver_id)", "approver_id, source)").replace("{})", "{}, 'task:9:1')")
    with pytest.raises(IntegrityError), bank.world.desk.database.writing() as session:
        session.execute(text(again.format("'earn', 5", "2, NULL")))
    reversal = LINE.replace("approver_id)", "approver_id, reverses_id)").replace("{})", f"{{}}, {entry})")
    with pytest.raises(IntegrityError), bank.world.desk.database.writing() as session:
        for _ in range(2):
            session.execute(text(reversal.format("'reverse', -100", "2, NULL")))


def test_integrity_names_the_account_that_does_not_add_up(bank: Bank) -> None:
    from core.bank.totals import integrity_check

    one, other = bank.patient(), bank.patient()
    bank.grant(one, 100)
    bank.grant(other, 100)
    with bank.world.desk.database.writing() as session:
        account = session.query(AccountRow).filter_by(patient_id=other).one()
        account.balance += 1
        wrong = account.id
    found = bank.world.ask("manager", integrity_check)
    assert (found.sound, found.wrong, found.accounts, found.entries) == (False, (wrong,), 2, 2)
    with bank.world.desk.database.writing() as session:
        session.query(AccountRow).filter_by(patient_id=other).one().balance -= 1


def test_days_of_entries_are_marked_for_recounting(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.later(days=1)
    bank.redeem(patient, 10)
    with bank.world.desk.database.reading() as session:
        days = {str(day)[:10] for (day,) in session.execute(text("SELECT DISTINCT day FROM touched_days"))}
    assert {str(TODAY), str(TODAY + timedelta(days=1))} <= days


def test_hot_statements_fail_like_all_others(bank: Bank) -> None:
    from sqlalchemy import insert

    from core.bank.tables import LOT_USES
    from core.foundation.fast.statements import Hot

    patient = bank.patient()
    bank.grant(patient, 100)
    again = Hot(insert(LOT_USES).inline(), ("entry_id", "lot_id", "points"))
    with pytest.raises(IntegrityError), bank.world.desk.database.writing() as session:
        for _ in range(2):
            again.change(session.connection(), entry_id=1, lot_id=1, points=5)
