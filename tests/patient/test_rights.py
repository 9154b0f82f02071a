"""What her package includes, on her phone: left of bought, each use with its day and who, nothing as a reproach."""

from __future__ import annotations

from typing import Any

import pytest

from core.care.sale.courses import complete
from core.people.phone_links import issue_link
from core.settlement.entitlement_marks import give_one_more, note_use, take_back
from tests.knee_ward import KneeWard, knee_ward
from tests.patient.conftest import PhoneScene

RIGHTS = [
    {"code": "REVIEW", "name": "视频点评", "count": 3},
    {"code": "VISIT", "name": "首日视频", "count": 1},
]
LINK = "服务包里有什么"


def scene(ward: PhoneScene, entitlements: list[dict[str, Any]]) -> KneeWard:
    found = knee_ward(ward.world, entitlements=entitlements, amends=[], refund=None)
    ward.patient_id = found.patient_id
    ward.token = ward.world.do("nurse", issue_link, patient_id=found.patient_id)
    return found


@pytest.fixture
def knee(ward: PhoneScene) -> KneeWard:
    return scene(ward, RIGHTS)


def used(knee: KneeWard, code: str = "REVIEW", **more: Any) -> int:
    known = {"enrolment_id": knee.enrolment_id, "code": code, "day": knee.world.today}
    return int(knee.world.do("nurse", note_use, **{**known, **more}))


def test_she_reads_what_is_left_with_the_day_and_the_person_of_each_use(
    ward: PhoneScene, knee: KneeWard
) -> None:
    used(knee, note="同事才看的备注")
    phone = ward.own_phone()
    assert LINK in phone.open("/p/me").text
    phone.open("/p/me/package")
    assert "视频点评 剩2次，共3次 周四 3月5日 王小云" in phone.text and "首日视频 剩1次" in phone.text
    assert "同事才看的备注" not in phone.text


def test_english_says_the_same(ward: PhoneScene, knee: KneeWard) -> None:
    used(knee)
    phone = ward.own_phone()
    phone.open("/p/me/package?lang=en")
    assert "2 of 3 left Thu 5 Mar" in phone.text and "Nothing has to be used." in phone.text


def test_what_does_not_count_and_what_was_given_are_said(ward: PhoneScene, knee: KneeWard) -> None:
    mark = used(knee)
    knee.world.do(
        "nurse", take_back, enrolment_id=knee.enrolment_id, code="REVIEW", source="hand", ref=mark, reason="没看清"
    )  # fmt: skip
    knee.world.do(
        "manager", give_one_more, enrolment_id=knee.enrolment_id, code="REVIEW", reason="我们回复晚了"
    )
    phone = ward.own_phone()
    phone.open("/p/me/package")
    assert "剩4次，共4次" in phone.text and "其中1次是加送的" in phone.text and "不算次数" in phone.text
    assert "没看清" not in phone.text and "回复晚了" not in phone.text


def test_beyond_what_was_bought_is_a_gift_and_no_debt(ward: PhoneScene, knee: KneeWard) -> None:
    for _ in range(4):
        used(knee, beyond=True)
    phone = ward.own_phone()
    phone.open("/p/me/package")
    assert "3次都用了" in phone.text and "另外多做了1次，不收费" in phone.text


def test_what_was_not_used_stays_visible_after_the_end(ward: PhoneScene, knee: KneeWard) -> None:
    used(knee)
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    phone = ward.own_phone()
    assert LINK in phone.open("/p/me").text
    phone.open("/p/me/package")
    assert "3月5日结束" in phone.text and "3次中有2次没用" in phone.text and "首日视频 没用" in phone.text


def test_a_package_without_entitlements_has_no_such_line(ward: PhoneScene) -> None:
    scene(ward, [])
    phone = ward.own_phone()
    assert LINK not in phone.open("/p/me").text
    assert "这里没有要计次的项目" in phone.open("/p/me/package").text
