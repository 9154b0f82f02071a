"""What people tell about an entitlement: by hand, taken back, put back, one more; once, and never beyond it unsaid."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.care.sale.courses import complete
from core.foundation.access import NotAllowed
from core.foundation.audit import AuditEntryRow
from core.foundation.errors import Refusal
from core.foundation.reasons import ReasonMissing, TextTooLong
from core.settlement.entitlement_marks import (
    AlreadyTakenBack,
    NoneLeft,
    NotInTheCourse,
    UnknownEntitlement,
    UnknownUse,
    give,
    give_one_more,
    note_use,
    put_back,
    take_back,
    take_back_gift,
)
from core.settlement.entitlements import Right, rights
from core.settlement.tables import EntitlementMarkRow
from tests.conftest import World
from tests.knee_ward import KneeWard
from tests.settlement.test_entitlements import RIGHTS, commented, filming_ward


@pytest.fixture
def knee(world: World) -> KneeWard:
    return filming_ward(world, RIGHTS)


def right(knee: KneeWard, code: str) -> Right:
    found: tuple[Right, ...] = knee.world.ask("nurse", rights, enrolment_id=knee.enrolment_id)
    return next(one for one in found if one.code == code)


def note(knee: KneeWard, code: str = "CLASS", role: str = "front_desk", **more: Any) -> int:
    known = {"enrolment_id": knee.enrolment_id, "code": code, "day": knee.world.today}
    return int(knee.world.do(role, note_use, **{**known, **more}))


def back(knee: KneeWard, code: str, source: str, ref: int, reason: str = "没看清", **more: Any) -> int:
    return int(
        knee.world.do(
            "nurse", take_back, enrolment_id=knee.enrolment_id, code=code, source=source, ref=ref, reason=reason,
            **more,
        )
    )  # fmt: skip


def trail(knee: KneeWard) -> list[str]:
    with knee.world.desk.database.reading() as session:
        query = select(AuditEntryRow.kind).where(AuditEntryRow.kind.like("entitlement.%"))
        return list(session.scalars(query.order_by(AuditEntryRow.id)))


def marks(knee: KneeWard) -> int:
    with knee.world.desk.database.reading() as session:
        return len(list(session.scalars(select(EntitlementMarkRow.id))))


def together(*acts: Callable[[], Any]) -> list[type[Refusal]]:
    """Run the acts at the same instant; the kinds of what was refused."""
    start, refused = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        start.wait()
        try:
            act()
        except Refusal as refusal:
            refused.append(type(refusal))

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_a_use_by_hand_has_its_day_person_and_note_and_one_entry(knee: KneeWard) -> None:
    note(knee, day=knee.world.today, note="三楼教室")
    (use,) = right(knee, "CLASS").uses
    assert (use.source, use.day, use.by, use.note) == ("hand", knee.world.today, "front_desk测试", "三楼教室")
    assert right(knee, "CLASS").left == 0 and trail(knee) == ["entitlement.used"]


def test_beyond_what_was_bought_only_when_it_is_said(knee: KneeWard) -> None:
    note(knee)
    with pytest.raises(NoneLeft) as refused:
        note(knee)
    assert refused.value.of == 1
    note(knee, beyond=True)
    assert (right(knee, "CLASS").used, right(knee, "CLASS").of) == (2, 1)


def test_a_day_outside_the_course_or_to_come_is_refused_and_an_ended_course_is_still_put_right(
    knee: KneeWard,
) -> None:
    first = knee.world.today
    for day in (first - timedelta(days=1), first + timedelta(days=1)):
        with pytest.raises(NotInTheCourse):
            note(knee, day=day)
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    knee.world.clock.advance(timedelta(days=3))
    with pytest.raises(NotInTheCourse):
        note(knee)
    note(knee, day=first)
    assert right(knee, "CLASS").left == 0


def test_what_the_package_does_not_include_cannot_be_used_or_given(knee: KneeWard) -> None:
    with pytest.raises(UnknownEntitlement):
        note(knee, "SPA")
    with pytest.raises(UnknownEntitlement):
        knee.world.do("manager", give_one_more, enrolment_id=knee.enrolment_id, code="SPA", reason="补偿")


def test_a_counted_use_is_taken_back_once_with_a_reason_and_put_back(knee: KneeWard) -> None:
    film = commented(knee)
    with pytest.raises(ReasonMissing):
        back(knee, "REVIEW", "film", film, reason="  ")
    back(knee, "REVIEW", "film", film)
    (use,) = right(knee, "REVIEW").uses
    assert use.taken_back == "没看清" and right(knee, "REVIEW").left == 2
    with pytest.raises(AlreadyTakenBack):
        back(knee, "REVIEW", "film", film)
    knee.world.do("nurse", put_back, enrolment_id=knee.enrolment_id, code="REVIEW", source="film", ref=film)
    assert right(knee, "REVIEW").left == 1
    back(knee, "REVIEW", "film", film, reason="还是没看清")
    assert trail(knee) == ["entitlement.taken_back", "entitlement.put_back", "entitlement.taken_back"]


def test_a_use_by_hand_is_taken_back_in_the_same_way(knee: KneeWard) -> None:
    mark = note(knee)
    back(knee, "CLASS", "hand", mark, reason="记错了人")
    assert right(knee, "CLASS").left == 1 and right(knee, "CLASS").uses[0].taken_back == "记错了人"
    note(knee)
    assert right(knee, "CLASS").used == 1


def test_a_use_that_is_not_there_or_counts_already_is_refused(knee: KneeWard) -> None:
    film = commented(knee)
    for code, source, ref in (
        ("REVIEW", "film", film + 9),
        ("REVIEW", "hand", film),
        ("CLASS", "film", film),
    ):
        with pytest.raises(UnknownUse):
            back(knee, code, source, ref)
    with pytest.raises(UnknownUse):
        knee.world.do(
            "nurse", put_back, enrolment_id=knee.enrolment_id, code="REVIEW", source="film", ref=film
        )


def test_one_more_is_given_with_a_reason_and_taken_back(knee: KneeWard) -> None:
    mark = knee.world.do(
        "manager", give_one_more, enrolment_id=knee.enrolment_id, code="REVIEW", reason="回复晚了"
    )
    found = right(knee, "REVIEW")
    assert (found.count, found.of, found.left) == (2, 3, 3)
    assert [(gift.by, gift.note) for gift in found.gifts] == [("manager测试", "回复晚了")]
    wrong: dict[str, Any] = {
        "enrolment_id": knee.enrolment_id,
        "code": "CLASS",
        "ref": mark,
        "reason": "给错了",
    }
    with pytest.raises(UnknownUse):
        knee.world.do("manager", take_back_gift, **wrong)
    knee.world.do("manager", take_back_gift, **{**wrong, "code": "REVIEW"})
    assert right(knee, "REVIEW").of == 2
    assert trail(knee) == ["entitlement.given", "entitlement.gift_back"]


def test_amends_give_one_more_inside_their_own_deed_without_an_entry(knee: KneeWard) -> None:
    row = knee.world.desk.do(
        knee.world.actors["nurse"],
        lambda stamp: give(stamp, knee.enrolment_id, "REVIEW", "晚了20分钟").id,
    )
    assert [gift.ref for gift in right(knee, "REVIEW").gifts] == [row] and trail(knee) == []


def test_giving_is_not_a_doctor_s_and_looking_in_is_no_executive_s(knee: KneeWard) -> None:
    with pytest.raises(NotAllowed):
        knee.world.do("doctor", give_one_more, enrolment_id=knee.enrolment_id, code="REVIEW", reason="x")
    with pytest.raises(NotAllowed):
        note(knee, role="executive")


def test_a_note_longer_than_its_column_is_refused_at_its_field(knee: KneeWard) -> None:
    with pytest.raises(TextTooLong) as refused:
        note(knee, note="长" * 201)
    assert refused.value.field == "note"


def test_a_double_click_is_one_use(knee: KneeWard) -> None:
    act = lambda: note(knee, "REVIEW", request_key="same click")  # noqa: E731
    assert together(act, act) == [] and marks(knee) == 1
    assert note(knee, "REVIEW", request_key="same click") and right(knee, "REVIEW").used == 1


def test_two_desks_at_once_do_not_use_the_last_one_twice(knee: KneeWard) -> None:
    refused = together(lambda: note(knee, role="nurse"), lambda: note(knee, role="front_desk"))
    assert refused == [NoneLeft] and right(knee, "CLASS").used == 1


def test_two_at_once_take_a_use_back_once(knee: KneeWard) -> None:
    film = commented(knee)
    refused = together(*[lambda: back(knee, "REVIEW", "film", film)] * 2)
    assert refused == [AlreadyTakenBack] and marks(knee) == 1


def test_two_at_once_take_a_gift_back_once(knee: KneeWard) -> None:
    known = {"enrolment_id": knee.enrolment_id, "code": "REVIEW", "reason": "给错了"}
    mark = knee.world.do("manager", give_one_more, **known)
    act = lambda: knee.world.do("manager", take_back_gift, **known, ref=mark)  # noqa: E731
    assert together(act, act) == [UnknownUse] and right(knee, "REVIEW").of == 2
