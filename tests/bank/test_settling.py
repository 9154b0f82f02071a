"""Expiry and interest bear the day they fell due, whenever somebody looks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.bank.settling import settle_due
from core.bank.tables import InterestYearRow, LotRow
from core.bank.terms import TermsOutOfRange, choose_terms, compare_terms, terms
from core.care.quiet_care import end_silence, gentle_stop
from core.foundation.access import NotAllowed
from tests.bank.conftest import TODAY, Bank

TERMS: dict[str, Any] = {
    "threshold": 1000, "strict": True, "base": "whole", "compounding": "annual", "rate": "0.10", "cap": 500,
    "lot_months": 24,
}  # fmt: skip


def booked(bank: Bank) -> list[tuple[str, int, date]]:
    return [(line.kind, line.points, line.day) for line in bank.entries()]


def test_lots_expire_as_in_the_rules_example(bank: Bank) -> None:
    patient = bank.patient()
    for day, points in ((date(2025, 1, 10), 100), (date(2025, 3, 1), 200), (date(2025, 7, 1), 500)):
        bank.go_to(day)
        bank.grant(patient, points)
    bank.redeem(patient, 150)
    bank.go_to(date(2027, 3, 1))
    assert bank.balance(patient) == 500  # also before the nightly job has written the line
    bank.night()
    assert booked(bank)[-1] == ("expire", -150, date(2027, 3, 1))
    assert bank.balance(patient) == 500


def test_points_are_alive_until_the_last_minute_of_the_day_before(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.go_to(date(2028, 3, 4))
    bank.redeem(patient, 40)
    bank.later(days=1)
    bank.night()
    assert booked(bank)[-1] == ("expire", -60, date(2028, 3, 5))


def test_interest_is_posted_on_the_anniversary_with_its_own_lot(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 900)
    bank.later(days=185)
    bank.grant(patient, 600)
    bank.go_to(date(2027, 3, 4))
    bank.night()
    assert len(bank.entries()) == 2
    bank.go_to(date(2027, 3, 5))
    bank.night()
    assert booked(bank)[-1] == ("interest", 73, date(2027, 3, 5))
    line = bank.lines(patient)[0]
    assert "180 days at 1,500 points" in line.details
    assert any(detail.startswith("180 天") for detail in bank.lines(patient, "zh")[0].details)
    bank.go_to(date(2029, 3, 5))
    bank.night()
    assert ("expire", -73, date(2029, 3, 5)) in booked(bank)


def test_posting_twice_changes_nothing(bank: Bank) -> None:
    bank.grant(bank.patient(), 1500)
    bank.go_to(date(2027, 3, 5))
    bank.night()
    once = booked(bank)
    bank.night()
    bank.later(hours=6)
    bank.night()
    assert booked(bank) == once


def test_a_clock_set_back_a_day_pays_no_second_interest_and_revives_no_point(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 1500)
    for anniversary in (
        date(2027, 3, 5),
        date(2028, 3, 5),
    ):  # the first pays interest, the second also ends the lot
        bank.go_to(anniversary)
        bank.world.clock.moment -= timedelta(hours=12, seconds=1)  # 23:59:59 of the day before
        bank.night()
        before = bank.balance(patient)
        bank.later(seconds=1)
        bank.night()
        once, after = booked(bank), bank.balance(patient)
        assert after != before
        for days in (1, 2):
            bank.go_to(anniversary - timedelta(days=days))
            bank.night()
            assert booked(bank) == once and bank.balance(patient) == after
        bank.go_to(anniversary)
        bank.night()
        assert booked(bank) == once and bank.balance(patient) == after


def live(bank: Bank, nightly: bool) -> list[tuple[str, int, date]]:
    """Three and a half years of one account, settled every night or only when somebody touches it."""
    patient, start = bank.patient(), TODAY
    deeds = {0: 1400, 100: -300, 250: 900, 420: 800, 700: -1000, 900: 500, 1290: -10}
    before = len(bank.entries())
    for day in range(0, 1291, 5):
        bank.go_to(start + timedelta(days=day))
        if nightly:
            bank.night()
        points = deeds.get(day, 0)
        if points > 0:
            bank.grant(patient, points)
        elif points:
            bank.redeem(patient, -points)
    bank.night()
    return booked(bank)[before:]


def test_downtime_changes_no_line(bank: Bank) -> None:
    late = live(bank, nightly=False)
    assert {"interest", "expire"} <= {kind for kind, _points, _day in late}
    bank.go_to(TODAY)
    assert sorted(live(bank, nightly=True), key=lambda line: (line[2], line[0])) == sorted(
        late, key=lambda line: (line[2], line[0])
    )


def test_a_redemption_settles_first(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 1500)
    bank.go_to(date(2027, 3, 5))
    bank.redeem(patient, 1650)
    assert [line[:2] for line in booked(bank)] == [("earn", 1500), ("interest", 150), ("redeem", -1650)]


def test_interest_earns_interest_the_year_after(bank: Bank) -> None:
    patient = bank.patient()
    bank.world.do("manager", choose_terms, **{**TERMS, "lot_months": None})
    bank.grant(patient, 1200)
    bank.go_to(date(2029, 3, 5))
    bank.night()
    assert [points for kind, points, _day in booked(bank) if kind == "interest"] == [120, 132, 145]


def test_simple_interest_leaves_posted_interest_out(bank: Bank) -> None:
    patient = bank.patient()
    bank.world.do("manager", choose_terms, **{**TERMS, "lot_months": None, "compounding": "none"})
    bank.grant(patient, 1200)
    bank.go_to(date(2029, 3, 5))
    bank.night()
    assert [points for kind, points, _day in booked(bank) if kind == "interest"] == [120, 120, 120]


def test_a_year_without_interest_is_kept_too(bank: Bank) -> None:
    bank.grant(bank.patient(), 1000)
    bank.go_to(date(2027, 3, 5))
    bank.night()
    with bank.world.desk.database.reading() as session:
        (year,) = session.query(InterestYearRow).all()
        assert (year.posted, year.entry_id, year.reckoning["stretches"]) == (0, None, [[365, 1000, 0]])


def test_new_terms_leave_the_running_year_alone(bank: Bank) -> None:
    bank.grant(bank.patient(), 1500)
    bank.later(days=100)
    bank.world.do("manager", choose_terms, **{**TERMS, "rate": "0", "lot_months": None})
    bank.go_to(date(2028, 3, 4))
    bank.night()
    assert [points for kind, points, _day in booked(bank) if kind == "interest"] == [150]
    bank.go_to(date(2028, 3, 5))
    bank.night()  # the second year began under the new terms
    assert [points for kind, points, _day in booked(bank) if kind == "interest"] == [150]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"rate": "0.6"}, "rate"), ({"rate": "ten"}, "rate"), ({"rate": "NaN"}, "rate"), ({"threshold": -1}, "threshold"),
     ({"cap": 0}, "cap"), ({"lot_months": 0}, "lot_months")],
)  # fmt: skip
def test_nonsense_terms_are_refused(bank: Bank, change: dict[str, object], field: str) -> None:
    with pytest.raises(TermsOutOfRange) as refused:
        bank.world.do("manager", choose_terms, **{**TERMS, **change})
    assert refused.value.field == field
    assert refused.value.text("en").startswith("This must lie between")


def test_only_those_who_answer_for_the_house_choose_terms(bank: Bank) -> None:
    with pytest.raises(NotAllowed):
        bank.world.do("nurse", choose_terms, **TERMS)
    bank.world.do("manager", choose_terms, **{**TERMS, "base": "excess"})
    assert bank.world.ask("nurse", terms).interest.base == "excess"


def test_variants_are_priced_on_the_real_balances(bank: Bank) -> None:
    for points in (1000, 1500, 9000):
        bank.grant(bank.patient(), points)
    bank.later(days=365)
    costs = {cost.code: (cost.points, cost.accounts) for cost in bank.world.ask("manager", compare_terms)}
    assert costs["in_force"] == (150 + 500, 2)
    assert costs["excess"] == (50 + 500, 2)
    assert costs["not_strict"] == (100 + 150 + 500, 3)
    assert costs["uncapped"] == (150 + 900, 2)
    assert costs["none"] == (0, 0)


def test_the_nightly_job_works_in_portions(bank: Bank) -> None:
    for _ in range(3):
        bank.grant(bank.patient(), 10)
    bank.go_to(date(2028, 3, 5))
    assert bank.world.do("manager", settle_due, limit=2) == {"settled": 2, "more": True}
    assert bank.world.do("manager", settle_due, limit=2) == {"settled": 1, "more": False}
    assert bank.world.do("manager", settle_due, limit=2) == {"settled": 0, "more": False}


def test_an_account_in_trouble_is_named_and_stops_no_other(bank: Bank, caplog: Any) -> None:
    torn, sound = bank.patient(name="张三"), bank.patient()
    for patient in (torn, sound):
        bank.grant(patient, 100)
    with bank.world.desk.database.writing() as session:
        session.execute(update(LotRow).where(LotRow.id == 1).values(left=500))  # more than the balance holds
    bank.go_to(date(2028, 3, 6))
    for limit in (1, 500):
        assert not bank.world.do("manager", settle_due, limit=limit)["more"]
    assert bank.balance(sound) == 0 and "settling of account 1: IntegrityError" in caplog.text
    assert "张三" not in caplog.text
    assert [line for line in booked(bank) if line[0] == "expire"] == [("expire", -100, date(2028, 3, 5))]
    with bank.world.desk.database.writing() as session:
        session.execute(update(LotRow).where(LotRow.id == 1).values(left=100))
    bank.night()
    assert bank.balance(torn) == 0 and bank.entries()[-1].kind == "expire"  # it had stayed due


def test_points_that_live_again_after_their_expiry_was_booked_expire_again(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.go_to(date(2028, 3, 5))
    bank.night()
    bank.go_to(date(2026, 3, 5))  # the clock was set right
    bank.grant(patient, 70)
    bank.go_to(date(2028, 3, 6))
    bank.night()
    assert [line[1] for line in booked(bank) if line[0] == "expire"] == [-100, -70]
    assert bank.balance(patient) == 0


def test_points_given_back_to_a_lot_whose_expiry_was_booked_get_the_grace_of_a_correction(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 300)
    spent = bank.redeem(patient, 200)
    bank.go_to(date(2028, 3, 5))
    bank.night()
    bank.go_to(date(2028, 3, 4))
    bank.reverse(spent)
    assert (bank.balance(patient), bank.holding(patient).expiring_on) == (200, date(2028, 4, 3))
    bank.go_to(date(2028, 4, 3))
    bank.night()
    assert bank.balance(patient) == 0


def test_points_that_could_not_be_spent_in_quiet_care_get_thirty_days_of_grace(bank: Bank) -> None:
    patient, gone = bank.patient(), bank.patient()
    for each in (patient, gone):
        bank.grant(each, 2000)
    bank.go_to(date(2028, 3, 4))
    stop = bank.world.do(
        "doctor", gentle_stop, patient_id=patient, kind="complaint", caller_id=3, refund=False
    )
    bank.go_to(date(2028, 6, 1))
    bank.night()
    assert (bank.balance(gone), bank.balance(patient)) == (bank.balance(gone), 2000)
    bank.world.do("doctor", end_silence, stop_id=stop, reason="愿意再联系")
    bank.night()
    holding = bank.holding(patient)
    assert holding.balance >= 2000 and holding.expiring_on == date(2028, 7, 1)
    bank.go_to(date(2028, 7, 1))
    bank.night()
    assert bank.balance(patient) < 2000


def test_what_had_expired_before_quiet_care_began_stays_expired(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.go_to(date(2028, 3, 6))  # a day after; the night's job had not run
    stop = bank.world.do(
        "doctor", gentle_stop, patient_id=patient, kind="complaint", caller_id=3, refund=False
    )
    bank.later(days=3)
    bank.world.do("doctor", end_silence, stop_id=stop, reason="愿意再联系")
    assert bank.balance(patient) == 0


def test_balance_statement_and_shelf_agree_before_the_nightly_job_has_run(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.go_to(date(2028, 3, 5))
    gone, earned = bank.lines(patient)[:2]
    assert (gone.kind, gone.points, gone.balance, gone.day) == ("expire", -100, 0, date(2028, 3, 5))
    assert (earned.balance, bank.balance(patient), gone.correctable) == (100, 0, False)
    bank.night()
    (written, *_rest) = bank.lines(patient)
    assert (written.points, written.balance, written.day, written.title) == (-100, 0, gone.day, gone.title)


def test_expiring_soon(bank: Bank) -> None:
    patient = bank.patient()
    bank.grant(patient, 100)
    bank.later(days=20)
    bank.grant(patient, 70)
    bank.go_to(date(2028, 2, 10))
    holding = bank.holding(patient)
    assert (holding.expiring, holding.expiring_on) == (100, date(2028, 3, 5))
