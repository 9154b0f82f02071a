"""What shows that a task was done: required ticks or a reason, and a value as a value."""

from __future__ import annotations

import pytest

from core.care.tables import TaskRow
from core.care.work.proof import MOST, NotTicked, ValueInWords, proof
from core.care.work.tasks import mark_done
from core.foundation.reasons import TextTooLong
from core.packages.templates import load
from tests.conftest import World
from tests.prenatal_ward import PrenatalWard

LISTED = load("prenatal_quest", "zh").task("P01")
KNEE = load("knee_7days", "zh")
FEVER, BARTHEL = KNEE.task("TEMP"), KNEE.task("BARTHEL1")
REQUIRED = [at for at, item in enumerate(LISTED.checklist, 1) if item.required]


@pytest.fixture
def ward(world: World) -> PrenatalWard:
    return PrenatalWard(world)


def evidence(ward: PrenatalWard, task: int) -> tuple[str, str]:
    row: TaskRow = ward.row(TaskRow, task)
    return row.state, row.evidence


def test_a_task_proved_by_a_checklist_is_not_done_with_nothing_ticked(ward: PrenatalWard) -> None:
    task = ward.task(ward.sell(), "P01").id
    for ticked in ([], REQUIRED[:-1]):
        with pytest.raises(NotTicked) as refused:
            ward.world.do("nurse", mark_done, task_id=task, ticked=ticked)
        missing = [LISTED.checklist[at - 1].text for at in REQUIRED if at not in ticked]
        assert list(refused.value.items) == missing
        assert "还没打勾：" in refused.value.text("zh") and "{" not in refused.value.text("en")
    assert evidence(ward, task) == ("planned", "")
    ward.world.do("nurse", mark_done, task_id=task, ticked=REQUIRED)
    assert evidence(ward, task)[0] == "done" and LISTED.checklist[0].text in evidence(ward, task)[1]


def test_a_reason_does_as_well_because_nothing_is_forced_on_anybody(ward: PrenatalWard) -> None:
    task = ward.task(ward.sell(), "P01").id
    ward.world.do("nurse", mark_done, task_id=task, ticked=[1], evidence="她不愿抽血，已告诉医生")
    state, kept = evidence(ward, task)
    assert state == "done" and kept == f"{LISTED.checklist[0].text} · 她不愿抽血，已告诉医生"


def test_a_list_that_forces_nothing_wants_one_tick_or_a_word() -> None:
    free = LISTED.model_copy(
        update={"checklist": tuple(item.model_copy(update={"required": False}) for item in LISTED.checklist)}
    )
    with pytest.raises(NotTicked):
        proof(free, [], "")
    assert proof(free, [2], "") == LISTED.checklist[1].text
    assert proof(free, [], "听过说明") == "听过说明"


def test_whoever_was_shown_no_list_ticks_none() -> None:
    assert proof(LISTED, None, "") == ""
    assert proof(FEVER, [], "") == ""


def test_a_long_list_never_cuts_the_note() -> None:
    note = "她" * (MOST - 20)
    kept = proof(LISTED, range(1, len(LISTED.checklist) + 1), note)
    assert kept.endswith(note) and len(kept) <= MOST
    with pytest.raises(TextTooLong):
        proof(LISTED, REQUIRED, "她" * (MOST + 1))


@pytest.mark.parametrize(
    ("note", "value"),
    [("39.6 °C", "39.6"), ("39.6℃", "39.6"), ("体温39.6", "39.6"), ("３９．６", "39.6"), ("39度", "39"), ("38", "38"),
     ("晨起 36.8，无不适", "36.8"), ("产后 3 天，体温 37.2 摄氏度", "37.2"), ("体温39.6发热", "39.6"), ("37.5°", "37.5")],
)  # fmt: skip
def test_a_measured_value_is_not_kept_as_free_text(note: str, value: str) -> None:
    with pytest.raises(ValueInWords) as refused:
        proof(FEVER, None, note)
    assert refused.value.value == value and refused.value.field == "evidence"


def test_other_numbers_in_a_note_stay() -> None:
    for note in ("产后 37.5 天", "她在家走了 36.5 分钟", "第36.5页，另见病历", "36.5 days", "37.5%"):
        assert proof(FEVER, None, note) == note, "a number of something else"
    for note in ("报告号 2026-118", "38床", "08:30 电话里问过", "B0038", "在家没有体温计"):
        assert proof(FEVER, None, note) == note
    assert proof(BARTHEL, None, "3床，家属在旁") == "3床，家属在旁"
    assert proof(LISTED, REQUIRED, "39.6 °C").endswith("39.6 °C"), "this task measures nothing"
