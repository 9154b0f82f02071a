"""Who is on duty: spans before the day's line of the roster, seconds for those who have left, gaps said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.dialogue.duty import shifts
from core.dialogue.duty.coverage import gaps
from core.dialogue.duty.duty import OnDuty, now_on_duty, on_now, told
from core.people.escalation_roster import fill
from core.people.staff import deactivate
from tests.conftest import World
from tests.dialogue.promised_ward import PromisedWard, promised_ward, shown

TODAY = date(2026, 3, 5)
MANAGER, NURSE, DOCTOR = 2, 3, 4


@pytest.fixture
def ward(world: World) -> PromisedWard:
    return promised_ward(world)


def roster(world: World, **more: Any) -> None:
    known: dict[str, Any] = {
        "first": TODAY,
        "last": TODAY + timedelta(days=13),
        "staff_id": DOCTOR,
        "phone": "8104",
    }
    world.do("manager", fill, **{**known, **more})


def doctor(ward: PromisedWard) -> OnDuty | None:
    found: OnDuty | None = ward.world.desk.ask(
        ward.world.actors["nurse"], lambda look: on_now(look, "doctor")
    )
    return found


def test_one_line_a_day_stays_the_easy_way_for_the_doctor(ward: PromisedWard) -> None:
    assert ward.world.ask("nurse", now_on_duty) == []
    roster(ward.world, backup_id=MANAGER, backup_phone="8105")
    (found,) = ward.world.ask("nurse", now_on_duty)
    assert (found.role, found.span_id, found.staff_id, found.phone, found.backup_id, found.backup_phone) == (
        "doctor", None, DOCTOR, "8104", MANAGER, "8105",
    )  # fmt: skip
    assert (shown(found.starts_at), shown(found.ends_at)) == ("03-05 00:00", "03-06 00:00")


def test_a_span_goes_before_the_line_and_the_line_fills_what_it_leaves(ward: PromisedWard) -> None:
    roster(ward.world)
    ward.plans("doctor", "manager", "18:00", "08:00", last=TODAY, phone="8200")
    ward.at("2026-03-05 17:59")
    assert (now := doctor(ward)) and (now.staff_id, shown(now.ends_at)) == (DOCTOR, "03-05 18:00")
    ward.at("2026-03-05 18:00")
    assert (now := doctor(ward)) and (now.staff_id, shown(now.ends_at)) == (MANAGER, "03-06 08:00")
    ward.at("2026-03-06 08:00")
    assert (now := doctor(ward)) and (now.staff_id, now.span_id) == (DOCTOR, None)


def test_who_has_left_counts_as_nobody_and_the_second_stands_in(ward: PromisedWard) -> None:
    roster(ward.world)
    ward.plans("doctor", "doctor", backup_id=MANAGER, backup_phone="8105")
    ward.world.do("administrator", deactivate, staff_id=DOCTOR)
    assert (now := doctor(ward)) and (now.staff_id, now.phone, now.backup_id) == (MANAGER, "8105", None)
    ward.world.do("administrator", deactivate, staff_id=MANAGER)
    assert doctor(ward) is None


def test_a_step_falls_to_the_next_one_up_where_nobody_is(ward: PromisedWard) -> None:
    def reached(to: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        found = ward.world.desk.ask(ward.world.actors["nurse"], lambda look: told(look, to, "nurse"))
        return found.staff_ids, found.roles

    assert reached("nurse") == ((MANAGER,), ("manager",))
    roster(ward.world)
    assert reached("nurse") == ((DOCTOR,), ("doctor",))
    assert reached("second") == ((MANAGER,), ("manager",))
    ward.plans("nurse", "nurse", backup_id=DOCTOR, backup_phone="8104")
    assert reached("nurse") == ((NURSE,), ("nurse",))
    assert reached("second") == ((DOCTOR,), ("nurse",))


def test_what_is_promised_and_not_covered_is_a_gap(ward: PromisedWard) -> None:
    world = ward.world
    ward.plans("doctor", "doctor", last=TODAY + timedelta(days=12))
    ward.plans("nurse", "nurse", "08:00", "22:00", weekdays=[0, 1, 2, 3, 4])
    found = [(gap.role, shown(gap.starts_at), shown(gap.ends_at)) for gap in world.ask("manager", gaps)]
    # The two weekends of the nurse (8–20 and 20–22 are one stretch a day), the last day of the doctor.
    assert found == [
        ("nurse", "03-07 08:00", "03-07 22:00"), ("nurse", "03-08 08:00", "03-08 22:00"),
        ("nurse", "03-14 08:00", "03-14 22:00"), ("nurse", "03-15 08:00", "03-15 22:00"),
        ("doctor", "03-18 00:00", "03-19 00:00"),
    ]  # fmt: skip
    roster(world)
    ward.plans("nurse", "nurse", "08:00", "22:00")
    assert world.ask("manager", gaps) == []


def test_a_gap_inside_a_span_is_found_and_what_is_over_is_none(ward: PromisedWard) -> None:
    ward.plans("doctor", "doctor")
    ward.plans("nurse", "nurse", "08:00", "20:00")
    ward.plans("nurse", "manager", "20:30", "22:00")
    ward.at("2026-03-05 20:10")
    first, second, *_rest = ward.world.ask("manager", gaps)
    assert (shown(first.starts_at), shown(first.ends_at)) == ("03-05 20:10", "03-05 20:30")
    assert shown(second.starts_at) == "03-06 20:00"


def test_a_shift_that_was_handed_over_is_the_takers(ward: PromisedWard) -> None:
    ward.plans("doctor", "doctor")
    ward.at("2026-03-05 15:00")
    assert (now := doctor(ward)) and now.span_id
    ward.world.do("doctor", shifts.hand_over, span_id=now.span_id, to=MANAGER)
    assert (still := doctor(ward)) and still.staff_id == DOCTOR
    ward.at("2026-03-05 15:20")
    ward.world.do("manager", shifts.receive, span_id=now.span_id, phone="8105")
    assert (then := doctor(ward)) and (then.staff_id, shown(then.starts_at), shown(then.ends_at)) == (
        MANAGER, "03-05 15:20", "03-06 00:00",
    )  # fmt: skip
