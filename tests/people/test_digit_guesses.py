"""The last four digits: twenty guesses for a patient and all her cards, with pauses that grow, then a new card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.foundation.access import PUBLIC
from core.people.digit_guesses import MOST, PAUSES, ROUND
from core.people.link_holders import link_holders
from core.people.patients import add_patient
from core.people.phone_links import CardClosed, confirm_phone, issue_link, refusal_of, revoke_link, who
from tests.conftest import World


@pytest.fixture
def patient(world: World) -> int:
    number: int = world.do("nurse", add_patient, name="李小雨", record_number="B001", phone="13812345678")
    return number


def card(world: World, patient: int, person: str = "") -> str:
    relation = "family" if person else "self"
    token: str = world.do("nurse", issue_link, patient_id=patient, person=person, relation=relation)
    return token


def guess(world: World, token: str, digits: str = "0000") -> dict[str, Any]:
    answer: dict[str, Any] = world.desk.do(PUBLIC, confirm_phone, "", token=token, last_four=digits)
    return answer


def test_five_wrong_answers_pause_for_fifteen_minutes(world: World, patient: int) -> None:
    token = card(world, patient)
    for left in (4, 3, 2, 1):
        answer = guess(world, token)
        assert answer == {"refused": "failed", "left": left}
        assert str(left) in refusal_of(answer).text("en")
    assert guess(world, token) == {"refused": "locked", "minutes": 15}
    world.clock.advance(timedelta(minutes=14))
    locked = guess(world, token, "5678")
    assert locked == {"refused": "locked", "minutes": 1} and "1" in refusal_of(locked).text("zh")
    world.clock.advance(timedelta(minutes=1))
    assert refusal_of(guess(world, token, "5678")) is None


def test_each_pause_is_longer_and_after_the_last_only_a_new_card_opens_a_phone(
    world: World, patient: int
) -> None:
    token, paused = card(world, patient), []
    for _round in PAUSES:
        answers = [guess(world, token) for _ in range(ROUND)]
        paused.append(timedelta(minutes=answers[-1]["minutes"]))
        world.clock.advance(paused[-1])
    assert paused == list(PAUSES) == sorted(set(paused))
    assert [guess(world, token)["refused"] for _ in range(ROUND)] == ["failed"] * 4 + ["closed"]
    world.clock.advance(timedelta(days=1000))
    closed = guess(world, token, "5678")
    assert isinstance(refusal_of(closed), CardClosed)
    assert [one.closed for one in world.ask("nurse", link_holders, patient_id=patient)] == [True]
    new = card(world, patient)
    assert guess(world, new) == {"refused": "failed", "left": 4}
    assert "secret" in guess(world, new, "5678")


def test_guesses_are_counted_for_the_patient_whichever_of_her_cards_is_tried(
    world: World, patient: int
) -> None:
    cards = [card(world, patient, person) for person in ("", "小芳", "小明")]
    answers = [guess(world, cards[number % 3]) for number in range(ROUND)]
    assert [one["refused"] for one in answers] == ["failed"] * 4 + ["locked"]
    assert {guess(world, token, "5678")["refused"] for token in cards} == {"locked"}
    for pause in PAUSES:
        world.clock.advance(pause)
        answers += [guess(world, cards[number % 3]) for number in range(ROUND)]
    assert len(answers) == MOST and answers[-1]["refused"] == "closed"
    assert {guess(world, token, "5678")["refused"] for token in cards} == {"closed"}
    assert "secret" in guess(world, card(world, patient, "小明"), "5678"), "a new card is not born closed"


def test_a_right_answer_gives_a_guesser_no_new_tries(world: World, patient: int) -> None:
    token = card(world, patient)
    for _ in range(3):
        guess(world, token)
    guess(world, token, "5678")
    assert guess(world, token) == {"refused": "failed", "left": 1}
    assert guess(world, token)["refused"] == "locked"


def test_a_new_card_is_not_paused_and_an_ended_one_counts_no_more(world: World, patient: int) -> None:
    token = card(world, patient)
    for _ in range(ROUND):
        guess(world, token)
    new = card(world, patient)
    assert guess(world, new) == {"refused": "failed", "left": 4}
    world.do("nurse", revoke_link, patient_id=patient)
    assert guess(world, card(world, patient)) == {"refused": "failed", "left": 4}


def test_a_phone_that_is_confirmed_notices_nothing_of_a_strangers_guesses(world: World, patient: int) -> None:
    token = card(world, patient)
    secret = guess(world, token, "5678")["secret"]
    for pause in (*PAUSES, timedelta()):
        for _ in range(ROUND):
            guess(world, token)
        assert world.desk.ask(PUBLIC, who, token=token, device_secret=secret).state == "known"
        world.clock.advance(pause)
    assert guess(world, token)["refused"] == "closed"
    assert world.desk.ask(PUBLIC, who, device_secret=secret).patient_id == patient


def test_another_patients_cards_are_not_counted(world: World, patient: int) -> None:
    other = world.do("nurse", add_patient, name="王小五", record_number="B002", phone="13900001111")
    token, others = card(world, patient), card(world, other)
    for _ in range(ROUND):
        guess(world, token)
    assert guess(world, others) == {"refused": "failed", "left": 4}
