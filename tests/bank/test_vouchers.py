"""A reward is taken once, used once, and gives everything back when it is cancelled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.bank import ledger, vouchers
from core.bank.account import own_account
from core.bank.entries import AccountAtRest
from core.bank.rewards import (
    RewardSoldOut,
    RewardUnknown,
    StockOutOfRange,
    own_shelf,
    restock,
    rewards,
    shelf_for,
)
from core.bank.tables import RewardRow
from core.bank.vouchers import (
    ALPHABET,
    cancel_voucher,
    own_vouchers,
    redeem_voucher,
    take_reward,
    take_reward_for,
    voucher_at_counter,
    vouchers_of,
)
from core.department.places import add_location
from core.department.profile import change_facts
from core.foundation.access import NotAllowed
from core.foundation.reasons import ReasonMissing
from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish
from core.people.tables import PatientRow
from tests.bank.conftest import Shop


@pytest.fixture
def guest(shop: Shop) -> int:
    """A patient with the pack and 500 points."""
    patient = shop.patient()
    shop.sell(patient)
    shop.grant(patient, 500)
    return patient


def item(shop: Shop, patient: int, code: str) -> Any:
    return next(i for i in shop.world.ask("front_desk", shelf_for, patient_id=patient) if i.code == code)


def take(shop: Shop, patient: int, code: str = "PARKING", **more: Any) -> dict[str, Any]:
    reward = item(shop, patient, code).reward_id
    return shop.world.desk.do(shop.world.patient(patient), take_reward, more.get("key", ""), reward_id=reward)


def use(shop: Shop, code: str) -> dict[str, Any]:
    return shop.world.do("front_desk", redeem_voucher, code=code)


def republish(shop: Shop, **changes: Any) -> None:
    """Publish the pack again with some rewards changed by code; None drops one."""
    now = shop.world.ask("manager", draft, package_id=shop.package_id)
    document = now.document.model_dump(mode="json")
    document["rewards"] = [
        {**reward, **(changes.get(reward["code"]) or {})}
        for reward in document["rewards"]
        if changes.get(reward["code"], {}) is not None
    ]
    document["promise"] += "。"
    shop.world.do(
        "manager",
        keep_draft,
        package_id=shop.package_id,
        working=document,
        expected_changed_at=now.changed_at,
    )
    shop.world.do("manager", publish, package_id=shop.package_id)


def test_the_shelf_shows_what_points_buy_cheapest_first(shop: Shop, guest: int) -> None:
    items = shop.world.ask("front_desk", shelf_for, patient_id=guest)
    assert [(i.code, i.cost_points, i.missing) for i in items] == [
        ("PARKING", 100, 0), ("CLASS_SEAT", 200, 0), ("LACTATION", 300, 0), ("ROOM", 800, 300),
    ]  # fmt: skip
    assert shop.world.desk.ask(shop.world.patient(guest), own_shelf) == items


def test_a_stranger_to_the_package_finds_an_empty_shelf(shop: Shop, guest: int) -> None:
    stranger = shop.patient()
    shop.grant(stranger, 500)
    assert shop.world.ask("front_desk", shelf_for, patient_id=stranger) == []
    with pytest.raises(RewardUnknown):
        shop.world.do(
            "front_desk",
            take_reward_for,
            patient_id=stranger,
            reward_id=item(shop, guest, "PARKING").reward_id,
        )


def test_a_reward_becomes_a_voucher_and_the_points_go(shop: Shop, guest: int) -> None:
    taken = take(shop, guest)
    assert shop.balance(guest) == 400
    assert len(taken["code"]) == 8 and set(taken["code"]) <= set(ALPHABET)
    assert item(shop, guest, "PARKING").stock == 99
    (mine,) = shop.world.desk.ask(shop.world.patient(guest), own_vouchers)
    assert (mine.state, mine.name, mine.cost_points) == ("issued", "停车一日券", 100)
    assert mine.valid_until == shop.world.today + timedelta(days=90)
    assert mine.shown_code.replace(" ", "") == taken["code"]


def test_no_character_of_a_code_looks_like_another() -> None:
    assert not set(ALPHABET) & set("01258OILSZBUV") and len(set(ALPHABET)) == len(ALPHABET)


def test_a_double_click_takes_one_voucher(shop: Shop, guest: int) -> None:
    assert take(shop, guest, key="click") == take(shop, guest, key="click")
    assert shop.balance(guest) == 400


def test_the_front_desk_takes_a_reward_for_a_patient(shop: Shop, guest: int) -> None:
    reward = item(shop, guest, "LACTATION").reward_id
    shop.world.do("front_desk", take_reward_for, patient_id=guest, reward_id=reward)
    assert shop.balance(guest) == 200
    with pytest.raises(NotAllowed):
        shop.world.do("nurse", take_reward_for, patient_id=guest, reward_id=reward)
    with pytest.raises(NotAllowed):
        shop.world.do("manager", take_reward, reward_id=reward)


def test_too_few_points_or_an_empty_shelf_take_nothing(shop: Shop, guest: int) -> None:
    with pytest.raises(ledger.InsufficientPoints):
        take(shop, guest, "ROOM")
    parking = item(shop, guest, "PARKING").reward_id
    shop.world.do("manager", restock, reward_id=parking, stock=1, reason="最后一张")
    take(shop, guest)
    assert item(shop, guest, "PARKING").sold_out
    with pytest.raises(RewardSoldOut):
        take(shop, guest)
    assert shop.balance(guest) == 400


def test_stock_is_a_count(shop: Shop, guest: int) -> None:
    parking = item(shop, guest, "PARKING").reward_id
    with pytest.raises(StockOutOfRange):
        shop.world.do("manager", restock, reward_id=parking, stock=-1, reason="盘点")
    shop.world.do("manager", restock, reward_id=parking, stock=None, reason="不限量")
    take(shop, guest)
    assert item(shop, guest, "PARKING").stock is None
    with pytest.raises(NotAllowed):
        shop.world.do("front_desk", restock, reward_id=parking, stock=3, reason="盘点")


@pytest.mark.parametrize("typed", ["{0}", "{1} {2}", " {3} ", "{1}-{2}", "{4}"])
def test_a_code_is_accepted_as_people_type_it(shop: Shop, guest: int, typed: str) -> None:
    code = take(shop, guest)["code"]
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    written = typed.format(code, code[:4], code[4:], code.lower(), wide)
    seen = shop.world.ask("front_desk", voucher_at_counter, code=written)
    assert (seen.name, seen.patient_name, seen.state) == ("停车一日券", "李**", "issued")
    assert use(shop, written)["name"] == "停车一日券"


def test_a_voucher_works_once(shop: Shop, guest: int) -> None:
    code = take(shop, guest)["code"]
    use(shop, code)
    with pytest.raises(vouchers.VoucherUsed) as refused:
        use(shop, code)
    assert refused.value.day == shop.world.today and refused.value.by == "front_desk测试"
    assert shop.world.ask("front_desk", voucher_at_counter, code=code).state == "redeemed"
    with pytest.raises(vouchers.VoucherUsed):
        shop.world.do(
            "manager", cancel_voucher, voucher_id=vouchers_held(shop, guest)[0].id, reason="改主意了"
        )


def vouchers_held(shop: Shop, patient: int) -> list[Any]:
    return shop.world.ask("manager", vouchers_of, patient_id=patient)


def test_an_unknown_code_is_refused_with_what_was_typed(shop: Shop) -> None:
    with pytest.raises(vouchers.VoucherUnknown) as refused:
        use(shop, "aaaa-bbbb")
    assert "AAAA BBBB" in refused.value.text("zh")
    with pytest.raises(NotAllowed):
        shop.world.do("nurse", redeem_voucher, code="AAAABBBB")


def test_the_last_day_counts_and_the_day_after_does_not(shop: Shop, guest: int) -> None:
    first, second = take(shop, guest)["code"], take(shop, guest)["code"]
    shop.later(days=90)
    use(shop, first)
    shop.later(days=1)
    with pytest.raises(vouchers.VoucherExpired):
        use(shop, second)
    assert shop.world.ask("front_desk", voucher_at_counter, code=second).state == "expired"
    shop.world.do("manager", cancel_voucher, voucher_id=vouchers_held(shop, guest)[0].id, reason="过期退回")
    assert shop.balance(guest) == 400


def test_cancelling_gives_points_and_stock_back_once(shop: Shop, guest: int) -> None:
    taken = take(shop, guest)
    with pytest.raises(ReasonMissing):
        shop.world.do("manager", cancel_voucher, voucher_id=taken["voucher_id"], reason=" ")
    shop.world.do("manager", cancel_voucher, voucher_id=taken["voucher_id"], reason="停车场维修")
    assert shop.balance(guest) == 500 and item(shop, guest, "PARKING").stock == 100
    with pytest.raises(vouchers.VoucherCancelled):
        use(shop, taken["code"])
    with pytest.raises(vouchers.VoucherCancelled):
        shop.world.do("manager", cancel_voucher, voucher_id=taken["voucher_id"], reason="停车场维修")
    assert shop.balance(guest) == 500
    assert shop.world.desk.ask(shop.world.patient(guest), own_vouchers) == []


def test_a_vouchers_points_are_not_reversed_behind_its_back(shop: Shop, guest: int) -> None:
    take(shop, guest)
    line = shop.lines(guest)[0]
    assert not line.correctable
    with pytest.raises(ledger.VoucherStandsForIt):
        shop.reverse(line.entry_id)


def test_a_silenced_patient_sees_no_shelf_but_her_voucher_is_honoured_quietly(shop: Shop, guest: int) -> None:
    code = take(shop, guest)["code"]
    parking = item(shop, guest, "PARKING").reward_id
    with shop.world.desk.database.writing() as session:
        session.execute(
            update(PatientRow).where(PatientRow.id == guest).values(silenced_at=shop.world.clock.now())
        )
    me = shop.world.patient(guest)
    assert shop.world.desk.ask(me, own_shelf) == [] and shop.world.desk.ask(me, own_vouchers) == []
    assert shop.world.desk.ask(me, own_account) is None
    with pytest.raises(AccountAtRest):
        shop.world.desk.do(me, take_reward, reward_id=parking)
    assert shop.world.ask("front_desk", voucher_at_counter, code=code).quiet
    use(shop, code)


def test_publishing_again_keeps_the_count_and_held_vouchers(shop: Shop, guest: int) -> None:
    code = take(shop, guest)["code"]
    republish(shop, PARKING={"name": "停车两日券", "cost_points": 150}, CLASS_SEAT=None, ROOM={"stock": 3})
    assert (item(shop, guest, "PARKING").stock, item(shop, guest, "PARKING").cost_points) == (99, 150)
    assert item(shop, guest, "ROOM").stock == 3
    assert "CLASS_SEAT" not in [i.code for i in shop.world.ask("front_desk", shelf_for, patient_id=guest)]
    assert shop.world.ask("front_desk", voucher_at_counter, code=code).name == "停车一日券"


def test_a_clinical_reward_waits_for_its_sign_off(shop: Shop, guest: int) -> None:
    republish(shop, PARKING={"needs_signoff": True})
    codes = [i.code for i in shop.world.ask("front_desk", shelf_for, patient_id=guest)]
    assert "PARKING" not in codes
    assert {r.code for r in shop.world.ask("manager", rewards) if r.locked} == {"PARKING", "LABOUR_500"}
    shop.sign("clinical_rewards")
    assert item(shop, guest, "PARKING").missing == 0


def test_badge_rewards_are_not_for_sale(shop: Shop, guest: int) -> None:
    shop.sign("clinical_rewards")
    with shop.world.desk.database.reading() as session:
        badge = session.query(RewardRow).filter_by(code="LABOUR_500").one().id
    with pytest.raises(RewardUnknown):
        shop.world.desk.do(shop.world.patient(guest), take_reward, reward_id=badge)


def test_the_terms_of_a_reward_say_the_telephone_and_the_places_of_today(shop: Shop, guest: int) -> None:
    republish(shop, PARKING={"terms": "有事打{phone}，到{place_US}。"})
    change = {
        "hospital": "安和医院",
        "department": "产科",
        "time_zone": "Asia/Shanghai",
        "print_language": "zh",
    }
    shop.world.do("manager", change_facts, **change, phone="010-5550 0100", address="", pilot_start=None)
    shop.world.do("manager", add_location, name="B超室", code="US", floor="3号楼5层", route="东门进")
    assert item(shop, guest, "PARKING").terms == "有事打010-5550 0100，到B超室（3号楼5层）。"
    assert take(shop, guest)
    (held,) = shop.world.ask("front_desk", vouchers_of, patient_id=guest)
    assert held.terms == "有事打010-5550 0100，到B超室（3号楼5层）。"


def test_a_filled_text_that_is_longer_than_its_column_is_published_and_taken(shop: Shop, guest: int) -> None:
    long = {"hospital": "安" * 60, "department": "产科", "time_zone": "Asia/Shanghai", "print_language": "zh"}
    shop.world.do("manager", change_facts, **long, phone="", address="", pilot_start=None)
    republish(shop, PARKING={"name": "券" * 60 + "{hospital}", "terms": "免" * 480 + "{hospital}"})
    assert item(shop, guest, "PARKING").name == "券" * 60 + "安" * 60
    assert take(shop, guest)
    (held,) = shop.world.ask("front_desk", vouchers_of, patient_id=guest)
    assert len(held.name) == 80 and held.name.endswith("…") and len(held.terms) == 500
