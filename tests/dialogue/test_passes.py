"""One-time links of the duty page: one opening, one person with her own password, one case."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.dialogue.cases import cases
from core.dialogue.clocks.tables import PromiseRunRow, PromiseStepRow
from core.dialogue.telling import passes
from core.dialogue.telling.duty_page import switch_duty_page
from core.dialogue.telling.passes import (
    LINK_LASTS,
    SESSION_LASTS,
    DutySession,
    NotOnDuty,
    OwnPasswordFirst,
    PassNotValid,
    PassOfAnother,
    PassUsed,
    check_pass,
    close_pass,
    open_pass,
    session_of,
)
from core.dialogue.telling.tables import DutyPassRow
from core.foundation.access import PUBLIC
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import Stamp, deed
from core.people.lockout import TRIES
from core.people.passwords import hashed
from core.people.signing_in import SignInFailed, SignInLocked
from core.people.tables import StaffRow
from tests.conftest import World
from tests.dialogue.telling_scene import DOCTOR, MANAGER, NURSE, Night, night

PASSWORD = "right-and-long-9"


@pytest.fixture
def scene(world: World) -> Night:
    """The duty page is on, and the doctor is on duty."""
    found = night(world)
    world.do("manager", switch_duty_page, on=True)
    found.on_duty("doctor", DOCTOR)
    found.staff(DOCTOR, password_hash=hashed(PASSWORD))
    found.staff(MANAGER, password_hash=hashed(PASSWORD))
    return found


@deed("settings.write")
def _mint(stamp: Stamp, *, case_id: int, staff_id: int) -> list[Any]:
    return list(passes.mint(stamp, case_id, staff_id))


@deed("settings.write")
def _void(stamp: Stamp, *, pass_id: int) -> None:
    passes.void(stamp, pass_id)


def link(scene: Night, staff_id: int = DOCTOR, case_id: int = 0) -> str:
    return str(scene.world.do("manager", _mint, case_id=case_id or scene.case_id, staff_id=staff_id)[1])


def opened(scene: Night, token: str, username: str = "doctor", password: str = PASSWORD) -> str:
    return open_pass(scene.world.desk, token=token, username=username, password=password)


def session(scene: Night, secret: str) -> DutySession | None:
    found: DutySession | None = scene.world.desk.ask(PUBLIC, session_of, secret=secret)
    return found


def test_the_person_on_duty_opens_her_case_with_her_own_password_and_acts_as_herself(scene: Night) -> None:
    found = session(scene, opened(scene, link(scene)))
    assert found is not None and found.case_id == scene.case_id
    assert (found.actor.kind, found.actor.id, found.actor.role) == ("staff", DOCTOR, "doctor")
    scene.world.desk.do(found.actor, cases.take, case_id=scene.case_id)
    assert scene.case.taken_by == DOCTOR


def test_a_link_opens_once(scene: Night) -> None:
    token = link(scene)
    opened(scene, token)
    with pytest.raises(PassUsed):
        opened(scene, token)


def test_of_two_who_open_it_at_once_one_is_let_in(scene: Night) -> None:
    token, found = link(scene), []

    def one() -> None:
        try:
            found.append(opened(scene, token))
        except PassUsed:
            found.append("")

    both = [threading.Thread(target=one) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(map(bool, found)) == [False, True]


def test_neither_link_nor_session_can_be_read_from_the_database(scene: Night) -> None:
    token = link(scene)
    secret = opened(scene, token)
    with scene.world.desk.database.reading() as look:
        kept = " ".join(str(vars(row)) for row in look.scalars(select(DutyPassRow)))
    assert token not in kept and secret not in kept


def test_wrong_passwords_are_counted_as_at_the_staffs_sign_in(scene: Night) -> None:
    token = link(scene)
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(SignInFailed) as found:
            opened(scene, token, password="wrong")
        assert found.value.left == left
    with pytest.raises(SignInLocked):
        opened(scene, token, password="wrong")
    with pytest.raises(SignInLocked):
        opened(scene, token)
    scene.world.clock.advance(timedelta(minutes=16))
    assert opened(scene, token)


def test_a_colleague_who_took_the_wrong_link_locks_nobody_out(scene: Night) -> None:
    token = link(scene)
    for _ in range(TRIES + 1):
        with pytest.raises(PassOfAnother):
            opened(scene, token, username="nurse", password="hers")
    assert opened(scene, token)


def test_a_link_is_nothing_without_the_page_that_the_manager_switched_on(scene: Night) -> None:
    token = link(scene)
    secret = opened(scene, link(scene))
    scene.world.do("manager", switch_duty_page, on=False)
    with pytest.raises(PassNotValid):
        opened(scene, token)
    assert session(scene, secret) is None


@pytest.mark.parametrize("token", ["", "x" * 43, "../../etc"])
def test_a_forged_link_opens_nothing(scene: Night, token: str) -> None:
    link(scene)
    with pytest.raises(PassNotValid):
        scene.world.desk.ask(PUBLIC, check_pass, token=token)


def test_a_link_is_over_after_some_hours(scene: Night) -> None:
    token = link(scene)
    scene.world.clock.advance(LINK_LASTS)
    with pytest.raises(PassNotValid):
        opened(scene, token)


def test_a_link_whose_message_did_not_leave_opens_nothing(scene: Night) -> None:
    number, token = scene.world.do("manager", _mint, case_id=scene.case_id, staff_id=DOCTOR)
    scene.world.do("manager", _void, pass_id=number)
    with pytest.raises(PassNotValid):
        opened(scene, token)


def test_a_link_to_a_case_that_is_settled_opens_nothing(scene: Night) -> None:
    token = link(scene)
    scene.world.do("doctor", cases.decide, case_id=scene.case_id, decision="watch", advice="抬高患肢")
    scene.world.do("doctor", cases.close, case_id=scene.case_id)
    with pytest.raises(PassNotValid):
        opened(scene, token)


def test_whoever_is_not_on_duty_now_is_not_let_in(scene: Night) -> None:
    scene.staff(NURSE, password_hash=hashed(PASSWORD))
    with pytest.raises(NotOnDuty):
        opened(scene, link(scene, NURSE), username="nurse")
    scene.on_duty("nurse", NURSE)
    assert opened(scene, link(scene, NURSE), username="nurse")


def test_whoever_stands_behind_may_open_hers(scene: Night) -> None:
    scene.staff(NURSE, password_hash=hashed(PASSWORD))
    scene.on_duty("nurse", DOCTOR, backup_id=NURSE)
    assert opened(scene, link(scene, NURSE), username="nurse")


def test_a_manager_opens_a_case_once_its_ladder_has_reached_her(scene: Night) -> None:
    token = link(scene, MANAGER)
    with pytest.raises(NotOnDuty):
        opened(scene, token, username="manager")
    with scene.world.desk.database.writing() as writing:
        run = writing.scalar(select(PromiseRunRow.id).where(PromiseRunRow.case_id == scene.case_id))
        now = scene.world.clock.now()
        writing.add(PromiseStepRow(run_id=run, step="missed", due_at=now, noticed_at=now, told=[MANAGER]))
    assert opened(scene, token, username="manager")


def test_a_one_time_password_opens_no_case(scene: Night) -> None:
    scene.staff(DOCTOR, must_change_password=True)
    with pytest.raises(OwnPasswordFirst):
        opened(scene, link(scene))


def test_a_session_ends_after_two_hours(scene: Night) -> None:
    secret = opened(scene, link(scene))
    scene.world.clock.advance(SESSION_LASTS - timedelta(seconds=1))
    assert session(scene, secret) is not None
    scene.world.clock.advance(timedelta(seconds=1))
    assert session(scene, secret) is None


def test_a_session_ends_when_it_is_closed_and_only_by_its_person(scene: Night) -> None:
    secret = opened(scene, link(scene))
    found = session(scene, secret)
    assert found is not None
    with pytest.raises(PassNotValid):
        scene.world.do("nurse", close_pass, pass_id=found.pass_id)
    scene.world.desk.do(found.actor, close_pass, pass_id=found.pass_id)
    assert session(scene, secret) is None


@pytest.mark.parametrize("facts", [{"active": False}, {"valid_after": "later"}])
def test_a_session_ends_with_its_persons_sign_ins(scene: Night, facts: dict[str, Any]) -> None:
    secret = opened(scene, link(scene))
    later = scene.world.clock.now() + timedelta(minutes=1)
    scene.staff(DOCTOR, **{name: later if value == "later" else value for name, value in facts.items()})
    assert session(scene, secret) is None


def test_when_the_shift_is_over_only_a_case_that_was_taken_stays_open(scene: Night) -> None:
    taken, other = opened(scene, link(scene)), scene.open()
    idle = opened(scene, link(scene, case_id=other))
    scene.world.do("doctor", cases.take, case_id=scene.case_id)
    scene.off_duty()
    assert session(scene, taken) is not None
    assert session(scene, idle) is None


def test_opening_and_closing_stand_in_the_trail_under_her_name(scene: Night) -> None:
    found = session(scene, opened(scene, link(scene)))
    assert found is not None
    scene.world.desk.do(found.actor, close_pass, pass_id=found.pass_id)
    with scene.world.desk.database.reading() as look:
        rows = look.scalars(select(AuditEntryRow).where(AuditEntryRow.kind.startswith("duty_pass."))).all()
    assert [(row.kind, row.actor_id, row.subject_id) for row in rows] == [
        ("duty_pass.opened", DOCTOR, scene.case_id),
        ("duty_pass.closed", DOCTOR, scene.case_id),
    ]


def test_who_left_the_house_opens_nothing(scene: Night) -> None:
    token = link(scene)
    with scene.world.desk.database.writing() as writing:
        writing.get_one(StaffRow, DOCTOR).active = False
    with pytest.raises(NotOnDuty):
        opened(scene, token)
