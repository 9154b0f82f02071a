"""The private page: a link nobody can guess, a phone confirmed once; how often may be guessed: `test_digit_guesses`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text

from core.foundation.access import PUBLIC, NotAllowed
from core.people.erasure import erase_patient
from core.people.link_holders import (
    GuardianFirst,
    PersonMissing,
    RelationMissing,
    link_holders,
    needs_guardian,
)
from core.people.patients import add_patient
from core.people.phone_links import (
    DEVICE_LASTS,
    LinkNotValid,
    NoPhoneNumber,
    Visitor,
    confirm_phone,
    forget_phone,
    issue_link,
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
    for known in (visitor(world, token=token, device_secret=secret), visitor(world, device_secret=secret)):
        assert (known.state, known.patient_id, known.person, known.relation) == ("known", patient, "", "self")
    (held,) = world.ask("nurse", link_holders, patient_id=patient)
    assert (held.phones, held.locked_until, held.link_id) == (1, None, known.link_id)


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
    assert world.ask("nurse", link_holders, patient_id=patient) == []


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
    assert visitor(world, token=others, device_secret=secret).patient_id == other


def test_without_a_number_there_is_nothing_to_confirm(world: World) -> None:
    patient = world.do("nurse", add_patient, name="李小雨", record_number="B003")
    with pytest.raises(NoPhoneNumber):
        world.do("nurse", issue_link, patient_id=patient)


def test_only_staff_of_care_hand_out_links(world: World, patient: int) -> None:
    for deed in (issue_link, revoke_link):
        with pytest.raises(NotAllowed):
            world.do("executive", deed, patient_id=patient)


# --- several people -----------------------------------------------------------------------------------


def issue(world: World, patient: int, person: str = "", relation: str = "self") -> str:
    token: str = world.do("nurse", issue_link, patient_id=patient, person=person, relation=relation)
    return token


def test_each_person_has_a_card_of_her_own_that_ends_on_its_own(
    world: World, patient: int, token: str
) -> None:
    daughters, sons = issue(world, patient, " 小芳 ", "family"), issue(world, patient, "小明", "family")
    secret = confirm(world, daughters)["secret"]
    held = world.ask("nurse", link_holders, patient_id=patient)
    assert [(one.person, one.relation, one.phones) for one in held] == [
        ("", "self", 0), ("小芳", "family", 1), ("小明", "family", 0)
    ]  # fmt: skip
    known = visitor(world, device_secret=secret)
    assert (known.patient_id, known.person, known.relation) == (patient, "小芳", "family")
    assert world.do("nurse", revoke_link, patient_id=patient, link_id=held[1].link_id) == 1
    assert visitor(world, device_secret=secret).state == "unknown"
    assert visitor(world, token=token).state == visitor(world, token=sons).state == "unconfirmed"


def test_a_new_card_of_one_person_ends_that_persons_old_one_alone(
    world: World, patient: int, token: str
) -> None:
    old, new = issue(world, patient, "小芳", "family"), issue(world, patient, "小芳", "family")
    assert [visitor(world, token=one).state for one in (old, new, token)] == [
        "unknown", "unconfirmed", "unconfirmed"
    ]  # fmt: skip


def test_another_patients_card_is_not_ended(world: World, patient: int, token: str) -> None:
    other = world.do("nurse", add_patient, name="王五", record_number="B002", phone="13900005678")
    (held,) = world.ask("nurse", link_holders, patient_id=patient)
    assert world.do("nurse", revoke_link, patient_id=other, link_id=held.link_id) == 0
    assert visitor(world, token=token).state == "unconfirmed"


def test_a_card_for_somebody_else_needs_the_name(world: World, patient: int) -> None:
    for relation in ("family", "guardian"):
        with pytest.raises(PersonMissing):
            issue(world, patient, " ", relation)
    with pytest.raises(RelationMissing):
        issue(world, patient, "小芳", "friend")


def test_a_child_is_spoken_for_by_a_guardian_first(world: World) -> None:
    born = date(2012, 3, 6)  # 13 today, 14 tomorrow
    child = world.do(
        "nurse", add_patient, name="小宝", record_number="B009", phone="13900001111", birth_date=born
    )
    assert world.ask("nurse", needs_guardian, patient_id=child)
    for person, relation in (("", "self"), ("姑姑", "family")):
        with pytest.raises(GuardianFirst):
            issue(world, child, person, relation)
    issue(world, child, "宝妈", "guardian")
    assert not world.ask("nurse", needs_guardian, patient_id=child)
    issue(world, child)
    world.clock.advance(timedelta(days=1))
    world.do("nurse", revoke_link, patient_id=child)
    assert not world.ask("nurse", needs_guardian, patient_id=child), "14 today"


def test_two_clicks_at_once_leave_one_living_card(world: World, patient: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _n: issue(world, patient, "小芳", "family"), range(2)))
    assert len(world.ask("nurse", link_holders, patient_id=patient)) == 1


def test_an_erasure_forgets_who_held_the_cards(world: World, patient: int, token: str) -> None:
    issue(world, patient, "小芳", "family")
    world.do("manager", erase_patient, patient_id=patient, reason="申请")
    with world.desk.database.engine.connect() as connection:
        rows = connection.execute(text("SELECT person, revoked_at FROM phone_links")).all()
    assert len(rows) == 2 and all(person == "" and ended for person, ended in rows)
