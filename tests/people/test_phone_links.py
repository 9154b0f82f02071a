"""The private page: a link nobody can guess, a phone confirmed once, a lock after five wrong answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text

from core.foundation.access import PUBLIC, NotAllowed
from core.people.patients import add_patient
from core.people.phone_links import (
    DEVICE_LASTS,
    LinkNotValid,
    NoPhoneNumber,
    Visitor,
    confirm_phone,
    forget_phone,
    issue_link,
    link_state,
    refusal_of,
    revoke_link,
    who,
)
from tests.conftest import World


@pytest.fixture
def patient(world: World) -> int:
    return world.do("nurse", add_patient, name="李小雨", record_number="B001", phone="13812345678")


@pytest.fixture
def token(world: World, patient: int) -> str:
    return world.do("nurse", issue_link, patient_id=patient)


def confirm(world: World, token: str, digits: str = "5678") -> dict[str, Any]:
    return world.desk.do(PUBLIC, confirm_phone, "tap", token=token, last_four=digits)


def visitor(world: World, **known: str) -> Visitor:
    return world.desk.ask(PUBLIC, who, **known)


def test_a_phone_is_confirmed_once_and_then_known(world: World, patient: int, token: str) -> None:
    assert visitor(world, token=token) == Visitor("unconfirmed")
    secret = confirm(world, token)["secret"]
    assert visitor(world, token=token, device_secret=secret) == Visitor("known", patient)
    assert visitor(world, device_secret=secret) == Visitor("known", patient)
    state = world.ask("nurse", link_state, patient_id=patient)
    assert (state.phones, state.locked_until) == (1, None)


def test_token_and_secret_are_long_and_never_in_the_database(world: World, token: str) -> None:
    secret = confirm(world, token)["secret"]
    assert len(token) >= 43 and len(secret) >= 43 and token != secret
    with world.desk.database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            held = str(connection.execute(text(f'SELECT * FROM "{table}"')).all())
            assert token not in held and secret not in held, table


@pytest.mark.parametrize("digits", ["５６７８", " 5678 ", "56 78"])
def test_digits_may_be_typed_as_people_type(world: World, token: str, digits: str) -> None:
    assert "secret" in confirm(world, token, digits)


def test_five_wrong_answers_lock_for_fifteen_minutes(world: World, token: str) -> None:
    for left in (4, 3, 2, 1):
        answer = confirm(world, token, "0000")
        assert answer == {"refused": "failed", "left": left}
        assert str(left) in refusal_of(answer).text("en")
    assert confirm(world, token, "0000") == {"refused": "locked", "minutes": 15}
    world.clock.advance(timedelta(minutes=14))
    locked = confirm(world, token)
    assert locked == {"refused": "locked", "minutes": 1} and "1" in refusal_of(locked).text("zh")
    world.clock.advance(timedelta(minutes=1))
    assert refusal_of(confirm(world, token)) is None


def test_a_right_answer_forgets_the_wrong_ones(world: World, token: str) -> None:
    for _ in range(3):
        confirm(world, token, "0000")
    confirm(world, token)
    assert confirm(world, token, "0000") == {"refused": "failed", "left": 4}


def test_a_new_link_ends_the_old_one_and_its_phones(world: World, patient: int, token: str) -> None:
    secret = confirm(world, token)["secret"]
    world.do("nurse", issue_link, patient_id=patient)
    assert visitor(world, token=token) == visitor(world, device_secret=secret) == Visitor("unknown")
    with pytest.raises(LinkNotValid):
        confirm(world, token)


def test_revoking_ends_everything_at_once(world: World, patient: int, token: str) -> None:
    secret = confirm(world, token)["secret"]
    assert world.do("nurse", revoke_link, patient_id=patient) == 1
    assert visitor(world, token=token, device_secret=secret) == Visitor("unknown")
    assert world.ask("nurse", link_state, patient_id=patient) is None


def test_a_phone_that_is_passed_on_forgets(world: World, patient: int, token: str) -> None:
    mine, other = confirm(world, token)["secret"], confirm(world, token)["secret"]
    world.desk.do(world.patient(patient + 1), forget_phone, "a", device_secret=mine)
    assert visitor(world, device_secret=mine).state == "known"
    world.desk.do(world.patient(patient), forget_phone, "b", device_secret=mine)
    assert visitor(world, device_secret=mine).state == "unknown"
    assert visitor(world, device_secret=other).state == "known"


def test_a_confirmed_phone_is_asked_again_after_a_year(world: World, token: str) -> None:
    secret = confirm(world, token)["secret"]
    world.clock.advance(DEVICE_LASTS)
    assert visitor(world, token=token, device_secret=secret).state == "unconfirmed"


def test_one_patients_phone_does_not_open_another_patients_link(
    world: World, patient: int, token: str
) -> None:
    other = world.do("nurse", add_patient, name="王五", record_number="B002", phone="13900005678")
    others = world.do("nurse", issue_link, patient_id=other)
    secret = confirm(world, others)["secret"]
    assert visitor(world, token=token, device_secret=secret) == Visitor("unconfirmed")
    assert visitor(world, token=others, device_secret=secret) == Visitor("known", other)


def test_without_a_number_there_is_nothing_to_confirm(world: World) -> None:
    patient = world.do("nurse", add_patient, name="李小雨", record_number="B003")
    with pytest.raises(NoPhoneNumber):
        world.do("nurse", issue_link, patient_id=patient)


def test_only_staff_of_care_hand_out_links(world: World, patient: int) -> None:
    for deed in (issue_link, revoke_link):
        with pytest.raises(NotAllowed):
            world.do("executive", deed, patient_id=patient)
