"""A file of patients: all or nothing, once, and fast."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.foundation.access import NotAllowed
from core.people.diagnoses import ASK_FIRST
from core.people.intake import (
    FileAlreadyImported,
    ImportRowRefused,
    NothingToImport,
    PatientLine,
    import_patients,
)
from core.people.patient_dates import CourseDayImpossible
from core.people.patients import add_patient
from core.people.tables import PatientRow
from tests.conftest import World


def name(i: int) -> str:
    return f"王{chr(0x4E00 + i // 100)}{chr(0x4E00 + i % 100)}"


def rows(n: int, start: int = 0) -> list[PatientLine]:
    return [
        PatientLine(name(i), f"F{i:06d}", f"138{i:08d}", date(1992, 1, 1), row_number=i + 2)
        for i in range(start, start + n)
    ]


def on_file(world: World) -> int:
    with world.desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(PatientRow)) or 0


def take(world: World, wanted: list[PatientLine], digest: str = "d1", **more: Any) -> dict[str, int]:
    return world.do("front_desk", import_patients, rows=wanted, file_digest=digest, **more)


def test_who_came_in_since_the_preview_is_left_as_she_is(world: World) -> None:
    world.do("nurse", add_patient, name=name(1), record_number="f000001", note="已登记")
    # The same person under another record number: name, phone and birth date agree.
    world.do(
        "nurse",
        add_patient,
        name=name(2),
        record_number="X9",
        phone="13800000002",
        birth_date=date(1992, 1, 1),
    )
    assert take(world, rows(4)) == {"added": 2, "known": 2, "asked": 0, "dated": 0}
    assert on_file(world) == 4


def test_twice_in_one_file_is_once_on_file(world: World) -> None:
    assert take(world, rows(2) + rows(1)) == {"added": 2, "known": 1, "asked": 0, "dated": 0}


def test_one_impossible_row_stops_the_whole_file_and_says_which(world: World) -> None:
    wanted = rows(3)
    wanted[1] = replace(wanted[1], phone="12", row_number=17)
    with pytest.raises(ImportRowRefused) as refused:
        take(world, wanted)
    assert (
        refused.value.row_number == 17
        and "手机号" in refused.value.text("zh")
        and "17" in refused.value.text("en")
    )
    assert on_file(world) == 0


def test_the_same_file_is_not_taken_twice_but_a_double_click_is_answered(world: World) -> None:
    first = take(world, rows(3), request_key="click")
    assert take(world, rows(3), request_key="click") == first
    with pytest.raises(FileAlreadyImported):
        take(world, rows(3))
    with pytest.raises(NothingToImport):
        take(world, rows(3), "d2")
    assert on_file(world) == 3


def test_ten_thousand_rows_come_in_at_once(world: World) -> None:
    assert take(world, rows(10_000))["added"] == 10_000
    assert on_file(world) == 10_000


@pytest.mark.parametrize("role", ["nurse", "doctor", "executive"])
def test_only_desk_and_manager_import(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        world.do(role, import_patients, rows=rows(1), file_digest="d")


def written(world: World) -> PatientRow:
    with world.desk.database.reading() as session:
        return session.scalars(select(PatientRow).order_by(PatientRow.id)).one()


def test_a_note_from_a_file_is_as_tidy_as_one_from_the_form(world: World) -> None:
    note = "怕打针\u2028\u202e请家属陪\x00"
    take(world, [replace(rows(1)[0], note=note)])
    assert written(world).note == "怕打针\n请家属陪"
    world.do("nurse", add_patient, name=name(2), record_number="f2", note=note)
    with world.desk.database.reading() as session:
        assert len(set(session.scalars(select(PatientRow.note)))) == 1


def test_whoever_is_on_file_gets_the_question_behind_her_note_once(world: World) -> None:
    world.do("nurse", add_patient, name=name(1), record_number="f000001", note="怕打针")
    [line] = rows(1, 1)
    asking = [replace(line, question=ASK_FIRST)]
    assert take(world, asking) == {"added": 0, "known": 1, "asked": 1, "dated": 0}
    assert written(world).note == f"怕打针 {ASK_FIRST}"
    with pytest.raises(NothingToImport):
        take(world, [replace(line, question="推介服务包前，请先确认患者是否属于不适用情形。")], "d2")


def test_a_full_note_loses_nothing_to_the_question(world: World) -> None:
    world.do("nurse", add_patient, name=name(1), record_number="f000001", note="怕" * 290)
    with pytest.raises(NothingToImport):
        take(world, [replace(rows(1, 1)[0], question=ASK_FIRST)])
    assert written(world).note == "怕" * 290


def test_a_day_of_her_course_is_imported_for_who_is_new_and_who_is_on_file(world: World) -> None:
    operated, home = world.today - timedelta(days=6), world.today - timedelta(days=1)
    [line] = rows(1)
    assert take(world, [replace(line, operation_date=operated)])["added"] == 1
    later = [replace(line, operation_date=operated - timedelta(days=90), discharge_date=home)]
    assert take(world, later, "d2") == {"added": 0, "known": 1, "asked": 0, "dated": 1}
    row = written(world)
    assert (row.operation_date, row.discharge_date) == (operated, home), "an earlier day changes nothing"


@pytest.mark.parametrize("day", [date(1991, 12, 31), date(2100, 1, 1)])
def test_a_day_of_her_course_before_her_birth_or_far_ahead_stops_the_file(world: World, day: date) -> None:
    with pytest.raises(ImportRowRefused) as refused:
        take(world, [replace(rows(1)[0], operation_date=day)])
    assert isinstance(refused.value.reason, CourseDayImpossible)
    assert "手术日" in refused.value.text("zh") and "{" not in refused.value.text("en")
