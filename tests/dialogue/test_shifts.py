"""Shifts: planned for a run of days, taken, handed over with what is open, told where nobody took them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.department.profile import change_facts
from core.dialogue.cases import cases
from core.dialogue.duty import shift_list, shift_plan, shifts
from core.dialogue.duty.shift_refusals import (
    HandedToThemselves,
    HourUnreadable,
    NothingToReceive,
    NotYourShift,
    ShiftOver,
    ShiftTaken,
    UnknownDutyRole,
    UnknownShift,
    WrongRoleForDuty,
)
from core.foundation.access import NotAllowed
from core.people.escalation_roster import (
    BackupIsTheSame,
    DutyPhoneMissing,
    NobodyOnDuty,
    NoDayInRun,
    RunImpossible,
    fill,
)
from tests.conftest import World
from tests.dialogue.promised_ward import PromisedWard, promised_ward, shown

TODAY = date(2026, 3, 5)  # a Thursday, at noon
MANAGER, NURSE, DOCTOR, FRONT_DESK = 2, 3, 4, 5


@pytest.fixture
def ward(world: World) -> PromisedWard:
    return promised_ward(world)


def hours(world: World, role: str = "") -> list[tuple[str, str, int]]:
    return [
        (shown(one.starts_at), shown(one.ends_at), one.staff_id)
        for one in world.ask("manager", shift_list.coming)
        if role in ("", one.role)
    ]


def first(ward: PromisedWard) -> int:
    return int(ward.world.ask("manager", shift_list.coming)[0].span_id)


def test_a_daily_span_fills_a_run_of_days_and_an_end_before_the_beginning_lies_on_the_next(
    ward: PromisedWard,
) -> None:
    assert ward.plans("nurse", "nurse", "20:00", "22:00") == 14
    assert ward.plans("doctor", "doctor", "18:00", "08:00", weekdays=[4, 5]) == 4
    assert hours(ward.world, "doctor")[:2] == [
        ("03-06 18:00", "03-07 08:00", DOCTOR), ("03-07 18:00", "03-08 08:00", DOCTOR),
    ]  # fmt: skip
    assert hours(ward.world, "nurse")[0] == ("03-05 20:00", "03-05 22:00", NURSE)


def test_what_stood_in_the_same_time_gives_way_and_the_rest_stays(ward: PromisedWard) -> None:
    ward.plans("doctor", "doctor", last=TODAY + timedelta(days=1))
    ward.plans(
        "doctor", "manager", "18:00", "20:00", first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=1)
    )
    assert hours(ward.world) == [
        ("03-05 12:00", "03-06 00:00", DOCTOR), ("03-06 00:00", "03-06 18:00", DOCTOR),
        ("03-06 18:00", "03-06 20:00", MANAGER), ("03-06 20:00", "03-07 00:00", DOCTOR),
    ]  # fmt: skip
    ward.world.do("manager", shift_plan.clear, role="doctor", first=TODAY, last=TODAY)
    assert hours(ward.world)[0] == ("03-06 00:00", "03-06 18:00", DOCTOR)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"role": "cook"}, UnknownDutyRole),
        ({"opens": "halb acht"}, HourUnreadable),
        ({"closes": "25:00"}, HourUnreadable),
        ({"first": TODAY - timedelta(days=1)}, RunImpossible),
        ({"weekdays": []}, NoDayInRun),
        ({"last": TODAY, "opens": "08:00", "closes": "11:00"}, NoDayInRun),  # over already
        ({"staff_id": 99}, NobodyOnDuty),
        ({"staff_id": NURSE}, WrongRoleForDuty),  # a nurse does not decide on alerts
        ({"staff_id": FRONT_DESK, "role": "nurse"}, WrongRoleForDuty),
        ({"phone": "–"}, DutyPhoneMissing),
        ({"backup_id": DOCTOR, "backup_phone": "8104"}, BackupIsTheSame),
        ({"backup_id": NURSE, "backup_phone": "8103"}, WrongRoleForDuty),
    ],
)
def test_what_cannot_be_is_refused(
    ward: PromisedWard, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    known: dict[str, Any] = {
        "role": "doctor", "first": TODAY, "last": TODAY + timedelta(days=1), "opens": "00:00", "closes": "24:00",
        "staff_id": DOCTOR, "phone": "8104",
    }  # fmt: skip
    with pytest.raises(refusal):
        ward.world.do("manager", shift_plan.plan, **{**known, **changes})
    assert hours(ward.world) == []


def test_only_managers_plan(ward: PromisedWard) -> None:
    with pytest.raises(NotAllowed):
        ward.world.do("nurse", shift_plan.clear, role="nurse", first=TODAY, last=TODAY)


def test_one_takes_ones_own_shift_and_the_hour_is_kept(ward: PromisedWard) -> None:
    ward.plans("nurse", "nurse", "20:00", "22:00", last=TODAY)
    with pytest.raises(NotYourShift):
        ward.world.do("doctor", shifts.take_shift, span_id=first(ward))
    ward.at("2026-03-05 19:50")
    ward.world.do("nurse", shifts.take_shift, span_id=first(ward))
    ward.at("2026-03-05 20:20")
    ward.world.do("nurse", shifts.take_shift, span_id=first(ward))  # again: the first hour stands
    (mine,) = ward.world.ask("nurse", shift_list.my_shifts)
    assert shown(mine.taken_at) == "03-05 19:50"
    ward.at("2026-03-05 22:00")
    with pytest.raises(ShiftOver):
        ward.world.do("nurse", shifts.take_shift, span_id=mine.span_id)


def test_the_second_takes_what_the_first_has_not_taken(ward: PromisedWard) -> None:
    ward.plans("doctor", "doctor", backup_id=MANAGER, backup_phone="8105", last=TODAY)
    ward.world.do("manager", shifts.take_shift, span_id=first(ward))
    (one,) = ward.world.ask("manager", shift_list.coming)
    assert (one.staff_id, one.phone, one.backup_id, one.backup_phone) == (MANAGER, "8105", DOCTOR, "8104")
    with pytest.raises(ShiftTaken):
        ward.world.do("doctor", shifts.take_shift, span_id=one.span_id)


def test_a_line_of_the_roster_becomes_a_shift_when_it_is_taken(ward: PromisedWard) -> None:
    ward.world.do("manager", fill, first=TODAY, last=TODAY, staff_id=DOCTOR, phone="8104")
    assert ward.world.ask("doctor", shift_list.roster_line)
    ward.world.do("doctor", shifts.take_shift, day=TODAY)
    assert hours(ward.world) == [("03-05 12:00", "03-06 00:00", DOCTOR)]
    assert not ward.world.ask("doctor", shift_list.roster_line)
    with pytest.raises(UnknownShift):
        ward.world.do("doctor", shifts.take_shift, day=TODAY + timedelta(days=1))


def test_handed_over_with_what_is_open_a_note_and_both_times(ward: PromisedWard) -> None:
    ward.plans("nurse", "nurse", "08:00", "20:00", last=TODAY)
    ward.plans("nurse", "doctor", "20:00", "22:00", last=TODAY)
    mine = first(ward)
    waits, closed = ward.opens("question"), ward.opens("film")
    ward.world.do("nurse", cases.take, case_id=waits)
    ward.world.do("nurse", cases.close, case_id=closed, advice="动作很好")
    ward.at("2026-03-05 19:55")
    ward.world.do("nurse", shifts.hand_over, span_id=mine, to=DOCTOR, note="何阿姨等回电")
    (coming,) = ward.world.ask("doctor", shift_list.to_confirm)
    assert (coming.note, coming.handed_to, shown(coming.handed_at)) == (
        "何阿姨等回电",
        "doctor测试",
        "03-05 19:55",
    )
    assert [(one.case_id, one.kind, one.state) for one in coming.open_cases] == [(waits, "question", "open")]
    ward.at("2026-03-05 20:02")
    ward.world.do("doctor", shifts.receive, span_id=mine)
    assert ward.world.ask("doctor", shift_list.to_confirm) == []
    given, next_one = ward.world.ask("manager", shift_list.coming)
    assert (shown(given.handed_at), shown(given.received_at)) == ("03-05 19:55", "03-05 20:02")
    assert shown(next_one.taken_at) == "03-05 20:02"  # who confirms is there
    assert ward.case(waits).taken_by == DOCTOR
    with pytest.raises(NothingToReceive):
        ward.world.do("doctor", shifts.receive, span_id=mine)
    with pytest.raises(ShiftOver):
        ward.world.do("nurse", shifts.hand_over, span_id=mine, to=MANAGER)


def test_until_it_is_confirmed_it_stays_the_givers_and_may_go_to_another(ward: PromisedWard) -> None:
    ward.plans("nurse", "nurse", "08:00", "20:00", last=TODAY)
    mine = first(ward)
    with pytest.raises(HandedToThemselves):
        ward.world.do("nurse", shifts.hand_over, span_id=mine, to=NURSE)
    with pytest.raises(WrongRoleForDuty):
        ward.world.do("nurse", shifts.hand_over, span_id=mine, to=FRONT_DESK)
    with pytest.raises(NotYourShift):
        ward.world.do("doctor", shifts.hand_over, span_id=mine, to=MANAGER)
    ward.world.do("nurse", shifts.hand_over, span_id=mine, to=DOCTOR)
    ward.world.do("nurse", shifts.hand_over, span_id=mine, to=MANAGER)
    with pytest.raises(NothingToReceive):
        ward.world.do("doctor", shifts.receive, span_id=mine)
    with pytest.raises(DutyPhoneMissing):  # nobody knows a telephone of hers yet
        ward.world.do("manager", shifts.receive, span_id=mine)
    ward.world.do("manager", shifts.receive, span_id=mine, phone="8105")
    assert hours(ward.world)[-1] == ("03-05 12:00", "03-05 20:00", MANAGER)


def test_a_shift_nobody_took_is_told_once_before_it_starts(
    ward: PromisedWard, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr("core.dialogue.telling.outbox.tell", lambda _stamp, **told: said.append(told))
    ward.plans("nurse", "nurse", "20:00", "22:00", backup_id=DOCTOR, backup_phone="8104")
    number = first(ward)
    ward.at("2026-03-05 19:29")
    ward.looks()
    assert said == []
    for minute in (30, 31, 59):
        ward.at(f"2026-03-05 19:{minute}")
        ward.looks()
    (told,) = said
    assert (told["occasion"], told["case"], told["step"]) == (f"shift:{number}", None, "untaken")
    assert (told["staff_ids"], told["roles"], shown(told["due_at"])) == (
        (NURSE, DOCTOR, MANAGER), ("nurse", "manager"), "03-05 20:00",
    )  # fmt: skip
    ward.world.do("nurse", shifts.take_shift, span_id=first(ward) + 1)
    ward.at("2026-03-06 19:45")
    ward.looks()
    assert len(said) == 1  # tomorrow's was taken in time


def test_a_time_zone_set_right_leaves_whoever_begins_at_eight_beginning_at_eight(ward: PromisedWard) -> None:
    ward.plans("doctor", "doctor", "08:00", "18:00", last=TODAY + timedelta(days=1))
    before = hours(ward.world, "doctor")
    ward.world.do(
        "manager", change_facts, hospital="安和医院", department="产科", time_zone="Asia/Urumqi",
        print_language="zh", phone="", address="", pilot_start=None,
    )  # fmt: skip
    now = hours(ward.world, "doctor")  # shown by the clock of Shanghai, which is two hours ahead
    assert before[1] == ("03-06 08:00", "03-06 18:00", DOCTOR)
    assert now[1] == ("03-06 10:00", "03-06 20:00", DOCTOR)
    assert now[0] == (before[0][0], "03-05 20:00", DOCTOR)  # the running one keeps its beginning
