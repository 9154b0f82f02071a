"""The patients' list: who comes first, what each line says, and the same cost for few and for many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from core.care.plan.due_and_late import GRACE_DAYS
from core.care.quiet_care import gentle_stop, mark_called
from core.care.sale.courses import complete
from core.care.tables import TaskRow
from core.care.work.appointments import book
from core.care.work.patient_list import KINDS, PatientList, patient_list
from core.foundation.access import NotAllowed
from core.people.erasure import erase_patient
from tests.prenatal_ward import PrenatalWard


def listed(ward: PrenatalWard, **asked: object) -> PatientList:
    found: PatientList = ward.world.ask("nurse", patient_list, **asked)
    return found


def order(ward: PrenatalWard, **asked: object) -> list[tuple[int, str]]:
    return [(line.id, line.state) for line in listed(ward, **asked).rows]


def visit(ward: PrenatalWard, patient: int, hours: float) -> None:
    ward.world.do("nurse", book, patient_id=patient, at=ward.world.clock.now() + timedelta(hours=hours))


def late(ward: PrenatalWard, days: int = 3, code: str = "P01") -> int:
    """A patient with one task whose window closed so many days ago."""
    patient = ward.patient()
    task = ward.task(ward.sell(patient), "P01").id
    closed = ward.world.today - timedelta(days=days)
    with ward.world.desk.database.writing() as session:
        row = session.get_one(TaskRow, task)
        row.code, row.opens_on, row.closes_on = code, closed - timedelta(days=7), closed
    return patient


def test_who_needs_somebody_stands_first(ward: PrenatalWard) -> None:
    overdue = late(ward)
    quiet, new, afternoon, morning = (ward.patient() for _ in range(4))
    visit(ward, afternoon, 4)
    visit(ward, morning, 1)
    stop = ward.world.do("doctor", gentle_stop, patient_id=quiet, kind="loss", caller_id=4)
    assert order(ward) == [
        (morning, "today"),
        (afternoon, "today"),
        (overdue, "overdue"),
        (quiet, "quiet"),
        (new, "not_enrolled"),
    ]
    ward.world.do("doctor", mark_called, stop_id=stop)
    assert [one for one, _ in order(ward)][2:] == [overdue, new, quiet], "once called, she needs nobody"


def test_the_kinds_are_counted_and_can_be_asked_for_alone(ward: PrenatalWard) -> None:
    overdue, enrolled = late(ward), ward.patient()
    ward.sell(enrolled)
    quiet, undated, new = ward.patient(), ward.patient(last_period=None), ward.patient()
    visit(ward, overdue, 2)
    ward.world.do("doctor", gentle_stop, patient_id=quiet, kind="transfer", caller_id=4)
    found = listed(ward)
    assert found.counts == {"today": 1, "overdue": 1, "quiet": 1, "not_enrolled": 2, "undated": 1}
    assert (found.total, found.everybody) == (5, 5)
    alone = {kind: [one for one, _ in order(ward, only=kind)] for kind in KINDS}
    assert alone == {
        "today": [overdue],
        "overdue": [overdue],
        "quiet": [quiet],
        "not_enrolled": [new, undated],
        "undated": [undated],
    }
    assert dict(order(ward))[enrolled] == "enrolled"


def test_a_completed_journey_is_neither_enrolled_nor_to_be_enrolled(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.world.do("manager", complete, enrolment_id=ward.sell(patient))
    assert order(ward) == [(patient, "completed")]
    assert listed(ward).counts["not_enrolled"] == 0


def test_a_daily_task_is_overdue_for_a_day_and_a_check_up_for_two_weeks(ward: PrenatalWard) -> None:
    fresh, old = late(ward, GRACE_DAYS), late(ward, GRACE_DAYS + 1)
    yesterday, before = late(ward, 1, "P01.1"), late(ward, 2, "P01.1")
    assert {one for one, _ in order(ward, only="overdue")} == {fresh, yesterday}
    assert {one for one, state in order(ward) if state == "enrolled"} == {old, before}


def test_a_search_counts_and_lists_only_whom_it_finds(ward: PrenatalWard) -> None:
    ward.patient(name="王芳")
    chen = ward.patient(name="陈晓雨", phone="13912345678")
    visit(ward, chen, 1)
    for text in ("陈晓", "5678", "B0002"):
        found = listed(ward, text=text)
        assert [line.name for line in found.rows] == ["陈晓雨"]
        assert (found.everybody, found.counts["today"], found.counts["not_enrolled"]) == (1, 1, 1)
    assert listed(ward, text="nobody").rows == []


def test_a_line_says_her_week_and_her_next_visit(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    visit(ward, patient, 30)
    visit(ward, patient, 54)
    [line] = listed(ward).rows
    assert (line.week_text, line.day_number, line.masked_phone) == ("12+0", None, "138****0001")
    assert line.next_visit == ward.world.clock.now() + timedelta(hours=30)
    assert line.package == ward.document.name


def test_nobody_counts_weeks_for_a_quiet_patient(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    visit(ward, patient, 30)
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    [line] = listed(ward).rows
    assert (line.state, line.week_text, line.day_number, line.next_visit) == ("quiet", "", None, None)


def test_pages_go_on_where_the_one_before_ended(ward: PrenatalWard) -> None:
    overdue = late(ward)
    others = [ward.patient() for _ in range(4)]
    today = others.pop(1)
    visit(ward, today, 1)
    wanted = [today, overdue, *reversed(others)]
    pages = [listed(ward, page=n, page_size=2) for n in (1, 2, 3)]
    assert [line.id for page in pages for line in page.rows] == wanted
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}
    assert listed(ward, page=99, page_size=2).page == 3
    assert listed(ward, page=0, page_size=2).page == 1
    assert [line.id for line in listed(ward, only="not_enrolled", page=2, page_size=3).rows] == [others[0]]


def test_an_erased_patient_is_on_no_list(ward: PrenatalWard) -> None:
    ward.world.do("manager", erase_patient, patient_id=ward.patient(), reason="本人书面申请")
    found = listed(ward)
    assert found.everybody == 0 and not any(found.counts.values())


def test_the_number_of_queries_does_not_grow_with_the_patients(ward: PrenatalWard) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        engine = ward.world.desk.database.engine
        event.listen(engine, "before_cursor_execute", note)
        listed(ward)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    ward.sell()
    one = statements()
    for _ in range(5):
        ward.sell()
    assert statements() == one <= 9


def test_an_executive_sees_no_patients(ward: PrenatalWard) -> None:
    with pytest.raises(NotAllowed):
        ward.world.ask("executive", patient_list)


def test_a_kind_is_counted_as_far_as_its_chip_needs_and_whole_once_it_is_chosen(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.care.work.patient_list.COUNTED_TO", 2)
    for _ in range(4):
        ward.patient()
    assert listed(ward).counts["not_enrolled"] == 3, "more than two"
    chosen = listed(ward, only="not_enrolled", page=2, page_size=2)
    assert (chosen.total, chosen.pages, len(chosen.rows)) == (4, 2, 2)


def test_whoever_is_erased_is_not_counted_among_everybody(ward: Ward) -> None:
    gone, stays = ward.patient(), ward.patient()
    ward.world.do("administrator", erase_patient, patient_id=gone, reason="she asked for it")
    assert [line.id for line in listed(ward).rows] == [stays] and listed(ward).everybody == 1
