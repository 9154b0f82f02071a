"""Newer rules reach running courses only by a named act with a reason, one trail entry for all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.care import quiet_care
from core.care.sale.courses import complete
from core.dialogue.course import NoRunningCourse, course_of
from core.dialogue.newer_rules import OlderRules, older_rules, take_newer_rules
from core.foundation.access import SYSTEM
from core.foundation.audit import AuditEntryRow
from core.foundation.reasons import ReasonMissing
from core.packages.drafts import keep_draft
from core.packages.editing import with_field
from core.packages.publishing import draft, publish
from tests.knee_ward import KneeWard


def publish_with(ward: KneeWard, path: str, value: Any) -> None:
    """A new version in which one field is another."""
    ward.world.clock.advance(timedelta(seconds=1))
    known = ward.world.ask("manager", draft, package_id=ward.package_id)
    ward.world.do(
        "manager", keep_draft, package_id=ward.package_id, working=with_field(known.working, path, value),
        expected_changed_at=known.changed_at,
    )  # fmt: skip
    ward.world.do("manager", publish, package_id=ward.package_id)


def older(ward: KneeWard) -> OlderRules:
    found: OlderRules = ward.world.ask("manager", older_rules, package_id=ward.package_id)
    return found


def take(ward: KneeWard, *enrolments: int, reason: str = "上限经主任同意") -> int:
    taken: int = ward.world.do(
        "manager", take_newer_rules, package_id=ward.package_id, enrolment_ids=list(enrolments), reason=reason
    )
    return taken


def minutes(ward: KneeWard, enrolment_id: int) -> int:
    terms = ward.world.desk.ask(SYSTEM, lambda look: course_of(look, enrolment_id).terms)
    promise = terms.promised("orange")
    assert promise is not None
    return promise.minutes


def test_a_newer_price_alone_asks_for_nothing(knee: KneeWard) -> None:
    publish_with(knee, "price_fen", 31_000)
    assert older(knee).courses == ()


def test_courses_go_by_what_they_were_sold_until_somebody_says_otherwise(knee: KneeWard) -> None:
    publish_with(knee, "promises.1.minutes", 28)
    both = older(knee)
    assert (both.number, [one.number for one in both.courses]) == (2, [1, 1])
    assert minutes(knee, knee.enrolment_id) == 30
    with pytest.raises(ReasonMissing):
        take(knee, knee.enrolment_id, reason=" ")
    assert take(knee, knee.enrolment_id) == 1
    assert (minutes(knee, knee.enrolment_id), minutes(knee, knee.other_enrolment_id)) == (28, 30)
    assert [one.enrolment_id for one in older(knee).courses] == [knee.other_enrolment_id]
    assert take(knee, knee.enrolment_id, knee.other_enrolment_id) == 1, "who has them already is passed over"
    with knee.world.desk.database.reading() as session:
        entries = list(session.scalars(select(AuditEntryRow).where(AuditEntryRow.kind == "courses.rules")))
    assert len(entries) == 2


def test_a_third_version_asks_again(knee: KneeWard) -> None:
    publish_with(knee, "promises.1.minutes", 28)
    take(knee, knee.enrolment_id)
    publish_with(knee, "silence", {"message_hours": 10, "call_hours": 20, "message": ""})
    assert {one.enrolment_id: one.number for one in older(knee).courses} == {
        knee.enrolment_id: 2, knee.other_enrolment_id: 1,
    }  # fmt: skip


def test_nobody_in_quiet_care_and_no_ended_course_is_touched(knee: KneeWard) -> None:
    publish_with(knee, "promises.1.minutes", 28)
    knee.world.do("nurse", complete, enrolment_id=knee.other_enrolment_id)
    doctor = knee.world.actors["doctor"]
    knee.world.do("doctor", quiet_care.gentle_stop, patient_id=knee.patient_id, kind="other", note="",
                  caller_id=doctor.id)  # fmt: skip
    assert older(knee).courses == ()
    with pytest.raises(NoRunningCourse):
        take(knee, knee.enrolment_id, knee.other_enrolment_id)


def test_another_way_of_counting_an_entitlement_asks_and_another_number_does_not(knee: KneeWard) -> None:
    publish_with(knee, "entitlements.REVIEW.count", 9)
    assert older(knee).courses == ()
    publish_with(knee, "entitlements.REVIEW.counted", "hand")
    assert {one.enrolment_id for one in older(knee).courses} == {
        knee.enrolment_id, knee.other_enrolment_id,
    }  # fmt: skip
