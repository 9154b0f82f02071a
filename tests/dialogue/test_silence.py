"""Silence is a sign: a friendly message, then a call, by day, cleared by any sign of life."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.care.quiet_care import gentle_stop
from core.care.tables import AppointmentRow, TaskRow
from core.care.work.tasks import mark_done
from core.dialogue.clocks.tables import SilenceStepRow
from core.dialogue.steps import silence
from core.dialogue.tables import CallRow, PostRow
from tests.conftest import World
from tests.dialogue.promised_ward import PromisedWard, local, promised_ward, shown

TODAY = date(2026, 3, 5)


@pytest.fixture
def ward(world: World) -> PromisedWard:
    """Sold and gone home on Thursday at noon; a message after three days, a call after four."""
    return promised_ward(world)


def house_words(ward: PromisedWard) -> list[str]:
    with ward.world.desk.database.reading() as session:
        return list(session.scalars(select(PostRow.words).where(PostRow.by == "house").order_by(PostRow.id)))


def calls(ward: PromisedWard) -> list[tuple[str, str]]:
    return [(one.state, shown(one.opened_at)) for one in ward.all_cases() if one.kind == "silence"]


def steps(ward: PromisedWard) -> list[tuple[str, str]]:
    with ward.world.desk.database.reading() as session:
        rows = session.scalars(select(SilenceStepRow).order_by(SilenceStepRow.id))
        return [(row.step, shown(row.at)) for row in rows]


def test_a_friendly_message_and_then_a_call_each_once(ward: PromisedWard) -> None:
    ward.at("2026-03-08 11:59")
    ward.looks()
    assert steps(ward) == []
    for when in (
        "2026-03-08 12:00",
        "2026-03-08 15:00",
        "2026-03-09 12:00",
        "2026-03-09 18:00",
        "2026-03-11 09:00",
    ):
        ward.at(when)
        ward.looks()
        ward.looks()
    assert steps(ward) == [("message", "03-08 12:00"), ("call", "03-09 12:00")]
    assert calls(ward) == [("open", "03-09 12:00")]
    (said,) = house_words(ward)
    assert "3月9日" in said and "12:00" in said


def test_her_page_says_beforehand_when_we_call(ward: PromisedWard) -> None:
    her = ward.world.patient(ward.patient_id)
    found = ward.world.desk.ask(her, silence.next_for)
    assert (shown(found.by), found.calling) == ("03-09 12:00", False)
    ward.at("2026-03-09 12:00")
    ward.looks()
    assert ward.world.desk.ask(her, silence.next_for).calling is True


def test_the_packages_own_words_are_used_and_the_day_of_the_call_is_added(world: World) -> None:
    words = "{name}阿姨，这几天还好吗？点一下就行。"
    ward = promised_ward(world, silence={"message_hours": 24, "call_hours": 48, "message": words})
    ward.at("2026-03-06 12:00")
    ward.looks()
    said = house_words(ward)[0]
    assert "阿姨，这几天还好吗？点一下就行。" in said
    assert "{" not in said and not said.startswith("阿姨"), "her name stands where the package wrote {name}"


def test_nobody_is_written_to_or_called_at_night(ward: PromisedWard) -> None:
    zone = ward.world.desk.ask(ward.world.actors["nurse"], lambda look: look.zone)
    for moment, then in (
        ("2026-03-08 03:00", "03-08 09:00"), ("2026-03-08 09:00", "03-08 09:00"),
        ("2026-03-08 19:59", "03-08 19:59"), ("2026-03-08 20:00", "03-09 09:00"),
    ):  # fmt: skip
        assert shown(silence.by_day(local(moment), zone)) == then


def signs(ward: PromisedWard, kind: str) -> None:
    """One sign of life now, of a kind."""
    now = ward.world.clock.now()
    if kind == "word":
        ward.says(ward.opens("question"))
    elif kind == "task":
        with ward.world.desk.database.reading() as session:
            task = session.scalars(
                select(TaskRow).where(TaskRow.enrolment_id == ward.enrolment_id, TaskRow.role == "patient")
            ).first()
        assert task is not None
        ward.world.do("nurse", mark_done, task_id=task.id)
    else:
        row: Any = (
            CallRow(patient_id=ward.patient_id, at=now, outcome="reached")
            if kind == "call"
            else AppointmentRow(
                patient_id=ward.patient_id,
                day=ward.world.today,
                at=now - timedelta(minutes=1),
                state="attended",
            )
        )
        ward.inside(lambda stamp: stamp.session.add(row))


@pytest.mark.parametrize("kind", ["word", "task", "call", "visit"])
def test_any_sign_of_life_clears_it_and_counts_anew(ward: PromisedWard, kind: str) -> None:
    ward.at("2026-03-09 12:00")
    ward.looks()
    assert calls(ward) == [("open", "03-09 12:00")]
    ward.at("2026-03-09 15:00")
    signs(ward, kind)
    ward.looks()
    assert calls(ward) == [("withdrawn", "03-09 12:00")]
    ward.at("2026-03-12 14:30")
    ward.looks()
    assert [step for step, _at in steps(ward)] == ["call"]
    ward.at("2026-03-12 15:00")
    ward.looks()
    assert [step for step, _at in steps(ward)] == ["call", "message"]


def test_a_call_nobody_answered_is_no_sign_of_life(ward: PromisedWard) -> None:
    ward.at("2026-03-09 12:00")
    ward.looks()
    row = CallRow(patient_id=ward.patient_id, at=local("2026-03-09 13:00"), outcome="no_answer")
    ward.inside(lambda stamp: stamp.session.add(row))
    ward.at("2026-03-09 13:01")
    ward.looks()
    assert calls(ward) == [("open", "03-09 12:00")]


def test_after_an_outage_over_both_steps_only_the_call_is_left(ward: PromisedWard) -> None:
    ward.at("2026-03-09 16:00")
    ward.looks()
    assert (steps(ward), house_words(ward)) == ([("call", "03-09 16:00")], [])


def test_who_was_asked_nothing_since_is_not_silent(ward: PromisedWard) -> None:
    ward.at("2026-03-12 20:00")  # the last day of seven
    ward.says(ward.opens("question"))
    ward.at("2026-03-17 12:00")
    ward.looks()
    assert steps(ward) == []
    assert ward.world.desk.ask(ward.world.patient(ward.patient_id), silence.next_for) is None


def test_quiet_care_ends_it_at_once(ward: PromisedWard) -> None:
    ward.at("2026-03-09 12:00")
    ward.looks()
    ward.world.do("doctor", gentle_stop, patient_id=ward.patient_id, kind="complaint", caller_id=4)
    assert calls(ward) == [("withdrawn", "03-09 12:00")]
    ward.at("2026-03-15 12:00")
    ward.looks()
    assert len(steps(ward)) == 1


def test_a_package_without_silence_asks_after_nobody(world: World) -> None:
    ward = promised_ward(world, silence=None)
    ward.at("2026-03-12 12:00")
    ward.looks()
    assert steps(ward) == []
    assert world.desk.ask(world.patient(ward.patient_id), silence.next_for) is None
