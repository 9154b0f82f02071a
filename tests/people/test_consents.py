"""Consent per purpose: asked apart, the newest answer counts, a withdrawal works at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.foundation.access import NotAllowed
from core.foundation.doors import Stamp
from core.people import consents
from core.people.consents import (
    PURPOSES,
    UnknownChannel,
    UnknownPurpose,
    answer_consents,
    consents_of,
    has_consent,
    own_consents,
    record_consents,
    says_yes,
)
from core.people.patients import UnknownPatient, add_patient
from core.people.tables import PatientRow
from tests.conftest import World


@pytest.fixture
def patient(world: World) -> int:
    return world.do("nurse", add_patient, name="李小雨", record_number="B001", phone="13812345678")


def record(world: World, patient: int, **given: bool) -> dict[str, bool]:
    return world.do("nurse", record_consents, patient_id=patient, given=given, channel="paper")


def answers(world: World, patient: int) -> dict[str, bool]:
    return {one.purpose: one.given for one in world.ask("nurse", consents_of, patient_id=patient)}


def test_nothing_is_given_until_it_is_given(world: World, patient: int) -> None:
    assert answers(world, patient) == dict.fromkeys(PURPOSES, False)
    record(world, patient, service=True)
    assert answers(world, patient) == {**dict.fromkeys(PURPOSES, False), "service": True}


def test_the_newest_answer_counts_and_the_others_stay(world: World, patient: int) -> None:
    record(world, patient, service=True, photos=True)
    assert record(world, patient, service=True, photos=False) == {"photos": False}
    assert answers(world, patient)["service"] and not answers(world, patient)["photos"]
    with world.desk.database.reading() as session:
        assert has_consent(session, patient, "service") and not has_consent(session, patient, "photos")
        for purpose, heard in (("service", [patient]), ("photos", []), ("album", [])):
            assert (
                list(session.scalars(select(PatientRow.id).where(says_yes(PatientRow.id, purpose)))) == heard
            )


def test_a_withdrawal_is_heard_once_and_only_then(
    world: World, patient: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, str]] = []

    def hear(_stamp: Stamp, patient_id: int, purpose: str) -> None:
        heard.append((patient_id, purpose))

    monkeypatch.setattr(consents, "WITHDRAWALS", [hear])
    record(world, patient, story_wall=False)
    record(world, patient, story_wall=True)
    assert heard == []
    record(world, patient, story_wall=False)
    record(world, patient, story_wall=False)
    assert heard == [(patient, "story_wall")]


def test_the_patient_answers_on_her_own_phone_and_for_herself_only(world: World, patient: int) -> None:
    world.desk.do(world.patient(patient), answer_consents, "k", given={"messages": True})
    [one] = [c for c in world.desk.ask(world.patient(patient), own_consents) if c.purpose == "messages"]
    assert one.given and one.channel == "phone"
    for role in ("nurse", "manager"):
        with pytest.raises(NotAllowed):
            world.do(role, answer_consents, given={"messages": False})


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"given": {"marketing": True}, "channel": "paper"}, UnknownPurpose),
        ({"given": {"service": True}, "channel": "pigeon"}, UnknownChannel),
    ],
)
def test_purposes_and_channels_are_few(
    world: World, patient: int, arguments: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        world.do("nurse", record_consents, patient_id=patient, **arguments)
    with pytest.raises(UnknownPatient):
        world.do("nurse", record_consents, patient_id=9999, given={}, channel="paper")
    with pytest.raises(NotAllowed):
        world.do("executive", record_consents, patient_id=patient, given={}, channel="paper")
