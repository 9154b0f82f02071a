"""A missed promise settles itself: drafted once, sent by a click or by itself, given or paid, always in her thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.care.quiet_care import gentle_stop
from core.care.tables import EnrolmentRow, RefundRow
from core.dialogue.cases.cases import reply
from core.dialogue.cases.thread import WordsMissing, thread_of
from core.dialogue.newer_rules import take_newer_rules
from core.foundation.reasons import ReasonMissing
from core.operations.looking import look_around
from core.packages.drafts import keep_draft
from core.packages.publishing import draft as package_draft
from core.packages.publishing import publish
from core.people.patients import SilencedPatient
from core.settlement.amends import (
    NothingToPay,
    UnknownAmends,
    amends_of,
    by_itself,
    drafts,
    drop,
    pay,
    send,
    send_by_itself,
    to_pay,
)
from core.settlement.entitlements import rights
from core.settlement.tables import AmendsRow
from tests.conftest import World
from tests.dialogue.promised_ward import PromisedWard, promised_ward

AMENDS: list[dict[str, Any]] = [
    {"kind": "question", "apology": "{name}您好，昨晚没有按时答复您，对不起。", "offer": "entitlement", "entitlement": "EVENING"},
    {"kind": "orange", "apology": "{name}，医生没有在半小时内答复您，对不起。", "offer": "refund", "refund_fen": 5000},
]  # fmt: skip


@pytest.fixture
def ward(world: World) -> PromisedWard:
    return promised_ward(world, amends=AMENDS)


def missed(ward: PromisedWard, kind: str = "question", level: str = "") -> int:
    """A case of hers that nobody answered in time, and the look that found it; the number of what is owed."""
    ward.at("2026-03-05 20:05")
    ward.opens(kind, level)
    ward.at("2026-03-05 21:30")
    look_around(ward.world.desk)
    [one] = ward.world.ask("nurse", drafts)
    return int(one.amends_id)


def rows(ward: PromisedWard, table: Any) -> list[Any]:
    with ward.world.desk.database.reading() as session:
        return list(session.query(table).order_by(table.id))


def words(ward: PromisedWard) -> list[str]:
    found = ward.world.ask("nurse", thread_of, patient_id=ward.patient_id)
    return [word.words for word in found]


def test_a_missed_promise_is_drafted_once(ward: PromisedWard) -> None:
    missed(ward)
    for _ in range(3):
        look_around(ward.world.desk)
    [one] = ward.world.ask("nurse", drafts)
    assert one.words.startswith("何桂兰您好") and (one.offer, one.gift) == (
        "entitlement",
        "20:00–22:00护士答疑（每晚）",
    )
    assert words(ward) == [], "nothing is said before somebody sends it"


def test_a_kept_promise_owes_nothing(ward: PromisedWard) -> None:
    ward.at("2026-03-05 20:05")
    case = ward.opens("question")
    ward.at("2026-03-05 20:30")
    ward.world.do("nurse", reply, case_id=case, words="在的")
    ward.at("2026-03-05 22:30")
    look_around(ward.world.desk)
    assert ward.world.ask("nurse", drafts) == []


def test_an_answer_that_came_late_between_two_looks_is_missed_all_the_same(ward: PromisedWard) -> None:
    ward.at("2026-03-05 20:05")
    case = ward.opens("question")
    ward.at("2026-03-05 21:20")
    ward.world.do("nurse", reply, case_id=case, words="在的")
    look_around(ward.world.desk)
    [one] = ward.world.ask("nurse", drafts)
    assert one.met_at is not None


def test_an_outage_of_a_day_changes_nothing_but_the_hour(ward: PromisedWard) -> None:
    ward.at("2026-03-05 20:05")
    ward.opens("question")
    ward.at("2026-03-06 22:00")
    look_around(ward.world.desk)
    assert len(ward.world.ask("nurse", drafts)) == 1


def test_sent_it_stands_in_thread_of_and_one_more_is_hers(ward: PromisedWard) -> None:
    number = missed(ward)
    before = {one.code: one.of for one in ward.world.ask("nurse", rights, enrolment_id=ward.enrolment_id)}
    ward.world.do("nurse", send, amends_id=number, words="对不起，昨晚我们晚了。")
    assert words(ward) == ["对不起，昨晚我们晚了。\n我们再送您一次：20:00–22:00护士答疑（每晚）。"]
    after = {one.code: one.of for one in ward.world.ask("nurse", rights, enrolment_id=ward.enrolment_id)}
    assert after == before | {"EVENING": before["EVENING"] + 1}
    with pytest.raises(UnknownAmends):
        ward.world.do("nurse", send, amends_id=number, words="再说一遍")
    assert [one.state for one in ward.world.ask("nurse", amends_of, patient_id=ward.patient_id)] == ["sent"]


def test_by_itself_where_the_department_chose_so(ward: PromisedWard) -> None:
    assert not ward.world.ask("nurse", by_itself)
    ward.world.do("manager", send_by_itself, on=True)
    ward.at("2026-03-05 20:05")
    ward.opens("question")
    ward.at("2026-03-05 21:30")
    look_around(ward.world.desk)
    assert ward.world.ask("nurse", drafts) == []
    assert len(words(ward)) == 1
    [row] = rows(ward, AmendsRow)
    assert (row.state, row.decided_by) == ("sent", None)


def test_money_is_promised_by_the_apology_and_paid_by_the_cashier_once(ward: PromisedWard) -> None:
    number = missed(ward, "alert", "orange")
    with pytest.raises(NothingToPay):
        ward.world.do("front_desk", pay, amends_id=number)
    ward.world.do("doctor", send, amends_id=number, words="对不起，让您久等了。")
    assert words(ward)[-1].endswith("我们退给您¥50.00。")
    [one] = ward.world.ask("front_desk", to_pay)
    assert one.refund_fen == 5000
    ward.world.do("front_desk", pay, amends_id=number)
    with pytest.raises(NothingToPay):
        ward.world.do("front_desk", pay, amends_id=number)
    [refund] = rows(ward, RefundRow)
    assert (refund.amount_fen, refund.cause) == (5000, "missed_promise")
    assert [row.refund_fen for row in rows(ward, EnrolmentRow) if row.id == ward.enrolment_id] == [5000]
    assert ward.world.ask("front_desk", to_pay) == []


def test_no_more_is_paid_than_is_left(ward: PromisedWard) -> None:
    number = missed(ward, "alert", "orange")
    ward.world.do("doctor", send, amends_id=number, words="对不起。")
    with ward.world.desk.database.writing() as session:
        session.get_one(EnrolmentRow, ward.enrolment_id).amount_fen = 3000
    ward.world.do("front_desk", pay, amends_id=number)
    assert [row.amount_fen for row in rows(ward, RefundRow)] == [3000]


def test_set_aside_only_with_a_reason(ward: PromisedWard) -> None:
    number = missed(ward)
    with pytest.raises(ReasonMissing):
        ward.world.do("nurse", drop, amends_id=number, reason="")
    ward.world.do("nurse", drop, amends_id=number, reason="电话里道过歉了")
    assert ward.world.ask("nurse", drafts) == [] and words(ward) == []


def test_empty_words_are_not_sent(ward: PromisedWard) -> None:
    number = missed(ward)
    with pytest.raises(WordsMissing):
        ward.world.do("nurse", send, amends_id=number, words="  ")


def test_in_quiet_care_nothing_is_said(ward: PromisedWard) -> None:
    number = missed(ward)
    ward.world.do("doctor", gentle_stop, patient_id=ward.patient_id, kind="loss", caller_id=4)
    with pytest.raises(SilencedPatient):
        ward.world.do("nurse", send, amends_id=number, words="对不起")
    look_around(ward.world.desk)
    assert words(ward) == []


def test_newer_rules_give_her_nothing_her_version_does_not_include(world: World) -> None:
    ward = promised_ward(world, entitlements=[], amends=[])
    world.clock.advance(timedelta(seconds=1))
    known = world.ask("manager", package_draft, package_id=ward.package_id)
    evening = {"code": "EVENING", "name": "晚间答疑", "count": 7, "counted": "evening"}
    newer = {**known.working, "entitlements": [evening], "amends": AMENDS}
    world.do(
        "manager", keep_draft, package_id=ward.package_id, working=newer, expected_changed_at=known.changed_at
    )
    world.do("manager", publish, package_id=ward.package_id)
    world.do(
        "manager", take_newer_rules, package_id=ward.package_id, enrolment_ids=[ward.enrolment_id], reason="新规则"
    )  # fmt: skip
    number = missed(ward)
    [one] = world.ask("nurse", drafts)
    assert (one.offer, one.gift) == ("nothing", "")
    world.do("nurse", send, amends_id=number, words=one.words)
    assert len(words(ward)) == 1 and "One more" not in words(ward)[0] and "加送" not in words(ward)[0]
