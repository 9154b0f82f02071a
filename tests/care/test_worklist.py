"""The nurse's list: the right lines, on the right day, with the sold version's own words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from core.care.quiet_care import gentle_stop
from core.care.tables import EnrolmentRow
from core.care.work.appointments import book
from core.care.work.marked import marked_lately
from core.care.work.tasks import mark_done
from core.care.work.worklist import due_list
from core.department.places import add_location
from core.foundation.access import NotAllowed
from tests.prenatal_ward import LAST_PERIOD, TODAY, PrenatalWard


def codes(ward: PrenatalWard, **filters: object) -> list[str]:
    return [row.code for row in ward.world.ask("nurse", due_list, **filters).rows]


def test_a_line_carries_everything_the_nurse_says_and_does(ward: PrenatalWard) -> None:
    ward.sell(ward.patient(name="陈立夏", phone="13912345678"))
    row = next(row for row in ward.world.ask("nurse", due_list).rows if row.code == "P01")
    written = ward.document.task("P01")
    assert (row.patient_name, row.phone_end, row.week_text) == ("陈立夏", "5678", "12+0")
    assert (row.title, row.wording, row.what) == (written.title, written.wording, written.what)
    assert row.bring == written.bring and row.checklist == written.checklist and row.band == "open"
    assert (row.place.name, row.place.route, row.place.confirmed) == (written.place.name, "", False)
    assert row.closes_on == LAST_PERIOD + timedelta(days=97)


def test_the_departments_own_place_replaces_the_packages(ward: PrenatalWard) -> None:
    ward.sell()
    code = ward.document.task("P01").place.code
    ward.world.do("manager", add_location, name="新门诊 3 室", code=code, floor="三层", wait_minutes=25)
    row = next(row for row in ward.world.ask("nurse", due_list).rows if row.code == "P01")
    assert (row.place.name, row.place.floor, row.place.wait_minutes) == ("新门诊 3 室", "三层", 25)
    assert row.place.route == "", "the way there that came with the package leads through another house"


@pytest.mark.parametrize(
    ("days", "band"),
    [(-8, None), (-7, "upcoming"), (0, "open"), (48, "open"), (49, "due"), (55, "due"), (56, "overdue"),
     (69, "overdue"), (70, None)],
)  # fmt: skip
def test_bands_follow_the_window_day_by_day(ward: PrenatalWard, days: int, band: str | None) -> None:
    # P01 is open from 42 to 97 days: 56 days, the last seven of them due.
    patient = ward.patient(last_period=None)
    ward.sell(patient, last_period=TODAY - timedelta(days=30))
    ward.world.clock.advance(timedelta(days=12 + days))
    found = ward.world.ask("nurse", due_list, bands=("upcoming", "open", "due", "overdue"))
    assert [row.band for row in found.rows if row.code == "P01"] == ([band] if band else [])


def test_the_list_turns_over_at_the_departments_midnight(ward: PrenatalWard) -> None:
    ward.sell(last_period=TODAY - timedelta(days=97))
    assert "P01" in codes(ward, bands=("due",))
    ward.world.clock.advance(timedelta(hours=11, minutes=59))
    assert "P01" in codes(ward, bands=("due",))
    ward.world.clock.advance(timedelta(minutes=1))
    assert "P01" in codes(ward, bands=("overdue",)) and "P01" not in codes(ward, bands=("due",))


def test_what_expired_is_shown_only_when_asked_for(ward: PrenatalWard) -> None:
    ward.sell()
    ward.world.clock.advance(timedelta(days=40))
    assert "P01" not in codes(ward) and "P01" in codes(ward, bands=("expired",))


def test_filters_find_by_name_phone_record_person_role_and_place(ward: PrenatalWard) -> None:
    first, second = (
        ward.patient(name="张三", phone="13800001111"),
        ward.patient(name="李四", phone="13800002222"),
    )
    ward.sell(first)
    ward.sell(second)
    everything = codes(ward)
    assert codes(ward, text="张") == codes(ward, patient_id=first) == everything[:2]
    assert len(codes(ward, text="2222")) == len(everything) // 2
    assert codes(ward, text="B0001") == codes(ward, patient_id=first)
    assert set(codes(ward, role="nurse")) == {c for c in everything if ward.document.task(c).role == "nurse"}
    place = ward.document.task("P01").place.code
    assert set(codes(ward, location=place)) == {
        code for code in everything if ward.document.task(code).place.code == place
    }
    assert codes(ward, location="NOWHERE") == []


def test_counts_are_for_all_bands_under_the_same_filters(ward: PrenatalWard) -> None:
    ward.sell()
    found = ward.world.ask("nurse", due_list, bands=("due",))
    assert found.counts["open"] == len(codes(ward, bands=("open",))) and found.total == len(found.rows)


def test_todays_visits_come_first_by_the_clock(ward: PrenatalWard) -> None:
    first, second = ward.patient(), ward.patient()
    for patient, hours in ((first, 5), (second, 2)):
        task = ward.task(ward.sell(patient), "P02")
        at = ward.world.clock.now() + timedelta(hours=hours)
        ward.world.do("nurse", book, patient_id=patient, task_id=task.id, at=at)
    rows = ward.world.ask("nurse", due_list).rows
    assert [(row.patient_id, row.appointment_at is not None) for row in rows[:3]] == [
        (second, True), (first, True), (first, False),
    ]  # fmt: skip


@pytest.mark.parametrize("days", [0, 9, 40])
def test_a_band_alone_shows_what_the_whole_list_has_of_it(ward: PrenatalWard, days: int) -> None:
    for period in (TODAY - timedelta(days=97), TODAY - timedelta(days=60), None):
        patient = ward.patient(last_period=None)
        ward.sell(patient, last_period=period or TODAY - timedelta(days=180))
    ward.world.clock.advance(timedelta(days=days))
    bands = ("upcoming", "open", "due", "overdue", "expired")
    whole = ward.world.ask("nurse", due_list, bands=bands)
    assert len({row.band for row in whole.rows}) > 2
    for band in bands:
        alone = ward.world.ask("nurse", due_list, bands=(band,))
        assert [row.task_id for row in alone.rows] == [row.task_id for row in whole.rows if row.band == band]
        assert len(alone.rows) == alone.total == whole.counts.get(band, 0)


def test_done_leaves_the_list_and_can_be_taken_back_from_todays(ward: PrenatalWard) -> None:
    number = ward.sell()
    task = ward.task(number, "P01")
    ward.world.do("nurse", mark_done, task_id=task.id)
    assert "P01" not in codes(ward)
    [marked] = ward.world.ask("nurse", marked_lately)
    assert (marked.task_id, marked.title, marked.state) == (task.id, ward.document.task("P01").title, "done")
    ward.world.clock.advance(timedelta(days=1))
    assert ward.world.ask("nurse", marked_lately) == []


def test_a_silenced_patient_is_on_no_list(ward: PrenatalWard) -> None:
    number = ward.sell()
    assert codes(ward)
    patient = ward.row(EnrolmentRow, number).patient_id
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    assert codes(ward, bands=("upcoming", "open", "due", "overdue", "expired")) == []


def test_the_number_of_queries_does_not_grow_with_the_patients(ward: PrenatalWard) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        engine = ward.world.desk.database.engine
        event.listen(engine, "before_cursor_execute", note)
        ward.world.ask("nurse", due_list)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    ward.sell()
    ward.world.ask("nurse", due_list)
    one = statements()
    for _ in range(5):
        ward.sell()
    assert statements() == one <= 4


def test_page_two_follows_page_one_and_the_heading_counts_both(ward: PrenatalWard) -> None:
    for _ in range(4):
        ward.sell()
    whole = ward.world.ask("nurse", due_list, bands=("open", "due"))
    first = ward.world.ask("nurse", due_list, bands=("open", "due"), limit=3)
    second = ward.world.ask("nurse", due_list, bands=("open", "due"), limit=3, offset=3)
    assert len(whole.rows) == whole.total > 6
    assert [row.task_id for row in (*first.rows, *second.rows)] == [row.task_id for row in whole.rows[:6]]
    assert first.total == second.total == whole.total
    assert first.counts == second.counts == whole.counts and sum(whole.counts.values()) >= whole.total


def test_a_place_chosen_counts_and_shows_only_its_own(ward: PrenatalWard) -> None:
    ward.sell()
    bands = ("upcoming", "open", "due", "overdue")
    whole = ward.world.ask("nurse", due_list, bands=bands)
    for code in whole.places:
        there = ward.world.ask("nurse", due_list, bands=bands, location=code)
        assert {row.place.code for row in there.rows} == {code}
        assert there.total == len(there.rows) == sum(row.place.code == code for row in whole.rows)
        assert there.places == whole.places  # the other places can still be chosen


def test_an_executive_sees_no_patients(ward: PrenatalWard) -> None:
    with pytest.raises(NotAllowed):
        ward.world.ask("executive", due_list)
