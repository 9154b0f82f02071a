"""What earns: a mission inside its window, a class, smoke-free days, a thanked referrer. Nothing else."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core.bank import badge_vouchers, earning_rules
from core.bank.adjustments import adjustments_to_decide, propose_adjustment
from core.bank.badge_vouchers import issue_due_badge_vouchers, used_vouchers_of_sale
from core.bank.earning_rules import award, thank_referrer
from core.bank.tables import RewardRow
from core.bank.totals import points_totals
from core.bank.vouchers import cancel_voucher, redeem_voucher, vouchers_of
from core.bank.worth import breakage_rate, redemption_rate
from core.care.sale.courses import complete
from core.care.sale.reopening import reopen
from core.care.tables import EnrolmentRow
from core.care.work.tasks import excuse, mark_done, undo
from core.foundation.access import SYSTEM, NotAllowed
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import Stamp
from core.people.erasure import erase_patient
from core.settlement.refunds import cancel_and_refund
from tests.at_once import at_once, told
from tests.bank.conftest import Shop


def done(shop: Shop, enrolment: int, code: str, **more: Any) -> int:
    task = shop.task_id(enrolment, code)
    shop.world.do("nurse", mark_done, task_id=task, **more)
    return task


def test_a_mission_on_time_earns_what_its_document_promises(shop: Shop) -> None:
    patient = shop.patient()
    done(shop, shop.sell(patient), "P01")
    (line,) = shop.lines(patient)
    assert (line.points, line.kind) == (100, "earn")
    assert shop.document.task("P01").title in line.title


def test_the_task_and_its_points_are_one_deed_in_the_audit(shop: Shop) -> None:
    enrolment = shop.sell(shop.patient())
    with shop.world.desk.database.reading() as session:
        before = session.scalar(select(func.count(AuditEntryRow.id)))
    done(shop, enrolment, "P01")
    with shop.world.desk.database.reading() as session:
        assert session.scalar(select(func.count(AuditEntryRow.id))) == (before or 0) + 1


def test_a_late_mission_is_welcome_and_earns_nothing(shop: Shop) -> None:
    patient = shop.patient()
    enrolment = shop.sell(patient, weeks=13)
    shop.later(days=10)
    done(shop, enrolment, "P01")
    assert shop.balance(patient) == 0


def test_rest_on_medical_advice_earns_like_a_visit(shop: Shop) -> None:
    patient = shop.patient()
    task = shop.task_id(shop.sell(patient), "P01")
    shop.world.do("doctor", excuse, task_id=task, reason="医嘱卧床")
    assert shop.balance(patient) == 100


def test_a_task_marked_by_mistake_gives_its_points_back_and_may_earn_again(shop: Shop) -> None:
    patient = shop.patient()
    enrolment = shop.sell(patient)
    task = done(shop, enrolment, "P01")
    shop.world.do("nurse", undo, task_id=task, reason="点错了")
    assert shop.balance(patient) == 0
    assert "标记有误" in shop.lines(patient, "zh")[0].title
    done(shop, enrolment, "P01")
    assert shop.balance(patient) == 100


def test_spent_points_stay_when_a_task_is_undone_and_earn_no_second_time(shop: Shop) -> None:
    patient = shop.patient()
    enrolment = shop.sell(patient)
    task = done(shop, enrolment, "P01")
    shop.redeem(patient, 60)
    shop.world.do("nurse", undo, task_id=task, reason="点错了")
    assert shop.balance(patient) == 40
    done(shop, enrolment, "P01")
    assert shop.balance(patient) == 40


# --- classes and smoke-free days ------------------------------------------------------------------


def test_a_class_earns_once_a_day(shop: Shop) -> None:
    patient = shop.patient()
    enrolment = shop.sell(patient)
    shop.world.do("nurse", award, enrolment_id=enrolment, rule="CLASS", day=shop.world.today)
    assert shop.balance(patient) == 50
    with pytest.raises(earning_rules.AlreadyAwarded):
        shop.world.do("nurse", award, enrolment_id=enrolment, rule="CLASS", day=shop.world.today)
    shop.later(days=1)
    shop.world.do("nurse", award, enrolment_id=enrolment, rule="CLASS", day=shop.world.today)
    assert shop.balance(patient) == 100


@pytest.mark.parametrize("rule", ["CHECKUP", "REFER", "PRAISE", "SHARE"])
def test_nobody_awards_missions_referrals_praise_or_sharing_by_hand(shop: Shop, rule: str) -> None:
    with pytest.raises(earning_rules.RuleUnknown):
        shop.world.do("nurse", award, enrolment_id=shop.sell(shop.patient()), rule=rule, day=shop.world.today)


@pytest.mark.parametrize("days", [1, -4])
def test_events_are_recorded_when_they_happen(shop: Shop, days: int) -> None:
    enrolment = shop.sell(shop.patient())
    shop.later(days=10)
    with pytest.raises(earning_rules.EventDateInvalid):
        shop.world.do(
            "nurse", award, enrolment_id=enrolment, rule="CLASS", day=shop.world.today + timedelta(days=days)
        )


def test_smoke_free_days_are_thirty_each_time(world: Any) -> None:
    from core.packages.drafts import keep_draft
    from core.packages.publishing import draft, publish

    shop = Shop(world)
    now = world.ask("manager", draft, package_id=shop.package_id)
    document = now.document.model_dump(mode="json")
    document["earning_rules"].append(
        {"code": "QUIT30", "event": "smoke_free_30_days", "points": 500, "text": "30天不吸烟，+500分。"}
    )
    world.do(
        "manager",
        keep_draft,
        package_id=shop.package_id,
        working=document,
        expected_changed_at=now.changed_at,
    )
    world.do("manager", publish, package_id=shop.package_id)
    patient = shop.patient()
    enrolment = shop.sell(patient)
    with pytest.raises(earning_rules.SmokeFreeTooSoon):
        world.do("nurse", award, enrolment_id=enrolment, rule="QUIT30", day=world.today)
    shop.later(days=30)
    world.do("nurse", award, enrolment_id=enrolment, rule="QUIT30", day=world.today)
    assert shop.balance(patient) == 500
    shop.later(days=29)
    with pytest.raises(earning_rules.SmokeFreeTooSoon):
        world.do("nurse", award, enrolment_id=enrolment, rule="QUIT30", day=world.today)
    # Typed in two days late, it counts for its own day: the next thirty end thirty days after that.
    complete_on = world.today + timedelta(days=1)
    shop.later(days=3)
    wrong = world.do("nurse", award, enrolment_id=enrolment, rule="QUIT30", day=complete_on)
    shop.reverse(wrong)  # and what was reversed was not given
    world.do("nurse", award, enrolment_id=enrolment, rule="QUIT30", day=complete_on)
    shop.go_to(complete_on + timedelta(days=30))
    world.do("nurse", award, enrolment_id=enrolment, rule="QUIT30", day=world.today)
    assert shop.balance(patient) == 1500


def test_what_was_reversed_was_not_given(shop: Shop) -> None:
    shop.sign("referral_points")
    friend, wrong, right = (shop.patient() for _ in range(3))
    enrolment = shop.sell(friend)
    for _ in range(2):
        shop.reverse(
            shop.world.do("nurse", award, enrolment_id=enrolment, rule="CLASS", day=shop.world.today)
        )
    shop.world.do("nurse", award, enrolment_id=enrolment, rule="CLASS", day=shop.world.today)
    with pytest.raises(earning_rules.AlreadyAwarded):
        shop.world.do("nurse", award, enrolment_id=enrolment, rule="CLASS", day=shop.world.today)
    shop.reverse(thank(shop, enrolment, wrong))
    thank(shop, enrolment, right)
    with pytest.raises(earning_rules.AlreadyThanked):
        thank(shop, enrolment, wrong)
    assert [shop.balance(each) for each in (friend, wrong, right)] == [50, 0, 200]


# --- referral -------------------------------------------------------------------------------------


def thank(shop: Shop, enrolment: int, referrer: int) -> int:
    return shop.world.do("front_desk", thank_referrer, enrolment_id=enrolment, referrer_id=referrer)


def test_referral_points_wait_for_their_sign_off(shop: Shop) -> None:
    referrer, friend = shop.patient(), shop.patient()
    enrolment = shop.sell(friend)
    with pytest.raises(earning_rules.RuleNotSignedOff):
        thank(shop, enrolment, referrer)
    shop.sign("referral_points")
    thank(shop, enrolment, referrer)
    assert shop.balance(referrer) == 200
    with pytest.raises(earning_rules.AlreadyThanked):
        thank(shop, enrolment, shop.patient())
    shop.sign("referral_points", on=False)
    with pytest.raises(earning_rules.RuleNotSignedOff):
        thank(shop, enrolment, shop.patient())


def test_nobody_refers_herself_or_in_a_circle(shop: Shop) -> None:
    shop.sign("referral_points")
    one, two = shop.patient(), shop.patient()
    same_phone = shop.patient(phone="13900000001")
    first, second = shop.sell(one), shop.sell(two)
    with pytest.raises(earning_rules.ReferredSelf):
        thank(shop, first, one)
    with pytest.raises(earning_rules.ReferredSelf):
        thank(shop, first, same_phone)
    thank(shop, second, one)
    with pytest.raises(earning_rules.CircularReferral):
        thank(shop, first, two)
    with pytest.raises(NotAllowed):
        shop.world.do("doctor", thank_referrer, enrolment_id=first, referrer_id=two)


# --- badges ---------------------------------------------------------------------------------------


def set_target(shop: Shop, enrolment: int, target: int) -> None:
    """As the plan adapts it for a late joiner."""
    with shop.world.desk.database.writing() as session:
        session.execute(update(EnrolmentRow).where(EnrolmentRow.id == enrolment).values(badge_target=target))


def held(shop: Shop, patient: int) -> list[Any]:
    return shop.world.ask("manager", vouchers_of, patient_id=patient)


def test_the_adapted_target_issues_one_badge_voucher(shop: Shop) -> None:
    shop.sign("clinical_rewards")
    patient = shop.patient()
    enrolment = shop.sell(patient, weeks=12)
    set_target(shop, enrolment, 2)
    done(shop, enrolment, "P01")
    assert held(shop, patient) == []
    shop.world.do("doctor", excuse, task_id=shop.task_id(enrolment, "P02"), reason="医嘱卧床")
    (voucher,) = held(shop, patient)
    assert (voucher.value_fen, voucher.cost_points) == (50_000, None)
    shop.later(days=21)
    done(shop, enrolment, "P03")
    assert len(held(shop, patient)) == 1
    assert shop.world.do("front_desk", redeem_voucher, code=voucher.shown_code)["name"] == voucher.name


def test_an_unsigned_badge_reward_is_kept_for_the_day_it_is_signed(shop: Shop) -> None:
    patient = shop.patient()
    enrolment = shop.sell(patient)
    set_target(shop, enrolment, 1)
    done(shop, enrolment, "P01")
    assert held(shop, patient) == []
    assert shop.world.desk.do(SYSTEM, issue_due_badge_vouchers) == {"issued": 0}
    shop.sign("clinical_rewards")
    assert shop.world.desk.do(SYSTEM, issue_due_badge_vouchers) == {"issued": 1}
    assert shop.world.desk.do(SYSTEM, issue_due_badge_vouchers) == {"issued": 0}
    assert len(held(shop, patient)) == 1


def test_the_nights_vouchers_and_a_desk_do_not_wait_for_each_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night holds the shelf and comes to her course; the desk holds her course and comes to the shelf."""
    patients = [shop.patient(), shop.patient()]
    courses = [shop.sell(patient, weeks=12) for patient in patients]
    for course in courses:
        set_target(shop, course, 1)
        done(shop, course, "P01")
    with shop.world.desk.database.writing() as session:
        session.execute(update(RewardRow).where(RewardRow.kind == "badges").values(stock=9))
    shop.sign("clinical_rewards")
    taking, begun = badge_vouchers.take_one, threading.Event()

    def slowly(stamp: Stamp, reward: Any) -> bool:
        taken = taking(stamp, reward)
        begun.set()
        time.sleep(0.4)
        return taken

    def at_the_desk() -> None:
        assert begun.wait(30)
        done(shop, courses[1], "P02")

    monkeypatch.setattr(badge_vouchers, "take_one", slowly)
    answers = at_once(lambda: shop.world.desk.do(SYSTEM, issue_due_badge_vouchers), at_the_desk)
    assert told(answers) == {"done": 2}
    assert [len(held(shop, patient)) for patient in patients] == [1, 1]


def test_a_badge_marked_by_mistake_takes_its_unused_voucher_along(shop: Shop) -> None:
    shop.sign("clinical_rewards")
    patient = shop.patient()
    enrolment = shop.sell(patient)
    set_target(shop, enrolment, 1)
    task = done(shop, enrolment, "P01")
    shop.world.do("nurse", undo, task_id=task, reason="点错了")
    assert [v.state for v in held(shop, patient)] == ["cancelled"]
    done(shop, enrolment, "P01")
    assert [v.state for v in held(shop, patient)] == ["issued", "cancelled"]


def with_voucher(shop: Shop) -> tuple[int, int, Any]:
    """A patient whose one badge has earned the voucher: (patient, enrolment, voucher)."""
    shop.sign("clinical_rewards")
    patient = shop.patient()
    enrolment = shop.sell(patient, weeks=12)
    set_target(shop, enrolment, 1)
    done(shop, enrolment, "P01")
    (voucher,) = held(shop, patient)
    return patient, enrolment, voucher


def test_a_badge_voucher_cancelled_with_a_reason_stays_cancelled(shop: Shop) -> None:
    patient, enrolment, voucher = with_voucher(shop)
    shop.world.do("manager", cancel_voucher, voucher_id=voucher.id, reason="重复发放")
    assert shop.world.desk.do(SYSTEM, issue_due_badge_vouchers) == {"issued": 0}
    done(shop, enrolment, "P02")
    assert [v.state for v in held(shop, patient)] == ["cancelled"]


def pay_back(shop: Shop, enrolment: int, fen: int) -> None:
    shop.world.do(
        "front_desk",
        cancel_and_refund,
        enrolment_id=enrolment,
        cause="wish",
        refund_fen=fen,
        reason="不想要了",
    )


def test_a_full_refund_takes_its_unused_badge_voucher_back_until_it_is_reversed(shop: Shop) -> None:
    patient, enrolment, _voucher = with_voucher(shop)
    with shop.world.desk.database.reading() as session:
        paid = session.get_one(EnrolmentRow, enrolment).amount_fen
    pay_back(shop, enrolment, paid)
    assert [v.state for v in held(shop, patient)] == ["cancelled"]
    assert shop.world.desk.do(SYSTEM, issue_due_badge_vouchers) == {"issued": 0}
    shop.world.do("front_desk", reopen, enrolment_id=enrolment, reason="点错了")
    assert [v.state for v in held(shop, patient)] == ["issued", "cancelled"]


def test_part_of_the_money_leaves_the_voucher_and_a_used_one_is_named(shop: Shop) -> None:
    patient, enrolment, voucher = with_voucher(shop)
    assert shop.world.ask("front_desk", used_vouchers_of_sale, enrolment_id=enrolment) == []
    pay_back(shop, enrolment, 100)
    assert [v.state for v in held(shop, patient)] == ["issued"]
    shop.world.do("front_desk", redeem_voucher, code=voucher.code)
    (used,) = shop.world.ask("front_desk", used_vouchers_of_sale, enrolment_id=enrolment)
    assert (used.name, used.value_fen, used.day) == (voucher.name, 50_000, shop.world.today)


def test_who_was_erased_earns_nothing_more(shop: Shop) -> None:
    patient = shop.patient()
    shop.grant(patient, 5000)
    enrolment = shop.sell(patient)
    set_target(shop, enrolment, 1)
    done(shop, enrolment, "P01")
    shop.world.do("nurse", complete, enrolment_id=enrolment)
    shop.world.do("manager", propose_adjustment, patient_id=patient, points=5, reason="补记")
    shop.world.do("administrator", erase_patient, patient_id=patient, reason="本人要求")
    shop.sign("clinical_rewards")
    assert shop.world.desk.do(SYSTEM, issue_due_badge_vouchers) == {"issued": 0} and held(shop, patient) == []
    assert shop.world.ask("manager", adjustments_to_decide) == []
    assert shop.grant(patient, 10) is None
    shop.later(days=366)
    shop.night()
    assert shop.balance(patient) == 5100  # no interest
    shop.later(days=366)
    shop.night()
    assert shop.balance(patient) == 0 and [e.kind for e in shop.entries()][-1] == "expire"


# --- the bank as a whole --------------------------------------------------------------------------


def test_totals_of_a_range_net_of_reversals(shop: Shop) -> None:
    patient, start = shop.patient(), shop.world.today
    shop.grant(patient, 300)
    wrong = shop.redeem(patient, 50)
    shop.later(days=1)
    shop.redeem(patient, 100)
    shop.reverse(wrong)
    first = shop.world.ask("executive", points_totals, first=start, last=start)
    assert (first.issued, first.redeemed, first.outstanding) == (300, 50, 250)
    both = shop.world.ask("executive", points_totals, first=start, last=start + timedelta(days=1))
    assert (both.issued, both.redeemed, both.expired, both.outstanding) == (300, 100, 0, 200)
    assert redemption_rate(both) == (100, 300) and breakage_rate(both) == (0, 300)
    shop.later(days=800)
    shop.night()
    later = shop.world.ask("executive", points_totals, first=start, last=shop.world.today)
    assert (later.expired, later.outstanding) == (200, 0)
